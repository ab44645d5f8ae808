import itertools

import numpy as np
from hypothesis import strategies as st

from tests.naive import conv2d
from tests.naive.conv2d import applied_padding, cell


@st.composite
def cases(draw):
    settings, ((channels, height, width),) = draw(conv2d.cases())
    for name in ("out_channels", "groups", "flip_kernel"):
        del settings[name]
    settings["depth_multiplier"] = draw(st.integers(1, 3))
    return settings, ((channels, height, width),)


def placements(layer, shape):
    """First row and first column of every window; it may lie outside."""
    found = []
    for axis, length in enumerate(shape[1:]):
        k, s, d = layer.kernel_size[axis], layer.stride[axis], layer.dilation[axis]
        pad = layer.padding if isinstance(layer.padding, str) else layer.padding[axis::2]
        before, after = applied_padding(pad, length, k, s, d)
        found.append([p - before for p in range(0, length + before + after - d * (k - 1), s)])
    return found


def filtered(layer, maps, kernel, mode):
    """Every channel with each of its kernels, (channels × multiplier, rows, columns)."""
    rows, columns = placements(layer, maps.shape)
    (kh, kw), (dh, dw), m = layer.kernel_size, layer.dilation, layer.depth_multiplier
    out = np.zeros((maps.shape[0] * m, len(rows), len(columns)))
    places = itertools.product(range(maps.shape[0]), range(m), enumerate(rows), enumerate(columns))
    for channel, k, (r, top), (c, left) in places:
        out[channel * m + k, r, c] = sum(
            float(kernel[channel * m + k, 0, i, j])
            * cell(maps, channel, top + i * dh, left + j * dw, mode)
            for i in range(kh)
            for j in range(kw)
        )
    return out


def naive(layer, inputs, weights):
    out = filtered(layer, inputs[0], weights["kernel"], layer.padding_mode)
    for place in range(out.shape[0] if layer.bias else 0):
        out[place] += float(weights["bias"][place])
    return out
