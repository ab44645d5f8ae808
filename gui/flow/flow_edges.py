"""Connections as lines of the flow: arrows between neighboring rows, lanes beside the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.analysis import Analysis
from engine.lanes import Lane
from gui.flow.row_layout import Row
from gui.flow.row_lengths import LANE

ARROW_LEFT = 24
"""How far right of a block's left edge the arrow to the next row stands."""
OUT_ABOVE_BOTTOM = 10
"""How far above a block's bottom a lane leaves it; there is its port."""
IN_BELOW_TOP = 14
"""How far below a block's top a lane comes in."""
REACH = 6
"""How near a point must be to a line to mean it."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Edge:
    """A connection as it is drawn: corners from the row that is read to the one that reads.

    ``source`` and ``target`` are the layers, not the rows: those may be folded stages.
    """

    source: str
    target: str
    corners: tuple[Point, ...]
    is_lane: bool

    @property
    def key(self) -> tuple[str, str]:
        """What stays the same wherever the connection is drawn."""
        return self.source, self.target

    def distance(self, x: float, y: float) -> float:
        """Return how far a point is from the line, in either direction whichever is more."""
        return min(
            max(_outside(x, x0, x1), _outside(y, y0, y1))
            for (x0, y0), (x1, y1) in pairwise(self.corners)
        )


def out_port(row: Row) -> Point:
    """Return where connections leave a row."""
    return float(row.card.left), float(row.block.bottom - OUT_ABOVE_BOTTOM)


def in_port(row: Row) -> Point:
    """Return where connections from a lane come into a row."""
    return float(row.card.left), float(row.block.top + IN_BELOW_TOP)


def last_of(row: Row) -> str:
    """Return the layer that stands at a row's end: its own, or the last of a folded stage."""
    return (row.hidden_ids or (row.node_id,))[-1]


def rows_by_layer(rows: Sequence[Row]) -> Mapping[str, Row]:
    """Return the row of every layer, that of a folded stage for those within."""
    return {name: row for row in rows for name in (row.node_id, *row.hidden_ids)}


def arrows(analysis: Analysis, rows: Sequence[Row]) -> Iterator[tuple[Row, Row, Edge]]:
    """Yield the connections from a row to the next one, with both rows."""
    for above, below in pairwise(rows):
        source = last_of(above)
        if source in analysis[below.node_id].node.inputs:
            x = float(above.block.left + ARROW_LEFT)
            ends = ((x, float(above.card.bottom)), (x, float(below.card.top)))
            yield above, below, Edge(source, below.node_id, ends, is_lane=False)


def lane_edges(rows: Sequence[Row], lanes: Sequence[Lane]) -> Iterator[Edge]:
    """Yield the connections that pass other rows."""
    places = rows_by_layer(rows)
    for lane in lanes:
        start, stop = places[lane.source], places[lane.target]
        if start is stop:
            continue
        (left, out), (right, into) = out_port(start), in_port(stop)
        x = start.card.left - LANE * (lane.lane + 0.5)
        corners = ((left, out), (x, out), (x, into), (right - 1, into))
        yield Edge(lane.source, lane.target, corners, is_lane=True)


def nearest_edge(edges: Sequence[Edge], x: float, y: float) -> Edge | None:
    """Return the connection that a point means, None where none is near."""
    near = [(edge.distance(x, y), place) for place, edge in enumerate(edges)]
    distance, place = min(near, default=(REACH, -1))
    return edges[place] if distance < REACH else None


def _outside(value: float, one: float, other: float) -> float:
    """Return how far a value is outside two bounds."""
    low, high = min(one, other), max(one, other)
    return max(low - value, value - high, 0.0)
