"""The dialog for what nobody expected: a sentence, and details to copy into a report."""

import sys
import traceback

from PySide6.QtCore import Qt, QThread
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from gui.fonts import number_font
from gui.labels import text_label

LONGEST = 20_000
"""Letters of details that are shown; the first and the last of a longer text."""

_COPY = "Copy details"

_opened: "set[ErrorDialog]" = set()


class ErrorDialog(QDialog):
    """A sentence over details; another error while it is open is added to it."""

    def __init__(self, sentence: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Convolens")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.sentence = text_label(sentence)
        self.advice = text_label(
            "You can go on; saving under another name is wise. The details help to mend it.",
            "muted",
        )
        self.details = QPlainTextEdit(_shortened(details), readOnly=True)
        self.details.setAccessibleName("Details")
        self.details.setFont(number_font(9))
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = self.buttons.addButton(_COPY, QDialogButtonBox.ButtonRole.ActionRole)
        # As wide as it is, it says that it was done.
        self.copy.setMinimumWidth(self.copy.sizeHint().width())
        self.copy.clicked.connect(self._on_copy_clicked)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(10)
        for part in (self.sentence, self.advice, self.details, self.buttons):
            column.addWidget(part)
        self.resize(640, 380)

    def add(self, sentence: str, details: str) -> None:
        """Add another error to the details; the same one again is left out."""
        shown = self.details.toPlainText()
        if details.strip() not in shown and len(shown) < LONGEST:
            self.details.appendPlainText(f"\n{sentence}\n{_shortened(details)}")
            self.copy.setText(_COPY)

    def _on_copy_clicked(self) -> None:
        text = f"{self.sentence.text()}\n\n{self.details.toPlainText()}"
        QGuiApplication.clipboard().setText(text)
        self.copy.setText("Copied")


def show_unexpected(sentence: str, details: str) -> None:
    """Show what went wrong; never raises, waits for nothing, and closes nothing.

    May be called where anything fails, in Qt's events and in another thread too: where no dialog
    can be shown, the text is printed.
    """
    try:
        if not _shown(sentence, details):
            _print(sentence, details)
    except Exception:
        # An error of this dialog must not call it again.
        _print(sentence, f"{details}\n{traceback.format_exc()}")


def _shown(sentence: str, details: str) -> bool:
    app = QApplication.instance()
    if not isinstance(app, QApplication) or QThread.currentThread() != app.thread():
        return False
    if QApplication.closingDown():
        return False
    for dialog in _opened:
        dialog.add(sentence, details)
        return True
    dialog = ErrorDialog(sentence, details, QApplication.activeWindow())
    # Without a parent nothing else would hold it.
    _opened.add(dialog)
    # Closed by a person, or gone with its window.
    dialog.finished.connect(lambda: _opened.discard(dialog))
    dialog.destroyed.connect(lambda: _opened.discard(dialog))
    dialog.show()
    return True


def _shortened(details: str) -> str:
    if len(details) <= LONGEST:
        return details
    return f"{details[: LONGEST // 2]}\n […]\n{details[-LONGEST // 2 :]}"


def _print(sentence: str, details: str) -> None:
    # A program started from a desktop may have no standard error.
    if sys.stderr is not None:
        print(f"{sentence}\n{details}", file=sys.stderr)
