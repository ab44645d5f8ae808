"""The controls of the large view: which map, which layer, which input, how large, which colors."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from engine.constraints import IntRange
from gui.elided_label import ElidedLabel
from gui.fields.choices import CHOICES
from gui.fields.field_text import WholeText
from gui.fields.scrolled_inputs import ChoiceBox
from gui.fields.value_field import ValueField
from gui.fonts import number_font
from gui.icons import icon
from gui.labels import set_role, text_scale
from gui.maps.title_label import TitleLabel
from gui.theme import Theme

_SIZE_FROM = 880
"""From that width on, at the usual size of text, the layer's size has room beside its name."""
CHOICE_NAMES = ("color", "scope", "clip")

_BUTTONS = {
    "back": ("Flow", "back", "Back to the flow (Esc)"),
    "previous-map": ("", "previous", "Previous map (Page Up)"),
    "next-map": ("", "next", "Next map (Page Down)"),
    "previous-layer": ("", "up", "Previous layer (Ctrl+Page Up)"),
    "next-layer": ("", "down", "Next layer (Ctrl+Page Down)"),
    "fit": ("", "fit", "Show the whole map (0)"),
    "one-to-one": ("", "one-to-one", "Draw each value as one pixel of the screen (1)"),
    "numbers": ("1.23", "", "Enlarge until the numbers stand in the cells (N)"),
}
"""Text, icon and tip of each button, by what it does."""

KEYS = {
    (Qt.Key.Key_Escape, False): "back",
    (Qt.Key.Key_Backspace, False): "back",
    (Qt.Key.Key_PageUp, False): "previous-map",
    (Qt.Key.Key_PageDown, False): "next-map",
    (Qt.Key.Key_Home, False): "first-map",
    (Qt.Key.Key_End, False): "last-map",
    (Qt.Key.Key_PageUp, True): "previous-layer",
    (Qt.Key.Key_PageDown, True): "next-layer",
    (Qt.Key.Key_Plus, False): "larger",
    (Qt.Key.Key_Equal, False): "larger",
    (Qt.Key.Key_Minus, False): "smaller",
    (Qt.Key.Key_0, False): "fit",
    (Qt.Key.Key_1, False): "one-to-one",
    (Qt.Key.Key_N, False): "numbers",
}
"""What keys do, with Ctrl and without."""


class MapToolbar(QWidget):
    """The line above the maps."""

    acted = Signal(str)
    """What a button does."""
    map_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons = {name: _button(name, theme) for name in _BUTTONS}
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, name=name: self.acted.emit(name))
        self.title = TitleLabel()
        self.size_label = ElidedLabel()
        self.size_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.size_label.setFont(number_font(10.5, bold=True))
        set_role(self.size_label, "accent")
        self.map_field = MapField("Map")
        self.map_field.chosen.connect(self.map_chosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 18, 0)
        row.setSpacing(6)
        row.addWidget(self.buttons["back"])
        row.addSpacing(6)
        row.addWidget(self.buttons["previous-layer"])
        row.addWidget(self.buttons["next-layer"])
        row.addSpacing(6)
        row.addWidget(self.title, 1)
        row.addWidget(self.size_label)
        row.addSpacing(10)
        row.addWidget(self.buttons["previous-map"])
        row.addWidget(self.map_field)
        row.addWidget(self.buttons["next-map"])
        row.addSpacing(10)
        for name in ("fit", "one-to-one", "numbers"):
            row.addWidget(self.buttons[name])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.size_label.setVisible(self.width() >= _SIZE_FROM * text_scale())

    def show_layer(self, title: str, size: str) -> None:
        """Show which layer it is."""
        self.title.setText(title)
        self.size_label.setText(size)

    def show_maps(self, index: int, count: int) -> None:
        """Show which of so many maps it is; none if there are none."""
        self.map_field.show_map(index, count)
        self.buttons["previous-map"].setEnabled(index > 0)
        self.buttons["next-map"].setEnabled(index < count - 1)
        for name in ("fit", "one-to-one", "numbers"):
            self.buttons[name].setEnabled(count > 0)


class InputChooser(QWidget):
    """Which map of which input is shown."""

    chosen = Signal(int, int)
    """Which input, and which of its maps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inputs = ChoiceBox()
        self.inputs.setAccessibleName("Input")
        self.name = ElidedLabel()
        set_role(self.name, "muted")
        self.map_field = MapField("Map of the input")
        self.inputs.currentIndexChanged.connect(lambda place: self.chosen.emit(place, 0))
        self.map_field.chosen.connect(
            lambda index: self.chosen.emit(max(self.inputs.currentIndex(), 0), index)
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.name, 1)
        row.addWidget(self.inputs, 1)
        row.addWidget(self.map_field)

    def show_inputs(self, names: Sequence[str], place: int, index: int, count: int) -> None:
        """Show the inputs by name, and which of so many maps of one of them is shown."""
        self.name.setText(f"from {names[place]}")
        self.name.setVisible(len(names) == 1)
        self.inputs.setVisible(len(names) > 1)
        self.inputs.blockSignals(True)
        if [self.inputs.itemText(n) for n in range(self.inputs.count())] != list(names):
            self.inputs.clear()
            self.inputs.addItems(list(names))
        self.inputs.setCurrentIndex(place)
        self.inputs.blockSignals(False)
        self.map_field.show_map(index, count)


class ChoiceForm(QWidget):
    """Colors, their range, and what is clipped: choices of the view, for the flow too."""

    chosen = Signal(str, str)
    """A choice and its value."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(6)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.fields: dict[str, ChoiceBox] = {}
        for name in CHOICE_NAMES:
            field = self.fields[name] = ChoiceBox()
            for value, (label, tip) in CHOICES[name].options.items():
                field.addItem(label, value)
                field.setItemData(field.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
            field.setAccessibleName(CHOICES[name].text)
            field.activated.connect(
                lambda place, name=name, field=field: self.chosen.emit(
                    name, str(field.itemData(place))
                )
            )
            label_widget = QLabel(CHOICES[name].text)
            set_role(label_widget, "muted")
            label_widget.setBuddy(field)
            form.addRow(label_widget, field)

    def show_chosen(self, chosen: Mapping[str, str]) -> None:
        """Show the value of each choice."""
        for name, field in self.fields.items():
            place = field.findData(chosen[name])
            field.setCurrentIndex(place)
            field.setToolTip(str(field.itemData(place, Qt.ItemDataRole.ToolTipRole) or ""))


def _button(name: str, theme: Theme) -> QToolButton:
    text, drawing, tip = _BUTTONS[name]
    button = QToolButton()
    if drawing:
        button.setIcon(icon(drawing, theme.text))
        side = round(16 * text_scale())
        button.setIconSize(QSize(side, side))
        if not text:
            button.setStyleSheet("padding: 4px 6px;")
    if text:
        button.setText(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setToolTip(tip)
    button.setAccessibleName(tip.partition(" (")[0])
    return button


class MapField(QWidget):
    """The number of a map among so many; Enter takes it over, arrow keys step."""

    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = ValueField(_number_of(1), letters=4)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setFixedWidth(self.field.width_of(4))
        self.field.setAccessibleName(name)
        self.field.edited.connect(lambda index: self.chosen.emit(index))
        self.count = QLabel()
        set_role(self.count, "muted")
        before = QLabel("map")
        set_role(before, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for part in (before, self.field, self.count):
            row.addWidget(part)

    def show_map(self, index: int, count: int) -> None:
        """Show which of so many maps it is."""
        self.field.use(_number_of(count))
        self.field.show_value(index)
        self.field.setEnabled(count > 1)
        self.count.setText(f"of {count:,}")


def _number_of(count: int) -> WholeText:
    last = max(count - 1, 0)
    return WholeText(IntRange(0, last, (0, last)))
