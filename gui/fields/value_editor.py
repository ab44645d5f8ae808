"""What every editor of a setting has in common."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from gui.fields.value_field import ValueField


class Editor(QWidget):
    """Shows and edits one value."""

    edited = Signal(object)
    settled = Signal()
    is_wide = False
    """Whether it needs the whole width of the panel, below its label."""

    def __init__(self) -> None:
        super().__init__()
        self.inputs: list[tuple[QWidget, str]] = []
        """What takes keys or the mouse, each with a word that tells it from the others."""

    def show_value(self, value: Any, *, anew: bool = False) -> None:
        """Show a value without emitting anything; ``anew`` if it is another layer's."""
        raise NotImplementedError

    def describe(self, label: str, tip: str, actions: list[QAction]) -> None:
        """Name the inputs for screen readers, and give them a tip and a menu."""
        for widget, word in self.inputs:
            widget.setAccessibleName(f"{label}, {word}" if word else label)
            widget.setAccessibleDescription(tip)
            if not widget.toolTip():
                widget.setToolTip(tip)
            widget.addActions(actions)
            if not isinstance(widget, ValueField):
                widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
