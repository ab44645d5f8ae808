"""All keys on one sheet."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.action_list import DECLARED, MENUS, Declared
from gui.theme import number_font

COLUMNS = (("File", "Edit", "Help"), ("Layer",), ("View",))
"""Which menus stand below each other."""

WITH_MOUSE = (
    ("Ctrl + wheel", "Larger or smaller maps"),
    ("Double click between rows", "Insert a layer there"),
    ("Double click on a block", "Fold the row"),
    ("Drag a block", "Move the layer"),
)


class ShortcutSheet(QDialog):
    """The keys of all actions by menu, as the system writes them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet = QWidget()
        sheet.setObjectName("panel")
        columns = QHBoxLayout(sheet)
        columns.setContentsMargins(16, 8, 16, 8)
        columns.setSpacing(36)
        for menus in COLUMNS:
            column = QVBoxLayout()
            column.setSpacing(14)
            for menu in menus:
                column.addLayout(_table(menu, _keys_of(menu)))
            if "File" in menus:
                column.addLayout(_table("Mouse", WITH_MOUSE))
            column.addStretch()
            columns.addLayout(column)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setObjectName("panel")
        scroll.setWidget(sheet)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        note = QLabel(
            "Single letters and arrows work while the flow has the keyboard: press F6 or click it.",
            wordWrap=True,
        )
        note.setProperty("role", "muted")
        outer = QVBoxLayout(self)
        outer.addWidget(scroll)
        outer.addWidget(note)
        outer.addWidget(buttons)
        wanted = sheet.sizeHint()
        self.resize(wanted.width() + 48, wanted.height() + note.sizeHint().height() + 90)


def _keys_of(menu: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (all_keys(action), action.text.removesuffix(" …"))
        for action in DECLARED.values()
        if action.menu == menu and action.keys
    )


def all_keys(action: Declared) -> str:
    """Return all keys of an action as the system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return "  ".join(QKeySequence(key).toString(native) for key in action.keys)


def _table(title: str, lines: tuple[tuple[str, str], ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(4)
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for line, (keys, text) in enumerate(lines, start=1):
        left = QLabel(keys, textFormat=Qt.TextFormat.PlainText)
        left.setFont(number_font(9.5))
        left.setProperty("role", "accent" if title in MENUS else "muted")
        grid.addWidget(left, line, 0)
        grid.addWidget(QLabel(text, textFormat=Qt.TextFormat.PlainText), line, 1)
    grid.setColumnStretch(1, 1)
    return grid
