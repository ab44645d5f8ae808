"""Computing the maps of a network, layer by layer, as they finish.

An `Evaluation` lives as long as its cache is useful, usually as long as the program. It is used
by one thread at a time. What it yields is read-only and never written again.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, LayerAnalysis
from engine.blocks import BlockPool
from engine.layer import Layer, WeightArrays
from engine.network import INPUT_ID, Network
from engine.problems import CancelledError
from engine.result_cache import ResultCache, ValueKey
from engine.weight_changes import updated_maps
from engine.weighting.weights import Weights, make_weights
from engine.workspace import Workspace

Maps = NDArray[np.float32]

MIB = 1 << 20
DEFAULT_BUDGET = 1024 * MIB
"""How many bytes of maps are kept between two evaluations."""

WEIGHTS_BUDGET = 1024 * MIB
"""How many bytes of drawn weights are kept."""

LATEST_LIMIT = 1024
"""For how many layers it is remembered with which weights they were computed last."""

_Place: TypeAlias = tuple[str, Layer, tuple[ValueKey, ...]]


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """The maps of one layer: float32 (C, H, W), read-only; ``cached`` if nothing was computed."""

    node_id: str
    maps: Maps
    cached: bool


class Evaluation:
    """Computes networks, and remembers maps, weights and memory between runs."""

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        self.cache = ResultCache(budget)
        self.pool = BlockPool(budget + budget // 2)
        self.workspace = Workspace()
        self._weights: OrderedDict[tuple[object, ...], WeightArrays] = OrderedDict()
        self._weights_bytes = 0
        self._latest: OrderedDict[_Place, tuple[Weights, ValueKey]] = OrderedDict()

    def run(
        self,
        network: Network,
        analysis: Analysis,
        picture: Maps,
        picture_id: str,
        cancelled: Callable[[], bool] = lambda: False,
        wanted: Collection[str] | None = None,
    ) -> Iterator[LayerMaps]:
        """Yield the maps of every layer that can be computed, in the order of the network.

        Args:
            network: the layers.
            analysis: of this network for a picture of this shape.
            picture: the input's maps (C, H, W), float32, never written.
            picture_id: stands for the picture's content in the cache.
            cancelled: asked between layers and between blocks within a layer.
            wanted: the layers to yield; those that none of them needs are not computed.

        Raises:
            CancelledError: as soon as ``cancelled`` says so; finished layers stay in the cache.
        """
        self.workspace.cancelled = cancelled
        needed = needed_layers(network, analysis, wanted)
        keys: dict[str, ValueKey] = {}
        held: dict[str, Maps] = {}
        uses = Counter(source for node in network if node.id in needed for source in node.inputs)
        for node in network:
            if node.id not in needed:
                continue
            if cancelled():
                raise CancelledError("The computation was replaced by a newer one.")
            layer = analysis[node.id]
            if node.layer.kind.id == INPUT_ID:
                keys[node.id] = self.cache.key(picture_id)
                maps, cached = _read_only(picture), True
            elif node.bypassed:
                keys[node.id] = keys[node.inputs[0]]
                maps, cached = held[node.inputs[0]], True
            else:
                what = (node.layer, node.weights)
                key = keys[node.id] = self.cache.key(what, tuple(keys[i] for i in node.inputs))
                found = self.cache.get(key)
                cached = found is not None
                if found is None:
                    found = self._compute(layer, key, tuple(held[i] for i in node.inputs))
                    self.cache.put(key, found)
                maps = found
            if uses[node.id]:
                held[node.id] = maps
            for source in node.inputs:
                uses[source] -= 1
                if not uses[source]:
                    held.pop(source, None)
            if wanted is None or node.id in wanted:
                yield LayerMaps(node.id, maps, cached)

    def weights(self, layer: LayerAnalysis) -> WeightArrays:
        """Return the weights of a layer that fits, made once while memory lasts."""
        assert layer.facts is not None
        specs = layer.facts.weight_specs
        if not specs:
            return {}
        key = (layer.node.weights, specs)
        found = self._weights.get(key)
        if found is not None:
            self._weights.move_to_end(key)
            return found
        made = make_weights(*key, self.workspace.checkpoint)
        self._weights[key] = made
        self._weights_bytes += _bytes(made)
        while self._weights_bytes > WEIGHTS_BUDGET and len(self._weights) > 1:
            _, oldest = self._weights.popitem(last=False)
            self._weights_bytes -= _bytes(oldest)
        return made

    def _compute(self, layer: LayerAnalysis, key: ValueKey, inputs: tuple[Maps, ...]) -> Maps:
        assert layer.facts is not None
        out = self.pool.take(layer.facts.shape)
        # Infinity and NaN are shown and counted where the maps are; they are no fault here.
        with np.errstate(all="ignore"):
            if not (layer.facts.weight_specs and self._update(layer, key, inputs, out)):
                layer.node.layer.forward(inputs, self.weights(layer), out, self.workspace)
        return _read_only(out)

    def _update(
        self, layer: LayerAnalysis, key: ValueKey, inputs: tuple[Maps, ...], out: Maps
    ) -> bool:
        """Write maps by way of the latest that differ by edits of weights only; say if it was."""
        node = layer.node
        place = node.id, node.layer, key.inputs
        latest = self._latest.pop(place, None)
        self._latest[place] = node.weights, key
        if len(self._latest) > LATEST_LIMIT:
            self._latest.popitem(last=False)
        old = None if latest is None else self.cache.get(latest[1])
        if latest is None or old is None:
            return False
        return updated_maps(layer, latest[0], old, inputs, out, self.workspace)


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


def _read_only(maps: Maps) -> Maps:
    view = maps.view()
    view.flags.writeable = False
    return view


def _bytes(arrays: WeightArrays) -> int:
    return sum(array.nbytes for array in arrays.values())
