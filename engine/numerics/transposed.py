"""Transposed convolution of maps (C, H, W): every input value scatters a kernel into the output.

Where kernels land beside each other, each product is an output, and nothing is added. Where they
overlap, most are made by an ordinary convolution (`phases`). For the rest one matrix product makes,
block by block, what every kernel cell brings from every input value; the products of each cell are
then added where they land, a strided slice of the output at a time.
"""

import numpy as np
from numpy.typing import NDArray

from engine.blocks import LINE_BYTES
from engine.constraints import Pair
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.phases import Scattering, by_phases, landing
from engine.numerics.processor import HAS_AVX_512
from engine.numerics.shared_products import shared_product
from engine.numerics.strips import as_pairs, copy_in_strips, number_per_row
from engine.opencv import cv2
from engine.workspace import Workspace

Array = NDArray[np.float32]

BLOCK_BYTES = 1 << 20
"""Products are made in blocks of about this size, so that they stay in the cache."""

BLOCK_POSITIONS = 512
"""But of no fewer input values, or packing the kernels costs more than multiplying by them."""

CALL_PRODUCTS = 1 << 29
"""One call multiplies at most about so many numbers: 10 ms until the next checkpoint."""

MOST_MERGED_BYTES = 0 if HAS_AVX_512 else 1 << 22
"""Of outputs that OpenCV merges, on one thread, of products that all threads have made: 16 → 8
kernels of 2 × 2 take 0.6 ms at 128² within a network, and in strips 0.9. Not measured with long
vectors."""

MOST_MERGED_COLUMNS = 4
"""Of a kernel: so many arrays OpenCV merges with vectors."""

SHARED_PRODUCTS = 1 << 22
"""Fewer products than these are not worth waking another thread for."""


def convolve_transposed(
    maps: Array,
    kernel: Array,
    bias: Array | None,
    out: Array,
    workspace: Workspace,
    *,
    stride: Pair,
    dilation: Pair,
    crop: Pair,
    groups: int,
) -> None:
    """Scatter maps through a kernel (in, out / groups, kh, kw) into ``out``.

    ``crop`` is what of the scattered values lies above and to the left of the output.
    """
    _, height, width = maps.shape
    ins, (_, outs, kernel_h, kernel_w) = maps.shape[0] // groups, kernel.shape
    whole = outs, height * kernel_h, width * kernel_w
    is_plain = groups == 1 and dilation == (1, 1) and crop == (0, 0)
    if is_plain and stride == (kernel_h, kernel_w) and out.shape == whole:
        lay_side_by_side = _merge_side_by_side if _is_for_merging(out, kernel_w) else _lay_strips
        lay_side_by_side(maps, kernel, bias, out, workspace)
        return
    if by_phases(Scattering(maps, kernel, bias, out, stride, dilation, crop, groups), workspace):
        return
    start = np.float32(0) if bias is None else bias[:, None, None]
    copy_in_strips(np.broadcast_to(start, out.shape), out, workspace)
    area = kernel_h * kernel_w
    rows = min(height, -(-BLOCK_POSITIONS // width))
    filters = BLOCK_BYTES // (4 * area * rows * width), CALL_PRODUCTS // (ins * area * rows * width)
    together = max(1, min(outs, *filters))
    rows = min(height, max(rows, BLOCK_BYTES // (4 * together * area * width)))
    for group in range(groups):
        values = maps[group * ins : (group + 1) * ins]
        kernels = kernel[group * ins : (group + 1) * ins]
        for first in range(0, outs, together):
            part = slice(first, min(first + together, outs))
            target = out[group * outs + part.start : group * outs + part.stop]
            for top in range(0, height, rows):
                workspace.checkpoint()
                # A strip of rows is scattered as maps of its own, that much further down.
                _scatter(
                    values[:, top : top + rows],
                    kernels[:, part],
                    target,
                    workspace,
                    stride,
                    dilation,
                    (crop[0] - top * stride[0], crop[1]),
                )


def _is_for_merging(out: Array, kernel_w: int) -> bool:
    """Return whether an output is small, and each of its rows begins with a line of the cache.

    OpenCV merges past the cache, and takes ten times as long where they do not.
    """
    is_small = 4 * out.size <= MOST_MERGED_BYTES and kernel_w <= MOST_MERGED_COLUMNS
    begins_with_line = out.ctypes.data % LINE_BYTES == 0
    return is_small and begins_with_line and out.strides[1] % LINE_BYTES == 0


def _merge_side_by_side(
    maps: Array, kernel: Array, bias: Array | None, out: Array, workspace: Workspace
) -> None:
    """Write the products of whole kernels: one product on all threads, then merged by OpenCV."""
    channels, height, width = maps.shape
    _, filters, kernel_h, kernel_w = kernel.shape
    cells = workspace.prepared(
        ("cells by rows",),
        kernel,
        lambda: np.ascontiguousarray(kernel.transpose(2, 3, 1, 0)).reshape(-1, channels),
    )
    products = workspace.scratch("products", len(cells), height * width)
    shared_product(cells, maps.reshape(channels, -1), products, workspace)
    lines = products.reshape(kernel_h, kernel_w, filters, -1)
    rows = out.reshape(filters * height, kernel_h, width, kernel_w, copy=False)
    for row, line in enumerate(lines):
        workspace.checkpoint()
        if bias is not None:
            with number_per_row(height * width):
                np.add(line, bias[:, None], out=line)
        cv2.merge(list(line.reshape(kernel_w, -1, width)), rows[:, row])


def _lay_strips(
    maps: Array, kernel: Array, bias: Array | None, out: Array, workspace: Workspace
) -> None:
    """Write the products of whole kernels, strip by strip of rows."""
    channels, height, width = maps.shape
    _, filters, kernel_h, kernel_w = kernel.shape
    cells = kernel.reshape(channels, -1)
    added = None if bias is None else np.repeat(bias, kernel_h * kernel_w)

    def convolve(rows: slice, mine: Workspace) -> None:
        mine.checkpoint()
        values = maps[:, rows].reshape(channels, -1)
        count = rows.stop - rows.start
        products = mine.scratch("products", count * width, cells.shape[1])
        np.matmul(values.T, cells, out=products)
        if added is not None:
            np.add(products, added, out=products)
        made = products.reshape(count, width, filters, kernel_h, kernel_w)
        target = out[:, rows.start * kernel_h : rows.stop * kernel_h].reshape(
            filters, count, kernel_h, width, kernel_w, copy=False
        )
        np.copyto(as_pairs(target), as_pairs(made).transpose(2, 0, 3, 1, 4))

    rows = max(1, BLOCK_BYTES // (4 * cells.shape[1] * width))
    rows = min(rows, max(1, CALL_PRODUCTS // (cells.size * width)))
    if maps[0].size * cells.size > SHARED_PRODUCTS:
        rows = min(rows, -(-height // 2))
    in_parallel(parts(height, -(-height // rows)), convolve, workspace)


def _scatter(
    maps: Array,
    kernel: Array,
    out: Array,
    workspace: Workspace,
    stride: Pair,
    dilation: Pair,
    crop: Pair,
) -> None:
    """Add all products of maps and kernel to ``out``."""
    channels, height, width = maps.shape
    _, filters, kernel_h, kernel_w = kernel.shape
    products = workspace.scratch("products", filters, kernel_h, kernel_w, height, width)
    np.matmul(
        kernel.reshape(channels, -1).T,
        maps.reshape(channels, -1),
        out=products.reshape(-1, height * width),
    )
    for i in range(kernel_h):
        lines, rows = landing(height, i * dilation[0] - crop[0], stride[0], out.shape[1])
        for j in range(kernel_w):
            cells, columns = landing(width, j * dilation[1] - crop[1], stride[1], out.shape[2])
            target = out[:, rows, columns]
            np.add(target, products[:, i, j, lines, cells], out=target)
