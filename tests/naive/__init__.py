"""Slow, obvious implementations of every layer kind, independent of the engine's numerics.

One module per kind, of the kind's name, with

``cases() -> SearchStrategy[tuple[dict, tuple[tuple[int, int, int], ...]]]``
    settings and input shapes (C, H, W) that the kind accepts: all dimensions different, kernels
    and strides that do not divide them, groups above 1, asymmetric padding;

``naive(layer, inputs, weights) -> float64 array (C, H, W)``
    the maps by plain Python loops over output positions, from the definition of the layer. It uses
    the layer's settings and nothing else of the engine: no window, no reading, no shape formula.
"""
