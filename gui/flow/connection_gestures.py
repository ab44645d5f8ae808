"""Drawing, choosing and removing connections with the mouse on the flow."""

from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from engine.connecting import ConnectionPreview, connection_previews
from engine.row_names import numbered
from gui.flow.connection_guide import ConnectionGuide, Drawing, GuideState
from gui.flow.flow_edges import Edge, last_of, nearest_edge, out_port
from gui.flow.placed_rows import NO_ROWS, PlacedRows
from gui.flow.row_layout import Row
from gui.flow.row_painting import rectangle
from gui.theme import Theme

PORT_REACH = 9.0
"""How near the pointer must be to a port to take it."""


class ConnectionGestures(QObject):
    """Follows the pointer between rows; says what was drawn and what was removed."""

    drawn = Signal(str, str)
    """A layer, and the one that is to read it."""
    removed = Signal(str, int)
    """The layer that reads, and which of its inputs."""

    def __init__(self, guide: ConnectionGuide, parent: QObject) -> None:
        super().__init__(parent)
        self._guide = guide
        self._placed = NO_ROWS
        self._theme: Theme | None = None
        self._selected = ""
        self._chosen: tuple[str, str] | None = None
        self._state = GuideState()
        self._previews: dict[str, ConnectionPreview] = {}
        self._visible = QRectF()

    # What is there

    def show_flow(self, placed: PlacedRows, theme: Theme, selected: str) -> None:
        """Work on another state of the flow."""
        if placed is not self._placed:
            self._previews.clear()
        if selected != self._selected:
            self._chosen = None
        self._placed, self._theme, self._selected = placed, theme, selected
        if self._chosen not in {edge.key for edge in placed.edges}:
            self._chosen = None
        self._show(GuideState(placed.rows))

    def show_visible(self, visible: QRectF) -> None:
        """Note which part of the scene is in sight."""
        self._visible = visible
        self._show(self._state)

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The connections as they are drawn."""
        return self._placed.edges

    @property
    def chosen(self) -> tuple[str, str] | None:
        """The connection that was clicked: the layer that is read, and the one that reads."""
        return self._chosen

    @property
    def is_drawing(self) -> bool:
        """Whether a connection is being drawn."""
        return self._state.drawing is not None

    @property
    def hint(self) -> str:
        """What is written at the pointer."""
        return self._state.hint

    def edge_at(self, point: QPointF) -> Edge | None:
        """Return the connection under a point, None over a row or beside all connections."""
        edge = nearest_edge(self._placed.edges, point.x(), point.y())
        if edge is not None and self._row_at(point) is not None:
            return None
        return edge

    # What the pointer does

    def hover(self, point: QPointF) -> bool:
        """Follow the pointer; return whether it is over a port or a connection."""
        row = self._row_with_port(point)
        edge = None if row is not None else self.edge_at(point)
        state = GuideState(self._placed.rows, hint_at=point)
        if row is not None:
            text = "Drag to the layer that is to read this one; C lists them."
            state = replace(state, ports=(row,), hint=text)
        elif edge is not None:
            state = replace(state, edges={"pointed": edge}, hint=self._edge_hint(edge))
        else:
            near = self._row_at(point)
            state = replace(state, ports=() if near is None else (near,))
        self._show(state)
        return row is not None or edge is not None

    def leave(self) -> None:
        """Forget the pointer, which left the flow."""
        if not self.is_drawing:
            self._show(GuideState(self._placed.rows))

    def press(self, point: QPointF) -> bool:
        """Begin at a port, or choose a connection; return whether there is one."""
        row = self._row_with_port(point)
        if row is not None:
            self._chosen = None
            self._draw_to(row, point)
            return True
        edge = self.edge_at(point)
        if edge is None:
            self._chosen = None
            self._show(GuideState(self._placed.rows))
            return False
        self.choose(edge)
        self.hover(point)
        return True

    def choose(self, edge: Edge) -> None:
        """Mark a connection: it is the one that is removed."""
        self._chosen = edge.key
        self._show(GuideState(self._placed.rows))

    def move(self, point: QPointF) -> None:
        """Draw the connection on to a point."""
        drawing = self._state.drawing
        if drawing is not None:
            self._draw_to(drawing.source, point)

    def release(self, point: QPointF) -> None:
        """End the connection over the row there; it is drawn if that is possible."""
        drawing = self._state.drawing
        if drawing is None:
            return
        over = self._row_at(point)
        self.cancel()
        if over is None or over is drawing.source:
            return
        if self._preview(drawing.source, over).possible:
            self.drawn.emit(last_of(drawing.source), over.node_id)

    def cancel(self) -> None:
        """Draw no connection."""
        self._show(GuideState(self._placed.rows))

    def remove_chosen(self) -> bool:
        """Remove the chosen connection; return whether there is one."""
        if self._chosen is None:
            return False
        source, target = self._chosen
        place = self._placed.analysis[target].node.inputs.index(source)
        self._chosen = None
        self.removed.emit(target, place)
        return True

    # Parts

    def _draw_to(self, source: Row, point: QPointF) -> None:
        over = self._row_at(point)
        over = None if over is source else over
        drawing = Drawing(source, point, over, lambda row: self._preview(source, row))
        hint, is_bad = f"Drop on a layer that is to read {self._name(last_of(source))}.", False
        if over is not None:
            preview = self._preview(source, over)
            hint, is_bad = preview.text, not preview.fits
        self._show(
            GuideState(
                self._placed.rows, drawing=drawing, hint=hint, hint_at=point, hint_is_bad=is_bad
            )
        )

    def _preview(self, source: Row, over: Row) -> ConnectionPreview:
        """Return what a connection would do; remembered, for the line is painted all the time."""
        read, reading = last_of(source), over.node_id
        key = f"{read} {reading}"
        if key not in self._previews:
            layers = self._placed.analysis.layers
            shapes = {name: layer.shape for name, layer in layers.items()}
            previews = connection_previews(self._placed.network, shapes, read, [reading])
            self._previews[key] = previews[reading]
        return self._previews[key]

    def _name(self, node_id: str) -> str:
        return numbered(self._placed.network, node_id)

    def _edge_hint(self, edge: Edge) -> str:
        text = f"{self._name(edge.target)} reads {self._name(edge.source)}"
        return f"{text} · Delete removes it" if edge.key == self._chosen else text

    def _row_at(self, point: QPointF) -> Row | None:
        near = self._placed.near(point.y(), point.y())
        return next((row for row in near if rectangle(row.card).contains(point)), None)

    def _row_with_port(self, point: QPointF) -> Row | None:
        def is_near(row: Row) -> bool:
            x, y = out_port(row)
            return max(abs(point.x() - x), abs(point.y() - y)) <= PORT_REACH

        near = self._placed.near(point.y() - PORT_REACH, point.y() + PORT_REACH)
        return next((row for row in near if is_near(row)), None)

    def _show(self, state: GuideState) -> None:
        """Paint a state, with what stays: the selected row's port and the chosen connection."""
        if self._theme is None:
            return
        selected = self._placed.row_of(self._selected)
        ports = {row.node_id: row for row in (selected, *state.ports) if row is not None}
        edges = dict(state.edges)
        chosen = next((edge for edge in self._placed.edges if edge.key == self._chosen), None)
        if chosen is not None:
            edges["chosen"] = chosen
        self._state = replace(state, ports=tuple(ports.values()), edges=edges)
        self._guide.show_state(self._state, self._theme, self._visible)
