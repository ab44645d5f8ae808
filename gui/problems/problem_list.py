"""Every layer that has a problem of its own: a click goes there, a chip repairs it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from engine.analysis import Analysis, LayerAnalysis
from engine.naming import Naming
from engine.problems import Repair
from engine.wording import counted
from gui.flow.row_state import numbered_title
from gui.labels import set_role, text_scale
from gui.pointed_button import PointedButton
from gui.side.problem_card import ProblemCard

WIDTH = 400
"""At the usual size of text."""
_EDGE = 3
"""Padding and border of a button with the look of text."""


class ProblemEntry(ProblemCard):
    """One layer's problem under the layer's name; a click anywhere but on a repair goes there."""

    go_chosen = Signal()

    def __init__(self, layer: LayerAnalysis, name: Naming) -> None:
        super().__init__()
        self.node_id = layer.node.id
        title = name(self.node_id)
        self.way = PointedButton(title)
        set_role(self.way, "fold-heading")
        self.way.setAccessibleName(f"Go to {title}")
        self.way.setAccessibleDescription("\n".join(p.message for p in layer.problems))
        self.way.clicked.connect(self.go_chosen)
        self.column.insertWidget(0, self.way, 0, Qt.AlignmentFlag.AlignLeft)
        # All words stand over each other, and the button's edge beside them.
        margins = self.column.contentsMargins()
        margins.setLeft(margins.left() - _EDGE)
        self.column.setContentsMargins(margins)
        self.sentence.setContentsMargins(_EDGE, 0, 0, 0)
        self.chip_room.setContentsMargins(_EDGE, 0, 0, 0)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_problems(layer, name)
        # Marking the words would take the click.
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setTabOrder(self, self.way)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        is_click = event.button() == Qt.MouseButton.LeftButton
        if is_click and self.rect().contains(event.position().toPoint()):
            self.go_chosen.emit()


class ProblemList(QWidget):
    """Shows the problems of an analysis; arrow keys go through its entries and their repairs."""

    layer_chosen = Signal(str)
    repair_chosen = Signal(Repair)
    repair_pointed = Signal(object)
    """The repair that is looked at, or None."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Problems")
        self.setFixedWidth(round(WIDTH * text_scale()))
        self.waiting = QLabel()
        set_role(self.waiting, "muted")
        self.entries: list[ProblemEntry] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 10, 10, 10)
        self._column.setSpacing(8)
        self._column.addWidget(self.waiting)
        for key, step in _STEPS.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self._move(*step))

    @property
    def _buttons(self) -> list[list[QPushButton]]:
        """For each entry the way to its layer, then its repairs."""
        return [[entry.way, *entry.chips] for entry in self.entries]

    def show_analysis(self, analysis: Analysis) -> None:
        """Show the problems; the keyboard, if it was in the list, stays at its place there."""
        line, column = self._focused()
        if line is not None:
            # From a button that is hidden Qt would take it elsewhere.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        for entry in self.entries:
            entry.hide()
            self._column.removeWidget(entry)
            entry.deleteLater()
        self.entries = [
            self._entry(layer, partial(numbered_title, analysis))
            for layer in analysis.layers.values()
            if layer.problems
        ]
        for place, entry in enumerate(self.entries):
            self._column.insertWidget(place, entry)
            entry.show()
        count = waiting_count(analysis)
        wait = "waits" if count == 1 else "wait"
        self.waiting.setText(f"{counted(count, 'layer')} {wait} for a repair.")
        self.waiting.setVisible(count > 0)
        if line is not None:
            self._focus(line, column)

    def _entry(self, layer: LayerAnalysis, name: Naming) -> ProblemEntry:
        entry = ProblemEntry(layer, name)
        entry.go_chosen.connect(lambda: self.layer_chosen.emit(layer.node.id))
        entry.repair_chosen.connect(self.repair_chosen)
        entry.repair_pointed.connect(self.repair_pointed)
        return entry

    # The keyboard

    def focus_layer(self, node_id: str) -> None:
        """Give the keyboard to the entry of a layer; to the first if it has none."""
        ids = [entry.node_id for entry in self.entries]
        self._focus(ids.index(node_id) if node_id in ids else 0)

    def _focused(self) -> tuple[int | None, int]:
        """Return which entry has the keyboard, None for none, and which of its buttons."""
        for line, buttons in enumerate(self._buttons):
            for column, button in enumerate(buttons):
                if button.hasFocus():
                    return line, column
        return None, 0

    def _focus(self, line: int, column: int = 0) -> None:
        if self.entries:
            buttons = self._buttons[min(max(line, 0), len(self.entries) - 1)]
            place = min(max(column, 0), len(buttons) - 1)
            buttons[place].setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, lines: int, columns: int) -> None:
        line, column = self._focused()
        self._focus((line or 0) + lines, column + columns if columns else 0)


_STEPS = {"Up": (-1, 0), "Down": (1, 0), "Left": (0, -1), "Right": (0, 1)}


def waiting_count(analysis: Analysis) -> int:
    """Return how many layers have no problem of their own and wait for one that has."""
    return sum(
        layer.waiting_for is not None and not layer.problems for layer in analysis.layers.values()
    )
