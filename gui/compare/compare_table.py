"""Sizes and costs of both sides in one table: layer by layer, or of two layers."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui.compare.compare_lines import Line
from gui.fonts import number_font, text_font
from gui.labels import text_scale
from gui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex

_FIRST = 2
"""Columns before the numbers: the sign, and the layer."""


class CompareModel(QAbstractTableModel):
    """The lines as Qt asks for them."""

    def __init__(self) -> None:
        super().__init__()
        self.headers: tuple[str, ...] = ()
        self.lines: tuple[Line, ...] = ()

    def show_lines(self, headers: Sequence[str], lines: Sequence[Line]) -> None:
        """Show other lines under other headers."""
        if (tuple(headers), tuple(lines)) != (self.headers, self.lines):
            self.beginResetModel()
            self.headers, self.lines = tuple(headers), tuple(lines)
            self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else _FIRST + len(self.headers)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("", "Layer", *self.headers)[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line, place = self.lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (line.sign, line.name, *line.cells)[place]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return line.tip
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(place)
        if role == Qt.ItemDataRole.FontRole:
            if place < _FIRST:
                return text_font(9.5, bold=line.sign not in ("=", ""))
            return number_font(9, bold=place - _FIRST in line.differing)
        return None


def _aligned(column: int) -> Qt.AlignmentFlag:
    """Return where words and numbers stand in their column."""
    side = Qt.AlignmentFlag.AlignLeft if column < _FIRST else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


LEAST_NAME = 150
"""The least width of the names; in a narrower table the numbers scroll."""
CELL_PADDING = 22
_LEAST_LINES = 4
"""So many lines are in sight, if there are as many."""


class CompareTable(QTableView):
    """The table; a line is chosen with a click or Enter."""

    row_chosen = Signal(str)
    """The id of a layer."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setStyleSheet(
            "QTableView::item, QHeaderView::section { padding: 0 3px; } QTableView { padding: 0; "
            f"selection-background-color: {theme.accent_soft}; selection-color: {theme.text}; }}"
            f"QHeaderView, QHeaderView::section {{ background: {theme.panel}; "
            f"color: {theme.muted}; border: none; }}"
        )
        self.setAccessibleName("Sizes and costs of both sides")
        self.lines = CompareModel()
        self.setModel(self.lines)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        vertical, horizontal = self.verticalHeader(), self.horizontalHeader()
        vertical.hide()
        vertical.setMinimumSectionSize(1)
        vertical.setDefaultSectionSize(round(22 * text_scale()))
        horizontal.setFont(text_font(8.5))
        horizontal.setHighlightSections(False)
        horizontal.setMinimumSectionSize(round(20 * text_scale()))
        # Measuring every name of a long network at each edit would take a quarter of a second.
        horizontal.setResizeContentsPrecision(0)
        horizontal.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        horizontal.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        horizontal.geometriesChanged.connect(self._fit_names)
        self.clicked.connect(self._on_row_chosen)
        self.activated.connect(self._on_row_chosen)

    def show_lines(self, headers: Sequence[str], lines: Sequence[Line], selected: str) -> None:
        """Show lines, and mark that of a layer."""
        self.lines.show_lines(headers, lines)
        place = next((n for n, line in enumerate(lines) if line.node_id == selected != ""), -1)
        self.updateGeometry()
        if place != self.currentIndex().row():
            self.setCurrentIndex(self.lines.index(place, 1) if place >= 0 else QModelIndex())

    def whole_height(self) -> int:
        """Return how high it is with all of its lines in sight."""
        return self._height_of(self.lines.rowCount())

    def minimumSizeHint(self) -> QSize:
        return QSize(
            super().minimumSizeHint().width(),
            self._height_of(min(self.lines.rowCount(), _LEAST_LINES)),
        )

    def _height_of(self, count: int) -> int:
        bar = self.horizontalScrollBar().sizeHint().height()
        lines = count * self.verticalHeader().defaultSectionSize()
        return self.horizontalHeader().sizeHint().height() + lines + bar + 2 * self.frameWidth()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_names()

    def sizeHintForColumn(self, column: int) -> int:
        if column < _FIRST:
            return super().sizeHintForColumn(column) + CELL_PADDING
        # Of all lines, seen or not: the numbers are in a font of one width.
        longest = max(
            (line.cells[column - _FIRST] for line in self.lines.lines), key=len, default=""
        )
        width = QFontMetrics(number_font(9, bold=True)).horizontalAdvance(longest)
        return width + CELL_PADDING

    def _fit_names(self) -> None:
        """Give the layers' names what the numbers leave, but never too little to be read."""
        header = self.horizontalHeader()
        numbers = sum(header.sectionSize(n) for n in range(header.count()) if n != 1)
        width = max(self.viewport().width() - numbers, round(LEAST_NAME * text_scale()))
        if width != header.sectionSize(1):
            header.resizeSection(1, width)

    def _on_row_chosen(self, index: QModelIndex) -> None:
        node_id = self.lines.lines[index.row()].node_id
        if node_id:
            self.row_chosen.emit(node_id)
