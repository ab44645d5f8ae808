"""Convolution of small maps with many channels, which come last.

There windows are copied row by row of their cells, all channels together: 512 maps of 7 × 7 in 0.15
ms and not in 0.6. The products are made as positions × filters, in which neither matrix is to be
turned for OpenBLAS, and turned at the end.
"""

import numpy as np
from numpy.typing import NDArray

from engine.numerics.padding import padded_rows_last
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.products import CALL_PRODUCTS, SHARED_PRODUCTS
from engine.numerics.steps import Convolution
from engine.opencv import cv2
from engine.workspace import Workspace

Array = NDArray[np.float32]

KERNEL_VALUES = 1 << 16
"""So many kernel values are turned between two checkpoints."""

MANY_POSITIONS = 128
"""From so many on, each thread has its positions; below, its filters, and reads only those."""


def by_channels_last(work: Convolution, workspace: Workspace) -> None:
    """Convolve with kernels of any size and steps, and one group."""
    filters, channels, kernel_h, kernel_w = work.kernel.shape
    _, height, width = work.out.shape
    (stride_h, stride_w), (dilation_h, dilation_w), _ = work.steps
    kernel = workspace.prepared(
        ("channels last",), work.kernel, lambda: _filters_last(work.kernel, workspace)
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
    out = work.out.reshape(filters, -1, copy=False)

    def gathered(rows: slice, mine: Workspace) -> Array:
        columns = mine.scratch("columns", rows.stop - rows.start, *windows.shape[1:])
        np.copyto(columns, windows[rows])
        return columns.reshape(-1, len(kernel))

    def multiply(columns: Array, first: int, some: slice, mine: Workspace) -> None:
        mine.checkpoint()
        stop = first + len(columns)
        made = mine.scratch("products", len(columns), some.stop - some.start)
        np.matmul(columns, kernel[:, some], out=made)
        if work.bias is not None:
            np.add(made, work.bias[some], out=made)
        cv2.transpose(made, dst=out[some, first:stop])

    shares = 2 * -(-work.products // CALL_PRODUCTS) if work.products > SHARED_PRODUCTS else 1
    if height * width < MANY_POSITIONS:
        columns = gathered(slice(0, height), workspace)
        in_parallel(
            parts(filters, shares), lambda some, mine: multiply(columns, 0, some, mine), workspace
        )
    else:
        every = slice(0, filters)
        in_parallel(
            parts(height, shares),
            lambda rows, mine: multiply(gathered(rows, mine), rows.start * width, every, mine),
            workspace,
        )


def _filters_last(kernel: Array, workspace: Workspace) -> Array:
    """Return a kernel (out, in, kh, kw) as (kh · kw · in, out).

    OpenCV turns it by blocks: 512 kernels of 512 × 3 × 3 take 2 ms, and 7 if numpy turns them.
    """
    filters, channels, kernel_h, kernel_w = kernel.shape
    cells, rows = kernel_h * kernel_w, kernel.reshape(filters, -1)
    made = np.empty((cells, channels, filters), dtype=np.float32)

    def turn(some: slice, mine: Workspace) -> None:
        mine.checkpoint()
        count = some.stop - some.start
        turned = mine.scratch("turned", count * cells, filters)
        cv2.transpose(rows[:, some.start * cells : some.stop * cells], dst=turned)
        np.copyto(made[:, some], turned.reshape(count, cells, filters).swapaxes(0, 1))

    in_parallel(parts(channels, -(-kernel.size // KERNEL_VALUES)), turn, workspace)
    return made.reshape(-1, filters)
