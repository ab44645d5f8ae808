import itertools
import math

import numpy as np
from hypothesis import strategies as st

from tests.naive.conv2d import PAIRS, applied_padding


@st.composite
def cases(draw):
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    dilation = draw(PAIRS)
    stride, ceil = draw(st.one_of(st.none(), PAIRS)), draw(st.booleans())
    height, width = (
        draw(st.integers(shortest(k, s, d, ceil), d * (k - 1) + 8))
        for k, s, d in zip(kernel, stride or kernel, dilation, strict=True)
    )
    half = st.integers(0, min(kernel) // 2)
    settings = {
        "kernel_size": kernel,
        "stride": stride,
        "padding": draw(
            st.one_of(
                st.sampled_from(["valid", "same", "same_lower"]), st.tuples(half, half, half, half)
            )
        ),
        "dilation": dilation,
        "ceil_mode": ceil,
    }
    return settings, ((draw(st.integers(1, 3)), height, width),)


def shortest(kernel, stride, dilation, ceil):
    """The shortest input that surely has a window: rounded up, it may overhang by a stride less 1.

    A dilated window that does might have all of its cells outside.
    """
    overhang = stride - 1 if ceil and dilation == 1 else 0
    return max(1, dilation * (kernel - 1) + 1 - overhang)


def starts(length, kernel, stride, dilation, padding, ceil):
    """First positions of the windows along one axis, from the definition."""
    before, after = applied_padding(padding, length, kernel, stride, dilation)
    span = dilation * (kernel - 1) + 1
    if padding in ("same", "same_lower"):
        return [o * stride - before for o in range(math.ceil(length / stride))]
    found, start = [], -before
    while start + span <= length + after:
        found.append(start)
        start += stride
    # Rounded up: one more window, where cells were left over and it starts before the padding.
    left_over = not found or found[-1] + span < length + after
    if ceil and left_over and start < length:
        found.append(start)
    return found


def windows(layer, shape):
    """Rows and columns of every window, those outside the input left out."""
    (_, height, width), stride = shape, layer.stride or layer.kernel_size
    pad = layer.padding
    sides = (pad, pad) if isinstance(pad, str) else ((pad[0], pad[2]), (pad[1], pad[3]))
    ceil = layer.ceil_mode
    found = []
    for axis, length in enumerate((height, width)):
        k, s, d = layer.kernel_size[axis], stride[axis], layer.dilation[axis]
        found.append(
            [
                [p for p in range(start, start + d * k, d) if 0 <= p < length]
                for start in starts(length, k, s, d, sides[axis], ceil)
            ]
        )
    return found


def naive(layer, inputs, weights):
    (maps,) = inputs
    rows, columns = windows(layer, maps.shape)
    out = np.zeros((maps.shape[0], len(rows), len(columns)))
    for m, (r, lines), (c, cells) in itertools.product(
        range(maps.shape[0]), enumerate(rows), enumerate(columns)
    ):
        out[m, r, c] = max(float(maps[m, i, j]) for i in lines for j in cells)
    return out
