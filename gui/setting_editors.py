"""One editor per kind of constraint: it shows a value, and offers only legal ones.

An editor emits ``edited`` with a legal value, and ``settled`` when a drag or typing has ended.
"""

from functools import singledispatch
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
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

SLIDER_STEPS = 200
"""Steps of a slider over real numbers."""


class Editor(QWidget):
    """Shows and edits one value."""

    edited = Signal(object)
    settled = Signal()

    def show_value(self, value: Any) -> None:
        """Show a value without emitting anything."""
        raise NotImplementedError


def _slider(minimum: int, maximum: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(minimum, maximum)
    slider.setPageStep(1)
    slider.setMinimumWidth(60)
    return slider


def _spin(numbers: IntRange) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(numbers.minimum, numbers.maximum)
    spin.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    spin.setKeyboardTracking(False)
    spin.setMinimumWidth(44)
    return spin


class IntEditor(Editor):
    """A slider over the comfortable range and a field for every legal number."""

    def __init__(self, numbers: IntRange) -> None:
        super().__init__()
        self.slider = _slider(*numbers.comfortable)
        self.spin = _spin(numbers)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self.spin)
        self.setFocusProxy(self.spin)
        self.slider.valueChanged.connect(self._on_changed)
        self.spin.valueChanged.connect(self._on_changed)
        self.slider.sliderReleased.connect(self.settled)
        self.spin.editingFinished.connect(self.settled)

    def show_value(self, value: int) -> None:
        with QSignalBlocker(self.slider), QSignalBlocker(self.spin):
            self.slider.setValue(value)
            self.spin.setValue(value)

    def _on_changed(self, value: int) -> None:
        self.show_value(value)
        self.edited.emit(value)


class PairEditor(Editor):
    """Height and width, linked or apart."""

    def __init__(self, axis: IntRange) -> None:
        super().__init__()
        self.slider = _slider(*axis.comfortable)
        self.height_spin, self.width_spin = _spin(axis), _spin(axis)
        self.height_spin.setAccessibleName("Height")
        self.width_spin.setAccessibleName("Width")
        self.link = QToolButton(text="=", checkable=True, checked=True)
        self.link.setToolTip("Keep height and width equal")
        self.link.setAccessibleName("Keep height and width equal")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.slider, 1)
        row.addWidget(self.height_spin)
        row.addWidget(self.link)
        row.addWidget(self.width_spin)
        self.setFocusProxy(self.height_spin)
        self.slider.valueChanged.connect(lambda value: self._edit((value, value)))
        self.height_spin.valueChanged.connect(self._on_height_changed)
        self.width_spin.valueChanged.connect(self._on_width_changed)
        self.link.toggled.connect(self._on_link_toggled)
        self.slider.sliderReleased.connect(self.settled)
        for spin in (self.height_spin, self.width_spin):
            spin.editingFinished.connect(self.settled)

    def show_value(self, value: tuple[int, int]) -> None:
        height, width = value
        with (
            QSignalBlocker(self.slider),
            QSignalBlocker(self.height_spin),
            QSignalBlocker(self.width_spin),
            QSignalBlocker(self.link),
        ):
            self.slider.setValue(height)
            self.height_spin.setValue(height)
            self.width_spin.setValue(width)
            if height != width:
                self.link.setChecked(False)
        self._show_link()

    def _edit(self, value: tuple[int, int]) -> None:
        self.show_value(value)
        self.edited.emit(value)

    def _on_height_changed(self, height: int) -> None:
        self._edit((height, height if self.link.isChecked() else self.width_spin.value()))

    def _on_width_changed(self, width: int) -> None:
        self._edit((width if self.link.isChecked() else self.height_spin.value(), width))

    def _on_link_toggled(self, linked: bool) -> None:
        if linked and self.height_spin.value() != self.width_spin.value():
            self._edit((self.height_spin.value(),) * 2)
            self.settled.emit()
        self._show_link()

    def _show_link(self) -> None:
        linked = self.link.isChecked()
        self.link.setText("=" if linked else "×")
        self.slider.setEnabled(linked)


class NumberEditor(Editor):
    """A slider over the comfortable range and a field for every legal number."""

    def __init__(self, numbers: NumberRange) -> None:
        super().__init__()
        self._low, self._high = numbers.comfortable
        self.slider = _slider(0, SLIDER_STEPS)
        self.spin = QDoubleSpinBox()
        self.spin.setDecimals(6)
        self.spin.setRange(numbers.minimum, numbers.maximum)
        self.spin.setSingleStep((self._high - self._low) / 20 or 0.1)
        self.spin.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.spin.setKeyboardTracking(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self.spin)
        self.setFocusProxy(self.spin)
        self.slider.valueChanged.connect(self._on_slid)
        self.spin.valueChanged.connect(self._on_typed)
        self.slider.sliderReleased.connect(self.settled)
        self.spin.editingFinished.connect(self.settled)

    def show_value(self, value: float) -> None:
        with QSignalBlocker(self.slider), QSignalBlocker(self.spin):
            span = self._high - self._low or 1.0
            place = (value - self._low) / span * SLIDER_STEPS
            self.slider.setValue(round(min(max(place, 0), SLIDER_STEPS)))
            self.spin.setValue(value)

    def _on_slid(self, place: int) -> None:
        value = round(self._low + (self._high - self._low) * place / SLIDER_STEPS, 6)
        self.show_value(value)
        self.edited.emit(value)

    def _on_typed(self, value: float) -> None:
        self.show_value(value)
        self.edited.emit(value)


class ChoiceEditor(Editor):
    """A list of words."""

    def __init__(self, labels: tuple[tuple[str, Any], ...]) -> None:
        super().__init__()
        self.box = QComboBox()
        for value, label in labels:
            self.box.addItem(label, value)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.activated.connect(self._on_activated)

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(self.box.findData(value))

    def _on_activated(self, index: int) -> None:
        self.edited.emit(self.box.itemData(index))
        self.settled.emit()


class PaddingEditor(Editor):
    """A rule, or pixels per side."""

    _EXPLICIT = "explicit"

    def __init__(self, rule: PaddingRule) -> None:
        super().__init__()
        self.box = QComboBox()
        for value, label in rule.rules.labels:
            self.box.addItem(label, value)
        self.box.addItem("Pixels per side", self._EXPLICIT)
        self.sides = [_spin(rule.side) for _ in range(4)]
        self._explicit = QWidget()
        grid = QGridLayout(self._explicit)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        places = ((0, 1), (1, 0), (2, 1), (1, 2))
        for spin, name, (line, column) in zip(
            self.sides, ("Top", "Left", "Bottom", "Right"), places, strict=True
        ):
            spin.setAccessibleName(name)
            spin.setToolTip(name)
            grid.addWidget(spin, line, column)
            spin.valueChanged.connect(self._on_side_changed)
            spin.editingFinished.connect(self.settled)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.setSpacing(4)
        column_layout.addWidget(self.box)
        column_layout.addWidget(self._explicit)
        self.box.setVisible(bool(rule.rules.labels))
        self.setFocusProxy(self.box if rule.rules.labels else self.sides[0])
        self.box.activated.connect(self._on_rule_activated)

    def show_value(self, value: Any) -> None:
        explicit = not isinstance(value, str)
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(self.box.findData(self._EXPLICIT if explicit else value))
        self._explicit.setVisible(explicit)
        if explicit:
            for spin, side in zip(self.sides, value, strict=True):
                with QSignalBlocker(spin):
                    spin.setValue(side)

    def _on_rule_activated(self, index: int) -> None:
        rule = self.box.itemData(index)
        value = tuple(spin.value() for spin in self.sides) if rule == self._EXPLICIT else rule
        self.show_value(value)
        self.edited.emit(value)
        self.settled.emit()

    def _on_side_changed(self) -> None:
        self.edited.emit(tuple(spin.value() for spin in self.sides))


class NumbersEditor(Editor):
    """A list of numbers, separated by commas; what is not legal is marked and not taken."""

    def __init__(self, numbers: NumbersOf) -> None:
        super().__init__()
        self._constraint = numbers
        self.line = QLineEdit()
        self.line.setToolTip("Numbers separated by commas")
        self._complaint = QLabel(wordWrap=True)
        self._complaint.setProperty("role", "problem")
        self._complaint.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line)
        column.addWidget(self._complaint)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._on_typed)
        self.line.editingFinished.connect(self.settled)

    def show_value(self, value: tuple[float, ...]) -> None:
        if not self.line.hasFocus():
            self.line.setText(", ".join(f"{number:g}" for number in value))
            self._complaint.hide()

    def _on_typed(self, text: str) -> None:
        try:
            value = self._constraint.check([float(part) for part in text.split(",")])
        except ValueError:
            self._complaint.setText("Numbers separated by commas, please.")
            self._complaint.show()
            return
        self._complaint.hide()
        self.edited.emit(value)


class OptionalEditor(Editor):
    """Another editor, or nothing, which has a meaning."""

    def __init__(self, optional: Optional) -> None:
        super().__init__()
        self._inner = editor_for(optional.constraint)
        self._first = next(iter(optional.constraint.examples()))
        self.box = QComboBox()
        self.box.addItem(optional.meaning[:1].upper() + optional.meaning[1:], False)
        self.box.addItem("Own value", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.box)
        column.addWidget(self._inner)
        self.setFocusProxy(self.box)
        self.box.activated.connect(self._on_activated)
        self._inner.edited.connect(self._on_edited)
        self._inner.settled.connect(self.settled)

    def show_value(self, value: Any) -> None:
        with QSignalBlocker(self.box):
            self.box.setCurrentIndex(0 if value is None else 1)
        self._inner.setVisible(value is not None)
        if value is not None:
            self._first = value
            self._inner.show_value(value)

    def _on_activated(self, index: int) -> None:
        value = self._first if index else None
        self.show_value(value)
        self.edited.emit(value)
        self.settled.emit()

    def _on_edited(self, value: Any) -> None:
        self._first = value
        self.edited.emit(value)


@singledispatch
def editor_for(constraint: Constraint) -> Editor:
    """Return the editor of a constraint's type."""
    raise TypeError(f"There is no editor for {type(constraint).__name__}.")


editor_for.register(IntRange, IntEditor)
editor_for.register(NumberRange, NumberEditor)
editor_for.register(PaddingRule, PaddingEditor)
editor_for.register(NumbersOf, NumbersEditor)
editor_for.register(Optional, OptionalEditor)


@editor_for.register
def _pair(constraint: PairOf) -> Editor:
    return PairEditor(constraint.axis)


@editor_for.register
def _choice(constraint: Choice) -> Editor:
    return ChoiceEditor(tuple((value, label) for value, label in constraint.labels))


@editor_for.register
def _flag(constraint: Flag) -> Editor:
    return ChoiceEditor(((True, "On"), (False, "Off")))  # type: ignore[arg-type]
