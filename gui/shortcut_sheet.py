"""All keys on one sheet."""

from PySide6.QtCore import QSize, Qt
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

from gui.action_kinds import Declared
from gui.action_list import DECLARED, MENUS
from gui.fonts import number_font

MOUSE, LARGE, COMPARISON, VALUE = "Mouse", "Large view of a map", "Comparison", "One value"

COLUMNS = (
    ("File", "Edit", "Export", "Help", VALUE),
    ("Layer", MOUSE, COMPARISON),
    ("View", "Compare", LARGE),
)
"""What stands below each other: menus, what is done with the mouse, keys of single views."""

_WITH_MOUSE = (
    ("Ctrl + wheel", "Larger or smaller maps"),
    ("Double click between rows", "Insert a layer there"),
    ("Double click on a block", "Fold the row"),
    ("Drag a block", "Move the layer"),
    ("Drag the ring of a block", "Connect it to another layer"),
    ("Click a map", "See it large"),
    ("Ctrl + click a map", "Pin a value"),
)
_OTHERS = {
    MOUSE: _WITH_MOUSE,
    LARGE: (
        ("Esc", "Back to the flow"),
        ("Page Up, Page Down", "Previous map, next map"),
        ("Ctrl+Page Up, Page Down", "Previous layer, next layer"),
        ("+, −", "Larger, smaller"),
        ("0", "The whole map"),
        ("1", "A pixel per value"),
        ("N", "Numbers in the cells"),
        ("Arrows", "Another cell"),
        ("Enter", "Pin the cell's value"),
    ),
    COMPARISON: (
        ("S", "Side by side"),
        ("W", "Wipe"),
        ("D", "Difference"),
        ("T", "Table of sizes and costs"),
        ("Left, Right on the line", "Wipe"),
    ),
    VALUE: (
        ("Arrows", "Move the pin"),
        ("Page Up, Page Down", "Another map"),
        ("Enter", "Pin, let go"),
        ("Space", "Slide, pause"),
        ("[, ]", "Another channel"),
        ("Z", "Zeros inserted"),
        ("Esc", "Look at nothing"),
    ),
}
"""Keys that are no actions."""


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
        columns.setSpacing(28)
        for titles in COLUMNS:
            columns.addLayout(_column(titles))
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
        whole = QSize(wanted.width() + 48, wanted.height() + note.sizeHint().height() + 90)
        self.resize(whole.boundedTo(self.screen().availableSize() * 0.94))


def _lines_of(title: str) -> tuple[tuple[str, str], ...]:
    if title not in MENUS:
        return _OTHERS[title]
    return tuple(
        (all_keys(action), action.text.removesuffix(" …"))
        for action in DECLARED.values()
        if action.menu == title and action.keys
    )


def all_keys(action: Declared) -> str:
    """Return all keys of an action as the system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return "  ".join(QKeySequence(key).toString(native) for key in action.keys)


def _column(titles: tuple[str, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(4)
    line = 0
    for title in titles:
        heading = QLabel(title)
        heading.setProperty("role", "heading")
        heading.setContentsMargins(0, 12 if line else 0, 0, 0)
        grid.addWidget(heading, line, 0, 1, 2)
        for keys, text in _lines_of(title):
            line += 1
            left = QLabel(keys, textFormat=Qt.TextFormat.PlainText)
            left.setFont(number_font(9))
            left.setProperty("role", "muted")
            grid.addWidget(left, line, 0)
            grid.addWidget(QLabel(text, textFormat=Qt.TextFormat.PlainText), line, 1)
        line += 1
    grid.setRowStretch(line, 1)
    grid.setColumnStretch(1, 1)
    return grid
