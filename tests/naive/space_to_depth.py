import numpy as np
from hypothesis import strategies as st


@st.composite
def cases(draw):
    block = draw(st.integers(1, 3))
    height, width = block * draw(st.integers(1, 3)), block * draw(st.integers(1, 4))
    settings = {"block_size": block, "mode": draw(st.sampled_from(["DCR", "CRD"]))}
    return settings, ((draw(st.integers(1, 3)), height, width),)


def numbered_cells(layer, channels):
    """Yield, in the order of the deep channels, shallow channel, row and column in the block."""
    block = range(layer.block_size)
    if layer.mode == "DCR":
        yield from ((c, i, j) for i in block for j in block for c in range(channels))
    else:
        yield from ((c, i, j) for c in range(channels) for i in block for j in block)


def naive(layer, inputs, weights):
    (maps,), b = inputs, layer.block_size
    channels, height, width = maps.shape
    out = np.zeros((channels * b * b, height // b, width // b))
    for deep, (c, i, j) in enumerate(numbered_cells(layer, channels)):
        for row, column in np.ndindex(out.shape[1:]):
            out[deep, row, column] = maps[c, row * b + i, column * b + j]
    return out
