"""One editor per kind of constraint: it shows a value, and lets only legal ones through.

An editor emits ``edited`` with a legal value, as often as a drag changes it, and ``settled`` when
the drag, the key or the typing has ended.
"""

from functools import singledispatch
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
)

from engine.constraints import (
    Choice,
    Constraint,
    Flag,
    IntRange,
    NumberRange,
    NumbersOf,
    Optional,
    PaddingRule,
    PairOf,
)
from gui.fields.field_text import FieldText, number_text
from gui.fields.number_scale import NumberScale, number_scale
from gui.fields.numbers_text import NumbersText, PairText
from gui.fields.scrolled_inputs import ChoiceBox, Switch, ValueSlider
from gui.fields.sides_editor import SidesEditor
from gui.fields.value_editor import Editor
from gui.fields.value_field import ValueField

_GAP = 6

_PAIR_LETTERS = 11
"""Room for a pair, as 0.25 × 0.25; numbers get the same, so that the form has one edge."""


class RangeEditor(Editor):
    """A slider over the comfortable range and a field for every legal value."""

    def __init__(self, text: FieldText, scale: NumberScale, *, is_pair: bool = False) -> None:
        super().__init__()
        self._scale = scale
        self._is_pair = is_pair
        self.slider = ValueSlider(scale.places)
        self.field = ValueField(text)
        self.field.setFixedWidth(self.field.width_of(_PAIR_LETTERS))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.slider, 1)
        row.addWidget(self.field)
        self.inputs = [(self.field, ""), (self.slider, "slider")]
        self.setFocusProxy(self.field)
        self.slider.valueChanged.connect(self._on_slid)
        self.field.edited.connect(self._on_field_edited)
        self.slider.settled.connect(self.settled)
        self.field.settled.connect(self.settled)

    def show_value(self, value: Any, *, anew: bool = False) -> None:
        self.field.show_value(value, anew=anew)
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._scale.place(value[0] if self._is_pair else value))

    def _on_slid(self, place: int) -> None:
        number = self._scale.value(place)
        value = (number, number) if self._is_pair else number
        self.field.show_value(value, anew=True)
        self.edited.emit(value)

    def _on_field_edited(self, value: Any) -> None:
        self.show_value(value)
        self.edited.emit(value)


class ChoiceEditor(Editor):
    """A list of words."""

    _LONG = 26
    """A choice with more letters does not fit beside its label."""

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.is_wide = max(len(label) for _, label in choice.labels) > self._LONG
        self.box = ChoiceBox()
        for value, label in choice.labels:
            self.box.addItem(label, value)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        self.inputs = [(self.box, "")]
        self.setFocusProxy(self.box)
        self.box.activated.connect(self._on_activated)

    def show_value(self, value: Any, *, anew: bool = False) -> None:
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(self.box.findData(value))

    def _on_activated(self, index: int) -> None:
        self.edited.emit(self.box.itemData(index))
        self.settled.emit()


class FlagEditor(Editor):
    """A switch."""

    def __init__(self) -> None:
        super().__init__()
        self.box = Switch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        row.addStretch()
        self.inputs = [(self.box, "")]
        self.setFocusProxy(self.box)
        self.box.clicked.connect(self._on_clicked)

    def show_value(self, value: bool, *, anew: bool = False) -> None:
        self.box.setChecked(value)

    def _on_clicked(self, checked: bool) -> None:
        self.edited.emit(checked)
        self.settled.emit()


class SwitchedEditor(Editor):
    """A list of words, the last of which shows another editor below: a value of one's own."""

    _OWN = object()

    def __init__(
        self, words: tuple[tuple[Any, str], ...], own: str, inner: Editor, first: Any
    ) -> None:
        super().__init__()
        self.inner = inner
        self._own_value = first
        self.box = ChoiceBox()
        for value, label in words:
            self.box.addItem(label, value)
        self.box.addItem(own, self._OWN)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        layout.addWidget(self.box)
        layout.addWidget(inner)
        self._words = [value for value, _ in words]
        self.inputs = [(self.box, ""), *inner.inputs]
        self.setFocusProxy(self.box)
        self.box.activated.connect(self._on_activated)
        inner.edited.connect(self._on_inner_edited)
        inner.settled.connect(self.settled)

    def show_value(self, value: Any, *, anew: bool = False) -> None:
        is_own = value not in self._words
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(self.box.count() - 1 if is_own else self._words.index(value))
        if is_own:
            self._own_value = value
            self.inner.show_value(value, anew=anew)
        elif self.inner.isAncestorOf(self.focusWidget() or self):
            # Qt would move the focus on to the next setting.
            self.box.setFocus()
        self.inner.setVisible(is_own)

    def _on_activated(self, index: int) -> None:
        is_own = index == self.box.count() - 1
        value = self._own_value if is_own else self._words[index]
        self.show_value(value)
        self.edited.emit(value)
        self.settled.emit()

    def _on_inner_edited(self, value: Any) -> None:
        self._own_value = value
        self.edited.emit(value)


class ListEditor(Editor):
    """A field for a list of numbers."""

    is_wide = True

    def __init__(self, numbers: NumbersOf) -> None:
        super().__init__()
        self.field = ValueField(NumbersText(numbers))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field)
        self.inputs = [(self.field, "numbers separated by commas")]
        self.setFocusProxy(self.field)
        self.field.edited.connect(self.edited)
        self.field.settled.connect(self.settled)

    def show_value(self, value: tuple[float, ...], *, anew: bool = False) -> None:
        self.field.show_value(value, anew=anew)


@singledispatch
def editor_for(constraint: Constraint) -> Editor:
    """Return the editor of a constraint's type."""
    raise TypeError(f"There is no editor for {type(constraint).__name__}.")


editor_for.register(Choice, ChoiceEditor)
editor_for.register(NumbersOf, ListEditor)


@editor_for.register(IntRange)
@editor_for.register(NumberRange)
def _range(constraint: IntRange | NumberRange) -> Editor:
    return RangeEditor(number_text(constraint), number_scale(constraint))


@editor_for.register
def _pair(constraint: PairOf) -> Editor:
    return RangeEditor(PairText(constraint), number_scale(constraint.axis), is_pair=True)


@editor_for.register
def _flag(constraint: Flag) -> Editor:
    return FlagEditor()


@editor_for.register
def _padding(constraint: PaddingRule) -> Editor:
    sides = SidesEditor(constraint.side)
    if not constraint.rules.labels:
        return sides
    first = (max(constraint.side.minimum, 1),) * 4
    return SwitchedEditor(constraint.rules.labels, "Pixels per side", sides, first)


@editor_for.register
def _optional(constraint: Optional) -> Editor:
    inner = editor_for(constraint.constraint)
    meaning = constraint.meaning[:1].upper() + constraint.meaning[1:]
    first = next(iter(constraint.constraint.examples()))
    return SwitchedEditor(((None, meaning),), "Own value", inner, first)
