"""The plan of an evaluation: all that stays the same each time a network is computed.

Keys of values take as long as a small layer, so that they are made once per network and picture,
and not once per run.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.analysis import Analysis, LayerAnalysis
from engine.network import INPUT_ID, Network
from engine.result_cache import ValueKey
from engine.shapes import Shape

MakeKey: TypeAlias = Callable[[Hashable, tuple[ValueKey, ...]], ValueKey]

TOGETHER_BYTES = 4 << 20
"""Memory is found for so many bytes of small maps at once: between two layers, with cold caches,
finding it takes three times as long for each. LeNet takes 0.35 ms and not 0.42."""


@dataclass(frozen=True, eq=False, slots=True)
class Step:
    """One layer, in the order of the network, and the maps that it is given."""

    node_id: str
    layer: LayerAnalysis
    shape: Shape
    """Of its maps."""
    key: ValueKey
    """Of its maps."""
    weights_key: ValueKey | None
    """None where it has no weights."""
    place: ValueKey | None
    """What stays the same when its weights are edited; None where it has none."""
    sources: tuple[str, ...]
    """Whose maps it reads: one layer's if it hands those on."""
    last_read: tuple[str, ...]
    """Whose maps no later step reads."""
    is_read: bool
    is_wanted: bool
    is_computed: bool
    """Whether it does more than to hand on the picture's maps or its source's."""

    @property
    def new_bytes(self) -> int:
        """The memory that its maps need."""
        return self.shape.bytes if self.is_computed else 0


@dataclass(frozen=True, eq=False)
class Plan:
    """The steps that compute the wanted layers of a network, all by default."""

    network: Network
    analysis: Analysis
    picture_id: str
    wanted: frozenset[str] | None
    steps: tuple[Step, ...]
    batch_ends: tuple[int, ...]
    """For each step, where the batch ends that begins with it, whose memory is found at once."""

    def is_for(
        self,
        network: Network,
        analysis: Analysis,
        picture_id: str,
        wanted: frozenset[str] | None,
    ) -> bool:
        """Return whether it would be the same; another picture has another id."""
        is_same_network = self.network is network and self.analysis is analysis
        return is_same_network and (self.picture_id, self.wanted) == (picture_id, wanted)


def planned(
    network: Network,
    analysis: Analysis,
    picture_id: str,
    wanted: frozenset[str] | None,
    make_key: MakeKey,
) -> Plan:
    """Return the plan for a picture and the wanted layers."""
    steps = tuple(_steps(network, analysis, picture_id, wanted, make_key))
    return Plan(network, analysis, picture_id, wanted, steps, tuple(_batch_ends(steps)))


def _steps(
    network: Network,
    analysis: Analysis,
    picture_id: str,
    wanted: frozenset[str] | None,
    make_key: MakeKey,
) -> Iterator[Step]:
    needed = needed_layers(network, analysis, wanted)
    nodes = [node for node in network if node.id in needed]
    sources = {node.id: node.inputs[:1] if node.bypassed else node.inputs for node in nodes}
    last_reader = {source: node.id for node in nodes for source in sources[node.id]}
    keys: dict[str, ValueKey] = {}
    for node in nodes:
        layer = analysis[node.id]
        assert layer.shape is not None
        is_picture = node.layer.kind.id == INPUT_ID
        inputs = tuple(keys[source] for source in sources[node.id])
        if is_picture:
            keys[node.id] = make_key(picture_id, ())
        elif node.bypassed:
            (keys[node.id],) = inputs
        else:
            keys[node.id] = make_key((node.layer, node.weights), inputs)
        to_weights = weights_key(layer, make_key)
        yield Step(
            node_id=node.id,
            layer=layer,
            shape=layer.shape,
            key=keys[node.id],
            weights_key=to_weights,
            place=None if to_weights is None else make_key((node.id, node.layer), inputs),
            sources=sources[node.id],
            last_read=tuple(i for i in {*sources[node.id]} if last_reader[i] == node.id),
            is_read=node.id in last_reader,
            is_wanted=wanted is None or node.id in wanted,
            is_computed=not (is_picture or node.bypassed),
        )


def _batch_ends(steps: Sequence[Step]) -> Iterator[int]:
    """Yield the ends of batches, which are one step, or several that need little memory."""
    end, taken = 0, 0
    for place, step in enumerate(steps):
        while end < len(steps):
            more = steps[end].new_bytes
            if end > place and taken + more > TOGETHER_BYTES:
                break
            end, taken = end + 1, taken + more
        yield end
        taken -= step.new_bytes


def weights_key(layer: LayerAnalysis, make_key: MakeKey) -> ValueKey | None:
    """Return what a layer's arrays of weights are made of, a `Weights` and specs, if it has any."""
    assert layer.facts is not None
    specs = layer.facts.weight_specs
    return make_key((layer.node.weights, specs), ()) if specs else None


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
