"""Where each map of a layer stands in the one tiled image that shows them all; whole numbers only.

Maps are drawn at an exact whole-number scale: enlarged, one value is a block of equal pixels;
reduced, one pixel is the mean of a block of values. Nothing in between is ever drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isqrt
from typing import NamedTuple, TypeAlias

from engine.arithmetic import Position

Pair: TypeAlias = tuple[int, int]
"""Vertical, horizontal; in pixels."""

SHEET_LIMIT = 4096 * 4096
"""The most pixels of a sheet; larger ones are drawn with reduced maps."""

TILE_LIMIT = 65536
"""The most maps of a sheet. No convolution makes more; a flattened picture does."""


class Tile(NamedTuple):
    """A rectangle of the sheet, in its pixels."""

    top: int
    left: int
    height: int
    width: int


@dataclass(frozen=True)
class TileScale:
    """How a map becomes a tile: the mean of blocks, then each result as a block of pixels."""

    reduction: Pair = (1, 1)
    enlargement: Pair = (1, 1)

    def __post_init__(self) -> None:
        if min(*self.reduction, *self.enlargement) < 1:
            raise ValueError(f"Reduction and enlargement are 1 or more, received {self}.")

    def size(self, height: int, width: int) -> Pair:
        """Return the size of the tile; an incomplete last block is a pixel too."""
        (down_h, down_w), (up_h, up_w) = self.reduction, self.enlargement
        return -(-height // down_h) * up_h, -(-width // down_w) * up_w

    def smaller(self) -> "TileScale":
        """Return the next smaller scale."""
        if self.enlargement == (1, 1):
            return replace(self, reduction=(self.reduction[0] + 1, self.reduction[1] + 1))
        down, across = self.enlargement
        return replace(self, enlargement=(max(1, down - 1), max(1, across - 1)))

    def __str__(self) -> str:
        parts = []
        if self.reduction != (1, 1):
            parts.append(f"each pixel is the mean of {_by(self.reduction)} values")
        if self.enlargement != (1, 1):
            parts.append(f"each value is {_by(self.enlargement)} pixels")
        return ", ".join(parts)


def scale_towards(height: int, width: int, side: int) -> TileScale:
    """Return the scale that makes a map's longer side at most ``side``, and as large as it can.

    >>> scale_towards(224, 224, 112), scale_towards(5, 7, 64).enlargement
    (TileScale(reduction=(2, 2), enlargement=(1, 1)), (9, 9))
    """
    longer = max(height, width)
    down, up = -(-longer // side), max(1, side // longer)
    return TileScale((down, down), (up, up))


@dataclass(frozen=True)
class SheetLayout:
    """``count`` of a layer's ``total`` maps of ``height`` × ``width``, row by row in ``columns``.

    ``gap`` is between tiles, vertical and horizontal; there is none around the sheet. Made by
    `arrange`, which keeps it within the limits.
    """

    total: int
    count: int
    height: int
    width: int
    columns: int
    scale: TileScale = TileScale()
    gap: Pair = (2, 2)

    def __post_init__(self) -> None:
        if not (1 <= self.count <= self.total and self.height >= 1 and self.width >= 1):
            raise ValueError(f"A sheet needs maps with at least one value, received {self}.")
        if not 1 <= self.columns <= self.count or min(self.gap) < 0:
            raise ValueError(
                f"A sheet has 1 to {self.count} columns and gaps of 0 or more, received {self}."
            )

    @property
    def rows(self) -> int:
        """How many rows of tiles there are; the last may be incomplete."""
        return -(-self.count // self.columns)

    @property
    def tile_size(self) -> Pair:
        """Height and width of every tile."""
        return self.scale.size(self.height, self.width)

    @property
    def sheet_size(self) -> Pair:
        """Height and width of the sheet."""
        (height, width), (gap_h, gap_w) = self.tile_size, self.gap
        return self.rows * (height + gap_h) - gap_h, self.columns * (width + gap_w) - gap_w

    def tile(self, index: int) -> Tile:
        """Return where a map is drawn.

        Raises:
            IndexError: there is no such tile.
        """
        if not 0 <= index < self.count:
            raise IndexError(f"Map {index} is not on this sheet of {self.count} maps.")
        (height, width), (gap_h, gap_w) = self.tile_size, self.gap
        row, column = divmod(index, self.columns)
        return Tile(row * (height + gap_h), column * (width + gap_w), height, width)

    def index_at(self, row: int, column: int) -> int | None:
        """Return the map drawn at a pixel of the sheet; None in gaps and outside."""
        (height, width), (gap_h, gap_w) = self.tile_size, self.gap
        tile_row, in_row = divmod(row, height + gap_h)
        tile_column, in_column = divmod(column, width + gap_w)
        if in_row >= height or in_column >= width:
            return None
        if tile_row < 0 or not 0 <= tile_column < self.columns:
            return None
        index = tile_row * self.columns + tile_column
        return index if index < self.count else None

    def position_at(self, row: int, column: int) -> Position | None:
        """Return the value drawn at a pixel of the sheet, the first of its block if reduced."""
        index = self.index_at(row, column)
        if index is None:
            return None
        tile = self.tile(index)
        (down_h, down_w), (up_h, up_w) = self.scale.reduction, self.scale.enlargement
        return Position(
            index, (row - tile.top) // up_h * down_h, (column - tile.left) // up_w * down_w
        )

    def drawn_at(self, position: Position) -> Tile:
        """Return the block of the sheet that shows a value.

        Raises:
            IndexError: there is no such value.
        """
        tile = self.tile(position.channel)
        if not (0 <= position.row < self.height and 0 <= position.column < self.width):
            raise IndexError(f"{position} is outside a map of {self.height} × {self.width}.")
        (down_h, down_w), (up_h, up_w) = self.scale.reduction, self.scale.enlargement
        return Tile(
            tile.top + position.row // down_h * up_h,
            tile.left + position.column // down_w * up_w,
            up_h,
            up_w,
        )

    def within(self, area: Tile) -> Iterator[int]:
        """Yield the maps that touch a rectangle of the sheet: those worth a label."""
        (height, width), (gap_h, gap_w) = self.tile_size, self.gap
        first_row = max(0, (area.top - height) // (height + gap_h) + 1)
        first_column = max(0, (area.left - width) // (width + gap_w) + 1)
        end_row = min(self.rows, -(-(area.top + area.height) // (height + gap_h)))
        end_column = min(self.columns, -(-(area.left + area.width) // (width + gap_w)))
        for row in range(first_row, end_row):
            start = row * self.columns
            yield from range(start + first_column, min(start + end_column, self.count))

    def __str__(self) -> str:
        shown = "" if self.count == self.total else f"first {self.count} of {self.total} maps"
        return " · ".join(part for part in (shown, str(self.scale)) if part)


def arrange(
    shape: tuple[int, int, int],
    *,
    columns: int | None = None,
    width: int | None = None,
    scale: TileScale | None = None,
    gap: Pair = (2, 2),
) -> SheetLayout:
    """Return the layout of maps (C, H, W) within the limits of a sheet.

    Args:
        shape: channels, height and width of the maps.
        columns: how many tiles stand in a row, if there are so many.
        width: the pixels available for a row, used without ``columns``; at least one tile stands
            in a row. With neither, the sheet is about as wide as high.
        scale: the wanted scale, one to one by default; made smaller until the sheet is small
            enough.
        gap: vertical and horizontal distance of the tiles.

    >>> layout = arrange((8, 224, 224), width=700)
    >>> layout.columns, layout.rows, layout.sheet_size
    (3, 3, (676, 676))
    >>> print(arrange((2048, 224, 224)))
    each pixel is the mean of 3 × 3 values
    """
    total, map_height, map_width = shape
    count = min(total, TILE_LIMIT)
    scale = scale or TileScale()
    while True:
        tile_height, tile_width = scale.size(map_height, map_width)
        step_h, step_w = tile_height + gap[0], tile_width + gap[1]
        if columns is not None:
            in_a_row = columns
        elif width is not None:
            in_a_row = (width + gap[1]) // step_w
        else:
            in_a_row = isqrt(max(0, count * step_h // step_w - 1)) + 1
        layout = SheetLayout(
            total, count, map_height, map_width, max(1, min(in_a_row, count)), scale, gap
        )
        height_and_width = layout.sheet_size
        if height_and_width[0] * height_and_width[1] <= SHEET_LIMIT:
            return layout
        if (tile_height, tile_width) == (1, 1):
            raise ValueError(f"Gaps of {_by(gap)} leave no room for {count} maps on a sheet.")
        scale = scale.smaller()


def _by(pair: Pair) -> str:
    return f"{pair[0]} × {pair[1]}"
