"""Stages of a network: runs of layers whose maps have one height and width."""

from collections.abc import Mapping
from itertools import groupby

from engine.analysis import Analysis
from engine.network import INPUT_ID


def stage_members(analysis: Analysis) -> Mapping[str, tuple[str, ...]]:
    """Return the stages: runs of layers with one height and width, under their first layer."""

    def size(node_id: str) -> tuple[int, ...] | None:
        shape = analysis[node_id].shape
        return None if node_id == INPUT_ID or shape is None else shape[1:]

    runs = (tuple(run) for known, run in groupby(analysis.layers, size) if known is not None)
    return {run[0]: run for run in runs}
