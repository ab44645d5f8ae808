"""Separable convolution of maps (C, H, W): a depthwise convolution, then a 1 × 1 convolution."""

import numpy as np
from numpy.typing import NDArray

from engine.constraints import Pair
from engine.numerics.convolution import convolve
from engine.shapes import window_span
from engine.workspace import Workspace

Array = NDArray[np.float32]

BETWEEN_BYTES = 1 << 22
"""The maps between the two are made in strips of rows of about this size."""


def convolve_separably(
    maps: Array,
    depthwise: Array,
    pointwise: Array,
    bias: Array | None,
    out: Array,
    workspace: Workspace,
    *,
    stride: Pair,
    dilation: Pair,
) -> None:
    """Convolve padded maps with kernels (C·m, 1, kh, kw) and then (out, C·m, 1, 1) into ``out``."""
    count, _, kernel_h, _ = depthwise.shape
    _, height, width = out.shape
    span = window_span(kernel_h, dilation[0])
    strip = max(1, BETWEEN_BYTES // (4 * count * width))
    for first in range(0, height, strip):
        rows = min(strip, height - first)
        start = first * stride[0]
        between = workspace.scratch("between", count, rows, width)
        convolve(
            maps[:, start : start + (rows - 1) * stride[0] + span],
            depthwise,
            None,
            between,
            workspace,
            stride=stride,
            dilation=dilation,
            groups=maps.shape[0],
        )
        convolve(between, pointwise, bias, out[:, first : first + rows], workspace)
