"""The lines between rows: arrows with the change of size, and lanes of branches."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from engine.analysis import Analysis
from gui.flow.flow_edges import ARROW_LEFT, Edge
from gui.flow.placed_rows import PlacedRows
from gui.flow.row_layout import Row
from gui.flow.row_lengths import lengths
from gui.flow.row_painting import paint_connector, write_line
from gui.fonts import text_font
from gui.labels import text_scale
from gui.theme import Theme, color
from gui.wording import change_text


@dataclass(frozen=True)
class FlowLines:
    """The connections of a network, as its rows stand."""

    placed: PlacedRows
    theme: Theme
    selected: str
    outlook: Analysis | None = None
    """The analysis with an edit that is looked at: the changes of size are those it would make."""

    def looks_like(self, other: "FlowLines") -> bool:
        """Return whether nothing is painted anew where these take the place of others."""
        if (self.theme, self.selected) != (other.theme, other.selected):
            return False
        if (self.placed, self.outlook) == (other.placed, other.outlook):
            return True
        return self._drawn == other._drawn

    @property
    def _drawn(self) -> tuple[object, ...]:
        layers = (self.outlook or self.placed.analysis).layers.items()
        sizes = [(name, layer.shape, layer.node.inputs) for name, layer in layers]
        return self.placed.rows, self.placed.lanes, sizes

    def paint(self, painter: QPainter, exposed: QRectF) -> None:
        """Paint the ground, and the connections that cross the exposed part of the scene."""
        painter.fillRect(exposed, color(self.theme.window))
        placed = self.placed
        for above, below, edge in placed.arrows_near(exposed.top(), exposed.bottom()):
            self._paint_arrow(painter, above, below, edge)
        if len(placed.rows) == 1:
            self._paint_invitation(painter, placed.rows[0])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for edge in placed.lane_edges:
            (_, top), *_, (_, bottom) = edge.corners
            if top <= exposed.bottom() and bottom >= exposed.top():
                chosen = self.selected in edge.key
                shade = self.theme.accent if chosen else self.theme.faint
                painter.setPen(QPen(color(shade), 1.5))
                paint_lane(painter, edge)

    def _paint_invitation(self, painter: QPainter, picture: Row) -> None:
        """Say below the picture, where there is no layer yet, how to get one."""
        gap, card = lengths(text_scale()).connector, picture.card
        x = picture.block.left + ARROW_LEFT
        below = QRectF(card.left, card.bottom, card.width, gap)
        paint_connector(painter, x, below, "", self.theme)
        room = QRectF(card.left, card.bottom + gap, card.width, 2 * gap)
        painter.setPen(QPen(color(self.theme.faint), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(room, 8, 8)
        words = "Drag a layer here, or press I to choose one."
        inside = room.adjusted(18, 0, -18, 0)
        write_line(painter, inside, words, text_font(10), color(self.theme.muted))

    def _paint_arrow(self, painter: QPainter, above: Row, below: Row, edge: Edge) -> None:
        """Paint the arrow to the next row with what that does to the size."""
        analysis = self.outlook or self.placed.analysis
        before, after = (
            analysis[name].shape if name in analysis.layers else None
            for name in (edge.source, edge.target)
        )
        badge = ""
        gap = below.card.top - above.card.bottom
        if before is not None and after is not None and gap >= lengths(text_scale()).connector:
            words, sign = change_text(before, after, analysis[edge.target].reading_of(edge.source))
            badge = f"{sign} {words}"
        x = edge.corners[0][0]
        between = QRectF(below.card.left, above.card.bottom, below.card.width, gap)
        paint_connector(painter, x, between, badge, self.theme)


def paint_lane(painter: QPainter, edge: Edge) -> None:
    """Paint a branch with the painter's pen, and the arrow's head at its end."""
    painter.drawPolyline([QPointF(x, y) for x, y in edge.corners])
    x, y = edge.corners[-1]
    painter.drawPolyline([QPointF(x - 4, y - 3.5), QPointF(x, y), QPointF(x - 4, y + 3.5)])
