from hypothesis import strategies as st

from tests.naive.sizes import each_value, one_input


def cases():
    return one_input(
        {"alpha": st.sampled_from([1 / 6, 0.2, 0.75]), "beta": st.sampled_from([0.5, 0.0, 0.75])}
    )


def naive(layer, inputs, weights):
    def line(x):
        y = layer.alpha * x + layer.beta
        return 0.0 if y < 0 else 1.0 if y > 1 else y

    return each_value(line, inputs[0])
