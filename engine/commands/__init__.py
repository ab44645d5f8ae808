"""The commands that need no window: render, analyze, explain, layers and the self-check.

``arguments``   the command line into a request, a plain value; imports next to nothing
``requests``    the requests, and the error for one that cannot be carried out
``sizes``       sizes and amounts of memory as people write them on a command line
``render``, ``analyze``, ``explain``, ``layers``, ``self_check``   one command each, imported when
                asked for
``memory``      how much memory rendering needs, known before it begins
``output``      printing, and files that appear all at once or not at all

A command returns the exit status, 0, or 1 when the network has problems and the rest was done. It
raises `engine.problems.ConvolensError` with one sentence for a request that cannot be carried out;
``main`` prints it and exits with 2.
"""
