"""The window of Convolens: it shows what the engine derives, and edits one document.

``application``  starts the program; shows errors that nobody expected
``document``     holds the project and its undo stack; the only writer
``evaluator``    the only module with a thread: one worker, the newest request wins
``main_window``  places the panels and connects signals

No widget holds project data, computes, or calls another widget: edits go up to the document,
changes come down from it.
"""
