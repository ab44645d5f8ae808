"""Dragging kinds and layers over the flow: into a gap between rows, or onto a branch's lane."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QPointF

from engine.advice import Preview
from gui.flow.drop_guide import KIND_MIME, LAYER_MIME, DropGuide, PreviewOf
from gui.flow.flow_edges import Edge, last_of
from gui.flow.row_layout import Row
from gui.theme import Theme


@dataclass(frozen=True)
class Drop:
    """What was let go where: a kind or a layer, behind a layer, or a kind on a connection."""

    kind_id: str = ""
    layer_id: str = ""
    after: str = ""
    edge: tuple[str, str] | None = None


class FlowDrops:
    """One drag over the flow at a time; it says what letting go would do, and what it did."""

    def __init__(self, guide: DropGuide, preview_of: PreviewOf) -> None:
        self._guide = guide
        self._preview_of = preview_of
        self._rows: Sequence[Row] = ()
        self._edge: Edge | None = None

    @staticmethod
    def takes(data: QMimeData) -> bool:
        """Whether these data are for the flow; a picture or a file is for the window."""
        return data.hasFormat(KIND_MIME) or data.hasFormat(LAYER_MIME)

    def begin(self, data: QMimeData, rows: Sequence[Row], theme: Theme) -> None:
        """Show what a drop would do in each gap."""
        self._rows, self._edge = rows, None
        previews = [self._preview_of(data, last_of(row)) for row in rows]
        self._guide.begin(rows, previews, theme)

    def move(
        self, data: QMimeData, point: QPointF, edge_at: Callable[[QPointF], Edge | None]
    ) -> None:
        """Follow the pointer; a kind may also be dropped on a branch."""
        edge = edge_at(point) if data.hasFormat(KIND_MIME) else None
        self._edge = edge if edge is not None and edge.is_lane else None
        if self._edge is None:
            self._guide.point_at(gap_at(self._rows, point.y()))
        else:
            self._guide.point_at_edge(self._edge, self._preview_of(data, self._edge.source), point)

    def drop(self, data: QMimeData, point: QPointF) -> Drop:
        """End the drag with a drop; return what it means."""
        edge, rows = self._edge, self._rows
        self.end()
        if data.hasFormat(LAYER_MIME):
            after = last_of(rows[gap_at(rows, point.y())])
            return Drop(layer_id=_text(data, LAYER_MIME), after=after)
        kind_id = _text(data, KIND_MIME)
        if edge is not None:
            return Drop(kind_id, edge=edge.key)
        return Drop(kind_id, after=last_of(rows[gap_at(rows, point.y())]))

    def end(self) -> None:
        """End the drag without a drop."""
        self._guide.end()
        self._rows, self._edge = (), None

    def preview(self) -> Preview | None:
        """Return what letting go would do."""
        return self._guide.preview()


def gap_at(rows: Sequence[Row], y: float) -> int:
    """Return the place of the row after which something dropped at a height belongs."""
    for place, row in enumerate(rows):
        if y < row.card.top + row.card.height / 2:
            return max(place - 1, 0)
    return len(rows) - 1


def _text(data: QMimeData, mime: str) -> str:
    return bytes(data.data(mime).data()).decode()
