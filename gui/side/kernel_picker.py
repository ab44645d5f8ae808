"""The kernels with names as pictures; those chosen show their place in the order."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QKeyEvent,
    QPainter,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from engine.weighting.kernel_bank import KERNELS
from gui.fonts import number_font
from gui.side.kernel_pictures import bank_image, paint_kernel

_CELL = 37
_PICTURE = 29
_NAME = Qt.ItemDataRole.UserRole
_IMAGE = Qt.ItemDataRole.UserRole + 1
_ORDER = Qt.ItemDataRole.UserRole + 2


class KernelPicker(QListWidget):
    """All kernels of the bank; a click or Space puts one at the end of the choice, or removes it.

    The choice is never empty.
    """

    chosen = Signal(tuple)
    """The names, in order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._size = (0, 0)
        self.setAccessibleName("Named kernels")
        self.setViewMode(QListWidget.ViewMode.IconMode)
        self.setMovement(QListWidget.Movement.Static)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.setGridSize(QSize(_CELL, _CELL))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("role", "plain")
        self.setItemDelegate(_Delegate(self))
        for name, kernel in KERNELS.items():
            item = QListWidgetItem(kernel.label)
            item.setData(_NAME, name)
            item.setToolTip(f"<b>{kernel.label}</b><br>{kernel.help}")
            self.addItem(item)
        self.setCurrentRow(0)
        self.itemClicked.connect(self._toggle)

    def show_choice(self, names: Sequence[str], height: int, width: int) -> None:
        """Show which kernels are chosen, pictured at the layer's kernel size."""
        self._names = tuple(dict.fromkeys(names))
        for row in range(self.count()):
            item = self.item(row)
            name, label = item.data(_NAME), item.text()
            if self._size != (height, width):
                item.setData(_IMAGE, bank_image(name, height, width))
            place = self._names.index(name) + 1 if name in self._names else 0
            item.setData(_ORDER, place)
            said = f"{label}, chosen as number {place}" if place else f"{label}, not chosen"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
        self._size = height, width

    def _toggle(self, item: QListWidgetItem) -> None:
        name = item.data(_NAME)
        if name not in self._names:
            self.chosen.emit((*self._names, name))
        elif len(self._names) > 1:
            self.chosen.emit(tuple(other for other in self._names if other != name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._toggle(self.currentItem())
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # All kernels are in sight: the wheel scrolls the panel.
        event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self.heightForWidth(self.width()))

    def heightForWidth(self, width: int) -> int:
        columns = max((width - 2) // _CELL, 1)
        return -(-self.count() // columns) * _CELL + 2


class _Delegate(QStyledItemDelegate):
    """Paints a kernel's picture, its frame and its place in the order."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        # The list's own palette has no color for what is selected: this paints it.
        palette = QGuiApplication.palette()
        order = index.data(_ORDER) or 0
        room = QRectF(option.rect)
        frame = QRectF(0, 0, _PICTURE + 4, _PICTURE + 4)
        frame.moveCenter(room.center())
        accent = palette.color(QPalette.ColorRole.Highlight)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if order or focused:
            pen = QPen(accent, 2 if order else 1)
            if not order:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.drawRoundedRect(frame, 4, 4)
        image = index.data(_IMAGE)
        if isinstance(image, QImage):
            paint_kernel(painter, frame.adjusted(3, 3, -3, -3), image)
        if focused and order:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(frame.adjusted(-2, -2, 2, 2), 5, 5)
        if order:
            self._paint_order(painter, frame.topRight(), order, palette)
        painter.restore()

    def _paint_order(
        self, painter: QPainter, corner: QPointF, order: int, palette: QPalette
    ) -> None:
        badge = QRectF(0, 0, 15, 15)
        badge.moveCenter(corner + QPointF(-3, 4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
        painter.drawEllipse(badge)
        painter.setPen(palette.color(QPalette.ColorRole.HighlightedText))
        font = number_font(8, bold=True)
        font.setPixelSize(10)
        painter.setFont(font)
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(order))

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(_CELL, _CELL)
