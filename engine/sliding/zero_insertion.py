"""Transposed convolution as an ordinary one: zeros between the inputs, and the kernel turned.

With stride − 1 zeros between neighboring rows and columns, an ordinary window of stride 1, its
kernel turned by 180°, comes to the same values as the kernels that every input scatters
(V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", section 4).
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.arithmetic import (
    INSERTED,
    PADDING,
    Arithmetic,
    Doubles,
    Overlaps,
    Position,
    Surroundings,
)
from engine.explanation import cells_patch, weighted_sum
from engine.reading import Indices
from engine.shapes import Shape
from engine.sliding.scattering import Scatter
from engine.wording import counted

Maps = NDArray[np.float32]

_MOST_LINES = 15
"""What is larger is not shown around a window."""

_REACH = 2
"""How many outputs at each side of a value have their overlaps counted with it."""


def zero_inserted(
    maps: Maps,
    scatter: Scatter,
    position: Position,
    channels: Sequence[int],
    kernel: Doubles,
    bias: float | None,
) -> Arithmetic:
    """Return the arithmetic of a value of a transposed convolution as an ordinary window.

    Args:
        maps: the input (C, H, W).
        scatter: the transposed window.
        position: the output value.
        channels: the input channels that are read.
        kernel: from all input channels to the output's channel (C, kh, kw).
        bias: of the output's channel, if there is one.
    """
    _, height, width = maps.shape
    top, left, _, _ = scatter.cropping
    down = _places(scatter, 0, position.row + top)
    across = _places(scatter, 1, position.column + left)
    rows = _sources(down, scatter.stride[0], height)
    columns = _sources(across, scatter.stride[1], width)
    patches = tuple(
        cells_patch(maps, channel, rows, columns, kernel[channel, ::-1, ::-1])
        for channel in channels
    )
    arithmetic = weighted_sum(patches, bias)
    met = int((rows >= 0).sum() * (columns >= 0).sum())
    sentence = (
        f"{_inserted(scatter)}, kernel turned by 180°: an ordinary window of stride 1. "
        f"{met or 'None'} of its {counted(rows.size * columns.size, 'cell')} "
        f"{'meets' if met == 1 else 'meet'} an input: {arithmetic.sentence}"
    )
    return replace(
        arithmetic,
        sentence=sentence,
        weights_name="kernel turned by 180°",
        surroundings=_surroundings(maps, scatter, channels, down, across),
    )


def overlaps_around(scatter: Scatter, shape: Shape, position: Position) -> Overlaps:
    """Return how many positions of the input reach each output near a value.

    >>> scatter = Scatter((3, 3), (2, 2), (1, 1), (0, 0, 0, 0), None)
    >>> found = overlaps_around(scatter, Shape(1, 2, 2), Position(0, 2, 0))
    >>> found.first_row, found.first_column, found.counts[:, 0].tolist()
    (0, 0, [1, 1, 2, 1, 1])
    """
    height, width = scatter.output_size(shape)
    rows = range(max(position.row - _REACH, 0), min(position.row + _REACH + 1, height))
    columns = range(max(position.column - _REACH, 0), min(position.column + _REACH + 1, width))
    down = [int((scatter.sources(shape, row, 0)[0] >= 0).sum()) for row in rows]
    across = [int((scatter.sources(shape, 0, column)[1] >= 0).sum()) for column in columns]
    return Overlaps(rows[0], columns[0], np.outer(down, across))


def _surroundings(
    maps: Maps, scatter: Scatter, channels: Sequence[int], down: Indices, across: Indices
) -> Surroundings | None:
    """Return the input with its zeros under the window and a stride around it; None if too large.

    ``down`` and ``across`` are the places of the window's cells.
    """
    _, height, width = maps.shape
    around_h, around_w = (
        np.arange(places[0] - stride, places[-1] + stride + 1)
        for places, stride in zip((down, across), scatter.stride, strict=True)
    )
    if max(around_h.size, around_w.size) > _MOST_LINES:
        return None
    rows = _sources(around_h, scatter.stride[0], height)
    columns = _sources(around_w, scatter.stride[1], width)
    values = maps[np.ix_(np.array(channels), rows, columns)].astype(np.float64)
    values[:, (rows < 0)[:, None] | (columns < 0)] = 0
    return Surroundings(
        tuple(rows.tolist()),
        tuple(columns.tolist()),
        values,
        tuple((down - around_h[0]).tolist()),
        tuple((across - around_w[0]).tolist()),
    )


def _places(scatter: Scatter, axis: int, start: int) -> Indices:
    """Return where the cells of the turned kernel lie among inputs and zeros, along one axis."""
    return start - scatter.dilation[axis] * np.arange(scatter.kernel[axis])[::-1]


def _sources(places: Indices, stride: int, length: int) -> Indices:
    """Return the input index at each of those places, or what stands for a zero."""
    is_outside = (places < 0) | (places > stride * (length - 1))
    indices = np.where(places % stride == 0, places // stride, INSERTED)
    return np.where(is_outside, PADDING, indices)


def _inserted(scatter: Scatter) -> str:
    """Return what is put between the inputs, in words."""
    down, across = (stride - 1 for stride in scatter.stride)
    if not down and not across:
        return "Nothing between the inputs"
    if down == across:
        return f"{counted(down, 'zero')} between neighboring inputs"
    parts = [
        f"{counted(count, 'zero')} between neighboring {name}"
        for count, name in ((down, "rows"), (across, "columns"))
        if count
    ]
    return " and ".join(parts)
