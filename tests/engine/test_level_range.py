"""Which values get the ends of the colors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sheets.level_range import LevelScope, find_levels, level_range
from engine.sheets.map_statistics import layer_statistics

MAP, LAYER, NETWORK = LevelScope


def levels(maps, scope=MAP, **also):
    maps = np.asarray(maps, dtype=np.float32)
    return find_levels(maps, layer_statistics(maps), scope, **also)


@pytest.mark.parametrize(
    ("lowest", "highest", "expected"),
    [
        (-1, 3, (-3, 3)),
        (-4, 3, (-4, 4)),
        (-4, -1, (-4, 4)),
        (0, 3, (0, 3)),
        (2, 3, (0, 3)),
        (2, 2, (0, 2)),
        (-2, -2, (-2, 2)),
        (0, 0, (0, 0)),
        (np.nan, np.nan, (0, 0)),
    ],
)
def test_a_sign_makes_the_range_symmetric(lowest, highest, expected):
    assert level_range(lowest, highest) == expected


@given(st.floats(-1e30, 1e30), st.floats(-1e30, 1e30))
def test_a_range_holds_zero_and_all_values(one, other):
    lowest, highest = min(one, other), max(one, other)
    low, high = level_range(lowest, highest)
    assert low <= min(lowest, 0.0)
    assert high >= max(highest, 0.0)
    assert low in (0.0, -high)


def test_the_scope_says_what_shares_a_range():
    maps = [[[-1, 2]], [[0, 8]], [[0, 0]]]
    own = levels(maps)
    assert own.ranges.tolist() == [[-2, 2], [-8, 8], [0, 0]]
    assert own.signed
    assert own.shared is None
    shared = levels(maps, LAYER)
    assert shared.ranges.tolist() == [[-8, 8]] * 3
    assert shared.shared == (-8, 8)
    given_range = levels(maps, NETWORK, network_range=(-3, 20))
    assert given_range.shared == (-20, 20)
    assert given_range.clipped == 0


def test_the_sign_is_that_of_the_layer_so_that_its_maps_share_a_color_map():
    assert levels([[[1, 2]], [[-1, 0]]]).ranges.tolist() == [[-2, 2], [-1, 1]]
    assert not levels([[[1, 2]], [[1, 0]]]).signed


def test_a_range_too_small_clips_and_says_so():
    found = levels([[[-1, 2, 4, 1]], [[0, 1, 2, np.nan]]], NETWORK, network_range=(0, 1.5))
    assert found.shared == (0, 1.5)
    assert not found.signed
    assert found.clipped == 4 / 7
    assert found.clipped_per_map.tolist() == [3 / 4, 1 / 3]


def test_clipping_leaves_out_the_largest_values():
    maps = np.arange(100, dtype=np.float32).reshape(1, 10, 10)
    found = levels(maps, clip=0.1)
    assert found.shared == (0, 89)
    assert found.clipped == 0.1
    signed = levels(maps - 50, clip=0.1)
    assert signed.shared == (-45, 45)
    assert signed.clipped == 0.09
    assert levels(maps, LAYER, clip=0.1).shared == (0, 89)


def test_clipping_never_leaves_nothing_but_zero():
    maps = np.zeros((1, 10, 10), dtype=np.float32)
    maps[0, 0, 0] = 5
    found = levels(maps, clip=0.1)
    assert found.shared == (0, 5)
    assert found.clipped == 0


def test_what_is_no_number_takes_no_part_in_clipping():
    maps = np.arange(100, dtype=np.float32).reshape(1, 10, 10)
    maps[0, 9] = [np.nan, np.inf, -np.inf] + [np.nan] * 7
    found = levels(maps, clip=0.1)
    assert found.shared == (0, 80)
    assert found.clipped == 9 / 90
    assert levels(maps * np.nan, clip=0.1).shared == (0, 0)


def test_a_percentile_of_very_many_values_is_looked_for_among_some():
    maps = np.arange(5_000_000, dtype=np.float32).reshape(1, 5000, 1000)
    found = levels(maps, clip=0.01)
    assert found.clipped == pytest.approx(0.01, abs=1e-4)


def test_values_of_a_vector_share_the_range_of_the_layer():
    assert levels([[[1]], [[5]], [[-7]]]).shared == (-7, 7)


def test_ranges_are_never_written_again():
    with pytest.raises(ValueError, match="read-only"):
        levels([[[1, 2]]]).ranges[0] = 0


def test_requests_without_sense_are_refused():
    with pytest.raises(ValueError, match="network_range"):
        levels([[[1, 2]]], NETWORK)
    with pytest.raises(ValueError, match=r"received 1\.0"):
        levels([[[1, 2]]], clip=1.0)
