"""Convolution as products of matrices, row by row of the output.

Each row of the maps is gathered once per kernel column, and not once per kernel cell. The rows of a
window follow each other in memory, (row, channel and kernel column, position), so that the matrix
of the next row of outputs is the same one some rows further down. It copies less than gathering
whole windows, and multiplies by matrices that are only as wide as one row.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from engine.numerics.padding import padded_rows
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.products import CALL_PRODUCTS, SHARED_PRODUCTS, product, row_values
from engine.numerics.steps import Convolution
from engine.workspace import Workspace

Array = NDArray[np.float32]

BLOCK_BYTES = 1 << 21
"""Gathered rows are multiplied in blocks of about this size: few enough to stay in the cache, and
enough to keep threads from waiting for the interpreter's lock between calls."""

MOST_ROWS_DEPTH = 300
"""Gathered rows, which are in the cache and apart from each other, are multiplied in pieces up to
this depth: 16 to 64 maps at 1024² take 50 ms and not 62."""


def by_rows(work: Convolution, workspace: Workspace) -> None:
    """Convolve one group of channels with windows that are not dilated downwards."""
    _, channels, kernel_h, kernel_w = work.kernel.shape
    _, height, width = work.out.shape
    (stride_h, stride_w), (_, dilation_w), _ = work.steps
    apart = row_values(width)
    # A last line of ones is multiplied by the bias, which spares another pass over the output.
    lines = channels * kernel_w + (work.bias is not None)
    # The entry holds the bias too, so that its id cannot be taken by another array.
    kernel, _ = workspace.prepared(
        ("rows", id(work.bias)), work.kernel, lambda: (_row_kernel(work), work.bias)
    )

    def convolve(rows: slice, mine: Workspace) -> None:
        mine.checkpoint()
        first, count = rows.start * stride_h, rows.stop - rows.start
        source = padded_rows(work.maps, work.sides, first, first + work.covered(count)[0], mine)
        channel, row, cell = source.strides
        gathered = mine.scratch("columns", source.shape[1], lines, apart)
        cells = gathered[:, : channels * kernel_w, :width].reshape(
            -1, channels, kernel_w, width, copy=False
        )
        steps = row, channel, dilation_w * cell, stride_w * cell
        np.copyto(cells, as_strided(source, cells.shape, steps))
        gathered[:, channels * kernel_w :] = 1
        mine.checkpoint()
        row, line, cell = gathered.strides
        windows = np.ndarray(
            (count, kernel_h * lines, width),
            np.float32,
            gathered,
            strides=(stride_h * row, line, cell),
        )
        product(kernel, windows, work.out[:, rows].swapaxes(0, 1), MOST_ROWS_DEPTH)

    rows = max(1, BLOCK_BYTES // (4 * lines * apart * stride_h))
    rows = min(rows, max(1, CALL_PRODUCTS // (kernel.size * width)))
    if work.products > SHARED_PRODUCTS:
        rows = min(rows, -(-height // 2))
    in_parallel(parts(height, -(-height // rows)), convolve, workspace)


def _row_kernel(work: Convolution) -> Array:
    """Return the kernel and its bias as (filters, kernel rows · lines)."""
    filters, _, kernel_h, _ = work.kernel.shape
    cells = work.kernel.transpose(0, 2, 1, 3).reshape(filters, kernel_h, -1)
    if work.bias is not None:
        # Once per window, beside its first row.
        bias = np.zeros((filters, kernel_h, 1), np.float32)
        bias[:, 0, 0] = work.bias
        cells = np.concatenate((cells, bias), axis=2)
    return np.ascontiguousarray(cells).reshape(filters, -1)
