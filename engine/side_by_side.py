"""The maps of two layers beside each other: of two networks, or of one; and their difference."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from engine.analysis import Analysis, LayerAnalysis
from engine.comparison import Difference, difference, why_no_difference
from engine.evaluation import Evaluation
from engine.evaluation_plan import needed_layers
from engine.flipped_kernels import are_flipped, flip_sentence
from engine.memory_plan import HeldLayers, bytes_together
from engine.problems import CancelledError
from engine.project import Project, analyze_project, input_identity, input_maps
from engine.row_names import numbered
from engine.shapes import Shape
from engine.sheets.map_statistics import LayerStatistics, Maps, layer_statistics
from engine.wording import bytes_text

MOST_MEASURED = 4096
"""Of so many maps of a layer in the window each has its own statistics."""


@dataclass(frozen=True)
class Side:
    """One of the two: a layer of a project."""

    project: Project
    node_id: str


@dataclass(frozen=True, eq=False)
class MeasuredMaps:
    """Maps (C, H, W) with their statistics; nothing in it is ever written again."""

    maps: Maps
    statistics: LayerStatistics

    @property
    def shape(self) -> Shape:
        """The array's own shape."""
        return Shape(*self.maps.shape)


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Both layers' maps, None where there are none, and how far they are apart.

    ``difference`` is None where the maps cannot be subtracted, and ``reason`` says why;
    ``difference_statistics`` are those of its maps. ``note`` says what is worth knowing besides.
    """

    one: MeasuredMaps | None
    other: MeasuredMaps | None
    difference: Difference | None
    difference_statistics: LayerStatistics | None
    reason: str
    note: str


def side_by_side(
    evaluation: Evaluation,
    one: Side,
    other: Side,
    cancelled: Callable[[], bool] = lambda: False,
    limit: int | None = None,
    held: tuple[HeldLayers, ...] = (),
) -> SideBySide:
    """Compute the maps of two layers, as far as they are not in the cache, and their difference.

    Args:
        evaluation: computes them.
        one: a layer.
        other: another one, or the same of another network.
        cancelled: asked between layers and between blocks within a layer.
        limit: bytes that all this may take, with what is held already; no maps are computed where
            they would take more.
        held: layers whose maps stay in memory besides.

    Raises:
        CancelledError: as soon as ``cancelled`` says so.
        ConvolensError: the picture cannot be read.
    """
    analyses = tuple(analyze_project(side.project) for side in (one, other))
    parts = [_needed(side, found) for side, found in zip((one, other), analyses, strict=True)]
    needed = bytes_together([*held, *parts])
    if limit is not None and needed > limit:
        reason = (
            f"The maps and weights of both take {bytes_text(needed)}, and {bytes_text(limit)} of "
            "memory can be used. A smaller picture needs less."
        )
        return SideBySide(None, None, None, None, reason, "")
    first, second = (
        _measured(evaluation, side, analysis, cancelled)
        for side, analysis in zip((one, other), analyses, strict=True)
    )
    layers = tuple(
        analysis.layers.get(side.node_id)
        for side, analysis in zip((one, other), analyses, strict=True)
    )
    note = _note(evaluation, *layers)
    if first is None or second is None:
        return SideBySide(first, second, None, None, _why_not((one, other), layers), note)
    reason = why_no_difference(first.shape, second.shape)
    if reason:
        return SideBySide(first, second, None, None, reason, note)
    found = difference(first.maps, second.maps, partial(_checkpoint, cancelled))
    return SideBySide(first, second, found, _statistics(found.maps, cancelled), "", note)


def _needed(side: Side, analysis: Analysis) -> HeldLayers:
    """Return the layers that are computed for a side."""
    needed = needed_layers(side.project.network, analysis, {side.node_id})
    return HeldLayers(input_identity(side.project), analysis, needed)


def _measured(
    evaluation: Evaluation, side: Side, analysis: Analysis, cancelled: Callable[[], bool]
) -> MeasuredMaps | None:
    picture = input_maps(side.project)
    if picture is None or side.node_id not in analysis.layers:
        return None
    network, identity = side.project.network, input_identity(side.project)
    layers = evaluation.run(network, analysis, picture, identity, cancelled, {side.node_id})
    for layer in layers:
        return MeasuredMaps(layer.maps, _statistics(layer.maps, cancelled))
    return None


def _statistics(maps: Maps, cancelled: Callable[[], bool]) -> LayerStatistics:
    return layer_statistics(maps, min(len(maps), MOST_MEASURED), partial(_checkpoint, cancelled))


def _checkpoint(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise CancelledError("The comparison was replaced by a newer one.")


def _why_not(sides: tuple[Side, Side], layers: tuple[LayerAnalysis | None, ...]) -> str:
    """Return why one of two layers has no maps, with the names of their rows."""
    for side, layer in zip(sides, layers, strict=True):
        if layer is None:
            return "One of the two networks has no such layer."
        network = side.project.network
        name = numbered(network, side.node_id)
        if layer.problems:
            return f"{name} has no maps: {layer.problems[0].message}"
        if layer.waiting_for:
            return f"{name} waits for {numbered(network, layer.waiting_for)}."
    return "There are no maps without a picture."


def _note(evaluation: Evaluation, one: LayerAnalysis | None, other: LayerAnalysis | None) -> str:
    if one is None or other is None or not are_flipped(one.node, other.node):
        return ""
    if not one.computable or not other.computable:
        return ""
    return flip_sentence(evaluation.weights(one)["kernel"])
