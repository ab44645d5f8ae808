"""Arrays that layers need, and weights to fill them, for the tests of weights."""

import math

from hypothesis import strategies as st

from engine.layer import WeightSpec
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import MAX_SEED, Imported
from engine.weighting.weights import WeightEdit, Weights, make_weights

small = st.integers(1, 5)
seeds = st.integers(0, MAX_SEED)
schemes = st.sampled_from(["he", "glorot"])
edit_lists = st.lists(
    st.builds(
        WeightEdit,
        st.sampled_from(["kernel", "bias"]),
        st.tuples(st.integers(0, 2), st.integers(0, 1)),
        st.floats(-9, 9, width=32),
    ),
    max_size=12,
)
"""Edits of two arrays of 3 × 2."""


def kernel_spec(*shape, **more):
    """A kernel (out, in / groups, …), as a convolution or a dense layer declares it."""
    area = math.prod(shape[2:])
    fans = {"fan_in": math.prod(shape[1:]), "fan_out": math.prod(shape[:1]) * area}
    return WeightSpec("kernel", shape, **{**fans, **more})


def transposed_spec(inputs, outputs, groups, *area):
    """A kernel (in, out / groups, …), as a transposed convolution declares it."""
    return WeightSpec(
        "kernel", (inputs, outputs // groups, *area), filter_axis=1, groups=groups, fan_in=4
    )


def imported(origin="some.npz", **arrays):
    return Imported(tuple((name, StoredArray(a)) for name, a in arrays.items()), origin)


def made(source, spec):
    return make_weights(Weights(source), [spec])[spec.name]
