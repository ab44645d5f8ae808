"""What OpenCV's layers are guarded with: they lose NaN and infinity without a word."""

import numpy as np
import pytest

from engine.numerics import opencv_layers
from engine.numerics.opencv_layers import OpenCvLayer, all_finite
from engine.problems import CancelledError
from engine.workspace import Workspace


@pytest.mark.parametrize("most", [1, 7, opencv_layers.SUMMED_VALUES])
@pytest.mark.parametrize("place", [0, 11, 23])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_is_found_wherever_it_is(monkeypatch, most, place, value):
    monkeypatch.setattr(opencv_layers, "SUMMED_VALUES", most)
    values = np.ones((2, 3, 4), np.float32)
    assert all_finite(values, Workspace())
    values.reshape(-1)[place] = value
    assert not all_finite(values, Workspace())


def test_looking_at_many_values_can_be_given_up(monkeypatch):
    monkeypatch.setattr(opencv_layers, "SUMMED_VALUES", 5)
    with pytest.raises(CancelledError):
        all_finite(np.ones((2, 3, 4), np.float32), Workspace(lambda: True))


def test_a_layer_takes_maps_of_any_size_and_writes_in_place():
    maps = np.arange(-12, 12, dtype=np.float32).reshape(2, 3, 4)
    layer = OpenCvLayer("ReLU", negative_slope=0.5)
    for some in (maps, maps[:1], maps.reshape(1, 1, 24)):
        out = np.full(some.shape, np.nan, np.float32)
        layer.run(out, some)
        np.testing.assert_array_equal(out, np.where(some > 0, some, some / 2))


def test_maps_that_are_a_part_of_others_are_read_as_they_are():
    maps = np.arange(-12, 12, dtype=np.float32).reshape(2, 3, 4)
    ones = np.ones(2, np.float32)
    layer = OpenCvLayer("Scale", 2 * ones, ones, bias_term=True)
    for some in (maps[:, :, :3], maps[:, ::2], maps.swapaxes(1, 2)):
        out = np.full(some.shape, np.nan, np.float32)
        layer.run(out, some)
        np.testing.assert_array_equal(out, 2 * some + 1)
