"""The rows of the flow as a scene: of all rows only those in sight have an item."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QFocusEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QWidget

from engine.analysis import Analysis
from engine.network import INPUT_ID
from gui.flow.flow_lines import FlowLines
from gui.flow.flow_state import FlowState
from gui.flow.layer_row import LayerRow
from gui.flow.placed_rows import NO_ROWS, placed_rows
from gui.flow.row_layout import FlowOptions, Row
from gui.flow.row_lengths import MARGIN, lengths
from gui.flow.row_painting import rectangle
from gui.flow.row_state import RowState, outlook_text, row_description, row_state, with_fault
from gui.labels import text_scale
from gui.map_requests import SheetWish
from gui.map_results import LayerResult

NEAR = 600
"""Rows this far outside the view exist already, so that scrolling shows no gaps."""


class RowsView(QGraphicsView):
    """Rows of blocks and maps from the picture to the output; what is clicked in them it says."""

    layer_pressed = Signal(str)
    map_chosen = Signal(str, int)
    value_chosen = Signal(str, int, int, int)
    map_hovered = Signal(str, int, int, int)
    more_clicked = Signal(str)
    fold_clicked = Signal(str)
    repair_clicked = Signal(str, int)
    retry_clicked = Signal()
    menu_requested = Signal(str, QPointF)
    drag_started = Signal(str)
    """A block is to be dragged elsewhere."""
    sheets_wanted = Signal()
    """The rows in sight, or the size of their maps, changed."""
    rows_placed = Signal()
    """The rows stand anew, and what is laid over them has to follow."""

    # pyqtgraph's items look for these on the view that they come into.
    sigDeviceRangeChanged = Signal(object, object)  # noqa: N815
    sigDeviceTransformChanged = Signal(object)  # noqa: N815

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Network and feature maps")
        self._state: FlowState | None = None
        self._outlook: Analysis | None = None
        self._picture = ""
        self._fault = "", ""
        self._placed = NO_ROWS
        self._placed_for: tuple[int, FlowOptions, int] | None = None
        self._items: dict[str, LayerRow] = {}
        self._results: dict[str, LayerResult] = {}
        self._lines: FlowLines | None = None
        self._height = 0
        self._settle = QTimer(self, singleShot=True, interval=30)
        self._settle.timeout.connect(self.sheets_wanted)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._show_rows())

    # What is shown

    def show_flow(self, state: FlowState) -> None:
        """Show a network; rows keep their maps until newer ones arrive."""
        if self._state is None or state.analysis is not self._state.analysis:
            self._outlook = None
        self._state = state
        self._lay_out()

    def show_outlook(self, after: Analysis | None) -> None:
        """Say on the blocks which sizes would change with an edit that is looked at."""
        if after is not self._outlook:
            self._outlook = after
            self._show_rows()
            if self._lines is not None:
                self._lines = replace(self._lines, outlook=after)
                self.viewport().update()

    def show_fault(self, node_id: str, sentence: str) -> None:
        """Say in a layer's row that its maps could not be computed; without a sentence in none."""
        if (node_id, sentence) != self._fault:
            self._fault = node_id, sentence
            self._show_rows()

    def show_picture(self, words: str) -> None:
        """Write on the picture's block which one it is."""
        if words != self._picture:
            self._picture = words
            self._show_rows()

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

    def keep_results(self, node_ids: Collection[str]) -> None:
        """Drop the maps of all other layers: they are out of date, or not computed any more."""
        for node_id in self._results.keys() - set(node_ids):
            del self._results[node_id]
            if node_id in self._items:
                self._items[node_id].forget_result()

    def maps(self) -> Mapping[str, NDArray[np.float32]]:
        """Return the newest maps of every layer that has some."""
        return {node_id: result.maps for node_id, result in self._results.items()}

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
            if row.node_id == INPUT_ID
            else SheetWish(row.tiles.layout, state.scope, state.color, state.clip)
            for row in self._near_rows()
            if row.tiles is not None
        }

    # For screen readers

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows from top to bottom, in sight or not."""
        return self._placed.rows

    def description(self, node_id: str) -> str:
        """Return a row in a sentence."""
        row = self.row_of(node_id)
        if row is None:
            return ""
        result = self._results.get(row.node_id)
        drawn = None if result is None else result.sheet
        clipped = 0.0 if drawn is None else drawn.levels.clipped
        return row_description(self._row_state(row), clipped)

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

    def _near_rows(self) -> Sequence[Row]:
        top = self.mapToScene(0, 0).y()
        return self._placed.near(top - NEAR, top + self.viewport().height() + NEAR)

    def row_of(self, node_id: str) -> Row | None:
        """Return the row in which a layer stands, its own or its folded stage's."""
        return self._placed.row_of(node_id)

    def item_of(self, node_id: str) -> LayerRow | None:
        """Return the item of a row in sight."""
        return self._items.get(node_id)

    def scroll_to(self, node_id: str) -> None:
        """Bring a layer's row into sight."""
        row = self.row_of(node_id)
        if row is not None:
            card = row.card
            self.ensureVisible(QRectF(card.left, card.top, 10, card.height), 0, 3 * MARGIN)

    def neighbor(self, node_id: str, step: int) -> str | None:
        """Return the layer of the row so many rows below, above if negative; None at the ends."""
        return self._placed.neighbor(node_id, step)

    def place_of(self, node_id: str) -> QRect:
        """Return where a layer's block is in this widget, whether in sight or not."""
        row = self.row_of(node_id)
        return QRect() if row is None else self.mapFromScene(rectangle(row.block)).boundingRect()

    def _lay_out(self) -> None:
        state = self._state
        if state is None:
            return
        stands_anew = self._place_rows(state)
        self._show_rows()
        if stands_anew:
            self.rows_placed.emit()
        lines = FlowLines(self._placed, state.theme, state.selected, self._outlook)
        if self._lines is None or not lines.looks_like(self._lines):
            self.viewport().update()
        self._lines = lines

    def _place_rows(self, state: FlowState) -> bool:
        """Place the rows, if they would stand otherwise than they do; return whether they would."""
        width, ratio, scale = self.viewport().width(), self.devicePixelRatioF(), text_scale()
        options = replace(state.options, pixel_ratio=ratio, text_scale=scale)
        placed_for = width, options, self.fontMetrics().height()
        if state.analysis is self._placed.analysis and placed_for == self._placed_for:
            return False
        self._placed_for = placed_for
        self._placed = placed_rows(state.analysis, *placed_for)
        bottom = self.rows[-1].card.bottom + 3 * lengths(scale).connector
        self.scene().setSceneRect(0, 0, width, bottom)
        return True

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
            shown = self._row_state(row)
            if row.node_id not in self._items:
                self._items[row.node_id] = self._new_item(shown)
            item = self._items[row.node_id]
            item.show_state(shown)
            if (result := self._results.get(row.node_id)) is not None:
                item.show_result(result)
        self._settle.start()

    def _new_item(self, shown: RowState) -> LayerRow:
        item = LayerRow(shown)
        self.scene().addItem(item)
        item.pressed.connect(self.layer_pressed)
        item.map_chosen.connect(self.map_chosen)
        item.value_chosen.connect(self.value_chosen)
        item.map_hovered.connect(self.map_hovered)
        item.more_clicked.connect(self.more_clicked)
        item.fold_clicked.connect(self.fold_clicked)
        item.repair_clicked.connect(self.repair_clicked)
        item.retry_clicked.connect(self.retry_clicked)
        item.menu_requested.connect(self.menu_requested)
        item.drag_started.connect(self.drag_started)
        return item

    def _row_state(self, row: Row) -> RowState:
        state = self._state
        assert state is not None
        shown = row_state(state.analysis, row, state.theme, state.size_order, state.selected)
        if self._outlook is not None:
            shown = replace(shown, outlook=outlook_text(shown, self._outlook))
        if self._fault[1]:
            has_maps = row.node_id in self._results
            shown = with_fault(shown, state.analysis, *self._fault, has_maps=has_maps)
        if shown.selected and self.hasFocus():
            shown = replace(shown, focused=True)
        return replace(shown, subtitle=self._picture) if row.node_id == INPUT_ID else shown

    # Qt's events

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_rows()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        selected = self._state.selected if self._state else ""
        stays = self._is_in_sight(selected)
        self._lay_out()
        self._height = self.viewport().height()
        if stays and not self._is_pointed_at():
            self.scroll_to(selected)

    def _is_pointed_at(self) -> bool:
        """Return whether the pointer is on the rows, which then stay below it."""
        viewport = self.viewport()
        return viewport.underMouse() and viewport.rect().contains(
            viewport.mapFromGlobal(QCursor.pos())
        )

    def _is_in_sight(self, node_id: str) -> bool:
        """Return whether a layer's whole row was shown when rows were last laid out."""
        row, top = self.row_of(node_id), self.mapToScene(0, 0).y()
        return row is not None and row.card.top >= top and row.card.bottom <= top + self._height

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self._lines is not None:
            self._lines.paint(painter, QRectF(rect))
