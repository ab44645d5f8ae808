"""Computing the maps of a network, layer by layer, as they finish.

An `Evaluation` lives as long as its cache is useful, usually as long as the program. It is used
by one thread at a time. What it yields is read-only and never written again.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextvars import copy_context
from typing import NamedTuple
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, LayerAnalysis
from engine.blocks import BlockPool
from engine.evaluation_plan import Plan, Step, planned, weights_key
from engine.layer import WeightArrays
from engine.network import Network
from engine.numerics.parallel import follow_caller
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


class LayerMaps(NamedTuple):
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
        self._weights: OrderedDict[ValueKey, WeightArrays] = OrderedDict()
        self._weights_bytes = 0
        self._latest: OrderedDict[ValueKey, tuple[Weights, ValueKey]] = OrderedDict()
        self._plan: Plan | None = None
        self._put_off: WeakSet[ValueKey] = WeakSet()
        """The maps for which less was prepared than pays at a kernel's second use."""
        # Infinity and NaN are shown and counted where the maps are; they are no fault here.
        self._quiet = copy_context()
        self._quiet.run(np.seterr, all="ignore")

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
        held: dict[str, Maps] = {}
        rooms: dict[str, Maps] = {}
        plan = self._planned(network, analysis, picture_id, wanted)
        for place, step in enumerate(plan.steps):
            if cancelled():
                raise CancelledError("The computation was replaced by a newer one.")
            inputs = tuple([held[source] for source in step.sources])
            if step.is_computed:
                found = self.cache.get(step.key)
                cached = found is not None
                if found is None:
                    if step.node_id not in rooms:
                        follow_caller()
                        rooms = self._rooms(plan.steps[place : plan.batch_ends[place]])
                    found = self._compute(step, inputs, rooms.pop(step.node_id))
                maps = found
            else:
                maps, cached = inputs[0] if inputs else _read_only(picture), True
            if step.is_read:
                held[step.node_id] = maps
            for source in step.last_read:
                del held[source]
            # Or the caller would keep those alive that nothing reads any more.
            del inputs
            if step.is_wanted:
                yield LayerMaps(step.node_id, maps, cached)

    def rehearse(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Prepare what `run` put off, for the network that it computed last.

        The kernels of a network are new when it is opened, and not all are prepared: its maps are
        there sooner, but the first edit would wait for what the next one finds. The layers are
        computed once more, into memory that nobody sees.

        Raises:
            CancelledError: as soon as ``cancelled`` says so; the rest is left to another call.
        """
        self.workspace.cancelled = cancelled
        steps = () if self._plan is None else self._plan.steps
        keys = {step.node_id: step.key for step in steps}
        for step in steps:
            if step.key not in self._put_off:
                continue
            kept = [self.cache.get(keys[source]) for source in step.sources]
            inputs = tuple(maps for maps in kept if maps is not None)
            if len(inputs) == len(kept):
                self.workspace.checkpoint()
                (room,) = self.pool.take([step.shape])
                self._quiet.run(self._forward, step, inputs, room)
            self._put_off.discard(step.key)

    def forget(self) -> None:
        """Let go of all that was computed and prepared, and of the weights: others come.

        Maps are kept by what they were made of, which would hold the weights of every project.
        """
        self.cache.clear()
        self.workspace.forget()
        self._weights.clear()
        self._weights_bytes = 0
        self._latest.clear()
        self._plan = None

    def weights(self, layer: LayerAnalysis) -> WeightArrays:
        """Return the weights of a layer that fits, made once while memory lasts."""
        return self._weights_of(layer, weights_key(layer, self.cache.key))

    def _planned(
        self,
        network: Network,
        analysis: Analysis,
        picture_id: str,
        wanted: Collection[str] | None,
    ) -> Plan:
        """Return the latest plan if it is the same again, and else a new one."""
        what = network, analysis, picture_id, None if wanted is None else frozenset(wanted)
        if self._plan is None or not self._plan.is_for(*what):
            self._plan = planned(*what, self.cache.key)
        return self._plan

    def _weights_of(self, layer: LayerAnalysis, key: ValueKey | None) -> WeightArrays:
        if key is None:
            return {}
        found = self._weights.get(key)
        if found is not None:
            self._weights.move_to_end(key)
            return found
        assert layer.facts is not None
        made = make_weights(layer.node.weights, layer.facts.weight_specs, self.workspace.checkpoint)
        self._weights[key] = made
        self._weights_bytes += _bytes(made)
        while self._weights_bytes > WEIGHTS_BUDGET and len(self._weights) > 1:
            _, oldest = self._weights.popitem(last=False)
            self._weights_bytes -= _bytes(oldest)
        return made

    def _rooms(self, steps: Sequence[Step]) -> dict[str, Maps]:
        """Return memory for the maps of some steps."""
        computed = [step for step in steps if step.is_computed]
        rooms = self.pool.take([step.shape for step in computed])
        return {step.node_id: room for step, room in zip(computed, rooms, strict=True)}

    def _compute(self, step: Step, inputs: tuple[Maps, ...], out: Maps) -> Maps:
        """Return ``out``, filled."""
        self._quiet.run(self._fill, step, inputs, out)
        out.setflags(write=False)
        self.cache.put(step.key, out)
        return out

    def _fill(self, step: Step, inputs: tuple[Maps, ...], out: Maps) -> None:
        if not self._update(step, inputs, out):
            self.workspace.put_off = False
            self._forward(step, inputs, out)
            if self.workspace.put_off:
                self._put_off.add(step.key)
        # Not before: after an edit that was given up, the next one goes on from the same maps.
        if step.place is not None:
            self._latest[step.place] = step.layer.node.weights, step.key
            self._latest.move_to_end(step.place)
            if len(self._latest) > LATEST_LIMIT:
                self._latest.popitem(last=False)

    def _forward(self, step: Step, inputs: tuple[Maps, ...], out: Maps) -> None:
        weights = self._weights_of(step.layer, step.weights_key)
        step.layer.node.layer.forward(inputs, weights, out, self.workspace)

    def _update(self, step: Step, inputs: tuple[Maps, ...], out: Maps) -> bool:
        """Write maps by way of the latest that differ by edits of weights only; say if it was."""
        latest = None if step.place is None else self._latest.get(step.place)
        if latest is None or latest[1] is step.key:
            return False  # there are none, or its own maps are no longer there
        old = self.cache.get(latest[1])
        if old is None:
            return False
        return updated_maps(step.layer, latest[0], old, inputs, out, self.workspace)


def _read_only(maps: Maps) -> Maps:
    view = maps.view()
    view.flags.writeable = False
    return view


def _bytes(arrays: WeightArrays) -> int:
    return sum(array.nbytes for array in arrays.values())
