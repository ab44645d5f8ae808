"""Which maps an edit of weights by hand changes, and making them alone.

A person drags one number of one kernel, and one map of several hundred changes. It is computed by
the layer with that filter alone, in 0.1 to 1 ms where all maps take 5 to 20; the others are copied.
What is computed alone may take another way and differ in the last digits from all maps at once.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.analysis import LayerAnalysis
from engine.layer import WeightSpec
from engine.numerics.parallel import in_parallel
from engine.numerics.strips import BLOCK_VALUES
from engine.shapes import Shape
from engine.weighting.weights import Weights, filter_weights
from engine.workspace import Workspace

Maps = NDArray[np.float32]

MOST_SHARE = 8
"""At most one map in so many is made alone: more are faster all at once."""


def changed_filters(
    before: Weights, after: Weights, specs: Sequence[WeightSpec]
) -> frozenset[int] | None:
    """Return the filters whose weights differ by edits; None where it cannot be told from them."""
    if before.source != after.source:
        return None
    known = {spec.name: spec for spec in specs}
    found = set()
    for edit in set(before.edits) ^ set(after.edits):
        spec = known.get(edit.tensor)
        if spec is not None:
            if spec.filter_axis != 0:
                return None
            found.add(edit.index[0])
    return frozenset(found)


def updated_maps(
    layer: LayerAnalysis,
    before: Weights,
    old: Maps,
    inputs: tuple[Maps, ...],
    out: Maps,
    workspace: Workspace,
) -> bool:
    """Write a layer's maps into ``out`` by way of those with other edits of the same weights.

    Returns False, with nothing written, where making all maps is faster or the only way.
    """
    assert layer.facts is not None
    specs, kind = layer.facts.weight_specs, layer.node.layer
    filters = changed_filters(before, layer.node.weights, specs)
    if filters is None or len(filters) * MOST_SHARE > len(old):
        return False
    shapes = tuple(Shape(*maps.shape) for maps in inputs)
    found = {number: kind.one_map(number, shapes) for number in filters}
    alone = {number: one for number, one in found.items() if one is not None}
    if len(alone) < len(found):
        return False

    def compute(mine: Workspace) -> None:
        for number, (one, channels) in alone.items():
            weights = {s.name: filter_weights(layer.node.weights, s, number)[None] for s in specs}
            parts = tuple(maps[channels] for maps in inputs)
            one.forward(parts, weights, out[number : number + 1], mine)

    def copy(some: slice, mine: Workspace) -> None:
        mine.checkpoint()
        np.copyto(out[some], old[some])

    # One thread computes, with scratch that its helpers share; the others copy, which needs none.
    others = _others(filters, len(old), old[0].size)
    work: list[Callable[[Workspace], None]] = [compute]
    work += [partial(copy, some) for some in others]
    in_parallel(work, lambda step, mine: step(mine), workspace)
    return True


def _others(filters: Collection[int], count: int, values: int) -> Iterator[slice]:
    """Yield the maps of other filters, of so many values, in slices between which to give up.

    >>> list(_others({1, 2}, 6, BLOCK_VALUES // 2))
    [slice(0, 1, None), slice(3, 5, None), slice(5, 6, None)]
    """
    most = max(1, BLOCK_VALUES // values)
    bounds = [-1, *sorted(filters), count]
    for before, after in pairwise(bounds):
        for first in range(before + 1, after, most):
            yield slice(first, min(first + most, after))
