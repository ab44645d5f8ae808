"""The large view of one map, in the place of the flow, beside the map that its layer reads."""

from collections.abc import Callable, Collection, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gui.labels import text_scale
from gui.map_results import LayerResult
from gui.maps.map_contents import MapViewState, layer_name
from gui.maps.map_pair import MapPair
from gui.maps.map_statistics_view import MapStatisticsView, shown_map
from gui.maps.map_toolbar import KEYS, ChoiceForm, MapToolbar
from gui.theme import Theme
from gui.wording import size_text

SIDE_WIDTH = 236
"""Width of the choices and numbers at the usual size of text."""


class MapView(QWidget):
    """One map of the selected layer, its numbers, and what it was made of."""

    closed = Signal()
    layer_chosen = Signal(str)
    """Another layer is to be selected, and shown here."""
    map_shown = Signal(str, int)
    """A layer and which of its maps is shown."""
    map_hovered = Signal(str, int, int, int)
    """Layer, channel, row and column of a value; channel −1 when none is under the pointer."""
    value_chosen = Signal(str, int, int, int)
    """The same, of a value that was clicked with Ctrl."""
    choice_made = Signal(str, str)
    """A choice of the view, "color", "scope" or "clip", and its value."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._state: MapViewState | None = None
        self._results: dict[str, LayerResult] = {}
        self._index = 0
        self._said = ("", -1)
        self.bar = MapToolbar(theme)
        self.maps = MapPair(theme)
        self.choices = ChoiceForm()
        self.statistics = MapStatisticsView()
        self._place_parts()
        self.setFocusProxy(self.maps)
        self.bar.acted.connect(self._on_acted)
        self.bar.map_chosen.connect(self.show_map)
        self.choices.chosen.connect(self.choice_made)
        self.maps.input_chosen.connect(self._refresh)
        self.maps.map_hovered.connect(self.map_hovered)
        self.maps.value_chosen.connect(self.value_chosen)

    def _place_parts(self) -> None:
        side = QWidget()
        side.setObjectName("window")
        column = QVBoxLayout(side)
        column.setContentsMargins(2, 0, 10, 8)
        column.setSpacing(14)
        column.addWidget(self.choices)
        column.addWidget(self.statistics)
        column.addStretch()
        scrolled = QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setObjectName("window")
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setFrameShape(QScrollArea.Shape.NoFrame)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(side)
        scrolled.setFixedWidth(round(SIDE_WIDTH * text_scale()))
        row = QHBoxLayout()
        row.setContentsMargins(8, 0, 8, 8)
        row.setSpacing(8)
        row.addWidget(self.maps, 1)
        row.addWidget(scrolled)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        outer.addWidget(self.bar)
        outer.addLayout(row, 1)

    # What is shown

    @property
    def index(self) -> int:
        """Which map is shown."""
        return self._index

    @property
    def shown(self) -> tuple[str, int]:
        """The layer and which of its maps was shown last."""
        return self._said

    @property
    def _result(self) -> LayerResult | None:
        return None if self._state is None else self._results.get(self._state.selected)

    def show_state(self, state: MapViewState) -> None:
        """Show another state of the project or the view; maps stay until newer ones arrive."""
        before, self._state = self._state, state
        if before is None or before.selected != state.selected:
            self.maps.follow(state, self._index, anew=True)
        self.keep_results(state.analysis.layers)

    def show_result(self, result: LayerResult) -> None:
        """Take a layer's newest maps."""
        self._results[result.node_id] = result
        state = self._state
        if state is not None and result.node_id in (state.selected, *state.layer.node.inputs):
            self._refresh()

    def keep_results(self, node_ids: Collection[str]) -> None:
        """Drop the maps of all other layers: they are out of date, or their layers are gone."""
        self._results = {name: self._results[name] for name in self._results if name in node_ids}
        self._refresh()

    def show_map(self, index: int) -> None:
        """Show another map of the layer."""
        self._index = index
        if self._state is not None:
            self.maps.follow(self._state, index, anew=False)
        self._refresh()

    def _refresh(self) -> None:
        state, result = self._state, self._result
        if state is None or not self.isVisible():
            return
        self.choices.show_chosen(
            {"color": state.color, "scope": state.scope.value, "clip": f"{state.clip:g}"}
        )
        title = layer_name(state.analysis, state.selected)
        self.bar.show_layer(title, size_text(state.layer.shape, state.size_order))
        if result is None or not state.layer.computable:
            self.bar.show_maps(0, 0)
            self.statistics.show_map(None)
            self.maps.show_maps(state, self._results, None)
            return
        count = len(result.maps)
        self._index = min(self._index, count - 1)
        self.bar.show_maps(self._index, count)
        self.statistics.show_map(shown_map(result.maps, result.statistics, self._index))
        self.maps.show_maps(state, self._results, self._index)
        self.statistics.show_colors(self.maps.output.canvas.sheet, 0)
        if (state.selected, self._index) != self._said:
            self._said = state.selected, self._index
            self.map_shown.emit(*self._said)

    # What a person does

    def step_map(self, step: int) -> None:
        """Show the next map, or another one so many further."""
        if self._result is not None:
            self.show_map(min(max(self._index + step, 0), len(self._result.maps) - 1))

    def step_layer(self, step: int) -> None:
        """Show the next layer of the flow, or the one before."""
        if self._state is None:
            return
        neighbor = self._state.analysis.neighbor(self._state.selected, step)
        if neighbor is not None:
            self.layer_chosen.emit(neighbor)

    def _on_acted(self, action: str) -> None:
        self._actions[action]()

    @property
    def _actions(self) -> Mapping[str, Callable[[], object]]:
        canvas = self.maps.active_canvas
        return {
            "back": self.closed.emit,
            "previous-map": lambda: self.step_map(-1),
            "next-map": lambda: self.step_map(1),
            "first-map": lambda: self.show_map(0),
            "last-map": lambda: self.step_map(len(self._result.maps) if self._result else 0),
            "previous-layer": lambda: self.step_layer(-1),
            "next-layer": lambda: self.step_layer(1),
            "fit": self.maps.output.canvas.fit,
            "one-to-one": canvas.one_to_one,
            "numbers": canvas.show_numbers,
            "larger": lambda: canvas.zoom(1),
            "smaller": lambda: canvas.zoom(-1),
        }

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
