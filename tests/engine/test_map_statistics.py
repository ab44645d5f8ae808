"""The statistics of maps, against double precision and with what is no number."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.problems import CancelledError
from engine.sheets.histogram import histogram
from engine.sheets.map_statistics import layer_statistics, map_statistics

# Small maps are taken together, large ones (above 4,096 values) one by one.
SHAPES = [(1, 1, 1), (5, 1, 1), (3, 4, 5), (300, 7, 9), (5, 70, 65), (2, 1, 5000), (200, 65, 64)]


def normal(shape, mean=0.0, deviation=1.0, seed=0):
    rng = np.random.default_rng(seed)
    return (mean + deviation * rng.standard_normal(shape)).astype(np.float32)


def assert_like_double(found, values):
    """Compare with numpy on the finite values in double precision."""
    finite = values[np.isfinite(values)].astype(np.float64)
    largest = np.abs(finite).max()
    assert found.values == values.size
    assert found.finite == finite.size
    assert found.nans == np.isnan(values).sum()
    assert found.infinities == np.isinf(values).sum()
    assert found.minimum == finite.min()
    assert found.maximum == finite.max()
    assert found.mean == pytest.approx(finite.mean(), abs=1e-5 * largest)
    assert found.deviation == pytest.approx(finite.std(), abs=1e-5 * largest)
    assert found.zeros == pytest.approx((finite == 0).mean())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("mean", "deviation"), [(0, 1), (1000, 1), (-3, 1e-6), (0, 1e30), (1e38, 1e37)]
)
def test_every_map_and_the_layer_are_as_in_double_precision(shape, mean, deviation):
    maps = normal(shape, mean, deviation)
    maps[maps < mean - 0.5 * deviation] = 0
    found = layer_statistics(maps)
    assert len(found) == shape[0]
    for statistics, values in zip(found, maps, strict=True):
        assert_like_double(statistics, values)
    assert_like_double(found.whole, maps)


@pytest.mark.parametrize("sign", [1, -1])
def test_large_maps_are_measured_to_their_last_value(sign):
    maps = np.zeros((2, 1, (1 << 17) + 1), dtype=np.float32)
    maps[1, 0, -1] = sign
    first, last = layer_statistics(maps)
    assert_like_double(first, maps[0])
    assert_like_double(last, maps[1])


@pytest.mark.parametrize("shape", SHAPES[2:])
def test_what_is_no_number_is_counted_and_left_out(shape):
    maps = normal(shape)
    maps[0, 0, 0] = np.nan
    maps[1, -1, -1] = -np.inf
    maps[1, -1, -2] = np.inf
    maps[1, 0, 0] = 0
    found = layer_statistics(maps)
    for statistics, values in zip(found, maps, strict=True):
        assert_like_double(statistics, values)
    assert_like_double(found.whole, maps)
    assert found.nans.sum() == 1
    assert found.infinities.sum() == 2


@pytest.mark.parametrize("size", [3, 100])
def test_a_map_without_any_number_has_no_mean(size):
    maps = np.full((3, size, size), np.nan, dtype=np.float32)
    maps[1] = np.inf
    maps[2] = 2
    found = layer_statistics(maps)
    for index in (0, 1):
        assert found[index].finite == 0
        lone = found[index]
        for number in (lone.minimum, lone.maximum, lone.mean, lone.deviation, lone.zeros):
            assert math.isnan(number)
    assert found.whole.mean == 2
    assert found.whole.minimum == 2
    assert math.isnan(layer_statistics(maps[:2]).whole.maximum)


def test_very_many_broken_values_are_masked_in_parts():
    maps = normal((3, 800, 700))
    maps[:, ::2] = np.nan
    for statistics, values in zip(layer_statistics(maps), maps, strict=True):
        assert_like_double(statistics, values)


@pytest.mark.parametrize("value", [0.0, 0.1, -7.7, 1e-38])
@pytest.mark.parametrize("size", [3, 300])
def test_a_constant_map_does_not_deviate(value, size):
    found = map_statistics(np.full((size, size), value, dtype=np.float32))
    assert found.deviation == 0
    assert found.minimum == found.maximum == np.float32(value)
    assert found.zeros == (value == 0)


def test_negative_zero_is_a_zero():
    assert map_statistics(np.array([-0.0, 0.0, 1.0, 2.0], dtype=np.float32)).zeros == 0.5


def test_only_the_first_maps_are_measured_by_themselves():
    maps = np.arange(24, dtype=np.float32).reshape(6, 2, 2)
    found = layer_statistics(maps, count=2)
    assert len(found) == 2
    assert found.maximum.tolist() == [3, 7]
    assert found.whole == layer_statistics(maps).whole
    many = np.arange(70_000, dtype=np.float32).reshape(-1, 1, 1)
    found = layer_statistics(many, count=3)
    assert found.maximum.tolist() == [0, 1, 2]
    assert_like_double(found.whole, many)
    assert layer_statistics(maps, count=9).maximum.tolist() == [3, 7, 11, 15, 19, 23]


def test_maps_without_values_are_refused():
    with pytest.raises(ValueError, match=r"at least one value.*\(0, 4, 4\)"):
        layer_statistics(np.empty((0, 4, 4), dtype=np.float32))


@given(
    st.lists(
        st.one_of(
            st.floats(width=32, allow_nan=True, allow_infinity=True),
            st.sampled_from([0.0, 1.0, np.nan]),
        ),
        min_size=2,
        max_size=40,
    )
)
def test_any_values(numbers):
    values = np.array(numbers, dtype=np.float32)
    found = map_statistics(values)
    if np.isfinite(values).any():
        assert_like_double(found, values)
    else:
        assert found.finite == 0


def test_a_histogram_counts_every_number_once():
    counted = histogram(np.array([[0, 1, 1, 2], [3, 4, np.nan, -np.inf]], dtype=np.float32), 4)
    assert counted.edges.tolist() == [0, 1, 2, 3, 4]
    assert counted.counts.tolist() == [1, 2, 1, 2]


def test_a_histogram_within_limits_leaves_the_rest_out():
    values = normal((50, 50))
    counted = histogram(values, 10, limits=(-1.0, 1.0))
    expected, edges = np.histogram(values, 10, (-1.0, 1.0))
    assert counted.counts.tolist() == expected.tolist()
    np.testing.assert_allclose(counted.edges, edges)


@pytest.mark.parametrize("value", [0.0, 5.0, np.nan])
def test_a_histogram_of_one_value_or_none(value):
    values = np.full((3, 3), value, dtype=np.float32)
    counted = histogram(values, 3)
    assert counted.counts.sum() == np.isfinite(values).sum()
    assert (np.diff(counted.edges) > 0).all()


@pytest.mark.parametrize("shape", [(1, 1500, 1500), (70_000, 6, 6)])
@pytest.mark.parametrize("value", [1.0, np.nan])
def test_measuring_large_maps_can_be_given_up(shape, value):
    maps = np.full(shape, value, dtype=np.float32)
    asked = []

    def checkpoint():
        asked.append(1)
        if len(asked) == 3:
            raise CancelledError("enough")

    with pytest.raises(CancelledError):
        layer_statistics(maps, 1, checkpoint)
    assert len(asked) == 3
