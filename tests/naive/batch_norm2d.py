import math

import numpy as np
from hypothesis import strategies as st

from tests.naive.sizes import one_input


def cases():
    return one_input({"epsilon": st.sampled_from([1e-5, 1e-3, 0.5]), "affine": st.booleans()})


def make_weights(rng, specs):
    weights = {s.name: (rng.integers(-32, 33, s.shape) / 16).astype(np.float32) for s in specs}
    weights["variance"] = (rng.integers(0, 33, weights["variance"].shape) / 8).astype(np.float32)
    return weights


def naive(layer, inputs, weights):
    out = np.zeros(inputs[0].shape)
    for (m, r, c), x in np.ndenumerate(inputs[0]):
        y = float(x) - float(weights["mean"][m])
        y /= math.sqrt(float(weights["variance"][m]) + layer.epsilon)
        if layer.affine:
            y = y * float(weights["scale"][m]) + float(weights["shift"][m])
        out[m, r, c] = y
    return out
