"""Weights: where they come from, whether they fit, and what edits by hand do."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.layer import WeightSpec
from engine.layers.conv2d import Conv2d
from engine.problems import WeightsError
from engine.shapes import Shape
from engine.weighting.kernel_bank import KERNELS
from engine.weighting.stored_array import WEIGHT_BUDGET, StoredArray
from engine.weighting.weight_sources import MAX_SEED, Imported, NamedKernels, Seeded
from engine.weighting.weights import (
    WeightEdit,
    Weights,
    make_weights,
    takes_named_kernels,
    weights_mismatch,
)
from tests.engine.weight_cases import (
    edit_lists,
    imported,
    kernel_spec,
    made,
    seeds,
    small,
    transposed_spec,
)

# Sources


@pytest.mark.parametrize(
    "make",
    [
        lambda: Seeded(-1),
        lambda: Seeded(MAX_SEED + 1),
        lambda: Seeded(1.5),  # type: ignore[arg-type]
        lambda: Seeded(True),
        lambda: Seeded(0, "xavier"),
        lambda: NamedKernels(()),
        lambda: NamedKernels(("sobel_z",)),
        lambda: Imported((("kernel", StoredArray([1])), ("kernel", StoredArray([2]))), "a.npz"),
        lambda: WeightEdit("kernel", (-1,), 0.0),
        lambda: WeightEdit("kernel", (0.5,), 0.0),  # type: ignore[arg-type]
        lambda: WeightEdit("kernel", (0,), math.nan),
        lambda: WeightEdit("kernel", (0,), 1e39),
        lambda: WeightEdit("kernel", (0,), 10**400),
    ],
)
def test_values_that_cannot_be_are_refused_with_a_sentence(make):
    with pytest.raises(WeightsError, match=r"\.$"):
        make()


def test_arrays_with_a_start_are_filled_with_it():
    specs = [kernel_spec(2, 1, 3, 3), WeightSpec("bias", (2,), 0.0), WeightSpec("scale", (2,), 1.5)]
    for source in (Seeded(3), NamedKernels(("box",)), imported(kernel=np.ones((2, 1, 3, 3)))):
        arrays = make_weights(Weights(source), specs)
        assert list(arrays) == ["kernel", "bias", "scale"]
        np.testing.assert_array_equal(arrays["bias"], [0, 0])
        np.testing.assert_array_equal(arrays["scale"], [1.5, 1.5])


# Named kernels


def test_named_kernels_are_repeated_over_the_filters():
    names = ("sobel_x", "laplacian", "box")
    kernels = made(NamedKernels(names), kernel_spec(8, 1, 3, 5))
    for number, kernel in enumerate(kernels):
        expected = KERNELS[names[number % 3]].make(3, 5)
        np.testing.assert_array_equal(kernel[0], expected.astype(np.float32))
    np.testing.assert_array_equal(made(NamedKernels(names), kernel_spec(2, 1, 3, 5)), kernels[:2])


def test_named_kernels_read_the_mean_of_the_channels():
    kernels = made(NamedKernels(("sobel_x",)), kernel_spec(2, 3, 3, 3))
    expected = KERNELS["sobel_x"].make(3, 3) / 3
    for kernel in kernels.reshape(6, 3, 3):
        np.testing.assert_array_equal(kernel, expected.astype(np.float32))


def test_named_kernels_of_transposed_layers_go_by_filter():
    names = ("sobel_x", "box")
    kernels = made(NamedKernels(names), transposed_spec(4, 4, 4, 3, 3))
    for number, kernel in enumerate(kernels):
        expected = KERNELS[names[number % 2]].make(3, 3)
        np.testing.assert_array_equal(kernel[0], expected.astype(np.float32))
    kernels = made(NamedKernels(names), transposed_spec(6, 4, 2, 3, 3))
    for number in range(2):
        expected = KERNELS[names[number]].make(3, 3) / 3
        for kernel in kernels[:, number]:
            np.testing.assert_array_equal(kernel, expected.astype(np.float32))


@pytest.mark.parametrize("shape", [(4, 7), (4, 3, 1, 1), (5,), (2, 3, 3)])
def test_arrays_without_pixels_are_drawn_instead_of_named(shape):
    spec = kernel_spec(*shape)
    assert not takes_named_kernels(spec)
    np.testing.assert_array_equal(made(NamedKernels(("sobel_x",)), spec), made(Seeded(0), spec))


# Imported weights


def test_imported_arrays_are_used_as_they_are():
    kernel = np.arange(18.0).reshape(2, 1, 3, 3)
    source = imported(kernel=kernel, bias=[1, 2], unused=[3])
    arrays = make_weights(Weights(source), [kernel_spec(2, 1, 3, 3), WeightSpec("bias", (2,), 0.0)])
    assert arrays["kernel"] is dict(source.tensors)["kernel"].array
    np.testing.assert_array_equal(arrays["bias"], [1, 2])
    assert set(arrays) == {"kernel", "bias"}


def test_imports_are_compared_by_content():
    assert imported(a=[1], b=[2]) == imported(b=[2], a=[1])
    assert imported(a=[1]) != imported(a=[2])
    assert hash(Weights(imported(a=[1]))) == hash(Weights(imported(a=[1.0])))


def test_the_sentence_of_a_mismatch():
    layer = Conv2d(out_channels=12)
    specs = layer.weight_specs((Shape(12, 9, 9),))
    kernel = np.zeros((12, 8, 3, 3))
    cases = {
        "Weights are 12×8×3×3, 12×12×3×3 needed.": imported(kernel=kernel),
        "Weights “kernel” are missing, 12×12×3×3 needed.": imported(bias=np.zeros(12)),
        "Weights “bias” are 8, 12 needed.": imported(
            kernel=np.zeros((12, 12, 3, 3)), bias=np.zeros(8)
        ),
        "Weights are 12×8×3×3, 12×12×3×3 needed. Weights “bias” are a single number, 12 needed.": (
            imported(kernel=kernel, bias=0)
        ),
    }
    for sentence, source in cases.items():
        assert weights_mismatch(Weights(source), specs) == sentence
        with pytest.raises(WeightsError) as raised:
            make_weights(Weights(source), specs)
        assert str(raised.value) == sentence


def test_a_mismatch_names_the_array_if_there_are_several_kernels():
    specs = [WeightSpec("depthwise", (3, 1, 3, 3)), WeightSpec("pointwise", (4, 3, 1, 1))]
    source = imported(depthwise=np.zeros((3, 1, 3, 3)), pointwise=np.zeros((4, 2, 1, 1)))
    expected = "Weights “pointwise” are 4×2×1×1, 4×3×1×1 needed."
    assert weights_mismatch(Weights(source), specs) == expected


@given(has=st.lists(small, max_size=4), needs=st.lists(small, max_size=4))
def test_imports_fit_exactly_when_shapes_are_equal(has, needs):
    weights = Weights(imported(kernel=np.zeros(has)))
    assert (weights_mismatch(weights, [kernel_spec(*needs)]) is None) == (has == needs)


# Edits


@given(edits=edit_lists)
def test_the_last_edit_of_a_weight_wins(edits):
    specs = [WeightSpec("kernel", (3, 2)), WeightSpec("bias", (3, 2), 1.0)]
    expected = {k: a.copy() for k, a in make_weights(Weights(), specs).items()}
    one_by_one = Weights()
    for edit in edits:
        expected[edit.tensor][edit.index] = edit.value
        one_by_one = one_by_one.edited(edit.tensor, edit.index, edit.value)
    assert one_by_one == Weights().with_edits(edits) == Weights(edits=tuple(edits))
    for name, array in make_weights(one_by_one, specs).items():
        np.testing.assert_array_equal(array, expected[name])


@given(edits=edit_lists, data=st.data())
def test_the_order_of_edits_of_different_weights_makes_no_difference(edits, data):
    single = list({(edit.tensor, edit.index): edit for edit in edits}.values())
    shuffled = data.draw(st.permutations(single))
    weights = Weights().with_edits(single)
    assert weights == Weights().with_edits(shuffled)
    assert hash(weights) == hash(Weights().with_edits(shuffled))


def test_edits_change_neither_the_import_nor_earlier_values():
    before = Weights(imported(kernel=np.zeros((2, 2))))
    after = before.edited("kernel", (1, 0), 0.1)
    assert before.edits == ()
    assert after.edits[0].value == float(np.float32(0.1))
    spec = kernel_spec(2, 2)
    np.testing.assert_array_equal(
        make_weights(after, [spec])["kernel"], np.array([[0, 0], [0.1, 0]], np.float32)
    )
    np.testing.assert_array_equal(make_weights(before, [spec])["kernel"], np.zeros((2, 2)))
    assert after.without_edits() == before
    assert after.with_source(Seeded(2)) == Weights(Seeded(2), after.edits)


def test_edits_outside_are_a_mismatch_and_edits_of_absent_arrays_are_not():
    specs = [kernel_spec(4, 3, 3, 3)]
    weights = Weights().edited("kernel", (6, 0, 1, 1), 1.0)
    assert weights_mismatch(weights, specs) == (
        "The edit of “kernel” at [6, 0, 1, 1] lies outside its 4×3×3×3."
    )
    weights = weights.edited("kernel", (7, 0), 1.0)
    assert "at [6, 0, 1, 1] (and 1 more) lies" in str(weights_mismatch(weights, specs))
    with pytest.raises(WeightsError, match="lies outside"):
        make_weights(weights, specs)
    bias = Weights().edited("bias", (9,), 1.0)
    assert weights_mismatch(bias, specs) is None
    assert set(make_weights(bias, specs)) == {"kernel"}


@given(seed=seeds, index=st.tuples(*[st.integers(0, 3)] * 4), shape=st.tuples(*[small] * 4))
def test_seeded_and_named_weights_fail_only_by_their_edits(seed, index, shape):
    inside = all(i < n for i, n in zip(index, shape, strict=True))
    for source in (Seeded(seed), NamedKernels(("gabor_45", "emboss"))):
        assert weights_mismatch(Weights(source), [kernel_spec(*shape)]) is None
        edited = Weights(source).edited("kernel", index, 2.0)
        assert (weights_mismatch(edited, [kernel_spec(*shape)]) is None) == inside


# Arrays that are made


def test_made_arrays_are_read_only_float32():
    specs = [kernel_spec(2, 1, 3, 3), WeightSpec("bias", (2,), 0.0)]
    kernel = np.ones((2, 1, 3, 3))
    for source in (Seeded(), NamedKernels(("box",)), imported(kernel=kernel)):
        for weights in (Weights(source), Weights(source).edited("kernel", (0, 0, 0, 0), 2.0)):
            for array in make_weights(weights, specs).values():
                assert array.dtype == np.float32
                assert array.flags.c_contiguous
                assert not array.flags.writeable


def test_weights_beyond_the_budget_are_refused_before_memory_is_taken():
    units = WEIGHT_BUDGET // 4 // 1000
    with pytest.raises(WeightsError, match="would take 2,001 MB as float32; at most 2,000 MB"):
        make_weights(Weights(), [kernel_spec(units + 1, 1000)])
