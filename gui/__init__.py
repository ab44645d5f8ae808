"""The window of Convolens: it shows what the engine derives, and edits one document.

``application``  starts the program; shows errors that nobody expected
``document``     holds the project and its undo stack; the only writer
``evaluator``    one of three modules with a thread: it computes maps, the newest request wins
``computing``    asks it for what fits into memory, knows how far it is, and stops it
``pictures.picture_loader``  another one: it reads and decodes pictures
``unsaved_work`` the third: it keeps what is not saved, in case the program ends by itself
``main_window``  places the panels and connects signals
``flow``, ``side``, ``values``, ``maps``, ``compare``, ``size_path``, ``pictures``  what it places
``fields``, ``searching``  what several of them are made of

No widget holds project data, computes, or calls another widget: edits go up to the document,
changes come down from it.
"""
