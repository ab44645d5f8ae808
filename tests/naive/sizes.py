"""Strategies for input shapes, and loops, that the twins of several kinds use."""

import numpy as np
from hypothesis import strategies as st

CHANNELS = st.integers(1, 7)


@st.composite
def shapes(draw, channels=CHANNELS):
    """One shape whose three dimensions differ, or a vector."""
    count = draw(channels)
    if draw(st.integers(0, 5)) == 0:
        return (count, 1, 1)
    height = draw(st.integers(1, 6).filter(lambda n: n != count))
    return (count, height, draw(st.integers(1, 7).filter(lambda n: n not in (count, height))))


def one_input(settings=None):
    """Cases with one input of any shape."""
    drawn = st.fixed_dictionaries(settings or {})
    return st.tuples(drawn, st.tuples(shapes()))


def each_value(function, maps):
    """A function of one value, at every place."""
    out = np.zeros(maps.shape)
    for place, value in np.ndenumerate(maps):
        out[place] = function(float(value))
    return out
