"""Hatching over the maps: rows and columns that the next layer never reads."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from gui.flow.row_painting import paint_unread
from gui.flow.row_state import RowState

MOST_TILES = 64
"""More hatched maps would say nothing more."""


class HatchedRow(QGraphicsObject):
    """A row that knows what it shows."""

    state: RowState


class UnreadOverlay(QGraphicsItem):
    """A child of a row, above its image."""

    def __init__(self, row: "HatchedRow") -> None:
        super().__init__(row)
        self._row = row
        self.setZValue(1)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        return self._row.boundingRect()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        state = self._row.state
        tiles, shape = state.row.tiles, state.layer.shape
        if tiles is None or shape is None or not any(state.unread):
            return
        for index in range(min(tiles.shown, MOST_TILES)):
            paint_unread(painter, tiles.rect(index), shape, state.unread, state.theme)
