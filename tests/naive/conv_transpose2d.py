import itertools

import numpy as np
from hypothesis import strategies as st

from tests.naive.conv2d import PAIRS


@st.composite
def cases(draw):
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    kernel = draw(st.tuples(st.integers(1, 5), st.integers(1, 4)))
    stride, dilation = draw(PAIRS), draw(PAIRS)
    padding = draw(
        st.one_of(st.sampled_from(["valid", "same"]), st.tuples(*[st.integers(0, 3)] * 4))
    )
    if isinstance(padding, str):
        most = [s - 1 for s in stride]
    else:
        most = [max(s, d) - 1 for s, d in zip(stride, dilation, strict=True)]
    settings = {
        "out_channels": groups * draw(st.integers(1, 3)),
        "kernel_size": kernel,
        "stride": stride,
        "padding": padding,
        "output_padding": draw(
            st.one_of(st.none(), st.tuples(st.integers(0, most[0]), st.integers(0, most[1])))
        ),
        "dilation": dilation,
        "groups": groups,
        "bias": draw(st.booleans()),
    }
    channels = groups * draw(st.integers(1, 2))
    return settings, ((channels, draw(st.integers(1, 5)), draw(st.integers(1, 6))),)


def extent(layer, axis, length):
    """Cropped pixels before, and output length, along one axis."""
    k, s, d = layer.kernel_size[axis], layer.stride[axis], layer.dilation[axis]
    extra = None if layer.output_padding is None else layer.output_padding[axis]
    last = s * (length - 1) + d * (k - 1)  # where the last input's last kernel cell lands
    if not isinstance(layer.padding, str):
        before, after = layer.padding[axis], layer.padding[axis + 2]
        return before, last + 1 - before - after + (extra or 0)
    span = d * (k - 1) + 1
    if layer.padding == "valid":
        return 0, s * (length - 1) + (max(span, s) if extra is None else span + extra)
    wanted = s * length if extra is None else s * (length - 1) + span % 2 + extra
    cropped = last + 1 - wanted
    return max(0, cropped // 2), wanted


def naive(layer, inputs, weights):
    (maps,) = inputs
    channels, height, width = maps.shape
    (kh, kw), (sh, sw), (dh, dw) = layer.kernel_size, layer.stride, layer.dilation
    top, out_h = extent(layer, 0, height)
    left, out_w = extent(layer, 1, width)
    out = np.zeros((layer.out_channels, out_h, out_w))
    ins, outs = channels // layer.groups, layer.out_channels // layer.groups
    for m, r, c in itertools.product(range(channels), range(height), range(width)):
        for f, i, j in itertools.product(range(outs), range(kh), range(kw)):
            row, column = r * sh + i * dh - top, c * sw + j * dw - left
            if 0 <= row < out_h and 0 <= column < out_w:
                product = float(maps[m, r, c]) * float(weights["kernel"][m, f, i, j])
                out[m // ins * outs + f, row, column] += product
    for place in range(layer.out_channels if layer.bias else 0):
        out[place] += float(weights["bias"][place])
    return out
