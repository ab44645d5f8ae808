"""What stands over a row's maps: their numbers, and what the next layer never reads."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from engine.network import INPUT_ID
from gui.flow.row_painting import paint_labels, paint_unread
from gui.flow.row_state import RowState

MOST_TILES = 64
"""More hatched maps would say nothing more."""


class RowOfMaps(QGraphicsObject):
    """A row that knows what it shows."""

    state: RowState


class MapsOverlay(QGraphicsItem):
    """A child of a row, above its image, which fills the gaps between lines of maps."""

    def __init__(self, row: RowOfMaps) -> None:
        super().__init__(row)
        self._row = row
        self.setZValue(1)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:
        whole = self._row.boundingRect()
        whole.setLeft(self._row.state.row.block.right)
        return whole

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        state = self._row.state
        tiles, shape = state.row.tiles, state.layer.shape
        if tiles is None or shape is None or not state.shows_maps:
            return
        names = ("R", "G", "B") if state.row.node_id == INPUT_ID and tiles.count == 3 else ()
        paint_labels(painter, tiles, names, state.theme, option.exposedRect)
        if not any(state.unread):
            return
        for index in range(min(tiles.shown, MOST_TILES)):
            paint_unread(painter, tiles.rect(index), shape, state.unread, state.theme)
