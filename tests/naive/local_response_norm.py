import numpy as np
from hypothesis import strategies as st

from tests.naive.sizes import one_input


def cases():
    return one_input(
        {
            "size": st.integers(1, 9),
            "alpha": st.sampled_from([1e-4, 0.5, 2.0]),
            "beta": st.sampled_from([0.75, 0.5, 1.0]),
            "k": st.sampled_from([1.0, 2.0, 0.25]),
        }
    )


def naive(layer, inputs, weights):
    out = np.zeros(inputs[0].shape)
    channels = len(inputs[0])
    for (m, r, c), x in np.ndenumerate(inputs[0]):
        # So many channels around m; of an even number, the odd one is before it.
        window = [m - layer.size // 2 + i for i in range(layer.size)]
        total = sum(float(inputs[0][i, r, c]) ** 2 for i in window if 0 <= i < channels)
        out[m, r, c] = float(x) / (layer.k + layer.alpha * total / layer.size) ** layer.beta
    return out
