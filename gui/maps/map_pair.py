"""A layer's map beside the map that it reads: linked, so that the same place is seen in both."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from engine.map_alignment import matching_map, window_of
from gui.labels import text_scale
from gui.map_results import LayerResult
from gui.maps.map_canvas import MapCanvas
from gui.maps.map_contents import (
    Joint,
    MapViewState,
    around_output,
    input_content,
    layer_name,
    map_name,
    output_content,
    why_no_maps,
)
from gui.maps.map_pane import MapPane
from gui.maps.map_sight import input_sight, output_sight
from gui.maps.map_toolbar import InputChooser
from gui.theme import Theme

INPUT_FROM = 500
"""Below this width, at the usual size of text, there is no room for the input beside the map."""


class MapPair(QWidget):
    """Two panes: what is read at the left, what is made of it at the right."""

    map_hovered = Signal(str, int, int, int)
    """Layer, channel, row and column of a value; channel −1 when none is under the pointer."""
    value_chosen = Signal(str, int, int, int)
    """The same, of a value that was clicked with Ctrl."""
    input_chosen = Signal()
    """Another map of the input is to be shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: MapViewState | None = None
        self._index = 0
        self._input = (0, 0)
        """Which input, and which of its maps."""
        self._joint: Joint | None = None
        self.given = MapPane("Map that the layer reads", theme)
        self.output = MapPane("Map of the layer", theme)
        self.chooser = InputChooser()
        self.given.head.addWidget(self.chooser, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.given, 1)
        row.addWidget(self.output, 1)
        self.setFocusProxy(self.output.canvas)
        self.chooser.chosen.connect(self._on_input_chosen)
        self.output.canvas.sight_changed.connect(self._on_output_moved)
        self.given.canvas.sight_changed.connect(self._on_input_moved)
        self.output.canvas.sight_wanted.connect(self._on_input_moved)
        self.given.canvas.sight_wanted.connect(self._on_output_moved)
        self.output.cell_changed.connect(self._on_output_cell_changed)
        self.given.cell_changed.connect(self._on_input_cell_changed)
        for canvas in (self.output.canvas, self.given.canvas):
            canvas.cell_chosen.connect(lambda: self._say_value(self.value_chosen))

    @property
    def active_canvas(self) -> MapCanvas:
        """The canvas that has the keyboard, else the output's."""
        return self.given.canvas if self.given.canvas.hasFocus() else self.output.canvas

    # What is shown

    def follow(self, state: MapViewState, index: int, *, anew: bool) -> None:
        """Choose the input's map that a map is made of, where that is one.

        Else the same map of the input stays, unless another layer is shown ``anew``.
        """
        found = matching_map(state.layer, index)
        if found is not None or anew:
            self._input = found or (0, 0)

    def show_maps(
        self, state: MapViewState, results: Mapping[str, LayerResult], index: int | None
    ) -> None:
        """Show a map of the layer and the one that it reads; None where it has no maps."""
        self._state = state
        self._joint = self._shown_input(state, results)
        if index is None:
            self.output.show_reason("", why_no_maps(state.analysis, state.layer))
            return
        self._index = index
        content, notes = output_content(state, results, index)
        if self._joint is not None:
            content = around_output(content, self._joint)
        name = map_name(state.selected, index, len(results[state.selected].maps))
        height, width = content.values.shape
        self.output.show_content(f"{name}:  {height} × {width}", content, notes)
        self._on_output_moved()

    def _shown_input(self, state: MapViewState, results: Mapping[str, LayerResult]) -> Joint | None:
        """Show the map that the layer reads, and return how it lies, if there is one."""
        node = state.layer.node
        inputs = node.inputs[:1] if node.bypassed else node.inputs
        self.given.setVisible(bool(inputs) and self._has_room)
        if not inputs:
            return None
        place = min(self._input[0], len(inputs) - 1)
        names = [layer_name(state.analysis, source) for source in inputs]
        result = results.get(inputs[place])
        count = len(result.maps) if result is not None else 1
        channel = min(self._input[1], count - 1)
        self._input = place, channel
        self.chooser.show_inputs(names, place, channel, count)
        joint = input_content(state, results, place, channel)
        if joint is None:
            self.given.show_reason("", "The maps that the layer reads are not computed yet.")
            return None
        height, width = joint.given.values.shape
        self.given.show_content(f"{height} × {width}", joint.given, joint.notes)
        return joint

    @property
    def _has_room(self) -> bool:
        return self.width() >= INPUT_FROM * text_scale()

    # What a person does

    def _on_input_chosen(self, place: int, index: int) -> None:
        self._input = place, index
        self.input_chosen.emit()

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

    def _on_output_cell_changed(self) -> None:
        """Mark what the value under the pointer reads."""
        cell, content = self.output.canvas.cell, self.output.canvas.content
        window = None
        if self._joint is not None and cell is not None and content is not None:
            window = window_of(self._joint.reading, *cell) if content.holds(*cell) else None
        self.given.show_window(window)
        self._say_value(self.map_hovered)

    def _on_input_cell_changed(self) -> None:
        if self.given.canvas.cell is not None:
            self._say_value(self.map_hovered)

    def _say_value(self, signal: SignalInstance) -> None:
        """Say which value is under the pointer, of the layer's map or of the one that it reads."""
        state = self._state
        if state is None:
            return
        place, channel = self._input
        shown = [(self.output, state.selected, self._index)]
        shown += [
            (self.given, source, channel) for source in state.layer.node.inputs[place : place + 1]
        ]
        for pane, node_id, index in shown:
            content, cell = pane.canvas.content, pane.canvas.cell
            if content is not None and cell is not None and content.holds(*cell):
                signal.emit(node_id, index, *cell)
                return
        self.map_hovered.emit(state.selected, -1, 0, 0)

    # Qt's events

    def minimumSizeHint(self) -> QSize:
        # Where there is no room for both, the input goes.
        return self.output.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        has_input = self._state is not None and bool(self._state.layer.node.inputs)
        self.given.setVisible(has_input and self._has_room)
