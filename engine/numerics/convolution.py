"""Convolution of maps (C, H, W) by im2col in blocks, and by taps where groups are thin."""

import numpy as np
from numpy.typing import NDArray

from engine.constraints import Pair
from engine.workspace import Workspace

Array = NDArray[np.float32]

BLOCK_BYTES = 1 << 20
"""Columns are gathered in blocks of about this size, so that they stay in the cache."""


def convolve(
    maps: Array,
    kernel: Array,
    bias: Array | None,
    out: Array,
    workspace: Workspace,
    *,
    stride: Pair = (1, 1),
    dilation: Pair = (1, 1),
    groups: int = 1,
) -> None:
    """Cross-correlate padded maps with a kernel (out, in / groups, kh, kw) into ``out``."""
    if groups > 1 and kernel.shape[1] == 1:
        _by_taps(maps, kernel, out, workspace, stride, dilation)
    else:
        ins, outs = maps.shape[0] // groups, out.shape[0] // groups
        for group in range(groups):
            _by_columns(
                maps[group * ins : (group + 1) * ins],
                kernel[group * outs : (group + 1) * outs],
                out[group * outs : (group + 1) * outs],
                workspace,
                stride,
                dilation,
            )
    if bias is not None:
        np.add(out, bias[:, None, None], out=out)


def _tap(maps: Array, row: int, column: int, height: int, width: int, stride: Pair) -> Array:
    """Return the cells that one kernel cell meets at every output position."""
    (step_h, step_w) = stride
    rows = slice(row, row + (height - 1) * step_h + 1, step_h)
    columns = slice(column, column + (width - 1) * step_w + 1, step_w)
    return maps[:, rows, columns]


def _by_columns(
    maps: Array, kernel: Array, out: Array, workspace: Workspace, stride: Pair, dilation: Pair
) -> None:
    filters, channels, kernel_h, kernel_w = kernel.shape
    _, height, width = out.shape
    flat_kernel = kernel.reshape(filters, -1)
    flat_out = out.reshape(filters, height * width)
    if kernel_h == kernel_w == 1 and stride == (1, 1):
        np.matmul(flat_kernel, maps.reshape(channels, -1), out=flat_out)
        return
    depth = channels * kernel_h * kernel_w
    block = max(1, min(height, BLOCK_BYTES // (4 * depth * width)))
    for first in range(0, height, block):
        workspace.checkpoint()
        rows = min(block, height - first)
        columns = workspace.scratch("columns", channels, kernel_h, kernel_w, rows, width)
        part = maps[:, first * stride[0] :]
        for i in range(kernel_h):
            for j in range(kernel_w):
                columns[:, i, j] = _tap(part, i * dilation[0], j * dilation[1], rows, width, stride)
        np.matmul(
            flat_kernel,
            columns.reshape(depth, rows * width),
            out=flat_out[:, first * width : (first + rows) * width],
        )


def _by_taps(
    maps: Array, kernel: Array, out: Array, workspace: Workspace, stride: Pair, dilation: Pair
) -> None:
    """Convolve channel by channel, adding up one kernel cell after the other."""
    filters, _, kernel_h, kernel_w = kernel.shape
    repeat = filters // maps.shape[0]
    _, height, width = out.shape
    product = workspace.scratch("product", maps.shape[0], height, width)
    for turn in range(repeat):
        mine = out[turn::repeat]
        mine[...] = 0
        for i in range(kernel_h):
            workspace.checkpoint()
            for j in range(kernel_w):
                cells = _tap(maps, i * dilation[0], j * dilation[1], height, width, stride)
                np.multiply(cells, kernel[turn::repeat, 0, i, j, None, None], out=product)
                np.add(mine, product, out=mine)
