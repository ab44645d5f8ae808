"""Padding of maps into scratch memory."""

import numpy as np
from numpy.typing import NDArray

from engine.reading import fold_positions
from engine.sides import Sides
from engine.workspace import Workspace

Array = NDArray[np.float32]


def padded(
    maps: Array, sides: Sides, workspace: Workspace, mode: str = "zeros", fill: float = 0.0
) -> Array:
    """Return maps (C, H, W) with padding around them; the maps themselves where there is none.

    ``mode`` is "zeros" (``fill`` all around), "reflect", "replicate" or "circular". The result
    lives in the workspace until the next layer.
    """
    top, left, bottom, right = sides
    if not any(sides):
        return maps
    channels, height, width = maps.shape
    if mode != "zeros":
        rows = fold_positions(np.arange(-top, height + bottom), height, mode)
        columns = fold_positions(np.arange(-left, width + right), width, mode)
        return maps[:, rows[:, None], columns]
    out = workspace.scratch("padded", channels, height + top + bottom, width + left + right)
    out[:, :top] = fill
    out[:, top + height :] = fill
    out[:, top : top + height, :left] = fill
    out[:, top : top + height, left + width :] = fill
    out[:, top : top + height, left : left + width] = maps
    return out
