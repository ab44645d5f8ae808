"""The title over a large view: in two lines of smaller letters where one has no room."""

from math import ceil

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent

from gui.elided_label import ElidedLabel
from gui.flow.block_painting import two_lines
from gui.flow.row_painting import write_line
from gui.fonts import text_font

_MARKS = (": ", " beside ")
"""Where a title is broken rather than within a name."""


class TitleLabel(ElidedLabel):
    """A bold title, cut off only where two lines have no room for it either."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(text_font(11.5, bold=True))
        # The line of controls has one height, however many lines the title takes.
        self.setMinimumHeight(ceil(2 * QFontMetricsF(_small_font()).height()))

    def lines(self, width: float) -> tuple[QFont, tuple[str, ...]]:
        """Return how the title is written in so much room: its font and its lines."""
        text, fonts = self.text(), (self.font(), _small_font())
        for font in fonts:
            if QFontMetricsF(font).horizontalAdvance(text) <= width:
                return font, (text,)
        metrics = QFontMetricsF(font)
        first, _ = two_lines(text, lambda part: metrics.horizontalAdvance(part) <= width)
        first = next((text.partition(mark)[0] for mark in _MARKS if mark in text), first)
        return font, (first, text[len(first) :].removeprefix(":").strip())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, room = QPainter(self), QRectF(self.contentsRect())
        font, lines = self.lines(room.width())
        height = QFontMetricsF(font).height()
        top = room.center().y() - height * len(lines) / 2
        pen = self.palette().color(self.foregroundRole())
        for place, line in enumerate(lines):
            part = QRectF(room.left(), top + place * height, room.width(), height)
            write_line(painter, part, line, font, pen)


def _small_font() -> QFont:
    return text_font(9, bold=True)
