import math

from tests.naive.sizes import each_value, one_input


def cases():
    return one_input()


def naive(layer, inputs, weights):
    return each_value(lambda x: 1 / (1 + math.exp(-x)), inputs[0])
