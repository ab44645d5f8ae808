"""What is shown while a layer is dragged over the flow: each gap, and what a drop would do."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.advice import Preview
from gui.row_layout import CONNECTOR, Row
from gui.theme import Theme, color, text_font

KIND_MIME = "application/x-convolens-kind"
"""A layer kind's id, dragged from the palette."""
LAYER_MIME = "application/x-convolens-layer"
"""A layer's id, dragged within the flow."""

PreviewOf = Callable[[QMimeData, str], Preview]
"""What dropping these data behind that layer would do."""


class DropGuide(QGraphicsItem):
    """Pills in the gaps between rows; the nearest one says what it would do."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(10)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setVisible(False)
        self._rows: Sequence[Row] = ()
        self._previews: list[Preview] = []
        self._theme: Theme | None = None
        self._nearest = -1

    def begin(self, rows: Sequence[Row], previews: list[Preview], theme: Theme) -> None:
        """Show a pill behind every row."""
        self.prepareGeometryChange()
        self._rows, self._previews, self._theme = rows, previews, theme
        self._nearest = -1
        self.setVisible(True)

    def point_at(self, place: int) -> None:
        """Say what the gap behind the row at that place would do."""
        if place != self._nearest:
            self._nearest = place
            self.update()

    def preview(self) -> Preview | None:
        """Return what the nearest gap would do."""
        return self._previews[self._nearest] if 0 <= self._nearest < len(self._previews) else None

    def end(self) -> None:
        """Hide the pills."""
        self.setVisible(False)

    def boundingRect(self) -> QRectF:
        if not self._rows:
            return QRectF()
        first, last = self._rows[0].card, self._rows[-1].card
        return QRectF(0, first.top, last.right, last.bottom - first.top + 2 * CONNECTOR)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme = self._theme
        if theme is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, (row, preview) in enumerate(zip(self._rows, self._previews, strict=True)):
            middle = row.card.bottom + CONNECTOR / 2
            shade = theme.accent if preview.fits else theme.problem
            if place != self._nearest:
                bar = QRectF(row.block.left, middle - 2, row.block.width, 4)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color(shade, 110))
                painter.drawRoundedRect(bar, 2, 2)
                continue
            font = text_font(9.5)
            metrics = QFontMetricsF(font)
            room = row.card.right - row.block.left - 90
            text = metrics.elidedText(preview.text, Qt.TextElideMode.ElideRight, room - 40)
            width = metrics.horizontalAdvance(text) + 40
            pill = QRectF(row.block.left + 80, middle - 12, width, 24)
            painter.setPen(QPen(color(shade), 1.4))
            fill = theme.accent_soft if preview.fits else theme.problem_card
            painter.setBrush(color(fill))
            painter.drawRoundedRect(pill, 12, 12)
            painter.setPen(color(shade))
            painter.setFont(font)
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
