"""A map with what is said of it: its name and size above, its colors and a cell below."""

from math import isfinite

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from engine.tracing import Extent
from gui.cell_numbers import value_text
from gui.color_bar import ColorBar
from gui.elided_label import ElidedLabel
from gui.fonts import number_font
from gui.labels import control_height, set_role, text_label
from gui.maps.map_canvas import MapCanvas
from gui.maps.map_marks import rulers
from gui.maps.map_picture import MapContent
from gui.theme import Theme
from gui.wording import span_text

_SPACING = 6
_LEAST_MAP = 64
"""Pixels that a map's height has at least."""


class MapPane(QFrame):
    """A canvas with its color bar; or, where there is no map, the reason in words."""

    cell_changed = Signal()
    """Another cell is taken, or the map is another one."""

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self._window: Extent | None = None
        self.canvas = MapCanvas(theme)
        self.canvas.setAccessibleName(name)
        above, left = rulers()
        self.canvas.setMinimumHeight(above + _LEAST_MAP)
        self.bar = ColorBar(theme, left)
        self.title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.title.setFont(number_font(10, bold=True))
        set_role(self.title, "accent")
        self.cell = ElidedLabel()
        self.cell.setFont(number_font(9))
        self.notes = text_label(role="muted")
        self.notes.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        # Two panes beside each other show their maps at the same height, whatever is said of them.
        self.notes.setFixedHeight(2 * self.notes.fontMetrics().lineSpacing())
        self.reason = text_label(role="muted")
        self.reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.head.addWidget(self.title)
        self.head.addStrut(control_height())
        drawn = QWidget()
        middle = QVBoxLayout(drawn)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(_SPACING)
        middle.addWidget(self.canvas, 1)
        middle.addWidget(self.bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 8, 8)
        column.setSpacing(_SPACING)
        column.addLayout(self.head)
        self._parts = QStackedLayout()
        column.addLayout(self._parts, 1)
        # Not before it stands in a widget: Qt shows the first part at once, as a window of its own.
        self._parts.addWidget(drawn)
        self._parts.addWidget(self.reason)
        column.addWidget(self.cell)
        column.addWidget(self.notes)
        self.canvas.cell_changed.connect(self._on_cell_changed)
        self.canvas.sight_changed.connect(self._on_sight_changed)

    def show_content(self, title: str, content: MapContent, notes: str = "") -> None:
        """Show a map; notes say what is marked on it."""
        self._parts.setCurrentIndex(0)
        self.title.setText(title)
        self.canvas.show_content(content)
        self.bar.show_sheet(self.canvas.sheet)
        clipped = self.canvas.sheet.levels.clipped if self.canvas.sheet is not None else 0.0
        if clipped:
            beyond = f"{clipped:.1%} of the values lie beyond the colors."
            notes = f"{notes} {beyond}".strip()
        self.notes.setText(notes)
        self.notes.setToolTip(notes)
        self._say_cell()

    def show_reason(self, title: str, reason: str) -> None:
        """Say why there is no map."""
        self._parts.setCurrentIndex(1)
        self.title.setText(title)
        self.reason.setText(reason)
        self.notes.clear()
        self.cell.setText(" ")

    @property
    def has_map(self) -> bool:
        """Whether a map is shown."""
        return self._parts.currentIndex() == 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Where the map itself has hardly room, its notes have none.
        below = 0 if self.notes.isHidden() else self.notes.height() + _SPACING
        notes = self.notes.height() + _SPACING
        self.notes.setVisible(self.height() >= self.minimumSizeHint().height() - below + notes)

    def _on_sight_changed(self) -> None:
        # Another scale may have drawn the map anew.
        self.bar.show_sheet(self.canvas.sheet)

    def show_window(self, window: Extent | None) -> None:
        """Mark the cells that a value of the other map reads, and say which."""
        self._window = window
        self.canvas.show_window(window)
        self._say_cell()

    def _on_cell_changed(self) -> None:
        self._say_cell()
        self.cell_changed.emit()

    def _say_cell(self) -> None:
        content, cell, sheet = self.canvas.content, self.canvas.cell, self.canvas.sheet
        value = None
        if content is None or sheet is None:
            self.cell.setText(" ")
        elif cell is None:
            self.cell.setText(" " if self._window is None else _window_text(self._window))
        elif content.holds(*cell):
            row, column = cell
            value = float(content.values[row, column])
            text = value_text(value, signed=sheet.levels.signed)
            self.cell.setText(f"row {row}, column {column}: {text}")
        else:
            self.cell.setText(f"row {cell[0]}, column {cell[1]}: padding".replace("-", "−"))
        self.bar.show_value(value if value is not None and isfinite(value) else None)
        self.canvas.setAccessibleDescription(self.cell.text())


def _window_text(window: Extent) -> str:
    """Return which cells a value reads.

    >>> _window_text(Extent(-1, 1, 4, 4))
    'reads rows −1 to 1, column 4'
    """
    rows = span_text("row", window.first_row, window.last_row)
    return f"reads {rows}, {span_text('column', window.first_column, window.last_column)}"
