import itertools
import math

import numpy as np
from hypothesis import strategies as st

PAIRS = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def cases(draw):
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    channels = groups * draw(st.integers(1, 2))
    kernel = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    dilation = draw(PAIRS)
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    height = draw(st.integers(spans[0], spans[0] + 6))
    width = draw(st.integers(spans[1], spans[1] + 7))
    sides = st.tuples(*[st.integers(0, min(height, width) - 1)] * 4)
    settings = {
        "out_channels": groups * draw(st.integers(1, 3)),
        "kernel_size": kernel,
        "stride": draw(PAIRS),
        "padding": draw(st.one_of(st.sampled_from(["valid", "same", "same_lower"]), sides)),
        "padding_mode": draw(st.sampled_from(["zeros", "zeros", "replicate"])),
        "dilation": dilation,
        "groups": groups,
        "bias": draw(st.booleans()),
        "flip_kernel": draw(st.booleans()),
    }
    if isinstance(settings["padding"], tuple):
        settings["padding_mode"] = draw(
            st.sampled_from(["zeros", "reflect", "replicate", "circular"])
        )
    return settings, ((channels, height, width),)


def applied_padding(padding, length, kernel, stride, dilation):
    """Padding before and after along one axis; ``padding`` is a rule or (before, after)."""
    if padding == "valid":
        return 0, 0
    if padding in ("same", "same_lower"):
        wanted = math.ceil(length / stride)
        total = max(0, (wanted - 1) * stride + dilation * (kernel - 1) + 1 - length)
        small, large = total // 2, total - total // 2
        return (large, small) if padding == "same_lower" else (small, large)
    return padding


def cell(maps, channel, row, column, mode):
    """The value at a position that may lie outside."""
    _, height, width = maps.shape
    inside = []
    for place, length in ((row, height), (column, width)):
        if not 0 <= place < length:
            if mode == "zeros":
                return 0.0
            if mode == "replicate":
                place = 0 if place < 0 else length - 1
            elif mode == "circular":
                place %= length
            else:
                while not 0 <= place < length:
                    place = -place if place < 0 else 2 * (length - 1) - place
        inside.append(place)
    return float(maps[channel, inside[0], inside[1]])


def naive(layer, inputs, weights):
    (maps,) = inputs
    channels, height, width = maps.shape
    (kh, kw), (sh, sw), (dh, dw) = layer.kernel_size, layer.stride, layer.dilation
    pad = layer.padding
    rows = pad if isinstance(pad, str) else (pad[0], pad[2])
    columns = pad if isinstance(pad, str) else (pad[1], pad[3])
    top, bottom = applied_padding(rows, height, kh, sh, dh)
    left, right = applied_padding(columns, width, kw, sw, dw)
    out_h = len(range(0, height + top + bottom - dh * (kh - 1), sh))
    out_w = len(range(0, width + left + right - dw * (kw - 1), sw))
    out = np.zeros((layer.out_channels, out_h, out_w))
    ins, outs = channels // layer.groups, layer.out_channels // layer.groups
    for f, r, c in itertools.product(range(layer.out_channels), range(out_h), range(out_w)):
        total = float(weights["bias"][f]) if layer.bias else 0.0
        for m, i, j in itertools.product(range(ins), range(kh), range(kw)):
            ki, kj = (kh - 1 - i, kw - 1 - j) if layer.flip_kernel else (i, j)
            total += float(weights["kernel"][f, m, ki, kj]) * cell(
                maps,
                f // outs * ins + m,
                r * sh - top + i * dh,
                c * sw - left + j * dw,
                layer.padding_mode,
            )
        out[f, r, c] = total
    return out
