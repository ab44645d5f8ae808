"""The large view of a comparison: the maps, how far they are apart, and a table of both sides."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.side_by_side import SideBySide
from gui.compare.compare_contents import CompareState, contents, map_count
from gui.compare.compare_lines import LAYER_HEADERS, layer_lines, network_headers, network_line
from gui.compare.compare_table import CompareTable
from gui.compare.compared_maps import APART, BESIDE, WIPE, ComparedMaps
from gui.compare.comparing import Subject
from gui.compare.maps_and_table import MapsAndTable
from gui.elided_label import ElidedLabel
from gui.fonts import text_font
from gui.labels import set_role, text_label, text_scale
from gui.maps.map_contents import layer_name
from gui.maps.map_toolbar import KEYS, MapToolbar
from gui.theme import Theme

_WAYS = {
    BESIDE: ("Side by side", "Both maps beside each other (S)"),
    WIPE: ("Wipe", "One map over the other, with a line that wipes between them (W)"),
    APART: ("Difference", "The second map minus the first (D)"),
}
_KEYS = {Qt.Key.Key_S: BESIDE, Qt.Key.Key_W: WIPE, Qt.Key.Key_D: APART}
_NUMBERS_FROM = 840
"""From that width on, at the usual size of text, the numbers stand beside the buttons."""
_TABLE_FROM = 600
"""From that height on, at the usual size of text, the table has room below the maps at first."""


class CompareView(QWidget):
    """Two layers beside each other, in the place of the flow."""

    closed = Signal()
    layer_chosen = Signal(str)
    """Another layer is to be selected, and compared."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._state: CompareState | None = None
        self._found: SideBySide | None = None
        self._index = 0
        self.bar = MapToolbar(theme)
        self.maps = ComparedMaps(theme)
        self.table = CompareTable(theme)
        self.ways = {way: _choice(*words) for way, words in _WAYS.items()}
        self.table_switch = _choice("Table", "Show the sizes and costs of both sides (T)")
        tip = "Leave out the layers whose settings, weights, sizes and costs are equal"
        self.only_different = _choice("Only layers that differ", tip)
        self.numbers = ElidedLabel(), ElidedLabel()
        self.note = text_label()
        self._place_parts()
        self.bar.acted.connect(self._on_acted)
        self.bar.map_chosen.connect(self.show_map)
        self.maps.ways_changed.connect(self._show_ways)
        self.table.row_chosen.connect(self.layer_chosen)
        self.table_switch.toggled.connect(self._parts.show_table)
        self.only_different.toggled.connect(self._show_table)

    def _place_parts(self) -> None:
        group = QButtonGroup(self)
        choices = QHBoxLayout()
        choices.setSpacing(4)
        for way, button in self.ways.items():
            group.addButton(button)
            choices.addWidget(button)
            button.clicked.connect(lambda _=False, way=way: self.maps.choose_way(way))
        choices.addSpacing(6)
        choices.addWidget(self.table_switch)
        choices.addStretch()
        lines = QVBoxLayout()
        lines.setSpacing(0)
        for label in self.numbers:
            label.setFont(text_font(9))
            lines.addWidget(label)
        self._head = head = QHBoxLayout()
        head.setContentsMargins(10, 0, 18, 0)
        head.addLayout(choices)
        head.addSpacing(10)
        head.addLayout(lines, 1)
        self._parts = MapsAndTable(self.maps, self.table, self.only_different)
        self.note.setContentsMargins(12, 0, 18, 0)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        outer.addWidget(self.bar)
        outer.addLayout(head)
        outer.addWidget(self.note)
        outer.addWidget(self._parts, 1)

    # What is shown

    @property
    def index(self) -> int:
        """Which map is shown."""
        return self._index

    def show_state(self, state: CompareState) -> None:
        """Show what is compared; maps stay until newer ones arrive, if they are of one layer."""
        before, self._state = self._state, state
        if before is None or [side.node_id for side in before.comparison.sides] != [
            side.node_id for side in state.comparison.sides
        ]:
            self._found = None
        self.only_different.setVisible(state.comparison.subject is Subject.NETWORKS)
        self._refresh()
        self._show_table()

    def show_found(self, found: SideBySide) -> None:
        """Take the newest maps of both sides."""
        self._found = found
        self._refresh()

    def forget(self) -> None:
        """Drop all maps."""
        self._found = None

    def show_map(self, index: int) -> None:
        """Show another map of both layers."""
        self._index = index
        self._refresh()

    def _refresh(self) -> None:
        state, found = self._state, self._found
        if state is None:
            return
        self.bar.show_layer(state.title, "")
        for name in ("previous-layer", "next-layer"):
            self.bar.buttons[name].setVisible(state.comparison.subject is Subject.NETWORKS)
        if found is None:
            self.bar.show_maps(0, 0)
            self.maps.show_waiting(state)
            self._show_words((), "", warns=False)
            return
        count = map_count(found)
        self._index = min(self._index, max(count - 1, 0))
        self.bar.show_maps(self._index, count)
        shown = contents(state, found, self._index)
        self.maps.show_contents(state, shown)
        reason = f"≠ {found.reason} There is no difference to show." if found.reason else ""
        self._show_words(shown.numbers, found.note or reason, warns=bool(found.reason))

    def _show_words(self, numbers: tuple[str, ...], note: str, *, warns: bool) -> None:
        texts = (*numbers, "", "")
        for label, text in zip(self.numbers, texts, strict=False):
            label.setText(text)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        set_role(self.note, "warning" if warns else "muted")

    def _show_ways(self) -> None:
        possible, shown = self.maps.possible, self.maps.way
        for way, button in self.ways.items():
            button.setEnabled(way in possible)
            button.setChecked(way == shown)

    def _show_table(self) -> None:
        state = self._state
        if state is None:
            return
        comparison, order = state.comparison, state.size_order
        names, rows = comparison.names, comparison.rows
        if comparison.subject is not Subject.NETWORKS:
            self.table.show_lines(LAYER_HEADERS, layer_lines(rows[0], names, order), "")
            return
        only = self.only_different.isChecked()
        lines = [
            network_line(_row_name(state, row.node_id), row, names, order)
            for row in rows
            if not (only and row.is_equal and row.node_id)
        ]
        self.table.show_lines(network_headers(names), lines, state.selected)

    # What a person does

    def _step_map(self, step: int) -> None:
        if self._found is not None:
            last = max(map_count(self._found) - 1, 0)
            self.show_map(min(max(self._index + step, 0), last))

    def _step_layer(self, step: int) -> None:
        if self._state is None or self._state.comparison.subject is not Subject.NETWORKS:
            return
        neighbor = self._state.comparison.analyses[1].neighbor(self._state.selected, step)
        if neighbor is not None:
            self.layer_chosen.emit(neighbor)

    def _on_acted(self, action: str) -> None:
        self._actions[action]()

    @property
    def _actions(self) -> Mapping[str, Callable[[], object]]:
        canvas = self.maps.active_canvas
        last = map_count(self._found) if self._found is not None else 0
        return {
            "back": self.closed.emit,
            "previous-map": lambda: self._step_map(-1),
            "next-map": lambda: self._step_map(1),
            "first-map": lambda: self.show_map(0),
            "last-map": lambda: self._step_map(last),
            "previous-layer": lambda: self._step_layer(-1),
            "next-layer": lambda: self._step_layer(1),
            "fit": canvas.fit,
            "one-to-one": canvas.one_to_one,
            "numbers": canvas.show_numbers,
            "larger": lambda: canvas.zoom(1),
            "smaller": lambda: canvas.zoom(-1),
        }

    # Qt's events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        held = event.modifiers() & ~(
            Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        )
        with_control = held == Qt.KeyboardModifier.ControlModifier
        action = KEYS.get((key, with_control))
        if not held and key in _KEYS and _KEYS[key] in self.maps.possible:
            self.maps.choose_way(_KEYS[key])
        elif not held and key == Qt.Key.Key_T:
            self.table_switch.toggle()
        elif action is None or (held and not with_control):
            super().keyPressEvent(event)
        else:
            self._on_acted(action)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        has_room = self.width() >= _NUMBERS_FROM * text_scale()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._head.setDirection(across if has_room else down)
        if not event.oldSize().isValid() or event.oldSize().height() < 100:
            self.table_switch.setChecked(self.height() >= _TABLE_FROM * text_scale())


def _row_name(state: CompareState, node_id: str) -> str:
    if not node_id:
        return "Whole network"
    one, other = state.comparison.analyses
    return layer_name(other if node_id in other.layers else one, node_id)


def _choice(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleDescription(tip)
    button.setCheckable(True)
    set_role(button, "bar")
    return button
