import numpy as np
from hypothesis import strategies as st


def cases():
    shape = st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 7))
    return st.tuples(st.just({}), st.tuples(shape))


def naive(layer, inputs, weights):
    out = np.zeros(inputs[0].shape)
    for place, value in np.ndenumerate(inputs[0]):
        out[place] = value if value > 0 else 0.0
    return out
