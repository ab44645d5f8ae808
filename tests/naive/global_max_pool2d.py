import numpy as np

from tests.naive.sizes import one_input as cases  # noqa: F401


def naive(layer, inputs, weights):
    out = np.full((len(inputs[0]), 1, 1), -np.inf)
    for (channel, _, _), value in np.ndenumerate(inputs[0]):
        if value > out[channel]:
            out[channel] = value
    return out
