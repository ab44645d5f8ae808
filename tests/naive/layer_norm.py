import numpy as np
from hypothesis import strategies as st

from tests.naive.group_norm import SETTINGS, normalized, per_channel
from tests.naive.sizes import one_input


def cases():
    return one_input({"axes": st.sampled_from(["channels", "all"]), **SETTINGS})


def naive(layer, inputs, weights):
    shape = inputs[0].shape
    if layer.axes == "channels":

        def members(m, r, c):
            return [(i, r, c) for i in range(shape[0])]

        return per_channel(normalized(inputs[0], members, layer.epsilon), layer, weights)

    def everything(m, r, c):
        return np.ndindex(shape)

    out = normalized(inputs[0], everything, layer.epsilon)
    if layer.affine:
        for place in np.ndindex(shape):
            out[place] = out[place] * float(weights["scale"][place]) + float(
                weights["shift"][place]
            )
    return out
