"""A strip over the flow that says in place what became of a picture, and asks what to do."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from gui.chip import Chip
from gui.labels import set_role, text_label


@dataclass(frozen=True)
class Notice:
    """A sentence or two, and what a person may answer: ids and labels."""

    text: str
    role: str = ""
    """As in the style sheet: "problem", "warning", or nothing."""
    answers: tuple[tuple[str, str], ...] = ()
    can_be_closed: bool = True


class PictureNotice(QFrame):
    """Shows one notice, or nothing."""

    answered = Signal(str)
    """The id of an answer."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.setAccessibleName("Notice about the picture")
        self.text = text_label()
        self.chips: list[Chip] = []
        self.close_button = QToolButton()
        self.close_button.setText("×")
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName("Close the notice")
        self.close_button.setToolTip("Close")
        self.close_button.clicked.connect(self.closed)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(8)
        row.addLayout(self._chips)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_notice(self, notice: Notice | None) -> None:
        """Show a notice, or hide the strip."""
        for chip in self.chips:
            chip.deleteLater()
        self.chips = []
        if notice is None:
            self.hide()
            return
        self.text.setText(notice.text)
        set_role(self.text, notice.role)
        set_role(self, "problem-card" if notice.role == "problem" else "card")
        for answer, label in notice.answers:
            chip = Chip(label)
            chip.clicked.connect(lambda _=False, answer=answer: self.answered.emit(answer))
            self._chips.addWidget(chip)
            self.chips.append(chip)
        self.close_button.setVisible(notice.can_be_closed)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self.text, QAccessible.Event.Alert))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.close_button.isVisible():
            self.closed.emit()
        else:
            super().keyPressEvent(event)
