from tests.naive import add
from tests.naive.add import joined

cases = add.cases


def naive(layer, inputs, weights):
    return joined(inputs, lambda a, b: a * b)
