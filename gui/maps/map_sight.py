"""Where a map lies on a canvas: whole geometry, no widget.

Lengths are in logical pixels of the canvas, x to the right and y down; places on the map are in
cells, of which the first reaches from 0 to 1.
"""

from dataclasses import dataclass, replace
from math import floor
from typing import NamedTuple

from engine.map_alignment import Alignment

LARGEST_CELL = 240.0
STEP = 1.25
"""By how much one step of the wheel enlarges."""
KEPT = 48.0
"""So much of a map stays in sight, however far it is moved."""


@dataclass(frozen=True)
class Room:
    """The part of a canvas in which the map is seen."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The first x behind it."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The first y below it."""
        return self.top + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle, x and y."""
        return self.left + self.width / 2, self.top + self.height / 2


class Margins(NamedTuple):
    """What is shown around a map, in cells."""

    top: float
    left: float
    bottom: float
    right: float


NO_MARGINS = Margins(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Extents:
    """Height and width of a map in cells, and what is around it."""

    height: int
    width: int
    around: Margins = NO_MARGINS

    @property
    def whole_height(self) -> float:
        """The height with what is around."""
        return self.height + self.around.top + self.around.bottom

    @property
    def whole_width(self) -> float:
        """The width with what is around."""
        return self.width + self.around.left + self.around.right


@dataclass(frozen=True)
class Sight:
    """The size of a cell, and where the corner of the first one is."""

    zoom: float
    left: float
    top: float

    def x(self, column: float) -> float:
        """Return where a column begins."""
        return self.left + column * self.zoom

    def y(self, row: float) -> float:
        """Return where a row begins."""
        return self.top + row * self.zoom

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return the row and the column at a point, with their fractions."""
        return (y - self.top) / self.zoom, (x - self.left) / self.zoom

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """Return the row and the column of the cell at a point, outside the map too."""
        row, column = self.place(x, y)
        return floor(row), floor(column)

    def zoomed(self, zoom: float, x: float, y: float) -> "Sight":
        """Return the sight with another size of cells and the same place at a point."""
        row, column = self.place(x, y)
        return Sight(zoom, x - column * zoom, y - row * zoom)

    def moved(self, right: float, down: float) -> "Sight":
        """Return the sight with the map moved."""
        return replace(self, left=self.left + right, top=self.top + down)


def fitting(extents: Extents, room: Room) -> Sight:
    """Return the sight that shows a whole map and what is around it, as large as it can be."""
    zoom = min(room.width / extents.whole_width, room.height / extents.whole_height)
    return centered(extents, room, min(zoom, LARGEST_CELL))


def centered(extents: Extents, room: Room, zoom: float) -> Sight:
    """Return the sight with cells of a size and the map in the middle of the room."""
    x, y = room.middle
    left = x - extents.whole_width * zoom / 2 + extents.around.left * zoom
    top = y - extents.whole_height * zoom / 2 + extents.around.top * zoom
    return Sight(zoom, left, top)


def bounded(sight: Sight, extents: Extents, room: Room) -> Sight:
    """Return the sight, changed as little as keeps the map in sight and of a sensible size."""
    fit = fitting(extents, room).zoom
    zoom = min(max(sight.zoom, min(fit / 2, 1.0)), max(LARGEST_CELL, fit))
    if zoom != sight.zoom:
        sight = sight.zoomed(zoom, *room.middle)
    left = min(max(sight.left, room.left + KEPT - extents.width * zoom), room.right - KEPT)
    top = min(max(sight.top, room.top + KEPT - extents.height * zoom), room.bottom - KEPT)
    return Sight(zoom, left, top)


def input_sight(
    output: Sight, rows: Alignment, columns: Alignment, seen: Room, room: Room
) -> Sight:
    """Return the sight of an input in which corresponding places have the same place and size.

    Where a layer changes height and width by different factors, the middles correspond and the
    input is as small as shows all of what the output shows.

    Args:
        output: the sight of the output.
        rows: how the output lies over the input.
        columns: the same for columns.
        seen: where the output is seen.
        room: where the input is seen.
    """
    row, column = output.place(*seen.middle)
    zoom = output.zoom / max(rows.scale, columns.scale)
    return _around(room, zoom, rows.input_place(row), columns.input_place(column))


def output_sight(
    given: Sight, rows: Alignment, columns: Alignment, seen: Room, room: Room
) -> Sight:
    """Return the sight of an output for one of its input: the reverse of `input_sight`."""
    row, column = given.place(*seen.middle)
    zoom = given.zoom * max(rows.scale, columns.scale)
    return _around(room, zoom, rows.output_place(row), columns.output_place(column))


def margins_for_input(
    output: Extents, given: Extents, rows: Alignment, columns: Alignment
) -> Margins:
    """Return what must be shown around an output for all of its input to be seen beside it."""
    top = rows.output_place(-given.around.top)
    left = columns.output_place(-given.around.left)
    bottom = rows.output_place(given.height + given.around.bottom)
    right = columns.output_place(given.width + given.around.right)
    return Margins(
        max(-top, 0.0),
        max(-left, 0.0),
        max(bottom - output.height, 0.0),
        max(right - output.width, 0.0),
    )


def _around(room: Room, zoom: float, row: float, column: float) -> Sight:
    """Return the sight with a place of the map in the middle of the room."""
    x, y = room.middle
    return Sight(zoom, x - column * zoom, y - row * zoom)
