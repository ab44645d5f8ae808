"""Which maps an edit of weights by hand changes, and making them alone.

A person drags one number of one kernel, and one map of several hundred changes. It is computed by
the layer with that filter alone, in 0.1 to 1 ms where all maps take 5 to 20; the others are copied.
What is computed alone may take another way and differ in the last digits from all maps at once.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.analysis import LayerAnalysis
from engine.layer import WeightSpec
from engine.numerics.strips import Strip, over_strips
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
    alone = {number: kind.one_map(number, shapes) for number in filters}
    if None in alone.values():
        return False

    def copy(strip: Strip, mine: Workspace) -> None:
        np.copyto(out[strip], old[strip])

    over_strips(copy, workspace, *out.shape)
    for number, found in alone.items():
        assert found is not None
        one, channels = found
        weights = {s.name: filter_weights(layer.node.weights, s, number)[None] for s in specs}
        parts = tuple(maps[channels] for maps in inputs)
        one.forward(parts, weights, out[number : number + 1], workspace)
    return True
