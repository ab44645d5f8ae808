"""All that is known of one layer, gathered: size, cost, advice, and what it is in other words."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.advice import Advice, Goal, advice_for, harmless_first
from engine.analysis import Analysis, LayerAnalysis
from engine.dense_cost import DenseCost, dense_cost
from engine.dialects import READ_AS, ReReading, read_as, spell
from engine.network import INPUT_ID, Network
from engine.size_explanation import SizeExplanation, explain_size
from engine.spelling import DIALECTS, Spelling


@dataclass(frozen=True)
class LayerReport:
    """One layer; what has no size is known by its problem alone.

    ``advice`` is by goal, ``spellings`` and ``readings`` by dialect. The last three are empty for
    the picture, for a layer that is switched off, and where no size is known.
    """

    layer: LayerAnalysis
    size: SizeExplanation | None
    dense: DenseCost | None
    advice: Mapping[Goal, tuple[Advice, ...]]
    spellings: Mapping[str, Spelling]
    readings: Mapping[str, ReReading]


def layer_report(
    network: Network,
    analysis: Analysis,
    node_id: str,
    output_size: tuple[int, int] | None = None,
) -> LayerReport:
    """Return all that is known of a layer, and the settings that give an exact output size."""
    layer = analysis[node_id]
    size, dense, node = explain_size(layer), dense_cost(layer), layer.node
    if size is None or node.bypassed or node_id == INPUT_ID:
        return LayerReport(layer, size, dense, {}, {}, {})
    goals: list[Goal] = ["denser", "smaller", "same"]
    if output_size is not None:
        goals.append(output_size)
    shapes = layer.input_shapes
    return LayerReport(
        layer,
        size,
        dense,
        {goal: harmless_first(advice_for(goal, network, analysis, node_id)) for goal in goals},
        {name: spell(node.layer, name, shapes) for name in DIALECTS},
        {name: read_as(node.layer, name, shapes) for name in READ_AS},
    )
