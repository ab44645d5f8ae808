"""The cells of a kernel: colored by their weight, edited by typing, copied and pasted."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QScrollBar,
    QTableView,
    QWidget,
)

from engine.sheets.kernel_colors import kernel_colors
from gui.fields.number_table import Table, cell_format, cell_text, read_table, write_table
from gui.fonts import number_font
from gui.side.kernel_cells import Index, KernelCells
from gui.side.kernel_slice import ShownKernel

_MOST_ROWS = 8
"""A table with more lines scrolls."""
_BESIDE_NUMBER = 6
"""Room for the gaps between cells; a kernel of 7 × 7 fits the panel with it."""


class KernelModel(QAbstractTableModel):
    """The numbers of a kernel as they are shown; what is typed is only reported."""

    cell_typed = Signal(int, int, float)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown: ShownKernel | None = None
        self._format = ""
        self._colors: dict[int, list[QColor]] = {}

    def show_kernel(self, shown: ShownKernel) -> None:
        """Show a kernel; the cursor stays in its cell while the size stays."""
        before = self.shown
        same_size = before is not None and before.values.shape == shown.values.shape
        if not same_size:
            self.beginResetModel()
        self.shown = shown
        self._format = cell_format(shown.values)
        self._colors.clear()
        if not same_size:
            self.endResetModel()
        else:
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, self.rowCount() - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if self.shown is None or parent.isValid() else self.shown.values.shape[0]

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if self.shown is None or parent.isValid() else self.shown.values.shape[1]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shown = self.shown
        row, column = index.row(), index.column()
        if shown is None or not shown.slice.has_cell(row, column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(float(shown.values[row, column]), self._format)
        if role == Qt.ItemDataRole.EditRole:
            return float(shown.values[row, column])
        if role == Qt.ItemDataRole.BackgroundRole:
            return self._row_colors(shown, row)[column]
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"row {row}, column {column}: {shown.values[row, column]!s}"
        return None

    def widest_text(self) -> str:
        """Return a text as wide as any in the cells."""
        largest = 0.0 if self.shown is None else self.shown.limit
        return cell_text(-largest or -1.0, self._format)

    def _row_colors(self, shown: ShownKernel, row: int) -> list[QColor]:
        """Return a row's colors; a dense unit has thousands of rows, of which few are seen."""
        if row not in self._colors:
            colors = kernel_colors(shown.values[row], shown.limit).tolist()
            self._colors[row] = [QColor(*rgb) for rgb in colors]
        return self._colors[row]

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.shown is None or not self.shown.slice.has_cell(index.row(), index.column()):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        self.cell_typed.emit(index.row(), index.column(), float(value))
        return True

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return, for wrapped weights, the number of a line's first."""
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Vertical:
            return None
        return f"{section * self.columnCount():,}"


class _SidewaysBar(QScrollBar):
    """Leaves a wheel that turns downwards to the panel, which it scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta()
        if abs(turned.y()) > abs(turned.x()):
            event.ignore()
        else:
            super().wheelEvent(event)


class KernelTable(QTableView):
    """A kernel whose cells are edited where they stand."""

    table_put = Signal(tuple, int, int)
    """Numbers, and the row and the column of the first of them."""
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = KernelModel(self)
        self.setModel(self.cells)
        self.setItemDelegate(KernelCells(self))
        self.setAccessibleName("Kernel")
        self.setProperty("role", "plain")
        self.setFont(number_font(8.5))
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollBar(_SidewaysBar(Qt.Orientation.Horizontal))
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setCornerButtonEnabled(False)
        self.horizontalHeader().hide()
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(8)
        self.verticalHeader().setFont(number_font(8))
        self.cells.cell_typed.connect(self._on_cell_typed)

    def show_kernel(self, shown: ShownKernel) -> None:
        """Show a kernel's numbers and colors."""
        self.cells.show_kernel(shown)
        self.verticalHeader().setVisible(shown.slice.is_wrapped)
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self.cells.index(0, 0))
        self._fit()

    def copy(self) -> None:
        """Put the selected cells on the clipboard; the whole kernel where only one is."""
        shown = self.cells.shown
        if shown is None:
            return
        selected = self.selectionModel().selectedIndexes()
        values = shown.values
        if len(selected) > 1:
            rows = [index.row() for index in selected]
            columns = [index.column() for index in selected]
            values = values[min(rows) : max(rows) + 1, min(columns) : max(columns) + 1]
        QGuiApplication.clipboard().setText(write_table(values))

    def paste(self) -> None:
        """Put the table of the clipboard there: over the kernel, or from the cell with the cursor.

        A table of the kernel's size replaces it, wherever the cursor is.
        """
        try:
            table = read_table(QGuiApplication.clipboard().text())
        except ValueError as error:
            self.refused.emit(str(error))
            return
        whole = (len(table), len(table[0])) == (self.cells.rowCount(), self.cells.columnCount())
        cursor = self.currentIndex()
        row, column = (0, 0) if whole else (max(cursor.row(), 0), max(cursor.column(), 0))
        self.table_put.emit(table, row, column)

    def _on_cell_typed(self, row: int, column: int, value: float) -> None:
        table: Table = ((value,),)
        self.table_put.emit(table, row, column)

    def _fit(self) -> None:
        """Give the cells the width that there is, and the table the height of its lines."""
        columns = max(self.cells.columnCount(), 1)
        metrics = QFontMetrics(self.font())
        header = self.verticalHeader()
        aside = 0
        if not header.isHidden():
            aside = metrics.horizontalAdvance(f"{self.cells.rowCount() * columns:,}") + 12
            header.setFixedWidth(aside)
        least = metrics.horizontalAdvance(self.cells.widest_text()) + _BESIDE_NUMBER
        most = max(least, metrics.horizontalAdvance("0") * 10)
        room = self.width() - aside
        if self.cells.rowCount() > _MOST_ROWS:
            room -= self.verticalScrollBar().sizeHint().width()
        self.horizontalHeader().setDefaultSectionSize(min(max(room // columns, least), most))
        line = round(metrics.height() * 1.9)
        header.setDefaultSectionSize(line)
        scrolls = columns * self.horizontalHeader().defaultSectionSize() > room
        bar = self.horizontalScrollBar().sizeHint().height() if scrolls else 0
        self.setFixedHeight(min(self.cells.rowCount(), _MOST_ROWS) * line + bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # The window's own copy and paste are of layers.
            copies = event.matches(QKeySequence.StandardKey.Copy)
            if copies or event.matches(QKeySequence.StandardKey.Paste):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._on_cell_typed(self.currentIndex().row(), self.currentIndex().column(), 0.0)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)
