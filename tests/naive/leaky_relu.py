from hypothesis import strategies as st

from tests.naive.sizes import each_value, one_input


def cases():
    return one_input({"negative_slope": st.sampled_from([0.01, 0.25, 0.0, 1.5, -0.5])})


def naive(layer, inputs, weights):
    return each_value(lambda x: x if x > 0 else layer.negative_slope * x, inputs[0])
