"""The corner of the status bar that says how far a long computation is, and stops it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStatusBar,
    QWidget,
)

from gui.computing import ComputingState
from gui.labels import set_role

BAR_WIDTH, BAR_HEIGHT = 140, 6

_RUNNING = "Computing", "Stop", "Leave the layers that are not computed yet (Esc)."
_STOPPED = "Stopped before", "Compute the rest", "Compute the layers that were left."
_FAILED = "⚠ Failed at", "Try again", "Compute this layer and those behind it once more."


class ProgressStrip(QWidget):
    """Which layer of how many is computed, a thin bar, and a button; hidden while all is quick."""

    stop_asked = Signal()
    go_on_asked = Signal()

    def __init__(self, status: QStatusBar) -> None:
        """Take the right end of a status bar, which keeps its height without the strip."""
        super().__init__(status)
        self.text = QLabel()
        set_role(self.text, "muted")
        self.bar = QProgressBar(textVisible=False)
        set_role(self.bar, "thin")
        self.bar.setFixedSize(BAR_WIDTH, BAR_HEIGHT)
        self.bar.setAccessibleName("Layers computed")
        self.button = QPushButton()
        set_role(self.button, "small")
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self._on_clicked)
        self._stopped = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 4, 0)
        row.addStretch()
        row.setSpacing(10)
        for widget in (self.text, self.bar, self.button):
            row.addWidget(widget)
        status.addPermanentWidget(self)
        status.setMinimumHeight(self.button.sizeHint().height() + 4)
        self.hide()

    def show_state(self, state: ComputingState | None) -> None:
        """Show how far a computation is; None hides the strip."""
        if state is not None:
            self._stopped = state.stopped
            verb, button, tip = _FAILED if state.fault else _STOPPED if state.stopped else _RUNNING
            self.text.setText(f"{verb} layer {state.number} of {state.count} · {state.label}")
            set_role(self.text, "problem" if state.fault else "muted")
            self.bar.setRange(0, max(state.count, 1))
            self.bar.setValue(max(state.number - 1, 0))
            self.button.setText(button)
            self.button.setToolTip(tip)
        self.setVisible(state is not None)

    def _on_clicked(self) -> None:
        (self.go_on_asked if self._stopped else self.stop_asked).emit()
