import itertools

import numpy as np
from hypothesis import strategies as st

from tests.naive import depthwise_conv2d
from tests.naive.depthwise_conv2d import filtered


@st.composite
def cases(draw):
    settings, shapes = draw(depthwise_conv2d.cases())
    del settings["padding_mode"]
    settings["out_channels"] = draw(st.integers(1, 5))
    return settings, shapes


def naive(layer, inputs, weights):
    between = filtered(layer, inputs[0], weights["depthwise_kernel"], "zeros")
    count, height, width = between.shape
    out = np.zeros((layer.out_channels, height, width))
    for f, r, c in itertools.product(range(layer.out_channels), range(height), range(width)):
        total = float(weights["bias"][f]) if layer.bias else 0.0
        for m in range(count):
            total += float(weights["pointwise_kernel"][f, m, 0, 0]) * between[m, r, c]
        out[f, r, c] = total
    return out
