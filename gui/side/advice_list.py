"""What would make a layer's output denser, smaller, the same or exactly a size; a click does it."""

from collections.abc import Sequence
from typing import Literal, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.advice import Advice, Goal
from engine.analysis import LayerAnalysis
from engine.constraints import IntRange
from engine.edits import Edit
from engine.formats.advice_text import advice_words, nothing_words
from engine.naming import Naming, by_id
from engine.network import INPUT_ID
from gui.fields.field_text import WholeText
from gui.fields.segments import Segments
from gui.fields.value_field import ValueField
from gui.fold_button import FoldButton
from gui.labels import set_role, text_label
from gui.side.advice_row import AdviceRow

_GOALS = {"denser": "Denser", "smaller": "Smaller", "same": "Same size", "exact": "Exactly"}
_HELP = {
    "denser": "Changes after which the output has more places",
    "smaller": "Changes after which the output has fewer places",
    "same": "Settings with which the output is as large as the input",
    "exact": "Settings with which the output has a size of your choice",
}
_HINT = "Point at one to see in the flow what it would do to all sizes."
_LARGEST = 8192


class AdviceList(QWidget):
    """Ways to another size, for one goal at a time; they are asked for when they are in sight."""

    wanted = Signal()
    """What is shown is out of date, and in sight."""
    edit_chosen = Signal(Edit, str)
    """An edit, and its name as a step."""
    edit_pointed = Signal(object)
    """The edit that is looked at, or None."""
    goal_chosen = Signal(str)
    folded = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fold = FoldButton("Make the output", "fold-heading")
        self.goals = Segments("Make the output", _GOALS)
        for name, button in self.goals.buttons.items():
            button.setToolTip(_HELP[name])
        self.fields = [_length_field("Height"), _length_field("Width")]
        self._size_row = QWidget()
        self.nothing = text_label(role="muted")
        self.outcome = text_label(_HINT, role="muted")
        self.rows: list[AdviceRow] = []
        self._advice: tuple[Advice, ...] = ()
        self._layer: LayerAnalysis | None = None
        self._name: Naming = by_id
        self._is_fresh = self._is_asked = False
        self._lay_out()
        self.fold.toggled.connect(self._on_fold_toggled)
        self.goals.chosen.connect(self._on_goal_chosen)
        for field in self.fields:
            field.edited.connect(lambda _value: self._renew())

    def _lay_out(self) -> None:
        sizes = QHBoxLayout(self._size_row)
        sizes.setContentsMargins(0, 0, 0, 0)
        for field, word in zip(self.fields, ("×", "height × width"), strict=True):
            label = QLabel(word)
            set_role(label, "muted")
            sizes.addWidget(field)
            sizes.addWidget(label)
        sizes.addStretch()
        self._content = QWidget()
        inner = QVBoxLayout(self._content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        for part in (self.goals, self._size_row):
            inner.addWidget(part)
        inner.addLayout(self._list)
        inner.addWidget(self.nothing)
        inner.addWidget(self.outcome)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.fold)
        column.addWidget(self._content)
        self._show_parts()

    # What is shown

    @property
    def is_folded(self) -> bool:
        """Whether only the heading is shown."""
        return not self.fold.isChecked()

    def set_folded(self, folded: bool) -> None:
        """Show the heading alone, or the advice too."""
        self.fold.setChecked(not folded)

    def show_goal(self, name: str) -> None:
        """Choose what is wanted: "denser", "smaller", "same" or "exact"."""
        self.goals.show_value(name)
        self._renew()

    @property
    def goal(self) -> Goal:
        """What is wanted of the output."""
        name = self.goals.value
        if name == "exact":
            return self.fields[0].value, self.fields[1].value
        return cast(Literal["denser", "smaller", "same"], name)

    def show_layer(self, layer: LayerAnalysis, name: Naming, *, anew: bool) -> None:
        """Take another layer, or another state of it; the advice on it is then asked for.

        ``name`` says what other layers are called.
        """
        facts = layer.facts
        self.setVisible(facts is not None and layer.node.id != INPUT_ID and not layer.node.bypassed)
        self._layer, self._name = layer, name
        if anew:
            self._clear()
            if facts is not None:
                for field, length in zip(self.fields, facts.shape[1:], strict=True):
                    field.show_value(length, anew=True)
        self._renew()

    def show_advice(self, advice: Sequence[Advice]) -> None:
        """Show all that was found for the goal."""
        assert self._layer is not None
        self._is_fresh, self._advice = False, tuple(advice)
        while len(self.rows) < len(advice):
            self._add_row()
        for row, found in zip(self.rows, self._advice, strict=False):
            row.show_words(advice_words(found, self._layer, self._name))
            row.show()
        for row in self.rows[len(advice) :]:
            row.hide()
        self.nothing.setText("" if advice else nothing_words(self.goal))
        self._show_parts()
        # Last: a row that goes hands the keyboard on, and nobody looked at the next one.
        self._is_fresh = True

    def show_outcome(self, words: str) -> None:
        """Say what the whole network would cost with the edit that is looked at."""
        self.outcome.setText(words or _HINT)

    def _renew(self) -> None:
        """Ask for advice, as soon as it is in sight."""
        self._is_fresh = self._is_asked = False
        self.edit_pointed.emit(None)
        self._show_parts()
        self.update()

    def _clear(self) -> None:
        self._is_fresh, self._advice = False, ()
        for row in self.rows:
            row.hide()
        self.nothing.clear()

    def _show_parts(self) -> None:
        self._content.setHidden(self.is_folded)
        self._size_row.setVisible(self.goals.value == "exact")
        self.nothing.setVisible(bool(self.nothing.text()))
        self.outcome.setVisible(bool(self._advice))

    def _add_row(self) -> None:
        row, place = AdviceRow(), len(self.rows)
        row.clicked.connect(lambda: self._on_row_clicked(place))
        row.pointed.connect(lambda pointed: self._on_row_pointed(place, pointed))
        self._list.addWidget(row)
        # The tab key comes to it where it stands, and not as the newest of all.
        QWidget.setTabOrder(self.rows[-1] if self.rows else self.fields[-1], row)
        self.rows.append(row)

    # What a person does

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not (self._is_fresh or self._is_asked or self.is_folded):
            self._is_asked = True
            self.wanted.emit()

    def _on_row_clicked(self, place: int) -> None:
        # Between an edit and the advice on it, what is seen is of the state before.
        if self._is_fresh:
            edit = self._advice[place].edit
            self.edit_chosen.emit(edit, f"Change the size: {edit.words(self._name)}")

    def _on_row_pointed(self, place: int, pointed: bool) -> None:
        if not pointed:
            self.edit_pointed.emit(None)
        elif self._is_fresh:
            self.edit_pointed.emit(self._advice[place].edit)

    def _on_goal_chosen(self, name: str) -> None:
        self._clear()
        self._renew()
        self.goal_chosen.emit(name)

    def _on_fold_toggled(self, unfolded: bool) -> None:
        self._renew()
        self.folded.emit(not unfolded)


def _length_field(name: str) -> ValueField:
    field = ValueField(WholeText(IntRange(1, _LARGEST, (1, 512))), letters=5)
    field.setFixedWidth(field.width_of(5))
    field.setAccessibleName(f"{name} of the output")
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    field.show_value(1)
    return field
