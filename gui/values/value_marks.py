"""What lies over the maps while a value is pinned: where it comes from, and where it goes.

Outlines are dark with a light edge, so that they are seen on every color map.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.rect import Rect
from engine.shapes import Shape
from engine.tracing import Between, Extent
from gui.flow.row_layout import Row, rows_near

DARK, LIGHT = QColor(10, 12, 16), QColor(255, 255, 255)
COVER, BETWEEN = QColor(20, 22, 28, 215), QColor(20, 22, 28, 170)
SMALLEST = 7.0
"""A smaller extent is drawn this large."""
MOST_TILES = 256


@dataclass(frozen=True, eq=False)
class Mark:
    """What is marked on a layer's maps.

    ``channel`` is the map of the value itself, if it is in this layer. ``filled`` is how many of
    its values the sliding window has made so far; the rest of that map is covered. So are the cells
    ``between`` those that count, as dilation leaves them.
    """

    shape: Shape
    extent: Extent
    channel: int | None = None
    filled: int | None = None
    between: Between | None = None


class ValueMarks(QGraphicsItem):
    """Outlines over the tiles of all rows in sight."""

    def __init__(self, rows: Callable[[], Sequence[Row]]) -> None:
        super().__init__()
        self.setZValue(5)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._rows = rows
        self._marks: Mapping[str, Mark] = {}
        self._covers: Mapping[str, QImage] = {}
        self._bounds = QRectF()

    def show_marks(self, marks: Mapping[str, Mark]) -> None:
        """Show marks by layer, instead of those before."""
        self._marks = marks
        self._covers = {
            node_id: _cover(mark.between.cells)
            for node_id, mark in marks.items()
            if mark.between is not None
        }
        self.follow_rows()

    def follow_rows(self) -> None:
        """Reach over the rows as they stand now."""
        self.prepareGeometryChange()
        rows = self._rows() if self._marks else ()
        self._bounds = QRectF()
        if rows:
            last = rows[-1].card
            self._bounds = QRectF(0, 0, last.right, last.bottom)
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if not self._marks:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        exposed = option.exposedRect
        for row in rows_near(self._rows(), exposed.top(), exposed.bottom()):
            mark = self._marks.get(row.node_id)
            if mark is None or row.tiles is None:
                continue
            for index in range(min(row.tiles.shown, MOST_TILES)):
                tile = row.tiles.rect(index)
                if mark.channel == index:
                    _paint_chosen(painter, tile, mark)
                if mark.between is not None:
                    _paint_between(
                        painter, tile, mark.shape, mark.between, self._covers[row.node_id]
                    )
                _paint_extent(painter, tile, mark)


def _around(tile: Rect) -> QRectF:
    """Return the frame around a map, within what is written beside it."""
    return QRectF(tile.left - 2, tile.top - 2, tile.width + 4, tile.height + 4)


def _of_cells(tile: Rect, shape: Shape, top: int, left: int, rows: int, columns: int) -> QRectF:
    """Return where some rows and columns of a map of that shape are drawn."""
    cell_h, cell_w = tile.height / shape.height, tile.width / shape.width
    return QRectF(
        tile.left + left * cell_w, tile.top + top * cell_h, columns * cell_w, rows * cell_h
    )


def _paint_chosen(painter: QPainter, tile: Rect, mark: Mark) -> None:
    """Frame the map of the value, and cover what the sliding window has not made yet."""
    frame = _around(tile)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(DARK, 3))
    painter.drawRect(frame)
    painter.setPen(QPen(LIGHT, 1.5))
    painter.drawRect(frame)
    if mark.filled is None:
        return
    line, cell = divmod(mark.filled, mark.shape.width)
    cell_h, cell_w = tile.height / mark.shape.height, tile.width / mark.shape.width
    top, left = tile.top + line * cell_h, tile.left + cell * cell_w
    painter.fillRect(QRectF(left, top, tile.left + tile.width - left, cell_h), COVER)
    below = top + cell_h
    painter.fillRect(QRectF(tile.left, below, tile.width, tile.top + tile.height - below), COVER)


def _cover(cells: NDArray[np.bool_]) -> QImage:
    """Return an image with a pixel for each cell, which covers those that are set."""
    pixels = np.where(cells, np.uint32(BETWEEN.rgba()), np.uint32(0))
    height, width = pixels.shape
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32).copy()


def _paint_between(
    painter: QPainter, tile: Rect, shape: Shape, between: Between, cover: QImage
) -> None:
    """Cover the cells of one map that lie between those that count."""
    rows, columns = between.cells.shape
    painter.drawImage(_of_cells(tile, shape, between.top, between.left, rows, columns), cover)


def _paint_extent(painter: QPainter, tile: Rect, mark: Mark) -> None:
    """Outline the cells of one map, padding included."""
    extent = mark.extent
    top, left = extent.first_row, extent.first_column
    box = _of_cells(tile, mark.shape, top, left, extent.height, extent.width)
    small = box.width() < SMALLEST or box.height() < SMALLEST
    if small:
        center = box.center()
        box.setWidth(max(box.width(), SMALLEST))
        box.setHeight(max(box.height(), SMALLEST))
        box.moveCenter(center)
    # Padding may reach far beyond the map; the outline leaves its numbers free.
    box = box.intersected(_around(tile))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(DARK, 3.4))
    painter.drawRect(box)
    painter.setPen(QPen(LIGHT, 1.4))
    painter.drawRect(box)
