"""Where the keyboard went: for a while, or elsewhere in the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget


def comes_back(widget: QWidget, reason: Qt.FocusReason) -> bool:
    """Whether the keyboard left a widget only for a menu of it, or for another window."""
    now = QApplication.focusWidget()
    # What opens over the window takes the keyboard for the same reason as a menu.
    is_beside = now is not None and now is not widget and now.window() is widget.window()
    for_a_while = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
    return reason in for_a_while and not is_beside
