"""A chip: a small round button with a few words, such as a repair."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyleOptionButton, QWidget


class Chip(QPushButton):
    """A button that shortens its words where they do not fit; the tip holds them all."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("role", "chip")
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        super().initStyleOption(option)
        # What the style sheet's padding and border take of the width.
        room = self.width() - 24
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
