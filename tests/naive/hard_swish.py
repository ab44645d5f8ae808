from tests.naive.sizes import each_value, one_input


def cases():
    return one_input()


def naive(layer, inputs, weights):
    return each_value(lambda x: 0.0 if x < -3 else x if x > 3 else x * (x + 3) / 6, inputs[0])
