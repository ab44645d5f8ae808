"""Convolution of small maps, or of few places, as one product: with the channels last.

There windows are copied row by row of their cells, all channels together: 512 maps of 7 × 7 in 0.15
ms and not in 0.6. All threads share a large product, which is written where it belongs.
"""

import numpy as np
from numpy.typing import NDArray

from engine.numerics.padding import padded_rows_last
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.shared_products import add_bias, is_for_all_threads, shared_product
from engine.numerics.steps import Convolution
from engine.opencv import cv2
from engine.workspace import Workspace

Array = NDArray[np.float32]

KERNEL_VALUES = 1 << 16
"""So many kernel values are turned between two checkpoints."""


def by_channels_last(work: Convolution, workspace: Workspace) -> None:
    """Convolve with kernels of any size and steps, and one group."""
    filters, channels, kernel_h, kernel_w = work.kernel.shape
    _, height, width = work.out.shape
    (stride_h, stride_w), (dilation_h, dilation_w), _ = work.steps
    is_shared = is_for_all_threads(work)
    kernel = workspace.prepared(
        ("channels last", is_shared), work.kernel, lambda: _cells_last(work, is_shared, workspace)
    )
    workspace.checkpoint()
    sides = work.sides
    stop = sides.top + work.maps.shape[1] + sides.bottom
    last = padded_rows_last(work.maps, sides, 0, stop, workspace)
    row, cell, channel = last.strides
    # In a third of the time that numpy's as_strided takes, and within bounds.
    windows = np.ndarray(
        (height, width, kernel_h, kernel_w, channels),
        np.float32,
        last,
        strides=(stride_h * row, stride_w * cell, dilation_h * row, dilation_w * cell, channel),
    )
    gathered = workspace.scratch("columns", *windows.shape)
    np.copyto(gathered, windows)
    columns, out = gathered.reshape(height * width, -1), work.out.reshape(filters, -1, copy=False)
    if is_shared:
        shared_product(kernel, columns, out, workspace, is_turned=True)
        add_bias(work.bias, out, workspace)
        return
    # OpenBLAS would turn a small matrix for longer than it takes to turn what is made.
    made = workspace.scratch("products", len(columns), filters)
    np.matmul(columns, kernel, out=made)
    if work.bias is not None:
        np.add(made, work.bias, out=made)
    cv2.transpose(made, dst=out)


def _cells_last(work: Convolution, is_shared: bool, workspace: Workspace) -> Array:
    """Return a kernel (out, in, kh, kw) as (out, kh · kw · in), or turned if it is not shared."""
    filters, channels, kernel_h, kernel_w = work.kernel.shape
    made = np.empty((filters, kernel_h * kernel_w, channels), dtype=np.float32)
    cells = work.kernel.reshape(filters, channels, -1)

    def turn(some: slice, mine: Workspace) -> None:
        mine.checkpoint()
        np.copyto(made[some], cells[some].swapaxes(1, 2))

    in_parallel(parts(filters, -(-work.kernel.size // KERNEL_VALUES)), turn, workspace)
    kernel = made.reshape(filters, -1)
    return kernel if is_shared else np.ascontiguousarray(kernel.T)
