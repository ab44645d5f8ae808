"""The engine of Convolens: networks, their sizes, their feature maps and the reasons for both.

It knows nothing of Qt. Read the modules in this order:

``shapes``        sizes, and the only formulas for them
``settings``      what a layer's setting may be, declared beside its default
``problems``      what is said when something does not fit
``reading``       which input rows and columns an output row or column reads
``arithmetic``    the terms behind one output value
``layer``         a layer kind: one frozen dataclass that declares everything about it
``layers``        the kinds, one file each
``numerics``      fast functions on arrays, which the kinds call
``weights``       recipes for weights: seeded, named kernels, a file, edits by hand
``network``       an immutable graph of layers; an edit returns a new one
``images``        pictures into arrays
``project``       the ground state: network, picture, display choices
``analysis``      sizes, costs, receptive fields and problems; never raises, computes no pixel
``evaluation``    maps, layer by layer, cancellable and cached
``api``           the same for notebooks and tests, stable

Invariants: nothing here starts a thread for a window, reads a clock, or writes to an array that
someone may still hold; files are opened only in ``images``, ``weight_files``, ``whole_files`` (all
networks and projects), ``formats`` and ``commands``.
"""
