"""One filter's weights alone are those that the whole array gives it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.layer import WeightSpec
from engine.sheets.color_maps import DIVERGING
from engine.sheets.kernel_colors import kernel_colors
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported, NamedKernels, Seeded
from engine.weighting.weights import (
    WeightEdit,
    Weights,
    filter_weights,
    filters_first_shape,
    make_weights,
    weight_place,
)
from tests.engine.weight_cases import kernel_spec, transposed_spec

SPECS = (
    kernel_spec(5, 3, 3, 2),
    kernel_spec(4, 7),
    kernel_spec(6, 1, 1, 1),
    WeightSpec("kernel", (5,), 0.5),
    WeightSpec("kernel", (3, 4, 2), 1.5),
    transposed_spec(6, 4, 2, 3, 2),
    transposed_spec(3, 5, 1, 2, 2),
)


def sources(spec):
    content = np.arange(math.prod(spec.shape), dtype=float).reshape(spec.shape)
    return (
        Seeded(4),
        Seeded(7, "glorot"),
        NamedKernels(("sobel_x", "box")),
        Imported((("kernel", StoredArray(content)),), "a.npz"),
    )


@given(spec=st.sampled_from(SPECS), which=st.integers(0, 3), data=st.data())
def test_a_filter_alone_equals_its_part_of_the_whole_array(spec, which, data):
    index = st.tuples(*(st.integers(0, length - 1) for length in spec.shape))
    edits = data.draw(st.lists(st.builds(WeightEdit, st.just("kernel"), index, st.just(9.5))))
    weights = Weights(sources(spec)[which], tuple(edits)).edited("bias", (0,), 3.0)
    whole = make_weights(weights, [spec])["kernel"]
    filters, *rest = filters_first_shape(spec)
    for number in range(filters):
        alone = filter_weights(weights, spec, number)
        assert alone.dtype == np.float32
        assert alone.shape == tuple(rest)
        assert not alone.flags.writeable
        if spec.filter_axis == 0:
            np.testing.assert_array_equal(alone, whole[number])
            continue
        for channel in range(rest[0]):
            place = weight_place(spec, number, channel)
            np.testing.assert_array_equal(alone[channel], whole[place])


def test_the_places_of_a_transposed_kernel_are_all_of_it_once():
    spec = transposed_spec(6, 4, 2, 3, 2)
    filters, channels, *_ = filters_first_shape(spec)
    places = [weight_place(spec, f, c) for f in range(filters) for c in range(channels)]
    assert sorted(places) == [(i, o) for i in range(6) for o in range(2)]


@pytest.mark.parametrize("kernel", [np.zeros((2, 2)), np.array([[np.nan, -1.0, 1.0]])])
def test_zero_and_what_is_no_number_are_neutral(kernel):
    colors = kernel_colors(kernel)
    assert colors.shape == (*kernel.shape, 3)
    assert colors[0, 0].tolist() == DIVERGING.at(0.5).tolist()


def test_a_limit_is_shared_by_several_kernels():
    weak, strong = kernel_colors(np.array([0.5, 1.0]), limit=1.0)
    assert strong.tolist() == DIVERGING.at(1.0).tolist()
    assert weak.tolist() == DIVERGING.at(0.75).tolist()
