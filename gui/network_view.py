"""The flow from picture to output: a scene of rows, of which only those in sight exist."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QMimeData, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QWidget

from engine.advice import Preview
from engine.analysis import Analysis, Ranges
from engine.level_range import LevelScope
from gui.drop_guide import KIND_MIME, LAYER_MIME, DropGuide, PreviewOf
from gui.evaluator import LayerResult, SheetWish
from gui.flow_lines import FlowLines
from gui.layer_row import LayerRow
from gui.row_layout import (
    CONNECTOR,
    FlowOptions,
    Lane,
    Row,
    flow,
    lanes,
    rows_near,
)
from gui.row_painting import rectangle
from gui.row_state import RowState, row_description
from gui.theme import Theme, color

NEAR = 600
"""Rows this far outside the view exist already, so that scrolling shows no gaps."""


@dataclass(frozen=True)
class FlowState:
    """What the flow shows besides the maps."""

    analysis: Analysis
    options: FlowOptions
    theme: Theme
    selected: str
    size_order: str
    color: str = "auto"
    scope: LevelScope = LevelScope.MAP


class NetworkView(QGraphicsView):
    """Rows of blocks and maps, from the picture to the output."""

    layer_pressed = Signal(str)
    map_chosen = Signal(str, int)
    map_hovered = Signal(str, int, int, int)
    more_clicked = Signal(str)
    fold_clicked = Signal(str)
    repair_clicked = Signal(str, int)
    menu_requested = Signal(str, QPointF)
    sheets_wanted = Signal()
    """The rows in sight, or the size of their maps, changed."""
    map_height_changed = Signal(int)
    kind_dropped = Signal(str, str)
    """A kind from the palette, and the layer behind which it goes."""
    layer_dropped = Signal(str, str)
    """A layer of the flow, and the one behind which it goes."""
    gap_chosen = Signal(str)
    """The layer above a gap that was double-clicked."""

    # pyqtgraph's items look for these on the view that they come into.
    sigDeviceRangeChanged = Signal(object, object)  # noqa: N815
    sigDeviceTransformChanged = Signal(object)  # noqa: N815

    def __init__(self, preview_of: PreviewOf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self._preview_of = preview_of
        self._guide = DropGuide()
        self.scene().addItem(self._guide)
        self.setAcceptDrops(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Network and feature maps")
        self._state: FlowState | None = None
        self._rows: tuple[Row, ...] = ()
        self._items: dict[str, LayerRow] = {}
        self._results: dict[str, LayerResult] = {}
        self._lanes: tuple[Lane, ...] = ()
        self._settle = QTimer(self, singleShot=True, interval=30)
        self._settle.timeout.connect(self.sheets_wanted)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    # What is shown

    def show_flow(self, state: FlowState) -> None:
        """Show a network; rows keep their maps until newer ones arrive."""
        self._state = state
        self._lay_out()

    def show_result(self, result: LayerResult) -> None:
        """Show a layer's maps."""
        self._results[result.node_id] = result
        item = self._items.get(result.node_id)
        if item is not None:
            item.show_result(result)

    def forget_results(self) -> None:
        """Drop all maps: another project is shown."""
        self._results.clear()
        for item in self._items.values():
            self.scene().removeItem(item)
        self._items.clear()

    def result(self, node_id: str) -> LayerResult | None:
        """Return the newest maps of a layer."""
        return self._results.get(node_id)

    def wanted_sheets(self) -> Mapping[str, SheetWish]:
        """Return how the maps of the rows in sight are wanted."""
        state = self._state
        if state is None:
            return {}
        return {
            row.node_id: SheetWish(row.tiles.layout, color="gray")
            if row.node_id == "input"
            else SheetWish(row.tiles.layout, state.scope, state.color)
            for row in self._near_rows()
            if row.tiles is not None
        }

    # For screen readers

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows from top to bottom, in sight or not."""
        return self._rows

    def description(self, node_id: str) -> str:
        """Return a row in a sentence."""
        row = self.row_of(node_id)
        if row is None or self._state is None:
            return ""
        return row_description(self._row_state(row, self._state))

    def drop_preview(self) -> Preview | None:
        """Return what letting go would do, while a layer is dragged over a gap."""
        return self._guide.preview()

    def shown_dimensions(self, node_id: str) -> tuple[int, int] | None:
        """Return the height and width that are written beside a row's maps."""
        item = self._items.get(node_id)
        return None if item is None else item.dimensions()

    def is_selected(self, node_id: str) -> bool:
        """Return whether the side panel shows this layer."""
        return self._state is not None and self._state.selected == node_id

    def screen_rect(self, node_id: str) -> QRect:
        """Return where a row is on the screen, even if it is scrolled out of sight."""
        row = self.row_of(node_id)
        if row is None:
            return QRect()
        corner = self.viewport().mapToGlobal(self.mapFromScene(row.card.left, row.card.top))
        return QRect(corner.x(), corner.y(), row.card.width, row.card.height)

    # Where things are

    def _near_rows(self) -> tuple[Row, ...]:
        top = self.mapToScene(0, 0).y()
        return rows_near(self._rows, top - NEAR, top + self.viewport().height() + NEAR)

    def row_of(self, node_id: str) -> Row | None:
        """Return the row in which a layer stands, its own or its folded stage's."""
        return next(
            (r for r in self._rows if r.node_id == node_id or node_id in r.hidden_ids), None
        )

    def item_of(self, node_id: str) -> LayerRow | None:
        """Return the item of a row in sight."""
        return self._items.get(node_id)

    def scroll_to(self, node_id: str) -> None:
        """Bring a layer's row into sight."""
        row = self.row_of(node_id)
        if row is not None:
            card = row.card
            self.ensureVisible(QRectF(card.left, card.top, 10, card.height), 0, CONNECTOR)

    def neighbor(self, node_id: str, step: int) -> str | None:
        """Return the layer of the row so many rows below, above if negative; None at the ends."""
        here = self.row_of(node_id)
        place = (self._rows.index(here) if here is not None else 0) + step
        return self._rows[place].node_id if 0 <= place < len(self._rows) else None

    def place_of(self, node_id: str) -> QRect:
        """Return where a layer's block is in this widget, whether in sight or not."""
        row = self.row_of(node_id)
        if row is None:
            return QRect()
        return self.mapFromScene(rectangle(row.block)).boundingRect()

    def gap_at(self, y: float) -> int:
        """Return the place of the row after which something dropped at a height belongs."""
        for place, row in enumerate(self._rows):
            if y < row.card.top + row.card.height / 2:
                return max(place - 1, 0)
        return len(self._rows) - 1

    def _lay_out(self) -> None:
        state = self._state
        if state is None:
            return
        width = self.viewport().width()
        options = replace(state.options, pixel_ratio=self.devicePixelRatioF())
        self._lanes, lane_count = lanes(state.analysis)
        line = round(self.fontMetrics().height() * 1.12)
        self._rows = flow(state.analysis, width, options, lane_count, line)
        last = self._rows[-1].card.bottom if self._rows else 0
        self.scene().setSceneRect(0, 0, width, last + 3 * CONNECTOR)
        self._show_rows()
        self.viewport().update()

    def _show_rows(self) -> None:
        """Make the items of rows near the view, and drop the others."""
        state = self._state
        if state is None:
            return
        near = self._near_rows()
        keep = {row.node_id for row in near}
        for node_id in [name for name in self._items if name not in keep]:
            self.scene().removeItem(self._items.pop(node_id))
        for row in near:
            row_state = self._row_state(row, state)
            item = self._items.get(row.node_id)
            if item is None:
                item = self._items[row.node_id] = self._new_item(row_state)
            else:
                item.show_state(row_state)
            result = self._results.get(row.node_id)
            if result is not None:
                item.show_result(result)
        self._settle.start()

    def _new_item(self, row_state: RowState) -> LayerRow:
        item = LayerRow(row_state)
        self.scene().addItem(item)
        item.pressed.connect(self.layer_pressed)
        item.map_chosen.connect(self.map_chosen)
        item.map_hovered.connect(self.map_hovered)
        item.more_clicked.connect(self.more_clicked)
        item.fold_clicked.connect(self.fold_clicked)
        item.repair_clicked.connect(self.repair_clicked)
        item.menu_requested.connect(self.menu_requested)
        item.drag_started.connect(self.start_drag)
        return item

    def _row_state(self, row: Row, state: FlowState) -> RowState:
        layer = state.analysis[row.node_id]
        return RowState(
            row=row,
            layer=layer,
            title=row_title(row, layer.node.layer.kind.label),
            subtitle=layer.node.layer.summary(),
            theme=state.theme,
            size_order=state.size_order,
            selected=state.selected == row.node_id or state.selected in row.hidden_ids,
            unread=_unread_by_readers(state.analysis, row.node_id),
            hidden_count=len(row.hidden_ids),
        )

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
        data = event.mimeData()
        if self._state is None or not (data.hasFormat(KIND_MIME) or data.hasFormat(LAYER_MIME)):
            event.ignore()  # a picture or a file: the window takes it
            return
        previews = [self._preview_of(data, self._last_of(row)) for row in self._rows]
        self._guide.begin(self._rows, previews, self._state.theme)
        event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        point = self.mapToScene(event.position().toPoint())
        self._guide.point_at(self.gap_at(point.y()))
        self._scroll_while_dragging(event.position().y())
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._guide.end()

    def dropEvent(self, event: QDropEvent) -> None:
        self._guide.end()
        data = event.mimeData()
        point = self.mapToScene(event.position().toPoint())
        after = self._last_of(self._rows[self.gap_at(point.y())])
        if data.hasFormat(KIND_MIME):
            self.kind_dropped.emit(bytes(data.data(KIND_MIME).data()).decode(), after)
        else:
            self.layer_dropped.emit(bytes(data.data(LAYER_MIME).data()).decode(), after)
        event.acceptProposedAction()

    def _scroll_while_dragging(self, y: float) -> None:
        bar = self.verticalScrollBar()
        if y < 40:
            bar.setValue(bar.value() - 24)
        elif y > self.viewport().height() - 40:
            bar.setValue(bar.value() + 24)

    @staticmethod
    def _last_of(row: Row) -> str:
        """Return the layer behind which something dropped under a row goes."""
        return (row.hidden_ids or (row.node_id,))[-1]

    # Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = self.mapToScene(event.position().toPoint())
        if self._rows and self.itemAt(event.position().toPoint()) is None:
            self.gap_chosen.emit(self._last_of(self._rows[self.gap_at(point.y())]))
        super().mouseDoubleClickEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._state is not None:
            step = 1.15 if event.angleDelta().y() > 0 else 1 / 1.15
            height = round(self._state.options.map_height * step)
            self.map_height_changed.emit(height)
            event.accept()
            return
        super().wheelEvent(event)

    def _on_scrolled(self) -> None:
        self._show_rows()

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        state = self._state
        if state is not None:
            painter.fillRect(rect, color(state.theme.window))
            exposed = QRectF(rect)
            flow_lines = FlowLines(state.analysis, self._rows, state.theme, state.selected)
            flow_lines.paint(painter, exposed, self._lanes)


def row_title(row: Row, label: str) -> str:
    """Return a row's title: its number and the layer's label.

    The picture has no number.
    """
    return label if row.node_id == "input" else f"{row.number}  {label}"


def _unread_by_readers(analysis: Analysis, node_id: str) -> tuple[Ranges, Ranges]:
    """Return the rows and columns of a layer's maps that its only reader never reads."""
    readers = [layer for layer in analysis.layers.values() if node_id in layer.node.inputs]
    if len(readers) != 1 or readers[0].node.inputs[0] != node_id:
        return (), ()
    return readers[0].unread_rows, readers[0].unread_columns
