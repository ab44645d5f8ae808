import numpy as np

from tests.naive.sizes import one_input as cases  # noqa: F401


def naive(layer, inputs, weights):
    channels, height, width = inputs[0].shape
    out = np.zeros((channels, 1, 1))
    for (channel, _, _), value in np.ndenumerate(inputs[0]):
        out[channel] += float(value) / (height * width)
    return out
