"""The lines between rows: arrows with the change of size, and lanes of branches."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from engine.analysis import Analysis
from gui.row_layout import LANE, Lane, Row
from gui.row_painting import paint_connector
from gui.theme import Theme, color
from gui.wording import change_text


@dataclass(frozen=True)
class FlowLines:
    """The connections of a network, as its rows stand."""

    analysis: Analysis
    rows: Sequence[Row]
    theme: Theme
    selected: str

    def paint(self, painter: QPainter, exposed: QRectF, lanes: Sequence[Lane]) -> None:
        """Paint the connections that cross the exposed part of the scene."""
        for above, below in zip(self.rows, self.rows[1:], strict=False):
            if above.card.bottom <= exposed.bottom() and below.card.top >= exposed.top():
                self._paint_arrow(painter, above, below)
        places = {name: row for row in self.rows for name in (row.node_id, *row.hidden_ids)}
        for lane in lanes:
            start, stop = places[lane.source], places[lane.target]
            crosses = start.card.top <= exposed.bottom() and stop.card.bottom >= exposed.top()
            if start is not stop and crosses:
                self._paint_lane(painter, start, stop, lane)

    def _paint_arrow(self, painter: QPainter, above: Row, below: Row) -> None:
        """Paint the arrow to the next row, if that reads this one, with what it does."""
        last = (above.hidden_ids or (above.node_id,))[-1]
        layer = self.analysis[below.node_id]
        if last not in layer.node.inputs:
            return
        before, after = self.analysis[last].shape, layer.shape
        badge = ""
        if before is not None and after is not None:
            words, sign = change_text(before, after)
            badge = f"{sign} {words}"
        x = above.block.left + 24
        paint_connector(painter, x, above.card.bottom, below.card.top, badge, self.theme)

    def _paint_lane(self, painter: QPainter, start: Row, stop: Row, lane: Lane) -> None:
        """Paint a branch: out of its source's card, down a lane, into its target's."""
        left = float(start.card.left)
        x = left - LANE * (lane.lane + 0.5)
        y0, y1 = start.block.bottom - 10.0, stop.block.top + 14.0
        chosen = self.selected in (lane.source, lane.target)
        painter.setPen(QPen(color(self.theme.accent if chosen else self.theme.faint), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        corner = QPointF(left - 1, y1)
        for a, b in (
            (QPointF(left, y0), QPointF(x, y0)),
            (QPointF(x, y0), QPointF(x, y1)),
            (QPointF(x, y1), corner),
            (QPointF(left - 5, y1 - 3.5), corner),
            (QPointF(left - 5, y1 + 3.5), corner),
        ):
            painter.drawLine(a, b)
