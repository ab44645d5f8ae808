"""A layer's figure with what is known of the layer written above its maps."""

from engine.analysis import LayerAnalysis
from engine.formats.analysis_table import field_text, why_this_size
from engine.formats.figure import LayerFigure
from engine.sheets.map_statistics import Maps


def described_figure(layer: LayerAnalysis, maps: Maps) -> LayerFigure:
    """Return what a figure of a layer shows: its maps, settings, costs, field and equation.

    Args:
        layer: a layer whose size is known.
        maps: what was computed of it (C, H, W), float32.
    """
    assert layer.facts is not None, "what was computed has a size"
    facts = [
        layer.node.layer.summary(),
        f"{layer.facts.parameters:,} parameters" if layer.facts.parameters else "",
        f"{layer.facts.macs:,} MACs" if layer.facts.macs else "",
        f"receptive field {field_text(layer)}" if layer.node.inputs else "",
    ]
    return LayerFigure(
        maps,
        name=layer.node.id,
        kind=layer.node.layer.kind.label,
        facts=" · ".join(fact for fact in facts if fact),
        equation=why_this_size(layer.facts),
    )
