"""Convolution as products of matrices: filters × products by products × positions.

On one thread a product of matrices multiplies 50 numbers per ns if neither matrix is thin. What
costs besides is copying the maps, so that they become such a matrix.
"""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from engine.numerics.channels_last import by_channels_last
from engine.numerics.padding import padded, padded_rows
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.products import CALL_PRODUCTS, SHARED_PRODUCTS, product
from engine.numerics.shared_products import add_bias, is_for_all_threads, shared_product
from engine.numerics.steps import Convolution
from engine.numerics.strips import copy_in_strips
from engine.workspace import Workspace

Array = NDArray[np.float32]

BLOCK_BYTES = 1 << 21
"""Gathered values are multiplied in blocks of about this size, so that they stay in the cache."""

BLOCK_POSITIONS = 512
"""But of no fewer positions, or packing the filters costs more than multiplying by them."""

FEW_POSITIONS = 200
"""Windows of fewer places are gathered at once, with their channels last, even by one
thread: 16 × 6 × 5 × 5 kernels on 10 × 10 take 32 µs and not 38."""

MOST_NEW_VALUES = 1 << 18
"""Of a kernel that is turned at its first use: 512 → 512 takes 1.6 ms longer than as it lies."""


class _Block(NamedTuple):
    """A part of an output: of its groups, of the filters of each, and of the rows."""

    groups: slice
    filters: slice
    rows: slice


def pointwise(work: Convolution, workspace: Workspace) -> None:
    """Multiply kernels by the maps as they lie in memory, or by the cells that are read.

    The kernels are of 1 × 1, or as large as the maps: one window, whose cells are in their order.
    """
    groups, positions = work.steps.groups, work.out.shape[1] * work.out.shape[2]
    maps = _read_cells(work, workspace).reshape(groups, -1, positions)
    if is_for_all_threads(work):
        _multiply_shared(work, maps[0], workspace)
        return
    block = max(BLOCK_POSITIONS, BLOCK_BYTES // (4 * len(work.maps)))
    filters = [slice(0, work.filters)]
    if work.products > SHARED_PRODUCTS:
        # Two blocks at least: half of the positions each, or of the filters if those are few.
        if positions >= 2 * BLOCK_POSITIONS:
            block = min(block, -(-positions // 2))
        elif positions <= block:
            filters = parts(work.filters, 2)
    out = work.out.reshape(groups, work.filters, positions, copy=False)
    # One block by itself, of few products: to cut what there is takes as long as they do.
    if positions <= block and len(filters) == 1:
        workspace.checkpoint()
        product(work.kernel.reshape(groups, work.filters, -1), maps, out)
        if work.bias is not None:
            np.add(out, work.bias.reshape(groups, -1, 1), out=out)
        return

    def multiply(chosen: tuple[slice, slice], mine: Workspace) -> None:
        some, part = chosen
        _multiply(work, slice(0, groups), some, maps[..., part], out[:, some, part], mine)

    blocks = parts(positions, -(-positions // block))
    in_parallel([(some, part) for part in blocks for some in filters], multiply, workspace)


def _read_cells(work: Convolution, workspace: Workspace) -> Array:
    """Return the padded maps, without what lies between 1 × 1 windows where those are apart."""
    maps = padded(work.maps, work.sides, workspace)
    stride_h, stride_w = work.steps.stride
    height, width = work.out.shape[1:]
    if maps.shape[1:] in ((height, width), work.kernel.shape[2:]):
        return maps
    cells = workspace.scratch("cells", len(maps), height, width)
    apart = maps[:, ::stride_h, ::stride_w][:, :height, :width]
    copy_in_strips(apart, cells, workspace)
    return cells


def by_columns(work: Convolution, workspace: Workspace) -> None:
    """Gather the windows into the columns of a matrix (im2col), block by block."""
    groups, depth = work.steps.groups, work.kernel[0].size
    _, height, width = work.out.shape
    # Several groups at once where their maps are small, several blocks of rows where they are not.
    together = min(groups, max(1, BLOCK_BYTES // (4 * depth * height * width)))
    rows = min(height, max(BLOCK_BYTES // (4 * depth * width), -(-BLOCK_POSITIONS // width)))
    is_whole, is_shared = rows == height, is_for_all_threads(work)
    is_little = height * width < FEW_POSITIONS and work.products <= SHARED_PRODUCTS
    if groups == 1 and is_whole and (is_shared or is_little):
        if work.is_new and work.kernel.size > MOST_NEW_VALUES:
            workspace.put_off = True
            _by_all_columns(work, workspace)
        else:
            by_channels_last(work, workspace)
        return
    if work.products > SHARED_PRODUCTS and is_whole:
        if height * width >= 2 * BLOCK_POSITIONS:
            rows = -(-height // 2)
        else:
            together = min(together, -(-groups // 2))

    def convolve(block: _Block, mine: Workspace) -> None:
        columns = _columns(work, block, mine)
        _gather(work, block, columns, mine)
        _multiply_block(work, block, columns, mine)

    whole = slice(0, work.filters)
    blocks = [
        _Block(group, whole, part)
        for group in parts(groups, -(-groups // together))
        for part in parts(height, -(-height // rows))
    ]
    in_parallel(blocks, convolve, workspace)


def _by_all_columns(work: Convolution, workspace: Workspace) -> None:
    """Gather the windows of one group as the kernel lies, and multiply at once."""
    block = _Block(slice(0, 1), slice(0, work.filters), slice(0, work.out.shape[1]))
    columns = _columns(work, block, workspace)
    _gather(work, block, columns, workspace)
    if is_for_all_threads(work):
        _multiply_shared(work, columns.reshape(work.kernel[0].size, -1), workspace)
    else:
        _multiply_block(work, block, columns, workspace)


def _multiply_shared(work: Convolution, columns: Array, workspace: Workspace) -> None:
    """Multiply by all columns of one group at once."""
    kernel, out = (array.reshape(work.filters, -1, copy=False) for array in (work.kernel, work.out))
    shared_product(kernel, columns, out, workspace)
    add_bias(work.bias, out, workspace)


def _columns(work: Convolution, block: _Block, workspace: Workspace) -> Array:
    """Return room for the columns of a block: (groups, channels, kh, kw, rows, width)."""
    _, channels, kernel_h, kernel_w = work.kernel.shape
    many, rows = _length(block.groups), _length(block.rows)
    shape = many, channels, kernel_h, kernel_w, rows, work.out.shape[2]
    return workspace.scratch("columns", *shape)


def _gather(work: Convolution, block: _Block, columns: Array, workspace: Workspace) -> None:
    """Copy the cells of the windows into the columns of a block."""
    workspace.checkpoint()
    (stride_h, stride_w), (dilation_h, dilation_w), groups = work.steps
    maps = work.maps.reshape(groups, -1, *work.maps.shape[1:])[block.groups]
    many, each = maps.shape[:2]
    first = block.rows.start * stride_h
    stop = first + work.covered(_length(block.rows))[0]
    flat = maps.reshape(many * each, *maps.shape[2:])
    source = padded_rows(flat, work.sides, first, stop, workspace)
    channel, row, cell = source.strides
    windows = as_strided(
        source,
        (many, each, *columns.shape[2:]),
        (each * channel, channel, dilation_h * row, dilation_w * cell, stride_h * row,
         stride_w * cell),
        writeable=False,
    )  # fmt: skip
    np.copyto(columns, windows)


def _multiply_block(work: Convolution, block: _Block, columns: Array, workspace: Workspace) -> None:
    """Write kernel × columns + bias into a block of the output."""
    many, rows = _length(block.groups), block.rows
    out = work.out.reshape(work.steps.groups, work.filters, *work.out.shape[1:], copy=False)
    target = out[block.groups, block.filters, rows]
    _multiply(
        work,
        block.groups,
        block.filters,
        columns.reshape(many, work.kernel[0].size, -1),
        target.reshape(*target.shape[:2], -1, copy=False),
        workspace,
    )


def _multiply(
    work: Convolution,
    groups: slice,
    filters: slice,
    columns: Array,
    out: Array,
    workspace: Workspace,
) -> None:
    """Write kernel × columns + bias, so many filters at once as a call may."""
    shape = work.steps.groups, work.filters
    kernel = work.kernel.reshape(*shape, -1)[groups, filters]
    bias = None if work.bias is None else work.bias.reshape(*shape, 1)[groups, filters]
    together = max(1, CALL_PRODUCTS // columns.size)
    for first in range(0, kernel.shape[1], together):
        workspace.checkpoint()
        some = slice(first, first + together)
        product(kernel[:, some], columns, out[:, some])
        if bias is not None:
            np.add(out[:, some], bias[:, some], out=out[:, some])


def _length(part: slice) -> int:
    length: int = part.stop - part.start
    return length
