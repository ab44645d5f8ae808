"""The flow from picture to output, and what a person does to it with the mouse."""

from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from engine.advice import Preview
from gui.flow.connection_gestures import ConnectionGestures
from gui.flow.connection_guide import ConnectionGuide
from gui.flow.drop_guide import LAYER_MIME, DropGuide, PreviewOf
from gui.flow.flow_drops import FlowDrops, gap_at
from gui.flow.flow_edges import last_of
from gui.flow.flow_state import FlowState
from gui.flow.rows_view import RowsView


class NetworkView(RowsView):
    """Rows in which layers are dropped, moved and connected."""

    map_height_changed = Signal(int)
    kind_dropped = Signal(str, str)
    """A kind from the palette, and the layer behind which it goes."""
    kind_dropped_on_edge = Signal(str, str, str)
    """A kind from the palette, and the two layers on whose connection it goes."""
    layer_dropped = Signal(str, str)
    """A layer of the flow, and the one behind which it goes."""
    connection_drawn = Signal(str, str)
    """A layer, and the one that is to read it."""
    connection_removed = Signal(str, int)
    """A layer, and which of its inputs it is to read no more."""
    connection_menu_requested = Signal(str, str, QPointF)
    """The layer that is read, the one that reads it, and where on the screen."""
    gap_chosen = Signal(str)
    """The layer above a gap that was double-clicked."""

    def __init__(self, preview_of: PreviewOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        drop_guide, connection_guide = DropGuide(), ConnectionGuide()
        self.scene().addItem(drop_guide)
        self.scene().addItem(connection_guide)
        self._drops = FlowDrops(drop_guide, preview_of)
        self._connections = ConnectionGestures(connection_guide, self)
        self._connections.drawn.connect(self.connection_drawn)
        self._connections.removed.connect(self.connection_removed)
        self.drag_started.connect(self.start_drag)
        self.viewport().setMouseTracking(True)
        self.setAcceptDrops(True)

    def drop_preview(self) -> Preview | None:
        """Return what letting go would do, while a layer is dragged over a gap."""
        return self._drops.preview()

    @property
    def connections(self) -> ConnectionGestures:
        """What the mouse does with connections."""
        return self._connections

    def show_flow(self, state: FlowState) -> None:
        before = self._state
        super().show_flow(state)
        if before is not None and state.selected != before.selected and self.hasFocus():
            self._say_selected()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._say_selected()

    def _say_selected(self) -> None:
        """Let screen readers read the selected row: for Qt the view as a whole has the keyboard."""
        row = None if self._state is None else self.row_of(self._state.selected)
        if row is not None:
            event = QAccessibleEvent(self, QAccessible.Event.Focus)
            event.setChild(self.rows.index(row))
            QAccessible.updateAccessibility(event)

    def _lay_out(self) -> None:
        super()._lay_out()
        lines = self._lines
        if lines is not None:
            self._connections.show_flow(lines.placed, lines.theme, lines.selected)

    def _show_rows(self) -> None:
        super()._show_rows()
        in_sight = self.mapToScene(self.viewport().rect()).boundingRect()
        self._connections.show_visible(in_sight)

    # Dragging layers

    def start_drag(self, node_id: str) -> None:
        """Drag a block to another place of the flow."""
        data = QMimeData()
        data.setData(LAYER_MIME, node_id.encode())
        data.setText(node_id)
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.MoveAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._state is None or not FlowDrops.takes(event.mimeData()):
            event.ignore()  # a picture or a file: the window takes it
            return
        self._drops.begin(event.mimeData(), self.rows, self._state.theme)
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        point = self.mapToScene(event.position().toPoint())
        self._drops.move(event.mimeData(), point, self._connections.edge_at)
        self._scroll_while_dragging(event.position().y())
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drops.end()

    def dropEvent(self, event: QDropEvent) -> None:
        point = self.mapToScene(event.position().toPoint())
        drop = self._drops.drop(event.mimeData(), point)
        if drop.edge is not None:
            self.kind_dropped_on_edge.emit(drop.kind_id, *drop.edge)
        elif drop.kind_id:
            self.kind_dropped.emit(drop.kind_id, drop.after)
        else:
            self.layer_dropped.emit(drop.layer_id, drop.after)
        event.acceptProposedAction()
        self.setFocus(Qt.FocusReason.MouseFocusReason)  # the keys are for what was dropped

    def _scroll_while_dragging(self, y: float) -> None:
        bar = self.verticalScrollBar()
        if y < 40:
            bar.setValue(bar.value() - 24)
        elif y > self.viewport().height() - 40:
            bar.setValue(bar.value() + 24)

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self._connections.press(self._point(event)):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self._point(event)
        if self._connections.is_drawing:
            self._scroll_while_dragging(event.position().y())
            self._connections.move(point)
            event.accept()
            return
        if event.buttons() == Qt.MouseButton.NoButton:
            if self._connections.hover(point):
                self.viewport().setCursor(Qt.CursorShape.CrossCursor)
                event.accept()
                return
            self.viewport().unsetCursor()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._connections.is_drawing:
            self._connections.release(self._point(event))
            self.viewport().unsetCursor()
        else:
            super().mouseReleaseEvent(event)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.rows and self.itemAt(event.position().toPoint()) is None:
            place = gap_at(self.rows, self._point(event).y())
            self.gap_chosen.emit(last_of(self.rows[place]))
        super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        edge = None
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            edge = self._connections.edge_at(self.mapToScene(event.pos()))
        if edge is None:
            super().contextMenuEvent(event)
            return
        self._connections.choose(edge)
        self.connection_menu_requested.emit(*edge.key, QPointF(event.globalPos()))

    def event(self, event: QEvent) -> bool:
        # Delete is a key of the selected layer, unless a connection was clicked after it.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            is_taken = self._removes_connection(event) or self._cancels_connection(event)
            if is_taken:
                event.accept()
                return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._connections.leave()
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._cancels_connection(event):
            self._connections.cancel()
        elif self._removes_connection(event):
            self._connections.remove_chosen()
        else:
            super().keyPressEvent(event)

    def _cancels_connection(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self._connections.is_drawing

    def _removes_connection(self, event: QKeyEvent) -> bool:
        keys = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        return event.key() in keys and self._connections.chosen is not None

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._state is not None:
            step = 1.15 if event.angleDelta().y() > 0 else 1 / 1.15
            height = round(self._state.options.map_height * step)
            self.map_height_changed.emit(height)
            event.accept()
            return
        super().wheelEvent(event)

    def _point(self, event: QMouseEvent) -> QPointF:
        return self.mapToScene(event.position().toPoint())
