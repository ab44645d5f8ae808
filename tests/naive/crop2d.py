import numpy as np
from hypothesis import strategies as st


@st.composite
def cases(draw):
    cropping = draw(st.tuples(*[st.integers(0, 4)] * 4))
    top, left, bottom, right = cropping
    height = top + bottom + draw(st.integers(1, 4))
    width = left + right + draw(st.integers(1, 5))
    return {"cropping": cropping}, ((draw(st.integers(1, 3)), height, width),)


def naive(layer, inputs, weights):
    top, left, bottom, right = layer.cropping
    channels, height, width = inputs[0].shape
    out = np.zeros((channels, height - top - bottom, width - left - right))
    for m, i, j in np.ndindex(out.shape):
        out[m, i, j] = inputs[0][m, top + i, left + j]
    return out
