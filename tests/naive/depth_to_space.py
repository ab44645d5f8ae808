import numpy as np
from hypothesis import strategies as st

from tests.naive.space_to_depth import numbered_cells


@st.composite
def cases(draw):
    block = draw(st.integers(1, 3))
    settings = {"block_size": block, "mode": draw(st.sampled_from(["DCR", "CRD"]))}
    channels = draw(st.integers(1, 3)) * block**2
    return settings, ((channels, draw(st.integers(1, 4)), draw(st.integers(1, 5))),)


def naive(layer, inputs, weights):
    (maps,), b = inputs, layer.block_size
    channels, height, width = maps.shape
    out = np.zeros((channels // (b * b), height * b, width * b))
    for deep, (c, i, j) in enumerate(numbered_cells(layer, channels // (b * b))):
        for row, column in np.ndindex(height, width):
            out[c, row * b + i, column * b + j] = maps[deep, row, column]
    return out
