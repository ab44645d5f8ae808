"""Pooling of maps (C, H, W): the largest or the mean value of each window.

Padding is never written: a window is joined from the cells that lie inside the map. Both the
maximum and the sum may be taken along the rows first and then along the columns.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.numerics.opencv_layers import OpenCvLayer, all_finite
from engine.numerics.parallel import parts
from engine.numerics.strips import Strip, over_strips
from engine.opencv import cv2
from engine.reading import Indices, WindowAxis
from engine.workspace import Workspace

Array = NDArray[np.float32]

MOST_CELLS = 25
"""Of windows that OpenCV takes: it compares each with every cell, numpy the rows first."""

FEWEST_CELLS, FEWEST_VALUES = 5, 1 << 17
"""Windows of fewer cells than these need so many values, or numpy has them sooner: 256 × 56² are
pooled by 2 × 2 in 0.24 ms and not in 0.62, but 512 × 14² in 0.15 and not in 0.10."""

CALL_VALUES = 1 << 22
"""OpenCV reads so many values in about a millisecond."""


def max_pool(
    maps: Array, out: Array, workspace: Workspace, rows: WindowAxis, columns: WindowAxis
) -> None:
    """Write the largest value of each window into ``out``; NaN counts as the largest.

    No window may lie in the padding alone.
    """
    if _suits_opencv(maps.size, rows, columns) and all_finite(maps, workspace):
        _max_by_opencv(maps, out, workspace, rows, columns)
    else:
        _join_windows(np.maximum, maps, out, workspace, rows, columns)


def average_pool(
    maps: Array,
    out: Array,
    workspace: Workspace,
    rows: WindowAxis,
    columns: WindowAxis,
    counts: tuple[Indices, Indices],
) -> None:
    """Write the sum of each window, divided by how many rows and columns of it count."""
    if _quarters(rows) and _quarters(columns):
        _average_quarters(maps, out, workspace)
        return
    _join_windows(np.add, maps, out, workspace, rows, columns)
    tall, wide = counts
    np.divide(out, (tall[:, None] * wide).astype(np.float32), out=out)


@lru_cache(1024)
def counted_cells(axis: WindowAxis, before: int, after: int) -> Indices:
    """Return how many cells of each window lie in the input or the given padding around it.

    They are not to be written: on small maps counting takes longer than the mean, so that they are
    remembered.
    """
    positions = axis.positions()
    counted = (positions >= -before) & (positions < axis.input_length + after)
    counts: Indices = np.count_nonzero(counted, axis=1)
    counts.setflags(write=False)
    return counts


def global_average(maps: Array, out: Array) -> None:
    """Write the mean of each whole map into ``out`` (C, 1, 1).

    Rows are added up before their sums are: in float32 a single sum over a large map loses digits.
    """
    channels, height, width = maps.shape
    # Products, because numpy would add up short rows one by one. Now and then OpenBLAS reports an
    # invalid operation though all values are finite; the sums are right.
    with np.errstate(invalid="ignore"):
        rows = maps.reshape(-1, width) @ np.ones(width, dtype=np.float32)
        sums = rows.reshape(channels, height) @ np.ones(height, dtype=np.float32)
    np.divide(sums, np.float32(height * width), out=out[:, 0, 0])


def adaptive_ranges(length: int, outputs: int) -> Indices:
    """Return the half-open range of inputs, (outputs, 2), that each output is the mean of.

    From ⌊o · length / outputs⌋ to ⌈(o + 1) · length / outputs⌉: neighbors share a cell where the
    division leaves a remainder.

    >>> adaptive_ranges(5, 2).tolist()
    [[0, 3], [2, 5]]
    """
    places = np.arange(outputs)
    starts = places * length // outputs
    stops = -(-(places + 1) * length // outputs)
    return np.stack((starts, stops), axis=1)


def adaptive_taps(length: int, outputs: int) -> Indices:
    """Return the cells of each range, (outputs, taps); −1 stands for no tap."""
    ranges = adaptive_ranges(length, outputs)
    taps = ranges[:, :1] + np.arange(np.diff(ranges).max())
    return np.where(taps < ranges[:, 1:], taps, -1)


def adaptive_average(maps: Array, out: Array, workspace: Workspace) -> None:
    """Write the mean of each range of `adaptive_ranges` into ``out``, of any height and width."""
    _, height, width = maps.shape
    _, out_height, out_width = out.shape
    if height % out_height == 0 and width % out_width == 0:
        tall, wide = height // out_height, width // out_width
        counts = np.full(out_height, tall), np.full(out_width, wide)
        average_pool(
            maps,
            out,
            workspace,
            WindowAxis(height, out_height, tall, tall),
            WindowAxis(width, out_width, wide, wide),
            counts,
        )
        return
    rows = adaptive_ranges(height, out_height)
    columns = adaptive_ranges(width, out_width)
    sums = workspace.scratch("range sums", len(maps), out_height, width)
    for place, (start, stop) in enumerate(rows.tolist()):
        workspace.checkpoint()
        np.add.reduce(maps[:, start:stop], axis=1, out=sums[:, place])
    for place, (start, stop) in enumerate(columns.tolist()):
        workspace.checkpoint()
        np.add.reduce(sums[:, :, start:stop], axis=2, out=out[:, :, place])
    areas = np.diff(rows) * np.diff(columns).T
    np.divide(out, areas.astype(np.float32), out=out)


def _suits_opencv(values: int, rows: WindowAxis, columns: WindowAxis) -> bool:
    """Return whether OpenCV is worth making sure that it loses no NaN."""
    cells = rows.kernel * columns.kernel
    is_plain = rows.dilation == columns.dilation == 1 and min(rows.before, columns.before) >= 0
    is_work = cells >= FEWEST_CELLS or (cells > 1 and values >= FEWEST_VALUES)
    return is_plain and is_work and cells <= MOST_CELLS


def _max_by_opencv(
    maps: Array, out: Array, workspace: Workspace, rows: WindowAxis, columns: WindowAxis
) -> None:
    """Write the largest values with OpenCV's threads, some maps per call."""
    settings = {
        "kernel_h": rows.kernel, "kernel_w": columns.kernel,
        "stride_h": rows.stride, "stride_w": columns.stride,
        "pad_t": rows.before, "pad_l": columns.before,
        "pad_b": rows.before, "pad_r": columns.before,
    }  # fmt: skip
    layer = workspace.prepared(
        ("max pool", *settings.values()),
        None,
        lambda: OpenCvLayer("Pooling", pool="max", **settings),
    )
    for some in parts(len(maps), -(-maps.size // CALL_VALUES)):
        workspace.checkpoint()
        layer.run(out[some], maps[some])


def _quarters(axis: WindowAxis) -> bool:
    """Return whether windows of 2 cover the axis without gap, overlap, padding or remainder."""
    two = axis.kernel == axis.stride == 2 and axis.dilation == 1 and axis.before == 0
    return two and axis.input_length == 2 * axis.output_length


def _average_quarters(maps: Array, out: Array, workspace: Workspace) -> None:
    """Halve height and width with OpenCV, which is five times as fast for this one window."""

    def average(strip: Strip, mine: Workspace) -> None:
        planes, lines = strip
        source = maps[planes, 2 * lines.start : 2 * lines.stop]
        target = out[planes, lines]
        # OpenCV takes no more than 128 channels, so that planes are stacked as rows.
        cv2.resize(
            source.reshape(-1, source.shape[2]),
            (target.shape[2], target.shape[0] * target.shape[1]),
            dst=target.reshape(-1, target.shape[2]),
            interpolation=cv2.INTER_AREA,
        )

    over_strips(average, workspace, *out.shape)


def _join_windows(
    join: np.ufunc,
    maps: Array,
    out: Array,
    workspace: Workspace,
    rows: WindowAxis,
    columns: WindowAxis,
) -> None:
    """Join the cells of each window with "maximum" or "add"."""
    _, _, width = maps.shape

    def join_strip(strip: Strip, mine: Workspace) -> None:
        planes, lines = strip
        target = out[planes, lines]
        count, height, _ = target.shape
        before = rows.before - lines.start * rows.stride
        joined = mine.scratch("joined rows", count, height, width)
        _join_rows(join, maps[planes], joined, replace(rows, output_length=height, before=before))
        _join_rows(join, joined.swapaxes(1, 2), target.swapaxes(1, 2), columns)

    over_strips(join_strip, workspace, len(out), out.shape[1], max(width, out.shape[2]))


def _join_rows(join: np.ufunc, source: Array, target: Array, axis: WindowAxis) -> None:
    """Join, along the middle axis of ``source``, the cells of each window that lie inside."""
    everywhere: list[Array] = []
    elsewhere: list[tuple[Array, Array]] = []
    for tap in range(axis.kernel):
        outputs, cells = _tap(axis, tap)
        if outputs == slice(0, axis.output_length):
            everywhere.append(source[:, cells])
        else:
            elsewhere.append((target[:, outputs], source[:, cells]))
    if len(everywhere) > 1:
        join(everywhere[0], everywhere[1], out=target)
    elif everywhere:
        np.copyto(target, everywhere[0])
    else:
        target.fill(-np.inf if join is np.maximum else 0)
    for values in everywhere[2:]:
        join(target, values, out=target)
    for part, values in elsewhere:
        join(part, values, out=part)


def _tap(axis: WindowAxis, tap: int) -> tuple[slice, slice]:
    """Return the outputs whose window has that cell inside the input, and those input cells."""
    offset = tap * axis.dilation - axis.before
    first = max(0, -(offset // axis.stride))
    last = min(axis.output_length - 1, (axis.input_length - 1 - offset) // axis.stride)
    start = first * axis.stride + offset
    count = max(0, last - first + 1)
    return slice(first, first + count), slice(start, start + count * axis.stride, axis.stride)
