"""How many maps a figure shows, how large, and in how many columns; whole numbers only."""

from collections.abc import Iterator

from engine.sheets.sheet_layout import SheetLayout, TileScale

MOST_MAPS = 256
"""More maps than that are too small to be looked at."""
MOST_VALUES = 4096
"""The same for a vector, whose values are cells."""
MOST_WRITTEN_VALUES = 64
"""Cells of a vector that are large enough to have their value written on them."""

_FEW_MAPS = 64
_ROOM = {True: (1160, 1280), False: (1680, 1680)}
"""Height and width of the grid for few maps and for many."""

_LARGEST_SIDE = 448
_LARGEST_ENLARGED_SIDE = 256
_THIN = 24
"""The shorter side of a tile, below which a thin map could not be seen."""
_LARGEST_THIN_SIDE = 1200

_GAP = 12


def map_grid(shape: tuple[int, int, int], label_width: int, label_height: int) -> SheetLayout:
    """Return the layout of maps (C, H, W) whose numbers stand below them.

    Args:
        shape: of the maps.
        label_width: of the widest number, which must fit under a tile and its gap.
        label_height: of every number.
    """
    total, height, width = shape
    count = min(total, MOST_MAPS)
    room_h, room_w = _ROOM[count <= _FEW_MAPS]

    def fitted(scale: TileScale) -> SheetLayout | None:
        tile_h, tile_w = scale.size(height, width)
        gap_h, gap_w = label_height + _GAP, max(_GAP, label_width + _GAP - tile_w)
        columns = _columns(count, tile_h + gap_h, tile_w + gap_w, room_h + gap_h, room_w + gap_w)
        if columns is None:
            return None
        return SheetLayout(total, count, height, width, columns, scale, (gap_h, gap_w))

    scales = _scales(height, width, _LARGEST_SIDE if count == 1 else _LARGEST_ENLARGED_SIDE)
    return next(layout for layout in map(fitted, scales) if layout is not None)


def cell_grid(total: int, value_width: int, label_height: int) -> SheetLayout:
    """Return the layout of a vector: one cell for each value.

    Few values have cells of ``value_width`` or more, with room for their numbers below; many stand
    in rows of 20, 50 or 100, which are easy to count.
    """
    count = min(total, MOST_VALUES)
    if count <= MOST_WRITTEN_VALUES:
        cell_h, cell_w, gap = 36, max(64, value_width + 16), (label_height + _GAP, 8)
        room_h, room_w = _ROOM[True]
        columns = _columns(count, cell_h + gap[0], cell_w + gap[1], room_h, room_w) or 1
    elif count <= 200:
        cell_h, cell_w, gap, columns = 28, 28, (5, 5), 20
    elif count <= 1500:
        cell_h, cell_w, gap, columns = 20, 20, (4, 4), 50
    else:
        cell_h, cell_w, gap, columns = 12, 12, (3, 3), 100
    return SheetLayout(total, count, 1, 1, columns, TileScale((1, 1), (cell_h, cell_w)), gap)


def _scales(height: int, width: int, largest_enlarged: int) -> Iterator[TileScale]:
    """Yield scales from the largest to ever smaller ones."""
    longer = max(height, width)
    for factor in range(largest_enlarged // longer, 0, -1):
        yield _visible(height, width, 1, factor)
    largest = _LARGEST_THIN_SIDE if min(height, width) < _THIN else _LARGEST_SIDE
    down = -(-longer // largest)
    while True:
        yield _visible(height, width, down, 1)
        down += 1


def _visible(height: int, width: int, down: int, up: int) -> TileScale:
    """Return a scale for both sides, except that a thin map is broadened until it can be seen."""
    sides = []
    for length in (height, width):
        if length < _THIN <= max(height, width) and -(-length // down) * up < _THIN:
            sides.append((1, -(-_THIN // length)))
        else:
            sides.append((down, up))
    (down_h, up_h), (down_w, up_w) = sides
    return TileScale((down_h, down_w), (up_h, up_w))


def _columns(count: int, step_h: int, step_w: int, room_h: int, room_w: int) -> int | None:
    """Return the number of columns that leaves the fewest places empty; None if nothing fits."""
    fitting = [
        columns
        for columns in range(min(count, room_w // step_w), 0, -1)
        if -(-count // columns) * step_h <= room_h
    ]
    return min(fitting, key=lambda columns: -count % columns, default=None)
