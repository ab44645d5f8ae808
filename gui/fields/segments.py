"""One of a few choices, side by side: the chosen one is marked, arrow keys go to the next."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from gui.fonts import text_font
from gui.labels import set_role


class Segments(QWidget):
    """Buttons of which one is down."""

    chosen = Signal(str)
    """A person chose another one; its name."""

    def __init__(self, name: str, labels: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        for value, label in labels.items():
            button = QPushButton(label)
            button.setCheckable(True)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            button.setAccessibleName(f"{name}: {label}")
            set_role(button, "segment")
            button.setFont(text_font(9))
            self._group.addButton(button)
            row.addWidget(button, 1)
            self.buttons[value] = button
        next(iter(self.buttons.values())).setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)

    @property
    def value(self) -> str:
        """The name of the one that is down."""
        return next(name for name, button in self.buttons.items() if button.isChecked())

    def show_value(self, value: str) -> None:
        """Put another one down; a name that there is not changes nothing."""
        if value in self.buttons:
            self._group.blockSignals(True)
            self.buttons[value].setChecked(True)
            self._group.blockSignals(False)

    def set_offered(self, value: str, offered: bool) -> None:
        """Offer a choice, or not; the first one takes the place of one that goes."""
        self.buttons[value].setVisible(offered)
        if not offered and self.value == value:
            self.show_value(next(iter(self.buttons)))

    def _on_toggled(self, button: QPushButton, down: bool) -> None:
        if down:
            self.chosen.emit(self.value)
