"""A strip over the flow that says in place what became of a picture, and asks what to do."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.chip import Chip
from gui.flow.flow_layout import FlowLayout
from gui.flow.row_lengths import MARGIN
from gui.labels import set_role, text_label


@dataclass(frozen=True)
class Notice:
    """A sentence or two, and what a person may answer: ids and labels."""

    text: str
    role: str = ""
    """As in the style sheet: "problem", "warning", or nothing."""
    answers: tuple[tuple[str, str], ...] = ()
    can_be_closed: bool = True


class PictureNotice(QWidget):
    """Shows one notice, or nothing."""

    answered = Signal(str)
    """The id of an answer."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Notice about the picture")
        self._card = QFrame()
        self.text = text_label()
        self.chips: list[Chip] = []
        self.close_button = QToolButton()
        self.close_button.setText("×")
        self.close_button.setAccessibleName("Close the notice")
        self.close_button.setToolTip("Close")
        self.close_button.clicked.connect(self.closed)
        self._beside, self._beneath = QHBoxLayout(), FlowLayout(spacing=8)
        grid = QGridLayout(self._card)
        grid.setContentsMargins(12, 7, 7, 7)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        grid.addWidget(self.text, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addLayout(self._beside, 0, 1)
        grid.addWidget(self.close_button, 0, 2, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(self._beneath, 1, 0, 1, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, 0, 2 * MARGIN + 2, MARGIN // 2)
        column.addWidget(self._card)
        self.hide()

    def show_notice(self, notice: Notice | None) -> None:
        """Show a notice, or hide the strip."""
        self._remove_chips()
        if notice is None:
            self.hide()
            return
        self.text.setText(notice.text)
        set_role(self.text, notice.role)
        set_role(self._card, "problem-card" if notice.role == "problem" else "card")
        # One answer stands beside the sentence; several would leave it no room.
        layout = self._beside if len(notice.answers) == 1 else self._beneath
        for answer, label in notice.answers:
            chip = Chip(label)
            chip.clicked.connect(lambda _=False, answer=answer: self.answered.emit(answer))
            layout.addWidget(chip)
            self.chips.append(chip)
        self.close_button.setVisible(notice.can_be_closed)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self.text, QAccessible.Event.Alert))

    def _remove_chips(self) -> None:
        for chip in self.chips:
            for layout in (self._beside, self._beneath):
                layout.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.close_button.isVisible():
            self.closed.emit()
        else:
            super().keyPressEvent(event)
