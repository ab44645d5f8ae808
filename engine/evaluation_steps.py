"""The steps of an evaluation: all that stays the same each time a network is computed.

Keys of values take as long as a small layer, so that they are made once per network and picture,
and not once per run.
"""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from typing import TypeAlias

from engine.analysis import Analysis, LayerAnalysis
from engine.network import INPUT_ID, Network
from engine.result_cache import ValueKey

MakeKey: TypeAlias = Callable[[Hashable, tuple[ValueKey, ...]], ValueKey]


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """One layer, in the order of the network, and the maps that it is given."""

    node_id: str
    layer: LayerAnalysis
    key: ValueKey
    """Of its maps."""
    weights_key: ValueKey
    place: ValueKey
    """What stays the same when its weights are edited."""
    sources: tuple[str, ...]
    """Whose maps it reads: one layer's if it hands those on."""
    last_read: tuple[str, ...]
    """Whose maps no later step reads."""
    is_read: bool
    is_wanted: bool
    is_computed: bool
    """Whether it does more than to hand on the picture's maps or its source's."""


def steps_of(
    network: Network,
    analysis: Analysis,
    picture_id: str,
    wanted: Collection[str] | None,
    make_key: MakeKey,
) -> tuple[Step, ...]:
    """Return the steps that compute the wanted layers, all by default."""
    needed = needed_layers(network, analysis, wanted)
    nodes = [node for node in network if node.id in needed]
    sources = {node.id: node.inputs[:1] if node.bypassed else node.inputs for node in nodes}
    last_reader = {source: node.id for node in nodes for source in sources[node.id]}
    keys: dict[str, ValueKey] = {}
    steps = []
    for node in nodes:
        is_picture = node.layer.kind.id == INPUT_ID
        inputs = tuple(keys[source] for source in sources[node.id])
        if is_picture:
            keys[node.id] = make_key(picture_id, ())
        elif node.bypassed:
            (keys[node.id],) = inputs
        else:
            keys[node.id] = make_key((node.layer, node.weights), inputs)
        step = Step(
            node.id,
            analysis[node.id],
            keys[node.id],
            weights_key(analysis[node.id], make_key),
            make_key((node.id, node.layer), inputs),
            sources[node.id],
            tuple(i for i in dict.fromkeys(sources[node.id]) if last_reader[i] == node.id),
            node.id in last_reader,
            wanted is None or node.id in wanted,
            not (is_picture or node.bypassed),
        )
        steps.append(step)
    return tuple(steps)


def weights_key(layer: LayerAnalysis, make_key: MakeKey) -> ValueKey:
    """Return what a layer's arrays of weights are made of: a `Weights` and the layer's specs."""
    assert layer.facts is not None
    return make_key((layer.node.weights, layer.facts.weight_specs), ())


def needed_layers(
    network: Network, analysis: Analysis, wanted: Collection[str] | None
) -> frozenset[str]:
    """Return the ids of the computable layers that the wanted ones depend on."""
    needed: set[str] = set()
    for node in reversed(network.nodes):
        is_wanted = wanted is None or node.id in wanted or node.id in needed
        if is_wanted and analysis[node.id].computable:
            needed.add(node.id)
            needed.update(node.inputs[:1] if node.bypassed else node.inputs)
    return frozenset(needed)
