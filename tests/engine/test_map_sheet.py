"""Sheets against exact arrays, and against slow obvious loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sheets.level_range import LevelScope
from engine.sheets.map_sheet import (
    GAP_INDEX,
    HIGHEST_INDEX,
    INFINITY_COLOR,
    INFINITY_INDEX,
    LOWEST_INDEX,
    NAN_COLOR,
    NAN_INDEX,
    ZERO_INDEX,
    make_sheet,
    sheet_rgb,
)
from engine.sheets.map_statistics import layer_statistics
from engine.sheets.sheet_layout import SheetLayout, TileScale, arrange

LARGE = 40
"""Maps of this side are drawn one by one, smaller ones together."""


def float32(values):
    return np.array(values, dtype=np.float32)


def naive_sheet(maps, sheet):
    """Draw a sheet value by value in double precision, from its layout and levels."""
    layout = sheet.layout
    out = np.full(layout.sheet_size, GAP_INDEX, dtype=float)
    (down_h, down_w) = layout.scale.reduction
    for channel in range(layout.count):
        high = sheet.levels.ranges[channel, 1]
        zero = ZERO_INDEX if sheet.levels.signed else LOWEST_INDEX
        tile = layout.tile(channel)
        for row in range(tile.top, tile.top + tile.height):
            for column in range(tile.left, tile.left + tile.width):
                at = layout.position_at(row, column)
                block = maps[channel, at.row : at.row + down_h, at.column : at.column + down_w]
                mean = block.astype(float).mean()
                index = zero if high == 0 else zero + (HIGHEST_INDEX - zero) * mean / high
                index = min(max(index, LOWEST_INDEX), HIGHEST_INDEX)
                if np.isnan(mean):
                    index = NAN_INDEX
                if np.isinf(mean):
                    index = INFINITY_INDEX
                out[row, column] = index
    return out


def assert_as_naive(maps, sheet):
    # Half an index, and what float32 adds to it where a value lies between two.
    with np.errstate(invalid="ignore"):
        expected = naive_sheet(maps, sheet)
    np.testing.assert_allclose(sheet.indices, expected, rtol=0, atol=0.51)


def test_signed_maps_exactly():
    maps = float32([[[-2, -1], [0, 2]], [[0, 0.5], [0.25, -0.5]], [[0, 0], [0, 0]]])
    sheet = make_sheet(maps, arrange(maps.shape, columns=2, gap=(1, 2)))
    assert sheet.indices.tolist() == [
        [1, 64, 0, 0, 127, 253],
        [127, 253, 0, 0, 190, 1],
        [0, 0, 0, 0, 0, 0],
        [127, 127, 0, 0, 0, 0],
        [127, 127, 0, 0, 0, 0],
    ]
    assert sheet.color_map.id == "diverging"


def test_maps_without_a_sign_exactly():
    maps = float32([[[0, 1, 2]], [[0, 4, 1]]])
    layout = arrange(maps.shape, columns=1, gap=(0, 0))
    assert make_sheet(maps, layout).indices.tolist() == [[1, 127, 253], [1, 253, 64]]
    whole = make_sheet(maps, layout, LevelScope.LAYER)
    assert whole.indices.tolist() == [[1, 64, 127], [1, 253, 64]]
    assert whole.color_map.id == "sequential"
    network = make_sheet(maps, layout, LevelScope.NETWORK, network_range=(-1, 4))
    assert network.indices.tolist() == [[127, 158, 190], [127, 253, 158]]
    assert network.color_map.id == "diverging"


def test_enlarged_pixels_are_exact():
    maps = float32([[[0, 1], [2, 0]]])
    sheet = make_sheet(maps, arrange(maps.shape, scale=TileScale((1, 1), (2, 3))))
    assert sheet.indices.tolist() == [
        [1, 1, 1, 127, 127, 127],
        [1, 1, 1, 127, 127, 127],
        [253, 253, 253, 1, 1, 1],
        [253, 253, 253, 1, 1, 1],
    ]


def test_reduced_pixels_are_means_and_levels_are_those_of_the_values():
    maps = float32([[[0, 4, 2], [0, 4, 2], [1, 3, 8]]])
    sheet = make_sheet(maps, arrange(maps.shape, scale=TileScale((2, 2))))
    # Means 2, 2 of two values, 2 of two, 8 of one; the highest value is 8.
    assert sheet.indices.tolist() == [[64, 64], [64, 253]]
    assert sheet.levels.ranges.tolist() == [[0, 8]]


@pytest.mark.parametrize("side", [3, LARGE])
@pytest.mark.parametrize("scale", [TileScale(), TileScale((2, 2)), TileScale((1, 1), (2, 2))])
def test_what_is_no_number_has_its_own_index(side, scale):
    maps = np.zeros((3, side, side), dtype=np.float32)
    maps[:, -1, -1] = 1
    maps[0, 0, 0] = np.nan
    maps[1, 0, 0] = np.inf
    maps[2, 0, 0] = -np.inf
    sheet = make_sheet(maps, arrange(maps.shape, columns=3, scale=scale))
    corners = [sheet.indices[tile.top, tile.left] for tile in map(sheet.layout.tile, range(3))]
    assert corners == [NAN_INDEX, INFINITY_INDEX, INFINITY_INDEX]
    assert (sheet.indices >= NAN_INDEX).sum() == 3 * np.prod(scale.enlargement)
    assert_as_naive(maps, sheet)


@pytest.mark.parametrize("side", [3, LARGE])
def test_values_beyond_a_given_range_take_its_ends(side):
    maps = np.zeros((1, side, side), dtype=np.float32)
    maps[0, 0, :3] = [-1000, 1000, 0.5]
    layout = arrange(maps.shape)
    for limits, expected in (((-1, 1), [1, 253, 190]), ((0, 1), [1, 253, 127])):
        sheet = make_sheet(maps, layout, LevelScope.NETWORK, network_range=limits)
        assert sheet.indices[0, :3].tolist() == expected
        assert sheet.levels.clipped == 2 / side**2


@st.composite
def cases(draw):
    side = draw(st.sampled_from([1, 3, 5, 33, LARGE]))
    shape = (draw(st.integers(1, 7)), side, max(1, side + draw(st.integers(-1, 2))))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    maps = rng.standard_normal(shape).astype(np.float32) * draw(st.sampled_from([1, 1e-30, 1e30]))
    if draw(st.booleans()):
        maps = np.abs(maps)
    if draw(st.booleans()):
        maps[maps > np.quantile(maps, 0.9)] = draw(st.sampled_from([0, np.nan, np.inf]))
    pairs = st.sampled_from([(1, 1), (2, 2), (3, 1)])
    layout = arrange(
        shape,
        columns=draw(st.integers(1, 7)),
        scale=TileScale(draw(pairs), draw(pairs)),
        gap=draw(st.sampled_from([(0, 0), (1, 2)])),
    )
    return maps, layout


@given(cases(), st.sampled_from([LevelScope.MAP, LevelScope.LAYER]), st.sampled_from([0, 0.05]))
def test_any_sheet_is_as_the_slow_one(case, scope, clip):
    maps, layout = case
    assert_as_naive(maps, make_sheet(maps, layout, scope, clip=clip))


@pytest.mark.parametrize("shape", [(3, 1, 1500), (3, 1500, 1), (2, 2, 1031), (2, 1031, 2)])
@pytest.mark.parametrize("scale", [TileScale(), TileScale((2, 3)), TileScale((1, 1), (1, 2))])
def test_thin_maps_are_as_the_slow_ones(shape, scale):
    maps = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    assert_as_naive(maps, make_sheet(maps, arrange(shape, columns=2, scale=scale)))


@pytest.mark.parametrize("side", [16, 64])
@given(seed=st.integers(0, 2**16), scale=st.sampled_from([1e-44, 1e-38, 1e-3, 7.0, 1e38]))
def test_indices_rise_with_the_values_and_zero_is_in_the_middle(side, seed, scale):
    rng = np.random.default_rng(seed)
    maps = (rng.standard_normal((1, side, side)) * scale / 4).astype(np.float32)
    maps[0, 0, 0] = 0
    maps[0, 0, 1] = -np.abs(maps).max() or -np.float32(scale)
    sheet = make_sheet(maps, arrange(maps.shape))
    order = np.argsort(maps, axis=None)
    assert (np.diff(sheet.indices.ravel()[order].astype(int)) >= 0).all()
    assert (sheet.indices[maps[0] == 0] == ZERO_INDEX).all()
    assert sheet.indices.min() >= LOWEST_INDEX
    assert sheet.indices.max() <= HIGHEST_INDEX
    mirrored = make_sheet(-maps, arrange(maps.shape))
    assert (sheet.indices.astype(int) + mirrored.indices == 2 * ZERO_INDEX).all()


@pytest.mark.parametrize("value", [0.0, 3.0, -3.0, np.nan])
@pytest.mark.parametrize("side", [2, LARGE])
def test_constant_maps(value, side):
    maps = np.full((2, side, side), value, dtype=np.float32)
    expected = {0.0: LOWEST_INDEX, 3.0: HIGHEST_INDEX, -3.0: LOWEST_INDEX}.get(value, NAN_INDEX)
    sheet = make_sheet(maps, arrange(maps.shape, gap=(0, 0)))
    assert (sheet.indices == expected).all()


def test_a_vector_is_drawn_on_one_scale():
    maps = float32([0, 1, 2]).reshape(3, 1, 1)
    sheet = make_sheet(maps, arrange(maps.shape, columns=3, gap=(0, 0)))
    assert sheet.indices.tolist() == [[1, 127, 253]]


def test_maps_that_are_not_drawn_count_for_the_layer():
    maps = np.zeros((70_000, 1, 1), dtype=np.float32)
    maps[-1] = -4
    maps[0] = 2
    sheet = make_sheet(maps, arrange(maps.shape))
    assert sheet.levels.shared == (-4.0, 4.0)
    assert sheet.indices[0, 0] == 190
    assert len(sheet.statistics) == 65536
    assert sheet.statistics.whole.values == 70_000


def test_many_small_maps_are_drawn_in_parts():
    maps = np.random.default_rng(0).standard_normal((1500, 30, 31)).astype(np.float32)
    sheet = make_sheet(maps, arrange(maps.shape, columns=7))
    for channel in (0, 6, 7, 1130, 1499):
        alone = make_sheet(
            maps[channel : channel + 1], arrange((1, 30, 31)), LevelScope.NETWORK,
            network_range=tuple(sheet.levels.ranges[channel]),
        )  # fmt: skip
        tile = sheet.layout.tile(channel)
        drawn = sheet.indices[tile.top : tile.top + 30, tile.left : tile.left + 31]
        assert (drawn == alone.indices).all()


def test_a_sheet_is_never_written_again_and_never_writes():
    maps = np.random.default_rng(0).standard_normal((3, 50, 50)).astype(np.float32)
    maps.flags.writeable = False
    before = maps.copy()
    sheet = make_sheet(maps, arrange(maps.shape), clip=0.2)
    assert (maps == before).all()
    with pytest.raises(ValueError, match="read-only"):
        sheet.indices[0] = 0
    assert sheet.indices.flags.c_contiguous


def test_known_statistics_are_used_again():
    maps = np.random.default_rng(0).standard_normal((5, 9, 9)).astype(np.float32)
    known = layer_statistics(maps, count=4)
    layout = SheetLayout(total=5, count=3, height=9, width=9, columns=3)
    sheet = make_sheet(maps, layout, statistics=known)
    assert (sheet.indices == make_sheet(maps, layout).indices).all()
    assert len(sheet.statistics) == 3
    assert sheet.statistics.whole is known.whole
    with pytest.raises(ValueError, match="of 2 maps, and 3 are drawn"):
        make_sheet(maps, layout, statistics=known.first(2))


def test_colors_are_those_of_the_table():
    maps = float32([[[-1, 0, 1, np.nan, np.inf]], [[0, 0, 0, 0, 0]]])
    sheet = make_sheet(maps, arrange(maps.shape, columns=1, gap=(1, 1)))
    colors = sheet_rgb(sheet, gap=(1, 2, 3))
    assert colors.dtype == np.uint8
    assert colors.shape == (3, 5, 3)
    lowest, zero, highest = sheet.color_map.at([0.0, 0.5, 1.0]).tolist()
    assert colors[0].tolist() == [lowest, zero, highest, list(NAN_COLOR), list(INFINITY_COLOR)]
    assert colors[1].tolist() == [[1, 2, 3]] * 5
    assert (sheet.table((1, 2, 3))[sheet.indices] == colors).all()


def test_a_color_map_can_be_chosen():
    maps = float32([[[0, 1]]])
    layout = arrange(maps.shape)
    assert sheet_rgb(make_sheet(maps, layout, color="gray")).tolist() == [[[0] * 3, [255] * 3]]
    with pytest.raises(ValueError, match="no color map 'jet'; there are diverging"):
        make_sheet(maps, layout, color="jet")


def test_a_layout_for_other_maps_is_refused():
    with pytest.raises(ValueError, match=r"2 maps of 3 × 4.*\(2, 4, 3\)"):
        make_sheet(np.zeros((2, 4, 3), dtype=np.float32), arrange((2, 3, 4)))
