"""How much memory rendering a network takes, from sizes alone."""

from collections import Counter

from engine.analysis import Analysis
from engine.network import Network

DRAWING = 256 << 20
"""Bytes for one picture of maps while it is drawn and compressed; its size is limited."""


def rendering_bytes(network: Network, analysis: Analysis) -> int:
    """Return about how many bytes computing and drawing layer after layer takes at its peak.

    Maps live from their own layer to the last one that reads them. Weights, and what is prepared
    from them, are kept for the whole run. While a layer is computed, its input may be held once
    more with padding, and as much again as its output may be scratch memory.
    """
    computable = [node for node in network if analysis[node.id].computable]
    readers = Counter(source for node in computable for source in node.inputs)
    alive: dict[str, int] = {}
    weights = peak = 0
    for node in computable:
        facts = analysis[node.id].facts
        assert facts is not None, "what is computable has a size"
        weights += 2 * 4 * (facts.parameters + facts.statistics)
        alive[node.id] = facts.shape.bytes
        scratch = facts.shape.bytes + sum(alive[source] for source in set(node.inputs))
        peak = max(peak, sum(alive.values()) + scratch)
        readers.subtract(node.inputs)
        for done in {node.id, *node.inputs}:
            if not readers[done]:
                del alive[done]
    return peak + weights + DRAWING
