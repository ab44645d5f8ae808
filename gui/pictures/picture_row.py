"""What stands right of the picture's maps in the flow: the whole picture and the part that is used.

The flow's first row gives it a room. Without a picture it says there how to get one.
"""

from html import escape

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen, QTextLayout
from PySide6.QtWidgets import (
    QGraphicsObject,
    QGraphicsSceneHoverEvent,
    QGraphicsSceneMouseEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

from engine.pictures.crop_frame import cropped
from engine.pictures.size_policy import SizePolicy
from gui.flow.row_layout import Row
from gui.pictures.crop_canvas import Grab, cursor_for, paint_frame
from gui.pictures.crop_view import MERGE
from gui.pictures.picture_row_layout import (
    RowParts,
    chip_font,
    line_font,
    room_beside,
    row_parts,
)
from gui.pictures.picture_state import PictureState
from gui.theme import Theme, color


class PictureRow(QGraphicsObject):
    """The picture as a whole, with a frame to drag; or what to do without one."""

    policy_edited = Signal(SizePolicy, object)
    """The policy with another frame, and the key under which such edits are one step."""
    settled = Signal()
    """A drag has ended."""
    offer_chosen = Signal(str)
    """What was asked for: "ask", "samples", "size" or "locate"."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._state: PictureState | None = None
        self._room = QRectF()
        self._grab: Grab | None = None
        self.parts = RowParts()
        self.setZValue(2)
        self.setAcceptHoverEvents(True)
        self.setAcceptedMouseButtons(Qt.MouseButton.LeftButton)

    def show_state(self, state: PictureState) -> None:
        """Show the project's picture."""
        self._state = state
        self._lay_out()

    def place(self, row: Row) -> None:
        """Take the room that the picture's row leaves."""
        room = room_beside(row)
        if room != self._room:
            self.prepareGeometryChange()
            self._room = room
            self._lay_out()

    def _lay_out(self) -> None:
        if self._state is not None:
            self.parts = row_parts(self._state, self._room)
            # As HTML, or the name of a file could be taken for it.
            texts = (escape(line.text) for line in self.parts.lines)
            self.setToolTip("<br>".join(texts))
            self.update()

    # Painting

    def boundingRect(self) -> QRectF:
        return self._room.adjusted(-6, -6, 6, 6)

    def shape(self) -> QPainterPath:
        # Elsewhere the row below takes the mouse.
        path = QPainterPath()
        for _, rect in self.parts.chips:
            path.addRect(rect)
        if self.parts.canvas is not None:
            path.addRect(self.parts.canvas.picture.adjusted(-6, -6, 6, 6))
        return path

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        state, canvas, theme = self._state, self.parts.canvas, self._theme
        if state is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(line_font())
        for line in self.parts.lines:
            painter.setPen(color(getattr(theme, line.role)))
            _write(painter, line.room, line.text)
        if canvas is not None:
            overview = state.overview
            if overview is not None and overview.levels is not None:
                overview.levels.paint(painter, canvas.picture)
            if state.frame is not None:
                paint_frame(painter, canvas, state.frame, is_active=self._grab is not None)
            painter.setPen(QPen(color(theme.border), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(canvas.picture)
        painter.setFont(chip_font())
        for offer, rect in self.parts.chips:
            painter.setPen(QPen(color(theme.border), 1))
            painter.setBrush(color(theme.chip))
            painter.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
            painter.setPen(color(theme.accent))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, offer.label)

    # The mouse

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        state, canvas = self._state, self.parts.canvas
        frame = state.frame if state is not None else None
        if frame is None or canvas is None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.setCursor(cursor_for(canvas.handle_at(frame, event.pos())))

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        state, canvas = self._state, self.parts.canvas
        for offer, rect in self.parts.chips:
            if rect.contains(event.pos()):
                self.offer_chosen.emit(offer.id)
                return
        if state is None or canvas is None:
            event.ignore()
        elif state.frame is None:
            self.offer_chosen.emit("size")
        else:
            self._grab = canvas.grab(state.frame, event.pos())
            self.update()

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if self._grab is None or self._state is None:
            return
        free = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        frame = self._grab.frame_at(event.pos(), keep_proportions=not free)
        if frame != self._state.frame:
            self.policy_edited.emit(cropped(self._state.policy, frame), MERGE)

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if self._grab is not None:
            self._grab = None
            self.update()
            self.settled.emit()


def _write(painter: QPainter, room: QRectF, text: str) -> None:
    """Write a text, wrapped; where it does not fit, its last line ends in an ellipsis."""
    layout = QTextLayout(text, painter.font())
    metrics = QFontMetricsF(painter.font())
    layout.beginLayout()
    y = room.top()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room.width())
        start, shown = line.textStart(), text[line.textStart() :][: line.textLength()]
        is_last = y + 2 * metrics.height() > room.bottom() + 1
        if is_last:
            shown = metrics.elidedText(text[start:], Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(QPointF(room.left(), y + metrics.ascent()), shown)
        y += metrics.height()
        if is_last:
            break
    layout.endLayout()
