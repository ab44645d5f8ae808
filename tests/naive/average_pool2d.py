import itertools

import numpy as np
from hypothesis import strategies as st

from tests.naive import max_pool2d
from tests.naive.conv2d import applied_padding


@st.composite
def cases(draw):
    settings, shapes = draw(max_pool2d.cases())
    del settings["dilation"]
    return {**settings, "count_include_pad": draw(st.booleans())}, shapes


def windows(layer, shape):
    """Along each axis, the cells of every window inside the input, and how many of them count."""
    stride, pad = layer.stride or layer.kernel_size, layer.padding
    sides = (pad, pad) if isinstance(pad, str) else ((pad[0], pad[2]), (pad[1], pad[3]))
    found = []
    for axis, length in enumerate(shape[1:]):
        k, s = layer.kernel_size[axis], stride[axis]
        before, after = applied_padding(sides[axis], length, k, s, 1)
        lines = []
        for start in max_pool2d.starts(length, k, s, 1, sides[axis], layer.ceil_mode):
            inside = [p for p in range(start, start + k) if 0 <= p < length]
            padded = [p for p in range(start, start + k) if -before <= p < length + after]
            lines.append((inside, len(padded if layer.count_include_pad else inside)))
        found.append(lines)
    return found


def naive(layer, inputs, weights):
    (maps,) = inputs
    rows, columns = windows(layer, maps.shape)
    out = np.zeros((maps.shape[0], len(rows), len(columns)))
    for m, (r, (lines, high)), (c, (cells, wide)) in itertools.product(
        range(maps.shape[0]), enumerate(rows), enumerate(columns)
    ):
        out[m, r, c] = sum(float(maps[m, i, j]) for i in lines for j in cells) / (high * wide)
    return out
