"""Which values depend on one, in words: what is marked behind it, for those who do not see it."""

from engine.analysis import Analysis
from engine.naming import Naming, by_id
from engine.pinned_value import PinnedValue
from engine.tracing import Area


def reach_words(analysis: Analysis, value: PinnedValue, name: Naming = by_id) -> str:
    """Return what a value reaches of the next layer and of the last, if any layer reads its own."""
    readers = analysis.readers[value.node_id]
    if not readers:
        return ""
    behind = [node_id for node_id in value.reached if node_id != value.node_id]
    if not behind:
        return f"No value of {name(readers[0].node.id)} depends on it."
    ends = dict.fromkeys((behind[0], behind[-1]))
    places = [f"{_places(value.reached[node_id])} of {name(node_id)}" for node_id in ends]
    return f"It reaches {' and '.join(places)}."


def _places(area: Area) -> str:
    extent, cells = area.extent, area.cells
    assert extent is not None
    if cells == 1:
        return "1 place"
    if cells == extent.height * extent.width:
        return f"{extent.height} × {extent.width} places"
    return f"{cells:,} places within {extent.height} × {extent.width}"
