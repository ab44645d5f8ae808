"""The colors of a map from the lowest to the highest value, with numbers beside them."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.map_sheet import MapSheet
from gui.cell_numbers import value_text
from gui.theme import Theme, color, number_font
from gui.wording import level_text

BAR_WIDTH = 12
_STOPS = 32
_MARK = 6.0


class ColorBar(QWidget):
    """A bar with its numbers; a mark points at the value under the pointer."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sheet: MapSheet | None = None
        self._value: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
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
        """Return the numbers beside the bar, with their place from the bottom, 0 to 1."""
        if self._sheet is None:
            return []
        (low, high), signed = self._sheet.levels.ranges[0].tolist(), self._sheet.levels.signed
        if high <= low:
            return [(level_text(low), 0.5 if signed else 0.0)]
        clipped = self._sheet.levels.clipped > 0
        places = (0.0, 0.25, 0.5, 0.75, 1.0)
        texts = [value_text(low + (high - low) * place, signed=signed) for place in places]
        if clipped:
            texts[-1] = f"≥ {texts[-1]}"
            texts[0] = f"≤ {texts[0]}" if signed else texts[0]
        return list(zip(texts, places, strict=True))

    def sizeHint(self) -> QSize:
        widest = QFontMetricsF(number_font(8.5)).horizontalAdvance("≥ +0.0001")
        return QSize(round(BAR_WIDTH + 2 * _MARK + widest + 4), 200)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 80)

    def _bar(self) -> QRectF:
        margin = QFontMetricsF(number_font(8.5)).height()
        return QRectF(_MARK, margin, BAR_WIDTH, self.height() - 2 * margin)

    def paintEvent(self, event: QPaintEvent) -> None:
        sheet, theme, bar = self._sheet, self._theme, self._bar()
        if sheet is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        for stop in range(_STOPS + 1):
            red, green, blue = sheet.color_map.at(stop / _STOPS).tolist()
            gradient.setColorAt(stop / _STOPS, QColor(red, green, blue))
        painter.setPen(QPen(color(theme.border), 1))
        painter.setBrush(gradient)
        painter.drawRect(bar)
        painter.setFont(number_font(8.5))
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for text, place in self.numbers():
            y = bar.bottom() - place * bar.height()
            painter.setPen(QPen(color(theme.faint), 1))
            painter.drawLine(QPointF(bar.right(), y), QPointF(bar.right() + 4, y))
            painter.setPen(color(theme.muted))
            left = bar.right() + _MARK + 2
            painter.drawText(QRectF(left, y - 10, self.width() - left, 20), middle, text)
        self._paint_mark(painter, sheet, bar)

    def _paint_mark(self, painter: QPainter, sheet: MapSheet, bar: QRectF) -> None:
        """Point at the value from both sides of the bar."""
        low, high = sheet.levels.ranges[0].tolist()
        value = self._value
        if value is None or not low < high:
            return
        y = bar.bottom() - min(max((value - low) / (high - low), 0), 1) * bar.height()
        painter.setPen(QPen(color(self._theme.text), 1.4))
        painter.drawLine(QPointF(bar.left(), y), QPointF(bar.right(), y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self._theme.text))
        for tip, back in ((bar.left() - 0.5, -_MARK + 0.5), (bar.right() + 0.5, _MARK - 0.5)):
            painter.drawPolygon(
                [QPointF(tip, y), QPointF(tip + back, y - 4), QPointF(tip + back, y + 4)]
            )
