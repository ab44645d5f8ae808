"""What is painted over the flow for its connections: ports, the line being drawn, what it would do.

It paints what it is told and takes no part in the mouse: `gui.flow.connection_gestures` decides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from engine.connecting import ConnectionPreview
from gui.flow.flow_edges import Edge, in_port, out_port
from gui.flow.flow_lines import paint_lane
from gui.flow.row_layout import Row
from gui.flow.row_painting import rectangle
from gui.fonts import text_font
from gui.theme import Theme, color

PORT_RADIUS = 5.0
_WIDEST_HINT = 26
"""In heights of a line."""
_HINT_PADDING = 10.0


@dataclass(frozen=True)
class Drawing:
    """A connection on its way: from a row to the pointer, maybe over another row."""

    source: Row
    point: QPointF
    over: Row | None
    preview_of: Callable[[Row], ConnectionPreview]


@dataclass(frozen=True)
class GuideState:
    """What is painted; ``hint`` stands at ``hint_at``."""

    rows: Sequence[Row] = ()
    ports: Sequence[Row] = ()
    """The rows that offer to draw a connection from them."""
    edges: Mapping[str, Edge] = field(default_factory=dict)
    """Marked connections: "pointed" under the pointer, "chosen" by a click."""
    drawing: Drawing | None = None
    hint: str = ""
    hint_at: QPointF = field(default_factory=QPointF)
    hint_is_bad: bool = False


class ConnectionGuide(QGraphicsItem):
    """Paints over the rows."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(9)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._state = GuideState()
        self._theme: Theme | None = None
        self._visible = QRectF()

    def show_state(self, state: GuideState, theme: Theme, visible: QRectF) -> None:
        """Paint another state; ``visible`` is the part of the scene that is in sight."""
        if (state, theme, visible) == (self._state, self._theme, self._visible):
            return
        if self._visible != visible:
            self.prepareGeometryChange()
        self._state, self._theme, self._visible = state, theme, visible
        self.update()

    def boundingRect(self) -> QRectF:
        return self._visible

    def shape(self) -> QPainterPath:
        return QPainterPath()  # the pointer never meets it

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        state, theme = self._state, self._theme
        if theme is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for edge in state.edges.values():
            self._paint_edge(painter, edge, theme)
        for row in state.ports:
            _paint_port(painter, out_port(row), theme.accent, theme.card)
        if state.drawing is not None:
            self._paint_targets(painter, state.drawing, theme)
            _paint_line(painter, state.drawing, theme)
        if state.hint:
            self._paint_hint(painter, theme)

    def _paint_edge(self, painter: QPainter, edge: Edge, theme: Theme) -> None:
        chosen = self._state.edges.get("chosen") is edge
        pen = QPen(color(theme.accent), 3.0 if chosen else 2.2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if edge.is_lane:
            paint_lane(painter, edge)
        else:
            (x, top), (_, bottom) = edge.corners
            painter.drawLine(QPointF(x, top + 1), QPointF(x, bottom - 2))

    def _paint_targets(self, painter: QPainter, drawing: Drawing, theme: Theme) -> None:
        for row in self._state.rows:
            if row is drawing.source or not rectangle(row.card).intersects(self._visible):
                continue
            preview, block = drawing.preview_of(row), rectangle(row.block)
            if not preview.possible:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color(theme.card, 150))
                painter.drawRoundedRect(block, 6, 6)
                continue
            shade = theme.accent if preview.fits else theme.problem
            over = row is drawing.over
            style = Qt.PenStyle.SolidLine if preview.fits else Qt.PenStyle.DashLine
            painter.setPen(QPen(color(shade, 255 if over else 150), 2.4 if over else 1.4, style))
            painter.setBrush(color(shade, 40) if over else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(block, 6, 6)
            _paint_port(painter, in_port(row), shade, shade if over else theme.card)

    def _paint_hint(self, painter: QPainter, theme: Theme) -> None:
        """Write the hint below the pointer, where it is wholly in sight."""
        state = self._state
        font = text_font(9.5)
        wrapped = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
        metrics = QFontMetricsF(font)
        widest = min(_WIDEST_HINT * metrics.height(), self._visible.width() - 40)
        room = QRectF(0, 0, widest, 1000)
        # A size stays in one line.
        text = state.hint.replace(" × ", "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}")
        words = metrics.boundingRect(room, wrapped, text)
        words.adjust(0, 0, 1, 0)
        box = words.adjusted(-_HINT_PADDING, -6, _HINT_PADDING, 6)
        left = min(state.hint_at.x() + 16, self._visible.right() - box.width() - 8)
        top = state.hint_at.y() + 14
        if top + box.height() > self._visible.bottom() - 4:
            top = state.hint_at.y() - box.height() - 12
        box.moveTo(max(left, self._visible.left() + 8), top)
        shade = theme.problem if state.hint_is_bad else theme.accent
        painter.setPen(QPen(color(shade), 1.2))
        painter.setBrush(color(theme.problem_card if state.hint_is_bad else theme.accent_soft))
        painter.drawRoundedRect(box, 8, 8)
        painter.setPen(color(theme.text))
        painter.setFont(font)
        text_room = box.adjusted(_HINT_PADDING, 6, -_HINT_PADDING + 1, -6)
        painter.drawText(text_room, wrapped, text)


def _paint_port(painter: QPainter, place: tuple[float, float], edge: str, fill: str) -> None:
    painter.setPen(QPen(color(edge), 1.8))
    painter.setBrush(color(fill))
    painter.drawEllipse(QPointF(*place), PORT_RADIUS, PORT_RADIUS)


def _paint_line(painter: QPainter, drawing: Drawing, theme: Theme) -> None:
    """Paint the line out to the left, along the rows, to the row under the pointer or to it."""
    start = QPointF(*out_port(drawing.source))
    over = drawing.over
    snaps = over is not None and drawing.preview_of(over).possible
    stop = QPointF(*in_port(over)) if over is not None and snaps else drawing.point
    path = QPainterPath(start)
    if snaps:
        # A cubic comes three quarters of the way to its control points: it stays in sight.
        bend = QPointF(min(start.x(), stop.x()) * 1.2, 0)
        path.cubicTo(start - bend, stop - bend, stop)
    else:
        path.lineTo(stop)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color(theme.accent), 2.2))
    painter.drawPath(path)
    _paint_port(painter, out_port(drawing.source), theme.accent, theme.accent)
