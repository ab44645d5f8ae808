"""Lanes: where connections pass the rows between what is read and what reads it."""

from dataclasses import dataclass

from engine.analysis import Analysis


@dataclass(frozen=True)
class Lane:
    """A connection that passes other rows: from one row's block to another's, in a lane."""

    source: str
    target: str
    lane: int


def lanes(analysis: Analysis) -> tuple[tuple[Lane, ...], int]:
    """Return the connections that are not simply "the row before", each in a free lane.

    Lanes are given out from the right, the shortest connections first, so that few lines cross.
    """
    order = {node_id: place for place, node_id in enumerate(analysis.layers)}
    spans = [
        (order[node_id] - order[source], source, node_id)
        for node_id, layer in analysis.layers.items()
        for source in layer.node.inputs
        if order[node_id] - order[source] > 1
    ]
    taken: list[list[tuple[int, int]]] = []
    placed = []
    for _, source, target in sorted(spans, key=lambda span: (span[0], order[span[1]])):
        start, stop = order[source], order[target]
        lane = next(
            (
                number
                for number, used in enumerate(taken)
                if all(stop <= first or start >= last for first, last in used)
            ),
            len(taken),
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((start, stop))
        placed.append(Lane(source, target, lane))
    return tuple(placed), len(taken)
