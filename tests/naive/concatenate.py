import numpy as np
from hypothesis import strategies as st


@st.composite
def cases(draw):
    height = draw(st.integers(1, 5))
    width = draw(st.integers(1, 6).filter(lambda n: n != height))
    counts = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    return {}, tuple((count, height, width) for count in counts)


def naive(layer, inputs, weights):
    return np.array([plane.astype(float) for maps in inputs for plane in maps])
