"""The picture of a map under the hand: zoomed, moved, and read cell by cell."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from gui.maps.map_marks import (
    cell_letters,
    cells_rect,
    smallest_cell_with_numbers,
)
from gui.maps.map_picture import Cell, MapPicture
from gui.maps.map_sight import STEP, Sight, bounded
from gui.theme import Theme


class MapCanvas(MapPicture):
    """The wheel zooms, a drag moves, and the pointer or the arrow keys take a cell."""

    sight_changed = Signal()
    """The map was moved or zoomed here, or anew made to fit."""
    sight_wanted = Signal()
    """The canvas has another size, and shows what another one leads it to."""
    cell_chosen = Signal()
    """The cell that is taken was clicked with Ctrl, or Enter was pressed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self._dragged_from: QPointF | None = None

    # What a person does

    def fit(self) -> None:
        """Show the whole map."""
        self._is_fitted, self._is_led = True, False
        if self._content is not None:
            self._fit()
            self._place()
            self.sight_changed.emit()

    def one_to_one(self) -> None:
        """Draw each value as one pixel of the screen."""
        self._look(1 / self.devicePixelRatioF())

    def show_numbers(self) -> None:
        """Draw the cells large enough for their numbers."""
        self._look(max(smallest_cell_with_numbers() + 6, self._sight.zoom))

    def zoom(self, steps: float) -> None:
        """Enlarge by some steps, around the cell under the pointer if there is one."""
        self._look(self._sight.zoom * STEP**steps)

    def move_cell(self, down: int, right: int) -> None:
        """Take another cell, the middle one at first, and bring it into sight."""
        if self._content is None:
            return
        extents = self._content.extents
        row, column = self._cell or self._sight.cell(*self.room.middle)
        if self._cell is not None:
            row, column = row + down, column + right
        row = min(max(row, 0), extents.height - 1)
        column = min(max(column, 0), extents.width - 1)
        self.take_cell((row, column))
        self._bring_into_sight(row, column)

    def take_cell(self, cell: Cell | None) -> None:
        """Take a cell, or none."""
        if cell != self._cell:
            self._cell = cell
            self.viewport().update()
            self.cell_changed.emit()

    def _look(self, zoom: float) -> None:
        """Zoom around the cell that is taken, or the middle of the canvas."""
        x, y = self.room.middle
        if self._cell is not None:
            row, column = self._cell
            here = QPointF(self._sight.x(column + 0.5), self._sight.y(row + 0.5))
            room = self.room
            if room.left <= here.x() <= room.right and room.top <= here.y() <= room.bottom:
                x, y = here.x(), here.y()
        self._change(self._sight.zoomed(zoom, x, y))
        if self._cell is not None:
            self._bring_into_sight(*self._cell)

    def _bring_into_sight(self, row: int, column: int) -> None:
        room, frame = self.room, cells_rect(self._sight, (row, row + 1), (column, column + 1))
        right = max(room.left - frame.left(), 0) + min(room.right - frame.right(), 0)
        down = max(room.top - frame.top(), 0) + min(room.bottom - frame.bottom(), 0)
        if right or down:
            self._change(self._sight.moved(right, down))

    def _change(self, sight: Sight) -> None:
        if self._content is None:
            return
        self._is_fitted = self._is_led = False
        self._sight = bounded(sight, self._content.extents, self.room)
        self._place()
        self.sight_changed.emit()

    # Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The scene is the canvas: nothing is ever scrolled.
        self.scene().setSceneRect(QRectF(self.viewport().rect()))
        if self._content is None:
            return
        if self._is_led:
            self.sight_wanted.emit()
        elif self._is_fitted:
            self.fit()
        else:
            before = event.oldSize()
            grown = (self.width() - before.width()) / 2, (self.height() - before.height()) / 2
            self._change(self._sight.moved(*grown))

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps:
            place = event.position()
            self._change(self._sight.zoomed(self._sight.zoom * STEP**steps, place.x(), place.y()))
            self._take_cell_at(place)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged_from = event.position()
            event.accept()
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._dragged_from
        if start is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._dragged_from = event.position()
            moved = event.position() - start
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self._change(self._sight.moved(moved.x(), moved.y()))
        else:
            self._take_cell_at(event.position())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._take_cell_at(event.position())
            self.cell_chosen.emit()
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._take_cell_at(event.position())
        if cell_letters(self._sight.zoom)[0]:
            self.fit()
        else:
            self.show_numbers()
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.take_cell(None)
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        moves = {
            Qt.Key.Key_Up: (-far, 0),
            Qt.Key.Key_Down: (far, 0),
            Qt.Key.Key_Left: (0, -far),
            Qt.Key.Key_Right: (0, far),
        }
        plain = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        move = moves.get(Qt.Key(event.key())) if not plain else None
        if move is not None:
            self.move_cell(*move)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cell is not None:
            self.cell_chosen.emit()
        else:
            event.ignore()  # the large view's keys

    def _take_cell_at(self, point: QPointF) -> None:
        cell = self._sight.cell(point.x(), point.y())
        is_in_room = point.x() >= self.room.left and point.y() >= self.room.top
        self.take_cell(cell if is_in_room and self._holds(cell) else None)
