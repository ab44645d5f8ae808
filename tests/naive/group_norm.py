import math

import numpy as np
from hypothesis import strategies as st

from tests.naive.sizes import shapes

SETTINGS = {"epsilon": st.sampled_from([1e-5, 1e-3, 0.5]), "affine": st.booleans()}


@st.composite
def cases(draw):
    groups = draw(st.sampled_from([1, 2, 3]))
    settings = {"groups": groups, **draw(st.fixed_dictionaries(SETTINGS))}
    count = st.integers(1, 3).map(lambda n: n * groups)
    return settings, (draw(shapes(count)),)


def normalized(maps, members, epsilon):
    """Every value, less the mean of its fellow members, divided by their deviation.

    ``members(m, r, c)`` lists the places that share mean and variance with a place.
    """
    out = np.zeros(maps.shape)
    for m, r, c in np.ndindex(maps.shape):
        values = [float(maps[place]) for place in members(m, r, c)]
        mean = sum(values) / len(values)
        variance = sum((value - mean) ** 2 for value in values) / len(values)
        out[m, r, c] = (float(maps[m, r, c]) - mean) / math.sqrt(variance + epsilon)
    return out


def per_channel(out, layer, weights):
    """Scale and shift, one of each per channel."""
    if layer.affine:
        for m in range(len(out)):
            out[m] = out[m] * float(weights["scale"][m]) + float(weights["shift"][m])
    return out


def naive(layer, inputs, weights):
    channels, height, width = inputs[0].shape
    size = channels // layer.groups

    def members(m, r, c):
        first = m // size * size
        return [(first + i, j, k) for i, j, k in np.ndindex(size, height, width)]

    return per_channel(normalized(inputs[0], members, layer.epsilon), layer, weights)
