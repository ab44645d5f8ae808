"""Which layer another one is compared with: those of its size first."""

from collections.abc import Sequence

from engine.analysis import Analysis
from engine.network import Network
from engine.row_names import numbered
from gui.searching.search_popup import Entry
from gui.wording import size_text


def compare_entries(analysis: Analysis, node_id: str, size_order: str) -> Sequence[Entry]:
    """Return an entry for each other layer that has maps."""
    network = Network(tuple(layer.node for layer in analysis.layers.values()))
    own = analysis[node_id].shape
    entries = [
        Entry(
            numbered(network, layer.node.id),
            layer.node.id,
            group="Same size" if layer.shape == own else "Other size",
            detail=size_text(layer.shape, size_order),
            icon=layer.node.layer.kind.id,
            hint="Their maps are subtracted value by value."
            if layer.shape == own
            else "Their maps are shown beside each other.",
        )
        for layer in analysis.layers.values()
        if layer.node.id != node_id and layer.shape is not None
    ]
    return sorted(entries, key=lambda entry: entry.group != "Same size")
