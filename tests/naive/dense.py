import numpy as np
from hypothesis import strategies as st


def cases():
    settings = {"out_features": st.integers(1, 7), "bias": st.booleans()}
    shape = st.tuples(st.integers(1, 20), st.just(1), st.just(1))
    return st.tuples(st.fixed_dictionaries(settings), st.tuples(shape))


def naive(layer, inputs, weights):
    out = np.zeros((layer.out_features, 1, 1))
    for unit in range(layer.out_features):
        total = float(weights["bias"][unit]) if layer.bias else 0.0
        for i, value in enumerate(inputs[0][:, 0, 0]):
            total += float(weights["kernel"][unit, i]) * float(value)
        out[unit, 0, 0] = total
    return out
