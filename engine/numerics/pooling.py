"""Pooling of maps (C, H, W): the largest or the mean value of each window."""

import numpy as np
from numpy.typing import NDArray

from engine.constraints import Pair
from engine.workspace import Workspace

Array = NDArray[np.float32]


def max_pool(
    maps: Array, out: Array, workspace: Workspace, kernel: Pair, stride: Pair, dilation: Pair
) -> None:
    """Write the largest value of each window of padded maps (padding is −∞) into ``out``.

    The maximum is taken along the rows first and then along the columns, which is the same.
    """
    channels, height, width = out.shape
    rows = workspace.scratch("row maxima", channels, height, maps.shape[2])
    for i in range(kernel[0]):
        workspace.checkpoint()
        start = i * dilation[0]
        lines = maps[:, start : start + (height - 1) * stride[0] + 1 : stride[0]]
        np.copyto(rows, lines) if i == 0 else np.maximum(rows, lines, out=rows)
    for j in range(kernel[1]):
        workspace.checkpoint()
        start = j * dilation[1]
        cells = rows[:, :, start : start + (width - 1) * stride[1] + 1 : stride[1]]
        np.copyto(out, cells) if j == 0 else np.maximum(out, cells, out=out)
