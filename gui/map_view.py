"""The large view of one map, in the place of the flow, beside the map that its layer reads."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from engine.analysis import LayerAnalysis
from engine.map_alignment import matching_map, window_of
from gui.evaluator import LayerResult
from gui.labels import text_scale
from gui.map_canvas import MapCanvas
from gui.map_contents import (
    Joint,
    MapViewState,
    around_output,
    input_content,
    layer_name,
    map_name,
    output_content,
)
from gui.map_pane import MapPane
from gui.map_sight import input_sight, output_sight
from gui.map_statistics_view import MapStatisticsView, shown_map
from gui.map_toolbar import KEYS, ChoiceForm, InputChooser, MapToolbar
from gui.theme import Theme
from gui.wording import size_text

INPUT_FROM = 720
"""Below this width, at the usual size of text, there is no room for the input beside the map."""
SIDE_WIDTH = 236


class MapView(QWidget):
    """One map of the selected layer, its numbers, and what it was made of."""

    closed = Signal()
    layer_chosen = Signal(str)
    """Another layer is to be selected, and shown here."""
    map_shown = Signal(str, int)
    """A layer and which of its maps is shown."""
    choice_made = Signal(str, str)
    """A choice of the view, "color", "scope" or "clip", and its value."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._state: MapViewState | None = None
        self._results: dict[str, LayerResult] = {}
        self._index = 0
        self._input = (0, 0)
        """Which input, and which of its maps."""
        self._joint: Joint | None = None
        self.bar = MapToolbar(theme)
        self.given = MapPane("Map that the layer reads", theme)
        self.output = MapPane("Map of the layer", theme)
        self.chooser = InputChooser()
        self.given.head.addWidget(self.chooser, 1)
        self.choices = ChoiceForm()
        self.statistics = MapStatisticsView()
        self._place_parts()
        self._connect()

    def _place_parts(self) -> None:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(2, 0, 10, 8)
        column.setSpacing(14)
        column.addWidget(self.choices)
        column.addWidget(self.statistics)
        column.addStretch()
        side.setObjectName("window")
        self.side = QScrollArea(widgetResizable=True)
        self.side.setObjectName("window")
        self.side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.side.setFrameShape(QScrollArea.Shape.NoFrame)
        self.side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.side.setWidget(side)
        self.side.setFixedWidth(round(SIDE_WIDTH * text_scale()))
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.given, 1)
        row.addWidget(self.output, 1)
        row.addWidget(self.side)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        outer.addWidget(self.bar)
        outer.addLayout(row, 1)
        self.setFocusProxy(self.output.canvas)

    def _connect(self) -> None:
        self.bar.acted.connect(self._on_acted)
        self.bar.map_chosen.connect(self.show_map)
        self.chooser.chosen.connect(self._on_input_chosen)
        self.choices.chosen.connect(self.choice_made)
        self.output.canvas.sight_changed.connect(self._on_output_moved)
        self.given.canvas.sight_changed.connect(self._on_input_moved)
        self.output.cell_changed.connect(self._on_cell_changed)

    # What is shown

    @property
    def index(self) -> int:
        """Which map is shown."""
        return self._index

    def show_state(self, state: MapViewState) -> None:
        """Show another state of the project or the view; maps stay until newer ones arrive."""
        before = self._state
        self._state = state
        if before is None or before.selected != state.selected:
            self._input = (0, 0)
            self._follow()
        self._refresh()

    def show_result(self, result: LayerResult) -> None:
        """Take a layer's newest maps."""
        self._results[result.node_id] = result
        state = self._state
        if state is not None and self.isVisible():
            shown = {state.selected, *state.layer.node.inputs}
            if result.node_id in shown:
                self._refresh()

    def forget_results(self) -> None:
        """Drop all maps: another project is shown."""
        self._results.clear()
        self._joint = None

    def show_map(self, index: int) -> None:
        """Show another map of the layer."""
        self._index = index
        self._follow()
        self._refresh()

    def _follow(self) -> None:
        """Choose the input's map that the layer's map is made of, where that is one."""
        if self._state is not None:
            self._input = matching_map(self._state.layer, self._index) or self._input

    def _refresh(self) -> None:
        state = self._state
        if state is None or not self.isVisible():
            return
        self._results = {n: r for n, r in self._results.items() if n in state.analysis.layers}
        self.choices.show_chosen(
            {"color": state.color, "scope": state.scope.value, "clip": f"{state.clip:g}"}
        )
        result = self._results.get(state.selected)
        title = layer_name(state.analysis, state.selected)
        self.bar.show_layer(title, size_text(state.layer.shape, state.size_order))
        if result is None or not state.layer.computable:
            self.output.show_reason("", _why_no_maps(state.layer))
            self.bar.show_maps(0, 0)
            self.statistics.show_map(None)
            self._joint = self._shown_input(state)
            return
        count = len(result.maps)
        self._index = min(self._index, count - 1)
        self.bar.show_maps(self._index, count)
        self.statistics.show_map(shown_map(result.maps, result.statistics, self._index))
        content, notes = output_content(state, self._results, self._index)
        self._joint = self._shown_input(state)
        if self._joint is not None:
            content = around_output(content, self._joint)
        name = map_name(state.selected, self._index, count)
        height, width = content.values.shape
        self.output.show_content(f"{name}:  {height} × {width}", content, notes)
        self._on_output_moved()
        self.map_shown.emit(state.selected, self._index)

    def _shown_input(self, state: MapViewState) -> Joint | None:
        """Show the map that the layer reads, and return how it lies, if there is one."""
        node = state.layer.node
        inputs = node.inputs[:1] if node.bypassed else node.inputs
        self.given.setVisible(bool(inputs) and self.width() >= INPUT_FROM * text_scale())
        if not inputs:
            return None
        place = min(self._input[0], len(inputs) - 1)
        names = [layer_name(state.analysis, source) for source in inputs]
        result = self._results.get(inputs[place])
        count = len(result.maps) if result is not None else 1
        channel = min(self._input[1], count - 1)
        self._input = place, channel
        self.chooser.show_inputs(names, place, channel, count)
        joint = input_content(state, self._results, place, channel)
        if joint is None:
            self.given.show_reason("", "The maps that the layer reads are not computed yet.")
            return None
        height, width = joint.given.values.shape
        self.given.show_content(f"{height} × {width}", joint.given, joint.notes)
        return joint

    # What a person does

    def step_map(self, step: int) -> None:
        """Show the next map, or another one so many further."""
        result = self._results.get(self._state.selected) if self._state is not None else None
        if result is not None:
            index = min(max(self._index + step, 0), len(result.maps) - 1)
            self.show_map(index)

    def step_layer(self, step: int) -> None:
        """Show the next layer of the flow, or the one before."""
        if self._state is None:
            return
        ids = list(self._state.analysis.layers)
        place = ids.index(self._state.selected) + step
        if 0 <= place < len(ids):
            self.layer_chosen.emit(ids[place])

    def _on_acted(self, action: str) -> None:
        self._actions[action]()

    @property
    def _actions(self) -> dict[str, Callable[[], object]]:
        canvas = self._active_canvas
        return {
            "back": self.closed.emit,
            "previous-map": lambda: self.step_map(-1),
            "next-map": lambda: self.step_map(1),
            "first-map": lambda: self.show_map(0),
            "last-map": lambda: self.step_map(1 << 30),
            "previous-layer": lambda: self.step_layer(-1),
            "next-layer": lambda: self.step_layer(1),
            "fit": self.output.canvas.fit,
            "one-to-one": canvas.one_to_one,
            "numbers": canvas.show_numbers,
            "larger": lambda: canvas.zoom(1),
            "smaller": lambda: canvas.zoom(-1),
        }

    @property
    def _active_canvas(self) -> MapCanvas:
        return self.given.canvas if self.given.canvas.hasFocus() else self.output.canvas

    def _on_input_chosen(self, place: int, index: int) -> None:
        self._input = place, index
        self._refresh()

    def _on_output_moved(self) -> None:
        """Show of the input what corresponds to what is seen of the output."""
        joint, output, given = self._joint, self.output.canvas, self.given.canvas
        if joint is not None:
            given.show_sight(
                input_sight(output.sight, joint.rows, joint.columns, output.room, given.room)
            )

    def _on_input_moved(self) -> None:
        joint, output, given = self._joint, self.output.canvas, self.given.canvas
        if joint is not None:
            output.show_sight(
                output_sight(given.sight, joint.rows, joint.columns, given.room, output.room)
            )

    def _on_cell_changed(self) -> None:
        cell, content = self.output.canvas.cell, self.output.canvas.content
        window = None
        if self._joint is not None and cell is not None and content is not None:
            window = window_of(self._joint.reading, *cell) if content.holds(*cell) else None
        self.given.show_window(window)

    # Qt's events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        with_control = keys == Qt.KeyboardModifier.ControlModifier
        action = KEYS.get((Qt.Key(event.key()), with_control))
        if action is None or (keys and not with_control):
            super().keyPressEvent(event)
        else:
            self._on_acted(action)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refresh()


def _why_no_maps(layer: LayerAnalysis) -> str:
    if layer.problems:
        return layer.problems[0].message
    if layer.waiting_for:
        return f"These maps wait for {layer.waiting_for}."
    return "These maps are not computed yet."
