"""The colors of a map from the lowest to the highest value, with their numbers."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.sheets.map_sheet import MapSheet
from gui.cell_numbers import value_text
from gui.fonts import number_font
from gui.theme import Theme, color
from gui.wording import level_text

BAR_HEIGHT = 10
_STOPS = 32
_MARK = 6.0
"""Room above the bar for the mark."""
_PLACES = (0.0, 0.25, 0.5, 0.75, 1.0)


class ColorBar(QWidget):
    """A bar with its numbers; a mark points at the value under the pointer."""

    def __init__(self, theme: Theme, left: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._left = left
        """Where the bar begins: under the map."""
        self._sheet: MapSheet | None = None
        self._value: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Color bar")

    def show_sheet(self, sheet: MapSheet | None) -> None:
        """Show the colors and levels of a map that is drawn alone."""
        self._sheet = sheet
        self.setAccessibleDescription(", ".join(text for text, _ in self.numbers()))
        self.update()

    def show_value(self, value: float | None) -> None:
        """Point at a value; at none, or at one that is no number, if None."""
        if value != self._value:
            self._value = value
            self.update()

    def numbers(self) -> list[tuple[str, float]]:
        """Return the numbers under the bar, with their place from the left, 0 to 1."""
        if self._sheet is None:
            return []
        (low, high), signed = self._sheet.levels.ranges[0].tolist(), self._sheet.levels.signed
        if high <= low:
            return [(level_text(low), 0.5 if signed else 0.0)]
        texts = [value_text(low + (high - low) * place, signed=signed) for place in _PLACES]
        if self._sheet.levels.clipped:
            texts[-1] = f"≥ {texts[-1]}"
            texts[0] = f"≤ {texts[0]}" if signed else texts[0]
        return list(zip(texts, _PLACES, strict=True))

    def sizeHint(self) -> QSize:
        return QSize(160, round(_MARK + BAR_HEIGHT + _text_height() + 3))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def _bar(self) -> QRectF:
        return QRectF(self._left, _MARK, self.width() - self._left - 2, BAR_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        sheet, theme, bar = self._sheet, self._theme, self._bar()
        if sheet is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for stop in range(_STOPS + 1):
            red, green, blue = sheet.color_map.at(stop / _STOPS).tolist()
            gradient.setColorAt(stop / _STOPS, QColor(red, green, blue))
        painter.setPen(QPen(color(theme.border), 1))
        painter.setBrush(gradient)
        painter.drawRect(bar)
        self._paint_numbers(painter, bar)
        self._paint_mark(painter, sheet, bar)

    def _paint_numbers(self, painter: QPainter, bar: QRectF) -> None:
        """Write the numbers; those between the ends only where there is room."""
        numbers = self.numbers()
        font = number_font(8.5)
        painter.setFont(font)
        widest = max(QFontMetricsF(font).horizontalAdvance(text) for text, _ in numbers) + 8
        # The numbers of the ends stand within the bar's length: they reach further inwards.
        while len(numbers) > 2 and widest * (1.5 * len(numbers) - 1.5) > bar.width():
            numbers = numbers[:: 2 if len(numbers) == len(_PLACES) else len(numbers) - 1]
        for text, place in numbers:
            x = bar.left() + place * bar.width()
            painter.setPen(QPen(color(self._theme.faint), 1))
            painter.drawLine(QPointF(x, bar.bottom()), QPointF(x, bar.bottom() + 3))
            room = QRectF(x - widest / 2, bar.bottom() + 3, widest, _text_height())
            room.moveLeft(min(max(room.left(), bar.left()), bar.right() - widest))
            painter.setPen(color(self._theme.muted))
            painter.drawText(room, _ALIGNED.get(place, Qt.AlignmentFlag.AlignHCenter), text)

    def _paint_mark(self, painter: QPainter, sheet: MapSheet, bar: QRectF) -> None:
        """Point at the value from above, with a line through the bar."""
        low, high = sheet.levels.ranges[0].tolist()
        value = self._value
        if value is None or not low < high:
            return
        x = bar.left() + min(max((value - low) / (high - low), 0), 1) * bar.width()
        painter.setPen(QPen(QColor(0, 0, 0, 170), 3))
        painter.drawLine(QPointF(x, bar.top() + 1), QPointF(x, bar.bottom() - 1))
        painter.setPen(QPen(QColor(255, 255, 255), 1.2))
        painter.drawLine(QPointF(x, bar.top() + 1), QPointF(x, bar.bottom() - 1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._theme.text))
        top = bar.top() - _MARK
        painter.drawPolygon([QPointF(x, bar.top() - 0.5), QPointF(x - 4, top), QPointF(x + 4, top)])


_ALIGNED = {0.0: Qt.AlignmentFlag.AlignLeft, 1.0: Qt.AlignmentFlag.AlignRight}


def _text_height() -> float:
    return QFontMetricsF(number_font(8.5)).height()
