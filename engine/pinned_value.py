"""One value of a network, taken apart: its arithmetic, and the piece of the picture behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, LayerAnalysis
from engine.arithmetic import Arithmetic, Position
from engine.explanation import copy_of, value_patch
from engine.layer import Maps, WeightArrays, WeightSpec
from engine.network import INPUT_ID
from engine.tracing import Area, Extent, reached, sources
from engine.weighting.weights import Weights, make_weights

OUTSIDE = (128, 128, 128)
"""The color of padding around the picture."""


@dataclass(frozen=True, eq=False)
class PinnedValue:
    """A value with its arithmetic, what it comes from, and what it reaches.

    ``equivalent`` is another calculation of the same value, where there is one worth seeing.
    ``sources`` and ``reached`` hold areas by layer; the value's own layer is in both.
    """

    node_id: str
    position: Position
    arithmetic: Arithmetic
    sources: Mapping[str, Area]
    reached: Mapping[str, Area]
    equivalent: Arithmetic | None = None


def pinned_value(
    analysis: Analysis, maps: Mapping[str, Maps], node_id: str, position: Position
) -> PinnedValue | None:
    """Take a value apart; None while the maps of the layer or of its inputs are not there.

    Args:
        analysis: of the network.
        maps: by layer, (C, H, W); those that do not fit the analysis count as not there.
        node_id: the layer.
        position: of the value; moved to the nearest one if the maps have become smaller.
    """
    layer = analysis.layers.get(node_id)
    if layer is None or layer.shape is None or not _present(analysis, maps, node_id):
        return None
    channel, row, column = (
        min(max(place, 0), size - 1) for place, size in zip(position, layer.shape, strict=True)
    )
    position = Position(channel, row, column)
    arithmetic = _arithmetic(analysis, layer, maps, position)
    if arithmetic is None:
        return None
    return PinnedValue(
        node_id,
        position,
        arithmetic,
        sources(analysis, node_id, row, column),
        reached(analysis, node_id, row, column),
        _equivalent(layer, maps, position),
    )


def picture_patch(picture: Maps, extent: Extent) -> NDArray[np.uint8]:
    """Return a piece of the picture as RGB (H, W, 3), gray where it lies outside.

    ``picture`` has values of 0 to 1; one channel is shown gray, of more the first three.
    """
    patch = np.full((extent.height, extent.width, 3), OUTSIDE, dtype=np.uint8)
    _, height, width = picture.shape
    top, left = max(extent.first_row, 0), max(extent.first_column, 0)
    bottom = min(extent.last_row + 1, height)
    right = min(extent.last_column + 1, width)
    if top < bottom and left < right:
        inside = picture[:3] if len(picture) >= 3 else picture[[0, 0, 0]]
        piece = inside[:, top:bottom, left:right].transpose(1, 2, 0)
        place = slice(top - extent.first_row, bottom - extent.first_row)
        across = slice(left - extent.first_column, right - extent.first_column)
        patch[place, across] = np.rint(np.clip(piece, 0, 1) * 255)
    return patch


def _arithmetic(
    analysis: Analysis, layer: LayerAnalysis, maps: Mapping[str, Maps], position: Position
) -> Arithmetic | None:
    node = layer.node
    if node.id == INPUT_ID:
        return copy_of(value_patch(maps[node.id], position))
    if node.bypassed:
        return copy_of(value_patch(maps[node.inputs[0]], position))
    if not all(_present(analysis, maps, source) for source in node.inputs):
        return None
    assert layer.facts is not None
    weights = _weights(node.weights, layer.facts.weight_specs)
    return node.layer.explain(position, tuple(maps[source] for source in node.inputs), weights)


def _equivalent(
    layer: LayerAnalysis, maps: Mapping[str, Maps], position: Position
) -> Arithmetic | None:
    node = layer.node
    if node.id == INPUT_ID or node.bypassed or layer.facts is None:
        return None
    weights = _weights(node.weights, layer.facts.weight_specs)
    inputs = tuple(maps[source] for source in node.inputs)
    return node.layer.explain_equivalent(position, inputs, weights)


def _present(analysis: Analysis, maps: Mapping[str, Maps], node_id: str) -> bool:
    """Return whether a layer's maps are there and of the size that the analysis says."""
    return node_id in maps and maps[node_id].shape == analysis[node_id].shape


# The pin stays on a layer while it moves over its maps.
@lru_cache(maxsize=4)
def _weights(weights: Weights, specs: tuple[WeightSpec, ...]) -> WeightArrays:
    return make_weights(weights, specs)
