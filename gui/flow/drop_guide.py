"""What is shown while a layer is dragged over the flow: each gap, and what a drop would do."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QMimeData, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.advice import Preview
from gui.flow.flow_edges import ARROW_LEFT, Edge
from gui.flow.flow_lines import paint_lane
from gui.flow.row_layout import Row
from gui.flow.row_lengths import lengths
from gui.fonts import text_font
from gui.labels import text_scale
from gui.theme import Theme, color

KIND_MIME = "application/x-convolens-kind"
"""A layer kind's id, dragged from the palette."""
LAYER_MIME = "application/x-convolens-layer"
"""A layer's id, dragged within the flow."""

PreviewOf = Callable[[QMimeData, str], Preview]
"""What dropping these data behind that layer would do."""


class DropGuide(QGraphicsItem):
    """Pills in the gaps between rows, or one at a lane; the nearest says what it would do."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(10)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setVisible(False)
        self._rows: Sequence[Row] = ()
        self._previews: list[Preview] = []
        self._theme: Theme | None = None
        self._nearest = -1
        self._edge: tuple[Edge, Preview, QPointF] | None = None

    def begin(self, rows: Sequence[Row], previews: list[Preview], theme: Theme) -> None:
        """Show a pill behind every row."""
        self.prepareGeometryChange()
        self._rows, self._previews, self._theme = rows, previews, theme
        self._nearest, self._edge = -1, None
        self.setVisible(True)

    def point_at(self, place: int) -> None:
        """Say what the gap behind the row at that place would do."""
        if place != self._nearest or self._edge is not None:
            self._nearest, self._edge = place, None
            self.update()

    def point_at_edge(self, edge: Edge, preview: Preview, point: QPointF) -> None:
        """Say at the pointer what a drop on a connection would do."""
        self._nearest, self._edge = -1, (edge, preview, point)
        self.update()

    def preview(self) -> Preview | None:
        """Return what the nearest gap or the connection would do."""
        if self._edge is not None:
            return self._edge[1]
        return self._previews[self._nearest] if 0 <= self._nearest < len(self._previews) else None

    def end(self) -> None:
        """Hide the pills."""
        self._nearest, self._edge = -1, None
        self.setVisible(False)

    def boundingRect(self) -> QRectF:
        if not self._rows:
            return QRectF()
        first, last = self._rows[0].card, self._rows[-1].card
        below = last.bottom + 2 * lengths(text_scale()).connector
        return QRectF(0, first.top, last.right, below - first.top)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme = self._theme
        if theme is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, (row, preview) in enumerate(zip(self._rows, self._previews, strict=True)):
            below = self._rows[place + 1].card.top if place + 1 < len(self._rows) else None
            gap = lengths(text_scale()).connector if below is None else below - row.card.bottom
            middle = row.card.bottom + gap / 2
            if place == self._nearest:
                start = QPointF(row.block.left + ARROW_LEFT + 10, middle)
                _paint_pill(painter, start, preview, row.card.right - 10, theme)
            else:
                # A veil over the gap, through which its words can be read.
                band = QRectF(row.card.left, middle - gap / 2, row.card.width, gap)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color(_shade(preview, theme), 40))
                painter.drawRoundedRect(band.adjusted(1, 2, -1, -2), 5, 5)
        if self._edge is not None:
            edge, preview, point = self._edge
            painter.setPen(QPen(color(_shade(preview, theme)), 3))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            paint_lane(painter, edge)
            start = QPointF(edge.corners[1][0] + 14, point.y())
            _paint_pill(painter, start, preview, self._rows[0].card.right - 10, theme)


def _shade(preview: Preview, theme: Theme) -> str:
    return theme.accent if preview.fits else theme.problem


def _paint_pill(
    painter: QPainter, start: QPointF, preview: Preview, right: float, theme: Theme
) -> None:
    """Paint what a drop would do in a pill from the middle of its left edge."""
    font = text_font(9.5)
    metrics = QFontMetricsF(font)
    wrapped = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter
    room = QRectF(0, 0, right - start.x() - 40, 1000)
    # A pixel more, or rounding breaks a line that fits.
    bounds = metrics.boundingRect(room, wrapped.value, preview.text).adjusted(-1, 0, 1, 0)
    size = QSizeF(bounds.width() + 38, bounds.height() + 9)
    pill = QRectF(QPointF(start.x(), start.y() - size.height() / 2), size)
    radius = (metrics.height() + 9) / 2
    painter.setPen(QPen(color(_shade(preview, theme)), 1.4))
    painter.setBrush(color(theme.accent_soft if preview.fits else theme.problem_card))
    painter.drawRoundedRect(pill, radius, radius)
    painter.setPen(color(_shade(preview, theme)))
    painter.setFont(font)
    painter.drawText(pill.adjusted(19, 0, -19, 0), wrapped.value, preview.text)
