"""Which array of a file becomes which of a layer's."""

import numpy as np
import pytest

from engine.layer import WeightSpec
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_matching import imported_arrays, match_arrays

CONVOLUTION = (WeightSpec("kernel", (8, 3, 5, 5)), WeightSpec("bias", (8,), 0.0))
NORM = (
    WeightSpec("scale", (8,), 1.0),
    WeightSpec("shift", (8,), 0.0),
    WeightSpec("mean", (8,), 0.0, learned=False),
    WeightSpec("variance", (8,), 1.0, learned=False),
)


def arrays(**shapes):
    return {name.replace("__", "."): StoredArray(np.zeros(s)) for name, s in shapes.items()}


@pytest.mark.parametrize(
    ("kernel", "bias"),
    [
        ("kernel", "bias"),
        ("features__0__weight", "features__0__bias"),
        ("conv2d/kernel:0", "conv2d/bias:0"),
        ("W", "B"),
        ("no_such_name", "another"),
    ],
)
def test_a_convolution_of_any_framework_is_recognized(kernel, bias):
    file = {kernel: StoredArray(np.zeros((8, 3, 5, 5))), bias: StoredArray(np.zeros(8))}
    assert match_arrays(file, CONVOLUTION) == {"kernel": kernel, "bias": bias}


@pytest.mark.parametrize(
    "names",
    [
        ("scale", "shift", "mean", "variance"),
        ("bn/gamma:0", "bn/beta:0", "bn/moving_mean:0", "bn/moving_variance:0"),
        ("bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var"),
    ],
)
def test_a_normalization_is_told_by_names_since_all_shapes_are_equal(names):
    file = {name: StoredArray(np.full(8, place)) for place, name in enumerate(names)}
    matches = match_arrays(dict(reversed(file.items())), NORM)
    assert tuple(matches.values()) == names
    imported = imported_arrays("bn.npz", file, matches)
    assert dict(imported.tensors)["variance"].array.tolist() == [3.0] * 8


def test_an_array_of_another_shape_is_not_taken():
    assert match_arrays(arrays(kernel=(8, 3, 3, 3), bias=(8,)), CONVOLUTION) == {"bias": "bias"}


def test_what_could_be_several_is_left_to_the_person():
    file = arrays(a__weight=(8, 3, 5, 5), b__weight=(8, 3, 5, 5), a__bias=(8,))
    assert match_arrays(file, CONVOLUTION) == {"bias": "a.bias"}


def test_no_array_is_used_twice():
    file = arrays(weight=(8,))
    assert len(match_arrays(file, NORM)) == 1
