"""The engine of Convolens: networks, their sizes, their feature maps and the reasons for both.

It knows nothing of Qt. The import contract in ``pyproject.toml`` gives every module its place; in
groups, from the bottom to the top:

What a kind is made of
    ``shapes``, ``reading``, ``equations``  sizes, and the only formulas for them; what reads what
    ``constraints``, ``settings``  what a setting may be, declared beside its default
    ``problems``, ``edits``  what is said when something does not fit, and changes as data
    ``arithmetic``, ``explanation``  the terms behind one output value
    ``layer``, ``layers``, ``registry``  the declaration of a kind, and the kinds, one file each
    ``sliding``, ``families``  windows that slide or scatter; what families of kinds share
    ``numerics``  fast functions on arrays; ``parallel`` there is the only one with threads

Networks and what is known of them
    ``network``  an immutable graph of layers; an edit returns a new one
    ``weighting``  recipes for weights: seeds, named kernels, files, edits by hand
    ``analysis``, ``receptive_field``, ``repairs``, ``size_explanation``  sizes, costs, problems;
    never raises, computes no pixel
    ``tracing``, ``pinned_value``, ``advice``, ``dialects``  where from, where to, what else
    ``evaluation``, ``result_cache``, ``blocks``, ``workspace``  maps, cancellable and cached
    ``comparison``, ``flipped_kernels``, ``side_by_side``  two networks, or two layers of one
    ``size_path``, ``lanes``  all sizes as one drawing; where connections pass other layers
    ``memory_plan``, ``free_memory``  which layers can be computed with the memory there is

Pictures and maps as pictures
    ``pictures``  a person's picture into arrays: decoding, refusals, size policy
    ``sheets``  the maps of a layer as one picture: levels, colors, layout, statistics

The outside
    ``project``  the ground state: network, picture, display choices
    ``saving``  networks and projects as files, and the examples
    ``formats``, ``commands``, ``api``  figures and tables, the shell, Python

Invariants: nothing here starts a thread for a window, reads a clock, or writes to an array that
someone may still hold; files are opened only in ``free_memory``, ``pictures.images``,
``weighting.weight_files``, ``whole_files`` (all networks and projects), ``formats`` and
``commands``.
"""
