"""Convolution of maps (C, H, W), in one of three ways that a fixed rule chooses.

"pointwise": a 1 × 1 kernel is a matrix product, filters × channels by channels × positions, of
the maps as they lie in memory.

"columns": the windows are gathered into the columns of a matrix (im2col), in blocks that stay in
the cache, and multiplied by the filters.

"planes": OpenCV filters one plane with one kernel at a time and nothing is gathered. It wins where
an input channel meets few filters (depthwise, a gray picture), and where the kernel is so large
that OpenCV takes the Fourier transform, which it does in double precision.
"""

from typing import Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from engine.constraints import Pair
from engine.opencv import cv2
from engine.shapes import window_span
from engine.workspace import Workspace

Array: TypeAlias = NDArray[np.float32]
Way: TypeAlias = Literal["pointwise", "columns", "planes"]

BLOCK_BYTES = 1 << 20
"""Columns are multiplied in blocks of about this size, so that they stay in the cache."""

BLOCK_POSITIONS = 512
"""But of no fewer positions, or packing the filters costs more than multiplying by them."""

CALL_PRODUCTS = 1 << 29
"""One call multiplies at most about so many numbers: 10 ms until the next checkpoint."""

CALL_PIXELS = 1 << 18
"""One call filters at most about so many pixels, for the same reason."""

FOURIER_AREA = 130
"""OpenCV takes the Fourier transform for kernels of at least so many cells."""

# What the ways cost in ns, fitted to 3,600 convolutions on one core with AVX-512; choosing by them
# costs 1 % more than the faster way each time. "planes" pays per filter and input channel for a
# call, and per pixel for each kernel cell or for the transform. "columns" pays once, per product,
# and for the copy of each cell of each window, which all filters share.
_PLANE_CALL, _PLANE_CELL, _PLANE_FOURIER = 6000, 0.05, 14
_COLUMNS_CALL, _COLUMNS_PRODUCT, _COLUMNS_COPY = 25000, 0.03, 0.3


class Steps(NamedTuple):
    """How windows lie on the maps; pairs are (height, width)."""

    stride: Pair = (1, 1)
    dilation: Pair = (1, 1)
    groups: int = 1

    def covered(self, outputs: Pair, kernel: Pair) -> Pair:
        """Return the size that so many windows of that kernel cover."""
        (rows, columns), (kernel_h, kernel_w) = outputs, kernel
        return (
            (rows - 1) * self.stride[0] + window_span(kernel_h, self.dilation[0]),
            (columns - 1) * self.stride[1] + window_span(kernel_w, self.dilation[1]),
        )


def way_for(kernel: tuple[int, int, int, int], outputs: Pair, steps: Steps) -> Way:
    """Return the way that a kernel (out, in / groups, kh, kw) takes to an output of that size.

    >>> way_for((256, 64, 1, 1), (56, 56), Steps())
    'pointwise'
    >>> way_for((64, 64, 3, 3), (56, 56), Steps())
    'columns'
    >>> way_for((144, 1, 3, 3), (56, 56), Steps(groups=144))
    'planes'
    """
    filters, channels, kernel_h, kernel_w = kernel
    area = kernel_h * kernel_w
    if area == 1 and steps.stride == (1, 1):
        return "pointwise"
    span_h, span_w = steps.covered((1, 1), (kernel_h, kernel_w))
    per_pixel = _PLANE_FOURIER if span_h * span_w >= FOURIER_AREA else area * _PLANE_CELL
    # A plane is filtered at every place, and thinned out by the stride afterwards.
    rows, columns = steps.covered(outputs, (kernel_h, kernel_w))
    planes = filters * channels * (_PLANE_CALL + rows * columns * per_pixel)
    cells = outputs[0] * outputs[1] * area * channels
    gathered = _COLUMNS_CALL + cells * (filters * _COLUMNS_PRODUCT + steps.groups * _COLUMNS_COPY)
    return "planes" if planes < gathered else "columns"


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
    way: Way | None = None,
) -> None:
    """Cross-correlate padded maps with a kernel (out, in / groups, kh, kw) into ``out``.

    Maps and output may be strips of rows of larger ones. ``way`` forces a way, for tests.
    """
    steps = Steps(stride, dilation, groups)
    filters, channels, kernel_h, kernel_w = kernel.shape
    _, height, width = out.shape
    covered = steps.covered((height, width), (kernel_h, kernel_w))
    if (
        maps.shape[0] != channels * groups
        or maps.shape[1] < covered[0]
        or maps.shape[2] < covered[1]
    ):
        raise ValueError(f"maps {maps.shape} do not hold windows of {kernel.shape}, {steps}")
    way = way or way_for((filters, channels, kernel_h, kernel_w), (height, width), steps)
    if way == "pointwise":
        _pointwise(maps, kernel, bias, out, workspace, steps)
    elif way == "columns":
        _by_columns(maps, kernel, bias, out, workspace, steps)
    else:
        _by_planes(maps, kernel, bias, out, workspace, steps)


def _pointwise(
    maps: Array, kernel: Array, bias: Array | None, out: Array, workspace: Workspace, steps: Steps
) -> None:
    """Multiply the filters by the maps themselves."""
    groups, positions = steps.groups, out.shape[1] * out.shape[2]
    flat_kernel, flat_bias = _by_group(kernel, bias, groups)
    flat_maps = maps.reshape(groups, -1, positions)
    flat_out = out.reshape(groups, -1, positions, copy=False)
    block = max(BLOCK_POSITIONS, BLOCK_BYTES // (4 * maps.shape[0]))
    for first in range(0, positions, block):
        part = slice(first, first + block)
        _multiply(flat_kernel, flat_maps[..., part], flat_bias, flat_out[..., part], workspace)


def _by_columns(
    maps: Array, kernel: Array, bias: Array | None, out: Array, workspace: Workspace, steps: Steps
) -> None:
    """Gather blocks of windows into columns and multiply the filters by them."""
    _, channels, kernel_h, kernel_w = kernel.shape
    _, height, width = out.shape
    groups = steps.groups
    (stride_h, stride_w), (dilation_h, dilation_w) = steps.stride, steps.dilation
    channel, row, cell = maps.strides
    windows = as_strided(
        maps,
        (groups, channels, kernel_h, kernel_w, height, width),
        (
            channels * channel, channel,
            dilation_h * row, dilation_w * cell,
            stride_h * row, stride_w * cell,
        ),
        writeable=False,
    )  # fmt: skip
    depth = channels * kernel_h * kernel_w
    flat_kernel, flat_bias = _by_group(kernel, bias, groups)
    grouped_out = out.reshape(groups, -1, height, width, copy=False)
    # Several groups at once where their maps are small, several blocks of rows where they are not.
    together = min(groups, max(1, BLOCK_BYTES // (4 * depth * height * width)))
    rows = min(height, max(BLOCK_BYTES // (4 * depth * width), -(-BLOCK_POSITIONS // width)))
    for group in range(0, groups, together):
        mine = slice(group, min(group + together, groups))
        for first in range(0, height, rows):
            part = slice(first, min(first + rows, height))
            gathered = windows[mine, ..., part, :]
            columns = workspace.scratch("columns", *gathered.shape)
            np.copyto(columns, gathered)
            target = grouped_out[mine, :, part]
            many, _, lines, _ = target.shape
            _multiply(
                flat_kernel[mine],
                columns.reshape(many, depth, lines * width),
                None if flat_bias is None else flat_bias[mine],
                target.reshape(many, -1, lines * width, copy=False),
                workspace,
            )


def _by_group(kernel: Array, bias: Array | None, groups: int) -> tuple[Array, Array | None]:
    """Return the kernel as (groups, filters, products) and the bias as (groups, filters, 1)."""
    per_group = kernel.shape[0] // groups
    flat = kernel.reshape(groups, per_group, -1)
    return flat, None if bias is None else bias.reshape(groups, per_group, 1)


def _multiply(
    kernel: Array, columns: Array, bias: Array | None, out: Array, workspace: Workspace
) -> None:
    """Write kernel × columns + bias, group by group, so many filters at once as a call may."""
    filters = max(1, CALL_PRODUCTS // columns.size)
    for first in range(0, kernel.shape[1], filters):
        workspace.checkpoint()
        part = slice(first, first + filters)
        np.matmul(kernel[:, part], columns, out=out[:, part])
        if bias is not None:
            np.add(out[:, part], bias[:, part], out=out[:, part])


def _by_planes(
    maps: Array, kernel: Array, bias: Array | None, out: Array, workspace: Workspace, steps: Steps
) -> None:
    """Filter strips of each plane at every place, keep what the stride keeps, and add it up."""
    filters, channels, kernel_h, kernel_w = kernel.shape
    _, height, width = out.shape
    (stride_h, stride_w), (dilation_h, dilation_w) = steps.stride, steps.dilation
    span_h, span_w = steps.covered((1, 1), (kernel_h, kernel_w))
    if steps.dilation != (1, 1):
        gaps = np.zeros((filters, channels, span_h, span_w), dtype=np.float32)
        gaps[:, :, ::dilation_h, ::dilation_w] = kernel
        kernel = gaps
    rows = max(1, CALL_PIXELS // (maps.shape[2] * stride_h))
    for first in range(0, height, rows):
        target = out[:, first : first + rows]
        start = first * stride_h
        stop = start + (target.shape[1] - 1) * stride_h + span_h
        filtered = workspace.scratch("filtered", stop - start, maps.shape[2])
        kept = filtered[: stop - start - span_h + 1 : stride_h][:, ::stride_w][:, :width]
        for place in range(filters):
            group = place // (filters // steps.groups)
            for channel in range(channels):
                workspace.checkpoint()
                cv2.filter2D(
                    maps[group * channels + channel, start:stop],
                    cv2.CV_32F,
                    kernel[place, channel],
                    filtered,
                    anchor=(0, 0),
                    delta=float(bias[place]) if bias is not None and channel == 0 else 0.0,
                    borderType=cv2.BORDER_CONSTANT,  # what lies beyond the edge is not kept
                )
                if channel == 0:
                    np.copyto(target[place], kept)
                else:
                    np.add(target[place], kept, out=target[place])
