"""Convolution as products of matrices, row by row of the output.

Each row of the maps is gathered once per kernel column, and not once per kernel cell. The rows of a
window follow each other in memory, (row, channel and kernel column, position), so that the matrix
of the next row of outputs is the same one some rows further down. It copies less than gathering
whole windows, and multiplies by matrices that are only as wide as one row.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from engine.numerics.parallel import in_parallel, parts
from engine.numerics.products import CALL_PRODUCTS, SHARED_PRODUCTS, product, row_values
from engine.numerics.steps import Convolution, meeting
from engine.workspace import Workspace

Array = NDArray[np.float32]

BLOCK_BYTES = 1 << 21
"""Gathered rows are multiplied in blocks of about this size: few enough to stay in the cache, and
enough to keep threads from waiting for the interpreter's lock between calls."""


def by_rows(work: Convolution, workspace: Workspace) -> None:
    """Convolve one group of channels with windows that are not dilated downwards."""
    _, channels, kernel_h, kernel_w = work.kernel.shape
    _, height, width = work.out.shape
    stride_h, apart = work.steps.stride[0], row_values(width)
    # A last line of ones is multiplied by the bias, which spares another pass over the output.
    lines = channels * kernel_w + (work.bias is not None)
    # The entry holds the bias too, so that its id cannot be taken by another array.
    kernel, _ = workspace.prepared(
        ("rows", id(work.bias)), work.kernel, lambda: (_row_kernel(work), work.bias)
    )

    def convolve(rows: slice, mine: Workspace) -> None:
        mine.checkpoint()
        count = rows.stop - rows.start
        gathered = mine.scratch("columns", work.covered(count)[0], lines, apart)
        _gather(work, rows.start * stride_h, gathered[..., :width])
        mine.checkpoint()
        row, line, cell = gathered.strides
        windows = as_strided(
            gathered, (count, kernel_h * lines, width), (stride_h * row, line, cell)
        )
        product(kernel, windows, work.out[:, rows].swapaxes(0, 1))

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


def _gather(work: Convolution, first: int, gathered: Array) -> None:
    """Copy rows of the padded maps into (rows, lines, width), from the row ``first`` on."""
    channels, input_height, input_width = work.maps.shape
    kernel_w, (count, _, width) = work.kernel.shape[3], gathered.shape
    _, stride_w = work.steps.stride
    _, dilation_w = work.steps.dilation
    begin = first - work.sides.top
    above = min(max(0, -begin), count)
    below = max(above, min(count, input_height - begin))
    gathered[:above] = 0
    gathered[below:] = 0
    # What the kernel's columns read, each its own places of the row.
    inner = gathered[above:below, : channels * kernel_w].reshape(
        below - above, channels, kernel_w, width, copy=False
    )
    maps = work.maps[:, begin + above : begin + below].swapaxes(0, 1)
    for column in range(kernel_w):
        places, across = meeting(
            width, input_width, stride_w, column * dilation_w - work.sides.left
        )
        part = inner[:, :, column]
        part[..., : places.start] = 0
        part[..., places.stop :] = 0
        np.copyto(part[..., places], maps[..., across])
    gathered[:, channels * kernel_w :] = 1
