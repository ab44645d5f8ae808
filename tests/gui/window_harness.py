"""Waiting for the maps of the main window, and typing into it."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def focused() -> QWidget:
    """Return what has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(*keys: str) -> None:
    for key in keys:
        QTest.keySequence(focused(), QKeySequence(key))


def write(text: str) -> None:
    QTest.keyClicks(focused(), text)


class Watch(QObject):
    """Knows whether everything that was asked for is computed.

    Connected as long as the window lives: a signal of another thread may still be under way when
    somebody who waited for one has gone.
    """

    def __init__(self, window):
        super().__init__(window)
        self._evaluator = window.evaluator
        self._done = 0
        self._evaluator.finished.connect(self.on_finished)

    def on_finished(self, report):
        self._done = report.generation

    def is_idle(self):
        return self._done == self._evaluator.newest > 0
