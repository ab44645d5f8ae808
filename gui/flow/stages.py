"""Stages of a network: runs of layers whose maps have one height and width."""

from collections.abc import Mapping

from engine.analysis import Analysis


def stage_members(analysis: Analysis) -> Mapping[str, tuple[str, ...]]:
    """Return the stages: runs of layers with one height and width, under their first layer."""
    stages: dict[str, tuple[str, ...]] = {}
    run: list[str] = []
    size: tuple[int, int] | None = None
    for node_id, layer in analysis.layers.items():
        here = None if layer.shape is None else (layer.shape.height, layer.shape.width)
        if node_id == "input" or here is None or here != size:
            if run:
                stages[run[0]] = tuple(run)
            run = []
        if node_id != "input" and here is not None:
            run.append(node_id)
        size = here if node_id != "input" else None
    if run:
        stages[run[0]] = tuple(run)
    return stages
