"""Arrays as immutable values, known by a digest of their content."""

import dataclasses
import hashlib
import math
from typing import Any

import numpy as np
import pytest

from engine.problems import WeightsError
from engine.weighting.stored_array import StoredArray


@pytest.mark.parametrize("dtype", ["f8", "f4", "f2", ">f4", "i8", "i4", "u1", "?"])
def test_any_numbers_are_stored_as_the_same_float32(dtype):
    values = np.array([[0, 1], [1, 0], [1, 1]], dtype=dtype)
    stored = StoredArray(values)
    assert stored.array.dtype == np.float32
    assert stored == StoredArray(np.asfortranarray(values, np.float32))
    np.testing.assert_array_equal(stored.array, values)


def test_a_stored_array_never_changes():
    values = np.ones((2, 3), np.float32)
    stored = StoredArray(values)
    values[0, 0] = 7
    assert stored.array[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        stored.array[0, 0] = 7
    with pytest.raises(ValueError, match="WRITEABLE"):
        stored.array.flags.writeable = True
    with pytest.raises(dataclasses.FrozenInstanceError):
        stored.digest = "other"  # type: ignore[misc]


def test_the_digest_counts_shape_and_bits():
    assert len(StoredArray([1.0]).digest) == 64
    different: list[Any] = [
        [0.0],
        [-0.0],
        [[0.0]],
        [0.0, 0.0],
        [],
        [[]],
        0.0,
        [math.nan],
        [math.inf],
    ]
    assert len({StoredArray(values) for values in different}) == len(different)
    assert StoredArray([math.nan]) == StoredArray(np.array([math.nan]))


def test_the_digest_is_pinned():
    expected = hashlib.sha256(b"float32 2\n" + b"\0\0\x80\x3f" + b"\0\0\0\xc0").hexdigest()
    assert StoredArray([1, -2]).digest == expected


def test_values_that_are_not_finite_are_kept_and_known():
    assert not StoredArray([1, 2]).has_nonfinite
    assert not StoredArray([]).has_nonfinite
    for value in (math.nan, math.inf, 1e300):
        assert StoredArray([1, value]).has_nonfinite


@pytest.mark.parametrize(
    "values", [[1j], ["a"], [None], [b"x"], np.zeros(2, "M8[s]"), [[1], [2, 3]]]
)
def test_what_is_no_array_of_real_numbers_is_refused(values):
    with pytest.raises(WeightsError, match=r"^Weights are .*received.*\.$"):
        StoredArray(values)
