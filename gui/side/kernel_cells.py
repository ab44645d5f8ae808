"""One cell of a kernel: painted on its color, and edited where it stands."""

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine.constraints import NumberRange
from gui.fields.field_text import RealText
from gui.fields.value_field import ValueField
from gui.side.kernel_pictures import readable_on

_LARGEST = float(np.finfo(np.float32).max)
WEIGHT_RANGE = NumberRange(-_LARGEST, _LARGEST, comfortable=(-1.0, 1.0))
"""What a weight can be: any float32."""

Index = QModelIndex | QPersistentModelIndex


class KernelCells(QStyledItemDelegate):
    """Paints a weight on its color, and edits it in a field that takes over only numbers."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        background = index.data(Qt.ItemDataRole.BackgroundRole)
        if background is None:
            return
        room = QRectF(option.rect).adjusted(1, 1, -1, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marked = option.state & QStyle.StateFlag.State_Selected and _has_focus(option)
        # The table's own palette has no color for what is selected: this paints it.
        accent = QGuiApplication.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(accent, 2) if marked else Qt.PenStyle.NoPen)
        painter.setBrush(background)
        painter.drawRoundedRect(room.adjusted(1, 1, -1, -1) if marked else room, 3, 3)
        painter.setPen(readable_on(background))
        painter.setFont(option.font)
        painter.drawText(
            room, Qt.AlignmentFlag.AlignCenter, index.data(Qt.ItemDataRole.DisplayRole)
        )
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = ValueField(RealText(WEIGHT_RANGE))
        field.setParent(parent)
        field.setProperty("role", "cell")
        field.setMinimumSize(0, 0)
        field.setMaximumHeight(option.rect.height())
        return field

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if (
            isinstance(editor, ValueField)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and editor.typed_value() is None
        ):
            # The cell stays open, with what is wrong in it.
            editor.take_over()
            return True
        return super().eventFilter(editor, event)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, ValueField) and not editor.isModified():
            editor.show_value(index.data(Qt.ItemDataRole.EditRole))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, ValueField)
        value = editor.typed_value()
        if value is not None and value != index.data(Qt.ItemDataRole.EditRole):
            model.setData(index, value)


def _has_focus(option: QStyleOptionViewItem) -> bool:
    return isinstance(option.widget, QWidget) and option.widget.hasFocus()
