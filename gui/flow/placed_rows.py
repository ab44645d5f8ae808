"""The rows of a network where they stand, with the connections between them; found without search.

They stay the same object while they stand as they do, whatever is selected: what is laid over them
compares that object, and a network of a thousand layers is scrolled as quickly as one of ten.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.analysis import Analysis
from engine.lanes import Lane, lanes
from engine.network import Network
from gui.flow.block_painting import long_summaries
from gui.flow.flow_edges import Edge, arrows, lane_edges, rows_by_layer
from gui.flow.row_layout import FlowOptions, Row, flow, rows_near
from gui.flow.row_lengths import lengths


@dataclass(frozen=True, eq=False)
class PlacedRows:
    """Rows from top to bottom, and the lanes beside them."""

    analysis: Analysis
    rows: tuple[Row, ...]
    lanes: tuple[Lane, ...]

    @cached_property
    def network(self) -> Network:
        """The network whose rows these are."""
        return Network(tuple(layer.node for layer in self.analysis.layers.values()))

    @cached_property
    def _by_layer(self) -> Mapping[str, Row]:
        return rows_by_layer(self.rows)

    @cached_property
    def arrows(self) -> tuple[tuple[Row, Row, Edge], ...]:
        """The connections from a row to the next one, with both rows."""
        return tuple(arrows(self.analysis, self.rows))

    @cached_property
    def lane_edges(self) -> tuple[Edge, ...]:
        """The connections that pass other rows."""
        return tuple(lane_edges(self.rows, self.lanes))

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """All connections."""
        return (*(edge for _, _, edge in self.arrows), *self.lane_edges)

    def row_of(self, node_id: str) -> Row | None:
        """Return the row in which a layer stands, its own or its folded stage's."""
        return self._by_layer.get(node_id)

    def neighbor(self, node_id: str, step: int) -> str | None:
        """Return the layer of the row so many rows below, above if negative; None at the ends."""
        here, place = self.row_of(node_id), step
        if here is not None:
            place += bisect_left(self.rows, here.card.top, key=lambda row: row.card.top)
        return self.rows[place].node_id if 0 <= place < len(self.rows) else None

    def near(self, top: float, bottom: float) -> Sequence[Row]:
        """Return the rows between two heights of the scene."""
        return rows_near(self.rows, top, bottom)

    def arrows_near(self, top: float, bottom: float) -> Sequence[tuple[Row, Row, Edge]]:
        """Return the connections to a next row that are seen between two heights of the scene."""
        first = bisect_left(self.arrows, top, key=lambda arrow: arrow[1].card.top)
        last = bisect_right(self.arrows, bottom, key=lambda arrow: arrow[0].card.bottom)
        return self.arrows[first:last]


def placed_rows(
    analysis: Analysis, width: int, options: FlowOptions, line_height: int
) -> PlacedRows:
    """Return the rows of a network in a scene of that width, for lines of text of that height."""
    placed, lane_count = lanes(analysis)
    long = long_summaries(analysis, lengths(options.text_scale).block_width)
    line = round(line_height * 1.12)
    return PlacedRows(analysis, flow(analysis, width, options, lane_count, line, long), placed)


NO_ROWS = PlacedRows(Analysis({}), (), ())
"""Before there is a network."""
