"""Convolution with few filters: a product of matrices per kernel cell, added where it lands.

Every cell of every filter is multiplied by the maps as they lie in memory, and the sums over the
channels are added up shifted by where the cell lies in the window. Nothing is gathered: that would
cost more than the multiplications where no other filter uses it.
"""

import numpy as np

from engine.numerics.parallel import in_parallel, parts
from engine.numerics.products import product
from engine.numerics.steps import Convolution
from engine.workspace import Workspace

BLOCK_BYTES = 1 << 21
"""Sums are made in blocks of rows of about this size, so that they stay in the cache."""

SHARED_PRODUCTS = 1 << 23
"""Fewer products than these are not worth waking another thread for."""


def by_taps(work: Convolution, workspace: Workspace) -> None:
    """Convolve one group of channels, some rows of outputs at a time."""
    filters, channels, kernel_h, kernel_w = work.kernel.shape
    _, input_height, input_width = work.maps.shape
    _, height, width = work.out.shape
    (stride_h, stride_w), (dilation_h, dilation_w), _ = work.steps
    cells = filters * kernel_h * kernel_w
    kernel = work.kernel.transpose(0, 2, 3, 1).reshape(cells, channels)

    def convolve(rows: slice, mine: Workspace) -> None:
        mine.checkpoint()
        target = work.out[:, rows]
        target[...] = 0 if work.bias is None else work.bias[:, None, None]
        # The input rows that the windows read, and how far the first lies above them.
        start = rows.start * stride_h - work.sides.top
        stop = start + work.covered(rows.stop - rows.start)[0]
        first, last = min(max(0, start), input_height), max(0, min(stop, input_height))
        if first >= last:
            return
        read = work.maps[:, first:last].reshape(channels, -1)
        sums = mine.scratch("taps", filters, kernel_h, kernel_w, last - first, input_width)
        product(kernel, read, sums.reshape(cells, -1))
        for i in range(kernel_h):
            lines, down = _meeting(
                rows.stop - rows.start, last - first, stride_h, i * dilation_h + start - first
            )
            for j in range(kernel_w):
                places, across = _meeting(
                    width, input_width, stride_w, j * dilation_w - work.sides.left
                )
                part = target[:, lines, places]
                np.add(part, sums[:, i, j, down, across], out=part)

    rows = max(1, BLOCK_BYTES // (4 * cells * input_width * stride_h))
    if work.products > SHARED_PRODUCTS:
        rows = min(rows, -(-height // 2))
    in_parallel(parts(height, -(-height // rows)), convolve, workspace)


def _meeting(outputs: int, inputs: int, stride: int, offset: int) -> tuple[slice, slice]:
    """Return the outputs whose tap lies on an input, at stride · output + offset, and which.

    >>> _meeting(5, 9, 2, -1)
    (slice(1, 5, None), slice(1, 8, 2))
    """
    first = max(0, -(offset // stride))
    count = max(0, min(outputs, (inputs - 1 - offset) // stride + 1) - first)
    start = first * stride + offset
    stop = start + (count - 1) * stride + 1 if count else start
    return slice(first, first + count), slice(start, stop, stride)
