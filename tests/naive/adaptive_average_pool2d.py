import itertools
import math

import numpy as np
from hypothesis import strategies as st

from tests.naive.sizes import one_input


def cases():
    return one_input({"output_size": st.tuples(st.integers(1, 9), st.integers(1, 8))})


def ranges(length, outputs):
    for o in range(outputs):
        yield range(math.floor(o * length / outputs), math.ceil((o + 1) * length / outputs))


def naive(layer, inputs, weights):
    (maps,) = inputs
    out = np.zeros((len(maps), *layer.output_size))
    rows = enumerate(ranges(maps.shape[1], layer.output_size[0]))
    for (r, lines), m in itertools.product(rows, range(len(maps))):
        for c, cells in enumerate(ranges(maps.shape[2], layer.output_size[1])):
            values = [float(maps[m, i, j]) for i in lines for j in cells]
            out[m, r, c] = sum(values) / len(values)
    return out
