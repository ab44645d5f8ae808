"""Waiting for the maps of the main window."""

from PySide6.QtCore import QObject


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
