"""Transposed convolution as an ordinary one, which makes blocks of outputs.

The outputs at the same place of each stride are a convolution of the maps with every s-th kernel
cell, and s × s neighboring outputs read the same inputs: filters × s × s kernels of ⌈k / s⌉ cells a
side make them together (Shi et al., "Is the deconvolution layer the same as a convolutional
layer?", 2016). Each way to convolve is there to be chosen, and nothing is added up in memory.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.constraints import Pair
from engine.numerics.convolution import convolve
from engine.numerics.opencv_layers import all_finite
from engine.numerics.parallel import in_parallel, parts
from engine.sides import Sides
from engine.workspace import Workspace

Array = NDArray[np.float32]

MOST_PRODUCTS = 2
"""Kernels are filled up with zeros to whole strides, and blocks reach beyond the maps: there are at
most so many times the products that are needed."""

STRIP_BYTES = 1 << 22
"""Blocks of outputs are made and laid out in strips of about this size."""

SHARED_VALUES = 1 << 18
"""From so many outputs on, laying them out is worth waking another thread for."""


class _Axis(NamedTuple):
    """One axis: a kernel of so many strides, and the blocks of outputs that are made."""

    cells: int
    stride: int
    dilation: int
    crop: int
    inputs: int
    outputs: int

    @property
    def blocks(self) -> range:
        """The blocks that hold outputs: block q begins with output q · stride − crop."""
        return range(self.crop // self.stride, -(-(self.crop + self.outputs) // self.stride))

    @property
    def products(self) -> int:
        """How many multiplications there are, of one filter and channel along this axis."""
        return self.cells * self.stride * len(self.blocks)

    def read(self, blocks: range) -> tuple[slice, int, int]:
        """Return the inputs that blocks read, and how many zeros lie before and after them."""
        start, stop = blocks.start - (self.cells - 1) * self.dilation, blocks.stop
        first, last = max(0, start), min(self.inputs, stop)
        return slice(first, last), max(0, -start), stop - last


class Scattering(NamedTuple):
    """Maps (C, H, W), a kernel (in, out / groups, kh, kw), and the output that they fill together.

    ``crop`` is what of the scattered values lies above and to the left of the output.
    """

    maps: Array
    kernel: Array
    bias: Array | None
    out: Array
    stride: Pair
    dilation: Pair
    crop: Pair
    groups: int


def by_phases(work: Scattering, workspace: Workspace) -> bool:
    """Scatter maps through a kernel, or return False with nothing written.

    It does not suit kernels that are dilated by more than a stride of one, or much smaller than the
    stride, nor values that are not finite: they would be multiplied by zeros.
    """
    maps, kernel, bias, out, stride, dilation, crop, groups = work
    size = kernel.shape[2:]
    down, across = (
        _Axis(-(-k // s), s, d, c, n, m)
        for k, s, d, c, n, m in zip(
            size, stride, dilation, crop, maps.shape[1:], out.shape[1:], strict=True
        )
    )
    is_dilated = any(d > 1 and s > 1 for d, s in zip(dilation, stride, strict=True))
    needed = math.prod((*size, *maps.shape[1:]))
    if is_dilated or down.products * across.products > MOST_PRODUCTS * needed:
        return False
    if not _all_finite_kernel(kernel, workspace) or not all_finite(maps, workspace):
        return False
    turned = workspace.prepared(
        ("phases", stride, groups), kernel, lambda: _turned(kernel, down, across, groups)
    )
    phases = stride[0] * stride[1]
    added = bias
    if bias is not None and phases > 1:
        added = workspace.prepared(("phases", phases), bias, lambda: np.repeat(bias, phases))

    def make(strip: range, blocks: Array) -> None:
        """Write some rows of blocks (filters · s · s, rows, columns)."""
        rows, top, bottom = down.read(strip)
        columns, left, right = across.read(across.blocks)
        read, sides = maps[:, rows, columns], Sides(top, left, bottom, right)
        if read.size:
            convolve(
                read, turned, added, blocks, workspace,
                dilation=dilation, groups=groups, sides=sides,
            )  # fmt: skip
        else:
            blocks[...] = 0 if added is None else added[:, None, None]

    if phases == 1:
        make(down.blocks, out)
        return True
    row_bytes = 4 * len(turned) * len(across.blocks)
    for part in parts(len(down.blocks), -(-row_bytes * len(down.blocks) // STRIP_BYTES)):
        workspace.checkpoint()
        strip = down.blocks[part]
        made = workspace.scratch("phases", len(turned), len(strip), len(across.blocks))
        make(strip, made)
        first = strip.start * stride[0] - crop[0], across.blocks.start * stride[1] - crop[1]
        _lay_out(made.reshape(len(out), *stride, *made.shape[1:]), out, first, workspace)
    return True


def _all_finite_kernel(kernel: Array, workspace: Workspace) -> bool:
    """Return whether a kernel is finite, which is looked at once."""
    found = workspace.prepared(
        ("is finite",), kernel, lambda: np.array(all_finite(kernel, workspace))
    )
    return bool(found)


def _turned(kernel: Array, down: _Axis, across: _Axis, groups: int) -> Array:
    """Return a kernel (in, out / groups, kh, kw) for blocks of outputs.

    It is (out · s · s, in / groups, ⌈kh / s⌉, ⌈kw / s⌉), its cells from the last to the first.
    """
    ins, outs, kernel_h, kernel_w = kernel.shape
    (rows, stride_h), (columns, stride_w) = down[:2], across[:2]
    filled = np.zeros((ins, outs, rows * stride_h, columns * stride_w), np.float32)
    filled[:, :, :kernel_h, :kernel_w] = kernel
    cells = filled.reshape(groups, -1, outs, rows, stride_h, columns, stride_w)
    turned = cells[:, :, :, ::-1, :, ::-1].transpose(0, 2, 4, 6, 1, 3, 5)
    return np.ascontiguousarray(turned).reshape(-1, ins // groups, rows, columns)


def _lay_out(made: Array, out: Array, first: Pair, workspace: Workspace) -> None:
    """Copy blocks (filters, s, s, rows, columns) to where they lie, the first one at ``first``."""
    _, stride_h, stride_w, rows, columns = made.shape

    def copy(some: slice, mine: Workspace) -> None:
        for i in range(stride_h):
            mine.checkpoint()
            lines, down = landing(rows, first[0] + i, stride_h, out.shape[1])
            for j in range(stride_w):
                cells, across = landing(columns, first[1] + j, stride_w, out.shape[2])
                np.copyto(out[some, down, across], made[some, i, j, lines, cells])

    in_parallel(parts(len(out), 2 if made.size >= SHARED_VALUES else 1), copy, workspace)


def landing(length: int, offset: int, stride: int, output_length: int) -> tuple[slice, slice]:
    """Return which inputs land in the output when input i lands at stride·i + offset, and where.

    >>> landing(4, -1, 2, 6)
    (slice(1, 4, None), slice(1, 7, 2))
    """
    first = max(0, -(offset // stride))
    stop = max(first, min(length, (output_length - 1 - offset) // stride + 1))
    start = first * stride + offset
    return slice(first, stop), slice(start, start + (stop - first) * stride, stride)
