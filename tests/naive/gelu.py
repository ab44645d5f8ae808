import math

from hypothesis import strategies as st

from tests.naive.sizes import each_value, one_input


def cases():
    return one_input({"approximate": st.sampled_from(["none", "tanh"])})


def naive(layer, inputs, weights):
    def exact(x):
        return 0.5 * x * (1 + math.erf(x / 2**0.5))

    def by_tanh(x):
        return 0.5 * x * (1 + math.tanh((2 / math.pi) ** 0.5 * (x + 0.044715 * x * x * x)))

    return each_value(exact if layer.approximate == "none" else by_tanh, inputs[0])
