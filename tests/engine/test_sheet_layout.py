"""Where maps stand on a sheet: every pixel belongs to one map's value, or to a gap."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arithmetic import Position
from engine.sheets.sheet_layout import (
    SHEET_LIMIT,
    TILE_LIMIT,
    SheetLayout,
    Tile,
    TileScale,
    arrange,
    scale_towards,
)

small = st.integers(1, 9)
pairs = st.tuples(st.integers(1, 3), st.integers(1, 4))


@st.composite
def layouts(draw):
    count = draw(st.integers(1, 12))
    reduction = draw(pairs)
    enlargement = draw(pairs)
    return SheetLayout(
        total=count + draw(st.integers(0, 3)),
        count=count,
        height=draw(small),
        width=draw(small),
        columns=draw(st.integers(1, count)),
        scale=TileScale(reduction, enlargement),
        gap=draw(st.tuples(st.integers(0, 3), st.integers(0, 3))),
    )


def area(layout, tile):
    """The pixels of a tile; it must lie on the sheet."""
    height, width = layout.sheet_size
    assert 0 <= tile.top <= tile.top + tile.height <= height
    assert 0 <= tile.left <= tile.left + tile.width <= width
    return slice(tile.top, tile.top + tile.height), slice(tile.left, tile.left + tile.width)


@given(layouts())
def test_tiles_do_not_overlap_and_pixels_know_their_map(layout):
    owner = np.full(layout.sheet_size, -1)
    for index in range(layout.count):
        pixels = area(layout, layout.tile(index))
        assert (owner[pixels] == -1).all()
        owner[pixels] = index
    for (row, column), index in np.ndenumerate(owner):
        found = layout.index_at(row, column)
        assert found == (None if index == -1 else index)


@given(layouts())
def test_every_value_is_drawn_where_its_pixels_say(layout):
    reduction = layout.scale.reduction
    seen = np.zeros(layout.sheet_size, dtype=int)
    for channel in range(layout.count):
        for row in range(0, layout.height, reduction[0]):
            for column in range(0, layout.width, reduction[1]):
                position = Position(channel, row, column)
                block = layout.drawn_at(position)
                assert block[2:] == layout.scale.enlargement
                pixels = area(layout, block)
                seen[pixels] += 1
                for pixel in np.argwhere(seen[pixels]):
                    at = layout.position_at(block.top + int(pixel[0]), block.left + int(pixel[1]))
                    assert at == position
        tile = layout.tile(channel)
        assert (seen[area(layout, tile)] == 1).all()


@given(layouts(), st.data())
def test_all_values_of_a_reduced_block_are_drawn_at_the_same_place(layout, data):
    row = data.draw(st.integers(0, layout.height - 1))
    column = data.draw(st.integers(0, layout.width - 1))
    block = layout.drawn_at(Position(0, row, column))
    first = layout.position_at(block.top, block.left)
    assert first is not None
    assert first.row <= row < first.row + layout.scale.reduction[0]
    assert first.column <= column < first.column + layout.scale.reduction[1]


@given(layouts(), st.data())
def test_only_the_maps_within_an_area_are_listed(layout, data):
    height, width = layout.sheet_size
    top = data.draw(st.integers(-3, height))
    left = data.draw(st.integers(-3, width))
    wanted = Tile(top, left, data.draw(st.integers(1, 20)), data.draw(st.integers(1, 20)))
    expected = [
        index
        for index in range(layout.count)
        for tile in [layout.tile(index)]
        if tile.top < top + wanted.height
        and top < tile.top + tile.height
        and tile.left < left + wanted.width
        and left < tile.left + tile.width
    ]
    assert list(layout.within(wanted)) == expected


def test_a_sheet_in_numbers():
    layout = arrange((5, 4, 6), columns=3, gap=(2, 1))
    assert layout.rows == 2
    assert layout.sheet_size == (10, 20)
    assert layout.tile(4) == Tile(6, 7, 4, 6)
    assert layout.index_at(6, 7) == 4
    assert layout.index_at(4, 7) is None
    assert layout.position_at(4, 7) is None
    assert layout.position_at(7, 9) == Position(4, 1, 2)
    assert layout.index_at(6, 14) is None  # the sixth place stays empty
    assert layout.index_at(-1, 0) is None
    assert layout.index_at(0, 20) is None
    assert str(layout) == ""


@pytest.mark.parametrize("index", [-1, 5])
def test_a_map_that_is_not_on_the_sheet_has_no_tile(index):
    with pytest.raises(IndexError, match=f"Map {index} is not on this sheet of 5 maps"):
        arrange((5, 4, 6)).tile(index)


@pytest.mark.parametrize("position", [Position(0, 4, 0), Position(0, 0, -1), Position(5, 0, 0)])
def test_a_value_outside_is_drawn_nowhere(position):
    with pytest.raises(IndexError):
        arrange((5, 4, 6)).drawn_at(position)


def test_columns_follow_the_available_width():
    assert arrange((8, 10, 10), width=34, gap=(2, 2)).columns == 3
    assert arrange((8, 10, 10), width=33, gap=(2, 2)).columns == 2
    assert arrange((8, 10, 10), width=3).columns == 1
    assert arrange((2, 10, 10), width=1000).columns == 2
    assert arrange((2, 10, 10), columns=9).columns == 2


@pytest.mark.parametrize("shape", [(64, 20, 20), (7, 30, 10), (300, 1, 9)])
def test_without_a_width_the_sheet_is_about_square(shape):
    height, width = arrange(shape, gap=(0, 0)).sheet_size
    assert 0.5 < height / width < 2.0


@given(
    st.integers(1, 3000),
    st.integers(1, 3000),
    st.integers(1, 3000),
    st.sampled_from([None, 1, 7]),
    st.sampled_from([TileScale(), TileScale((1, 1), (16, 16)), TileScale((3, 2))]),
)
def test_a_sheet_is_never_too_large(count, height, width, columns, scale):
    layout = arrange((count, height, width), columns=columns, scale=scale)
    sheet_height, sheet_width = layout.sheet_size
    assert sheet_height * sheet_width <= SHEET_LIMIT
    assert layout.count == count
    if layout.scale != scale:
        tile_height, tile_width = layout.tile_size
        assert tile_height <= height * scale.enlargement[0]
        assert tile_width <= width * scale.enlargement[1]


def test_reductions_and_enlargements_are_said():
    assert str(arrange((512, 224, 224))) == "each pixel is the mean of 2 × 2 values"
    assert str(arrange((4, 5, 5), scale=TileScale((1, 1), (8, 8)))) == "each value is 8 × 8 pixels"
    flattened = arrange((150_528, 1, 1))
    assert flattened.count == TILE_LIMIT
    assert str(flattened) == "first 65536 of 150528 maps"


def test_a_scale_reaches_for_a_size():
    assert scale_towards(224, 112, 100) == TileScale((3, 3))
    assert scale_towards(5, 5, 64) == TileScale((1, 1), (12, 12))
    assert scale_towards(64, 64, 64) == TileScale()
    assert scale_towards(65, 64, 64) == TileScale((2, 2))
    assert TileScale((3, 3)).size(224, 112) == (75, 38)


@pytest.mark.parametrize(
    "wrong",
    [
        {"shape": (0, 3, 3)},
        {"shape": (3, 0, 3)},
        {"shape": (3, 3, 3), "gap": (-1, 0)},
        {"shape": (TILE_LIMIT, 1, 1), "gap": (99, 99)},
    ],
)
def test_what_makes_no_sheet_is_refused(wrong):
    with pytest.raises(ValueError, match="sheet"):
        arrange(**wrong)


def test_a_scale_below_one_is_refused():
    with pytest.raises(ValueError, match="1 or more"):
        TileScale((0, 1))
