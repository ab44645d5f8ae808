import numpy as np
from hypothesis import strategies as st

from tests.naive.sizes import one_input


def cases():
    return one_input({"order": st.sampled_from(["channels_first", "channels_last"])})


def naive(layer, inputs, weights):
    channels, height, width = (range(length) for length in inputs[0].shape)
    if layer.order == "channels_first":
        places = [(m, r, c) for m in channels for r in height for c in width]
    else:
        places = [(m, r, c) for r in height for c in width for m in channels]
    return np.array([float(inputs[0][place]) for place in places]).reshape(-1, 1, 1)
