"""Painting of the lines of a search: the letters that were found, and at the right a detail."""

from itertools import groupby

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.fonts import number_font, text_font
from gui.icons import kind_icon
from gui.theme import Theme, color

ENTRY = Qt.ItemDataRole.UserRole
"""Where a line's entry is."""
PLACES = Qt.ItemDataRole.UserRole + 1
"""Where the places of the letters are that were found."""

_PADDING = 10
_GAP = 12


class EntryPainter(QStyledItemDelegate):
    """Paints entries in a theme's colors."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def line_height(self) -> int:
        """Height of one line."""
        return round(QFontMetricsF(text_font()).height() * 1.8)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, self.line_height)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        theme, entry = self._theme, index.data(ENTRY)
        line, state = QRect(option.rect), option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(theme.accent_soft))
            painter.drawRoundedRect(QRectF(line), 5, 5)
        size = round(QFontMetricsF(text_font()).height())
        if entry.icon:
            place = QRect(line.left() + _PADDING, line.center().y() - size // 2 + 1, size, size)
            kind_icon(entry.icon, theme.muted).paint(painter, place)
        room = QRectF(line).adjusted(_PADDING + size + _GAP, 0, -_PADDING, 0)
        room.setRight(self._paint_detail(painter, room, entry.detail, warns=entry.warns) - _GAP)
        shade = theme.text if entry.enabled else theme.faint
        left = self._paint_text(painter, room, entry.text, index.data(PLACES), shade)
        room.setLeft(left + _GAP)
        if entry.group and room.width() > 40:
            _write(painter, room, entry.group, text_font(9), theme.muted)
        painter.restore()

    def _paint_detail(self, painter: QPainter, room: QRectF, text: str, *, warns: bool) -> float:
        """Write a detail at the right, and return where it begins."""
        font = number_font(9.5)
        shade = self._theme.problem if warns else self._theme.muted
        width = min(QFontMetricsF(font).horizontalAdvance(text) + 1, room.width() * 0.6)
        place = QRectF(room.right() - width, room.top(), width, room.height())
        _write(painter, place, text, font, shade)
        return place.left()

    def _paint_text(
        self, painter: QPainter, room: QRectF, text: str, places: tuple[int, ...], shade: str
    ) -> float:
        """Write a text with the found letters marked, and return where it ends."""
        plain, bold = text_font(), text_font(bold=True)
        # As wide as if all were bold, so that what is marked never needs more room.
        shown = QFontMetricsF(bold).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        left = room.left()
        for marked, run in groupby(range(len(shown)), key=frozenset(places).__contains__):
            letters = "".join(shown[at] for at in run)
            font = bold if marked else plain
            width = QFontMetricsF(font).horizontalAdvance(letters)
            place = QRectF(left, room.top(), width + 2, room.height())
            painter.setFont(font)
            painter.setPen(color(self._theme.accent if marked else shade))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, letters)
            left += width
        return left


def _write(painter: QPainter, room: QRectF, text: str, font: QFont, shade: str) -> None:
    painter.setFont(font)
    painter.setPen(color(shade))
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
