import numpy as np
from hypothesis import strategies as st

from tests.naive.sizes import shapes


@st.composite
def cases(draw):
    """Two to four inputs, each with some axes of length 1; one has them all."""
    shape = draw(shapes())
    others = st.tuples(*(st.sampled_from([1, length]) for length in shape))
    inputs = [shape, *draw(st.lists(others, min_size=1, max_size=3))]
    return {}, tuple(draw(st.permutations(inputs)))


def joined(inputs, operation):
    """The inputs' values joined at every place; an axis of length 1 is read at 0."""
    shape = tuple(max(maps.shape[axis] for maps in inputs) for axis in range(3))
    out = np.zeros(shape)
    for place in np.ndindex(shape):
        values = []
        for maps in inputs:
            at = tuple(0 if n == 1 else i for i, n in zip(place, maps.shape, strict=True))
            values.append(float(maps[at]))
        result = values[0]
        for value in values[1:]:
            result = operation(result, value)
        out[place] = result
    return out


def naive(layer, inputs, weights):
    return joined(inputs, lambda a, b: a + b)
