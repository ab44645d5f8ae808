"""A network: an immutable directed graph of layers. An edit returns a new network.

Nodes stand in an order in which every node comes after what it reads; that order is also the
order of the rows on the screen. An edit keeps it as far as it can. A network may have problems
(a layer that does not fit, an input that is missing): those are found by `engine.analysis`. Only
what could not be drawn at all is refused here: a cycle, an unknown name, an id in use.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from zlib import crc32

from engine.layer import Layer
from engine.problems import NetworkError
from engine.weighting.weight_sources import Seeded
from engine.weighting.weights import Weights
from engine.wording import counted, quoted

INPUT_ID = "input"
"""The id of the picture's node."""

_ID = re.compile(r"[A-Za-z0-9_.\-/:]{1,100}")


@dataclass(frozen=True)
class Node:
    """A layer placed in a network.

    ``inputs`` are the ids of the nodes that it reads, in order. A ``bypassed`` node hands its
    first input on.
    """

    id: str
    layer: Layer
    inputs: tuple[str, ...] = ()
    weights: Weights = field(default_factory=Weights)
    bypassed: bool = False


def new_node(node_id: str, layer: Layer, inputs: Iterable[str]) -> Node:
    """Return a node whose weights are seeded from its id, so that no neighbor changes them."""
    return Node(node_id, layer, tuple(inputs), Weights(Seeded(seed_of(node_id))))


def seed_of(node_id: str) -> int:
    """Return the seed that a new layer of that id gets, from 0 to 9999.

    Saved files leave such a seed out, so the rule never changes.
    """
    return crc32(node_id.encode()) % 10_000


@dataclass(frozen=True)
class Network:
    """Nodes in order, the picture first.

    Raises:
        NetworkError: for ids used twice, inputs that are not there, and cycles.
    """

    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        ids = {node.id for node in self.nodes}
        for node in self.nodes:
            if not _ID.fullmatch(node.id):
                raise NetworkError(
                    f"{quoted(node.id)} cannot be a layer's id. Use only letters, digits and "
                    "_.-/: for it, at most 100."
                )
            if node.id in seen:
                raise NetworkError(f'Two layers have the id "{node.id}".')
            for source in node.inputs:
                if source not in ids:
                    raise NetworkError(f'"{node.id}" reads "{source}", which is not there.')
                if source not in seen:
                    raise NetworkError(f'"{node.id}" reads "{source}", which comes after it.')
            seen.add(node.id)
        if not self.nodes or self.nodes[0].layer.kind.id != INPUT_ID:
            raise NetworkError("A network begins with the picture, a layer of kind input.")
        if self.nodes[0].id != INPUT_ID:
            raise NetworkError(f'The picture\'s id is "{INPUT_ID}", not "{self.nodes[0].id}".')
        if any(node.layer.kind.id == INPUT_ID for node in self.nodes[1:]):
            raise NetworkError("A network has one picture.")

    @cached_property
    def _places(self) -> dict[str, int]:
        return {node.id: place for place, node in enumerate(self.nodes)}

    @cached_property
    def _readers(self) -> dict[str, tuple[str, ...]]:
        readers: dict[str, list[str]] = {node.id: [] for node in self.nodes}
        for node in self.nodes:
            for source in dict.fromkeys(node.inputs):
                readers[source].append(node.id)
        return {source: tuple(found) for source, found in readers.items()}

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)

    def __contains__(self, node_id: object) -> bool:
        return node_id in self._places

    def node(self, node_id: str) -> Node:
        """Return the node with that id.

        Raises:
            NetworkError: when there is none; the text lists what there is.
        """
        if node_id not in self._places:
            known = ", ".join(self._places)
            raise NetworkError(f'There is no layer "{node_id}"; there are {known}.')
        return self.nodes[self._places[node_id]]

    def readers(self, node_id: str) -> tuple[str, ...]:
        """Return the ids of the nodes that read this one."""
        self.node(node_id)
        return self._readers[node_id]

    def index(self, node_id: str) -> int:
        """Return the node's place in the order."""
        return self._places[self.node(node_id).id]

    def descendants(self, node_id: str) -> frozenset[str]:
        """Return the ids of all nodes that depend on this one, itself not."""
        found: set[str] = set()
        waiting = list(self.readers(node_id))
        while waiting:
            reader = waiting.pop()
            if reader not in found:
                found.add(reader)
                waiting.extend(self._readers[reader])
        return frozenset(found)

    def unused_id(self, kind_id: str) -> str:
        """Return an id for a new layer of that kind: ``conv2d_1``, then ``conv2d_2``."""
        number = 1
        while f"{kind_id}_{number}" in self._places:
            number += 1
        return f"{kind_id}_{number}"

    # Edits of one node

    def replace_node(self, node: Node) -> "Network":
        """Return the network with the node of that id replaced; its inputs stay in order."""
        self.node(node.id)
        return _ordered(node if old.id == node.id else old for old in self.nodes)

    def with_layer(self, node_id: str, layer: Layer) -> "Network":
        """Return the network with that node's layer replaced, its weights and edges kept."""
        return self.replace_node(replace(self.node(node_id), layer=layer))

    def with_weights(self, node_id: str, weights: Weights) -> "Network":
        """Return the network with that node's weights replaced."""
        return self.replace_node(replace(self.node(node_id), weights=weights))

    def bypass(self, node_id: str, bypassed: bool = True) -> "Network":
        """Return the network with that layer switched off, or on again."""
        self._refuse_input(node_id, "switched off")
        return self.replace_node(replace(self.node(node_id), bypassed=bypassed))

    # Edits of the graph

    def append(self, layer: Layer, node_id: str | None = None) -> "Network":
        """Return the network with a layer that reads the last node."""
        return self.insert_after(self.nodes[-1].id, layer, node_id)

    def insert_after(self, after: str, layer: Layer, node_id: str | None = None) -> "Network":
        """Return the network with a layer between a node and all that read it."""
        self.node(after)
        made = new_node(node_id or self.unused_id(layer.kind.id), layer, (after,))
        return self.insert_node(after, made)

    def insert_node(self, after: str, made: Node) -> "Network":
        """Return the network with a node of one input between a node and all that read it."""
        self._refuse_used(made.id)
        made = replace(made, inputs=(after, *made.inputs[1:]))
        place = self.index(after) + 1
        before = self.nodes[:place]
        behind = (_reading(node, after, made.id) for node in self.nodes[place:])
        return Network((*before, made, *behind))

    def insert_on_edge(
        self, source: str, target: str, layer: Layer, node_id: str | None = None
    ) -> "Network":
        """Return the network with a layer on the edge from one node to another alone."""
        if source not in self.node(target).inputs:
            raise NetworkError(f'"{target}" does not read "{source}".')
        made = new_node(node_id or self.unused_id(layer.kind.id), layer, (source,))
        self._refuse_used(made.id)
        place = self.index(target)
        rest = (
            _reading(node, source, made.id) if node.id == target else node
            for node in self.nodes[place:]
        )
        return Network((*self.nodes[:place], made, *rest))

    def remove(self, node_id: str) -> "Network":
        """Return the network without that node; what read it reads its first input."""
        self._refuse_input(node_id, "removed")
        instead = self.node(node_id).inputs[:1]
        rest = (node for node in self.nodes if node.id != node_id)
        return Network(tuple(_reading(node, node_id, *instead) for node in rest))

    def move_after(self, node_id: str, after: str) -> "Network":
        """Return the network with a node taken out and put between another and its readers.

        Further inputs of a merging layer stay as they are.

        Raises:
            NetworkError: when one of those comes after the new place.
        """
        self._refuse_input(node_id, "moved")
        moved = self.node(node_id)
        if after == node_id or moved.inputs[:1] == (after,):
            return self
        rest = self.remove(node_id)
        late = [s for s in moved.inputs[1:] if rest.index(s) > rest.index(after)]
        if late:
            raise NetworkError(
                "{} also reads {}, so it cannot be moved before that.", node_id, late[0]
            )
        return rest.insert_node(after, moved)

    def duplicate(self, node_id: str) -> "Network":
        """Return the network with a copy of a layer and its weights right after it."""
        self._refuse_input(node_id, "copied")
        node = self.node(node_id)
        copy = replace(node, id=self.unused_id(node.layer.kind.id), inputs=(node_id,))
        return self.insert_node(node_id, copy)

    def connect(self, source: str, target: str, place: int | None = None) -> "Network":
        """Return the network with an edge from one node to another.

        ``place`` replaces that input; without it a layer of one input gets this one, and a merging
        layer one more.

        Raises:
            NetworkError: when the edge would close a cycle or the layer takes no more inputs.
        """
        inputs = self.inputs_with(source, target, place)
        if source == target or source in self.descendants(target):
            raise NetworkError(
                "{} already depends on {}; connecting them would close a circle.", source, target
            )
        return self.replace_node(replace(self.node(target), inputs=inputs))

    def inputs_with(self, source: str, target: str, place: int | None = None) -> tuple[str, ...]:
        """Return what a node would read after `connect`; a circle is not looked for."""
        self._refuse_input(target, "given an input")
        self.node(source)
        node = self.node(target)
        inputs, most = list(node.inputs), node.layer.inputs[1]
        if place is None and most == 1:
            place = 0
        if place is not None and place < 0:
            raise NetworkError(f'"{target}" has no input {place}.')
        if place is not None and place < len(inputs):
            inputs[place] = source
        elif len(inputs) < most:
            inputs.append(source)
        else:
            wanted = counted(most, "input")
            raise NetworkError(f"{node.layer.kind.label} takes {wanted} and has all.")
        return tuple(inputs)

    def disconnect(self, target: str, place: int) -> "Network":
        """Return the network without the target's input at that place."""
        node = self.node(target)
        if not 0 <= place < len(node.inputs):
            raise NetworkError(f'"{target}" has no input {place}.')
        inputs = node.inputs[:place] + node.inputs[place + 1 :]
        return self.replace_node(replace(node, inputs=inputs))

    def _refuse_input(self, node_id: str, what: str) -> None:
        if self.node(node_id).layer.kind.id == INPUT_ID:
            raise NetworkError(f"The picture cannot be {what}.")

    def _refuse_used(self, node_id: str) -> None:
        if node_id in self:
            raise NetworkError(f'There is already a layer "{node_id}".')


def _reading(node: Node, old: str, *new: str) -> Node:
    """Return the node with another source wherever it reads that one, or without it."""
    if old not in node.inputs:
        return node
    kept = ((source,) if source != old else new for source in node.inputs)
    return replace(node, inputs=tuple(chain.from_iterable(kept)))


def _ordered(nodes: Iterable[Node]) -> Network:
    """Return a network of the nodes, moving only those that come before what they read."""
    waiting = list(nodes)
    unplaced = {node.id for node in waiting}
    placed: list[Node] = []
    while waiting:
        # What nobody will bring is not waited for: the network refuses it by its name.
        ready = next((n for n in waiting if unplaced.isdisjoint(n.inputs)), None)
        if ready is None:
            raise NetworkError("The layers read each other in a circle.")
        placed.append(ready)
        unplaced.discard(ready.id)
        waiting.remove(ready)
    return Network(tuple(placed))


def stack(layers: Iterable[tuple[str, Layer]], picture: Layer) -> Network:
    """Return a network in which every layer reads the one before, the picture first."""
    network = Network((Node(INPUT_ID, picture),))
    for node_id, layer in layers:
        network = network.append(layer, node_id)
    return network
