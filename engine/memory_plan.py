"""Which layers of a network can be computed with the memory there is, before any is taken."""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from engine.analysis import Analysis, LayerAnalysis


@dataclass(frozen=True)
class MemoryPlan:
    """What the maps and weights of a network need, and the layers that a limit lets through.

    ``withheld`` are the layers that would pass the limit and those that read them, in the order of
    the network.
    """

    needed: int
    limit: int
    fitting: frozenset[str]
    withheld: tuple[str, ...]


def memory_plan(analysis: Analysis, limit: int) -> MemoryPlan:
    """Return which layers of a network fit into so many bytes, the first ones first."""
    needed = taken = 0
    fitting: set[str] = set()
    withheld: list[str] = []
    for node_id, layer in analysis.layers.items():
        if not layer.computable:
            continue
        own = layer_bytes(layer)
        needed += own
        if taken + own <= limit and fitting.issuperset(_sources(layer)):
            fitting.add(node_id)
            taken += own
        else:
            withheld.append(node_id)
    return MemoryPlan(needed, limit, frozenset(fitting), tuple(withheld))


class HeldLayers(NamedTuple):
    """Layers of a network whose maps are in memory; ``input_id`` stands for what it is shown."""

    input_id: str
    analysis: Analysis
    node_ids: Collection[str]


def bytes_together(parts: Iterable[HeldLayers]) -> int:
    """Return what layers of several networks take; equal layers of equal inputs take it once."""
    numbers: dict[Hashable, int] = {}
    taken: dict[int, int] = {}
    for part in parts:
        own: dict[str, int] = {}
        for node_id, layer in part.analysis.layers.items():
            node, inputs = layer.node, tuple(own[source] for source in layer.node.inputs)
            what = (part.input_id, node.layer, node.weights, node.bypassed, inputs)
            own[node_id] = numbers.setdefault(what, len(numbers))
            if node_id in part.node_ids:
                taken[own[node_id]] = layer_bytes(layer)
    return sum(taken.values())


def layer_bytes(layer: LayerAnalysis) -> int:
    """Return what a layer's maps and weights take; one that is switched off has none of its own."""
    if layer.facts is None or layer.node.bypassed:
        return 0
    return layer.facts.shape.bytes + 4 * sum(spec.size for spec in layer.facts.weight_specs)


def _sources(layer: LayerAnalysis) -> tuple[str, ...]:
    return layer.node.inputs[:1] if layer.node.bypassed else layer.node.inputs
