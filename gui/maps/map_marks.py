"""What is painted over a map on its canvas: rulers, padding, numbers in the cells, frames.

Functions on a painter; they hold nothing.
"""

from collections.abc import Callable, Iterator
from itertools import count
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from engine.sides import Sides
from gui.cell_numbers import NumberText
from gui.fonts import number_font
from gui.maps.map_sight import Room, Sight
from gui.theme import Theme, color

FEWEST_LETTERS = 5
"""A number in a cell has at least so many."""
SMALLEST_NUMBERS = 8.0
_NUMBER_SIZES = (13.0, 11.5, 10.0, 9.0, SMALLEST_NUMBERS)
"""Sizes of the font in cells, in points."""
_MOST_LETTERS = 7
_CELL_MARGIN = 5.0
"""Left and right of a number, together."""
GRID_FROM = 14.0
"""Cells of that size have lines between them."""

Span = tuple[int, int]
"""First, and one behind the last."""


def rulers() -> tuple[int, int]:
    """Return the room above and left of a map for its dimension lines and numbers."""
    dimension = QFontMetricsF(_dimension_font()).height()
    index = QFontMetricsF(_index_font())
    left = dimension + index.horizontalAdvance("0000") + 6
    return round(dimension + index.height() + 8), round(left)


def _dimension_font() -> QFont:
    return number_font(10, bold=True)


def _index_font() -> QFont:
    return number_font(8)


def cell_letters(zoom: float) -> tuple[int, float]:
    """Return how many letters a number has room for in a cell, and the font's size; 0 if none."""
    found = 0, 0.0
    for size in _NUMBER_SIZES:
        width = QFontMetricsF(number_font(size)).horizontalAdvance("0")
        letters = min(floor((zoom - _CELL_MARGIN) / width), _MOST_LETTERS)
        # Smaller letters only where there are more of them.
        if letters >= FEWEST_LETTERS and letters > found[0]:
            found = letters, size
    return found


def smallest_cell_with_numbers() -> float:
    """Return the size of the smallest cell in which a number is written."""
    width = QFontMetricsF(number_font(SMALLEST_NUMBERS)).horizontalAdvance("0")
    return float(ceil(FEWEST_LETTERS * width + _CELL_MARGIN))


def visible_cells(sight: Sight, room: Room, height: int, width: int) -> tuple[Span, Span]:
    """Return the rows and the columns of a map that are in sight."""
    top, left = sight.cell(room.left, room.top)
    bottom, right = sight.cell(room.right, room.bottom)
    rows = max(top, 0), min(bottom + 1, height)
    columns = max(left, 0), min(right + 1, width)
    return rows, columns


def cells_rect(sight: Sight, rows: Span, columns: Span) -> QRectF:
    """Return the rectangle around some cells."""
    return QRectF(
        QPointF(sight.x(columns[0]), sight.y(rows[0])),
        QPointF(sight.x(columns[1]), sight.y(rows[1])),
    )


def paint_padding(
    painter: QPainter, sight: Sight, height: int, width: int, padding: Sides, theme: Theme
) -> None:
    """Paint the cells of padding around a map, dashed."""
    if not any(padding):
        return
    inner = cells_rect(sight, (0, height), (0, width))
    outer = cells_rect(
        sight,
        (-padding.top, height + padding.bottom),
        (-padding.left, width + padding.right),
    )
    painter.setBrush(color(theme.accent, 26))
    painter.setPen(Qt.PenStyle.NoPen)
    for band in (
        QRectF(outer.topLeft(), QPointF(outer.right(), inner.top())),
        QRectF(QPointF(outer.left(), inner.bottom()), outer.bottomRight()),
        QRectF(QPointF(outer.left(), inner.top()), inner.bottomLeft()),
        QRectF(inner.topRight(), QPointF(outer.right(), inner.bottom())),
    ):
        painter.drawRect(band)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color(theme.accent, 190), 1, Qt.PenStyle.DashLine))
    painter.drawRect(outer)
    if sight.zoom >= 6:
        painter.setPen(QPen(color(theme.accent, 110), 1, Qt.PenStyle.DotLine))
        for line in _padding_lines(sight, height, width, padding, inner, outer):
            painter.drawLine(*line)


def _padding_lines(
    sight: Sight, height: int, width: int, padding: Sides, inner: QRectF, outer: QRectF
) -> Iterator[tuple[QPointF, QPointF]]:
    """Yield the lines between cells of padding; those that would cross the map in two parts."""
    for row in range(1 - padding.top, height + padding.bottom):
        y = sight.y(row)
        if 0 < row < height:
            yield QPointF(outer.left(), y), QPointF(inner.left(), y)
            yield QPointF(inner.right(), y), QPointF(outer.right(), y)
        else:
            yield QPointF(outer.left(), y), QPointF(outer.right(), y)
    for column in range(1 - padding.left, width + padding.right):
        x = sight.x(column)
        if 0 < column < width:
            yield QPointF(x, outer.top()), QPointF(x, inner.top())
            yield QPointF(x, inner.bottom()), QPointF(x, outer.bottom())
        else:
            yield QPointF(x, outer.top()), QPointF(x, outer.bottom())


def paint_grid(painter: QPainter, sight: Sight, rows: Span, columns: Span, theme: Theme) -> None:
    """Paint lines between large cells."""
    if sight.zoom < GRID_FROM:
        return
    painter.setPen(QPen(color(theme.card, 120), 1))
    area = cells_rect(sight, rows, columns)
    # They are level and upright: smoothing them would only blur them, and takes most of the time.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for row in range(rows[0] + 1, rows[1]):
        painter.drawLine(QPointF(area.left(), sight.y(row)), QPointF(area.right(), sight.y(row)))
    for column in range(columns[0] + 1, columns[1]):
        x = sight.x(column)
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def paint_numbers(
    painter: QPainter,
    sight: Sight,
    room: Room,
    rows: Span,
    columns: Span,
    values: NDArray[np.float32],
    ink_of: Callable[[int, int], QColor],
    text: NumberText,
    size: float,
) -> None:
    """Write the values into the cells that are wholly in the room, or nearly so."""
    painter.setFont(number_font(size))
    whole = QRectF(room.left, room.top, room.width, room.height)
    inset = _CELL_MARGIN / 2
    for row in range(*rows):
        for column in range(*columns):
            cell = cells_rect(sight, (row, row + 1), (column, column + 1))
            if whole.contains(cell.adjusted(inset, inset, -inset, -inset)):
                painter.setPen(ink_of(row, column))
                value = float(values[row, column])
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text(value))


def paint_frame(painter: QPainter, frame: QRectF, *, dashed: bool = False) -> None:
    """Paint a frame that is seen on every color: white within dark."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, 170), 3.6))
    painter.drawRect(frame)
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    painter.setPen(QPen(QColor(255, 255, 255), 1.8, style))
    painter.drawRect(frame)


def paint_rulers(
    painter: QPainter, sight: Sight, room: Room, height: int, width: int, theme: Theme
) -> None:
    """Paint height and width of the map at its dimension lines, and numbers of rows and columns.

    The lines stand at the canvas's edges, so that they are seen wherever the map is.
    """
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(theme.card))
    painter.drawRect(QRectF(0, 0, room.right, room.top))
    painter.drawRect(QRectF(0, 0, room.left, room.bottom))
    font, small = _dimension_font(), _index_font()
    line, small_height = QFontMetricsF(font).height() / 2 + 1, QFontMetricsF(small).height()
    start, stop = max(sight.x(0), room.left), min(sight.x(width), room.right)
    ends = sight.x(0) >= room.left, sight.x(width) <= room.right
    _paint_dimension(painter, start, stop, line, ends, f"{width}", font, theme)
    painter.setFont(small)
    painter.setPen(color(theme.muted))
    apart = QFontMetricsF(small).horizontalAdvance(f"{width}") + 10
    for column in _indices(
        sight.zoom, apart, *_seen(sight.cell(start, 0)[1], stop, sight.x, width)
    ):
        middle = sight.x(column + 0.5)
        if room.left <= middle <= room.right:
            box = QRectF(middle - 30, room.top - small_height - 1, 60, small_height)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{column}")
    start, stop = max(sight.y(0), room.top), min(sight.y(height), room.bottom)
    ends = sight.y(0) >= room.top, sight.y(height) <= room.bottom
    painter.save()
    # Turned so that it reads upwards: along the line, x goes up.
    painter.rotate(-90)
    _paint_dimension(painter, -stop, -start, line, ends[::-1], f"{height}", font, theme)
    painter.restore()
    painter.setFont(small)
    painter.setPen(color(theme.muted))
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for row in _indices(
        sight.zoom, small_height + 2, *_seen(sight.cell(0, start)[0], stop, sight.y, height)
    ):
        middle = sight.y(row + 0.5)
        if room.top <= middle <= room.bottom:
            box = QRectF(0, middle - small_height / 2, room.left - 4, small_height)
            painter.drawText(box, right, f"{row}")


def _paint_dimension(
    painter: QPainter,
    start: float,
    stop: float,
    y: float,
    ends: tuple[bool, bool],
    text: str,
    font: QFont,
    theme: Theme,
) -> None:
    """Paint a line from start to stop with its number in the middle; ends out of sight are open."""
    if stop <= start:
        return
    shade = color(theme.accent)
    painter.setPen(QPen(shade, 1.2))
    painter.setFont(font)
    advance = QFontMetricsF(font).horizontalAdvance(text) + 10
    middle = (start + stop) / 2
    if stop - start > advance + 16:
        painter.drawLine(QPointF(start, y), QPointF(middle - advance / 2, y))
        painter.drawLine(QPointF(middle + advance / 2, y), QPointF(stop, y))
        for x, is_end in zip((start, stop), ends, strict=True):
            if is_end:
                painter.drawLine(QPointF(x, y - 4), QPointF(x, y + 4))
    box = QRectF(middle - advance / 2 - 20, y - 12, advance + 40, 24)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _seen(
    first: int, stop: float, place_of: Callable[[float], float], length: int
) -> tuple[int, int]:
    """Return the first index in sight, and one behind the last."""
    zoom = place_of(1) - place_of(0)
    return max(first, 0), min(ceil((stop - place_of(0)) / zoom), length)


def _indices(zoom: float, apart: float, first: int, stop: int) -> Iterator[int]:
    """Yield the indices that are written: as many as have room, at round distances."""
    step = next(
        factor * 10**power
        for power in count()
        for factor in (1, 2, 5)
        if factor * 10**power * zoom >= apart
    )
    yield from range(-(-first // step) * step, stop, step)
