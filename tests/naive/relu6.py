from tests.naive.sizes import each_value, one_input


def cases():
    return one_input()


def naive(layer, inputs, weights):
    return each_value(lambda x: 0.0 if x < 0 else 6.0 if x > 6 else x, inputs[0])
