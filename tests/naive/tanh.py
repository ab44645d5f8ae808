import math

from tests.naive.sizes import each_value, one_input


def cases():
    return one_input()


def naive(layer, inputs, weights):
    def tanh(x):
        return (math.exp(x) - math.exp(-x)) / (math.exp(x) + math.exp(-x))

    return each_value(tanh, inputs[0])
