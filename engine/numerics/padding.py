"""Padding of maps into scratch memory."""

import numpy as np
from numpy.typing import NDArray

from engine.numerics.strips import copy_in_strips
from engine.opencv import cv2
from engine.reading import fold_positions
from engine.sides import Sides
from engine.workspace import Workspace

Array = NDArray[np.float32]


def padded(maps: Array, sides: Sides, workspace: Workspace, mode: str = "zeros") -> Array:
    """Return maps (C, H, W) with padding around them; the maps themselves where there is none.

    ``mode`` is "zeros", "reflect", "replicate" or "circular". The result lives in the workspace
    until the next layer.

    Raises:
        CancelledError: when a newer request replaced this one.
    """
    top, left, bottom, right = sides
    if not any(sides):
        return maps
    channels, height, width = maps.shape
    out = workspace.scratch("padded", channels, height + top + bottom, width + left + right)
    inner = slice(top, top + height)
    copy_in_strips(maps, out[:, inner, left : left + width], workspace)
    if mode == "zeros":
        out[:, :top] = 0
        out[:, top + height :] = 0
        out[:, inner, :left] = 0
        out[:, inner, left + width :] = 0
        return out
    columns = fold_positions(np.arange(-left, width + right), width, mode)
    for column in (*range(left), *range(left + width, out.shape[2])):
        out[:, inner, column] = maps[:, :, columns[column]]
    # The rows above and below repeat whole rows, with the columns that were just padded.
    rows = fold_positions(np.arange(-top, height + bottom), height, mode)
    for row in (*range(top), *range(top + height, out.shape[1])):
        out[:, row] = out[:, top + rows[row]]
    return out


def padded_rows(maps: Array, sides: Sides, first: int, stop: int, workspace: Workspace) -> Array:
    """Return rows ``first`` to ``stop`` of maps with zeros around them.

    Rows are counted from the first of the padding; those beyond the last are zero too. The result
    is a view of the maps where nothing is added, and else lives in the workspace.
    """
    top, left, _, right = sides
    _, height, width = maps.shape
    if first >= top and stop - top <= height and not left and not right:
        return maps[:, first - top : stop - top]
    columns = slice(0, left + width + right)
    return padded_block(maps, sides, (slice(first, stop), columns), workspace)


def padded_block(
    maps: Array, sides: Sides, block: tuple[slice, slice], workspace: Workspace
) -> Array:
    """Return a copy of some rows and columns of maps with zeros around them, in the workspace.

    Both are counted as in `padded_rows`.
    """
    channels, height, width = maps.shape
    shape = (some.stop - some.start for some in block)
    out = workspace.scratch("padded rows", channels, *shape)
    rows, down = _held(height, block[0].start - sides.top, block[0].stop - sides.top)
    columns, across = _held(width, block[1].start - sides.left, block[1].stop - sides.left)
    out[:, : down.start] = 0
    out[:, down.stop :] = 0
    out[:, down, : across.start] = 0
    out[:, down, across.stop :] = 0
    out[:, down, across] = maps[:, rows, columns]
    return out


def padded_rows_last(
    maps: Array, sides: Sides, first: int, stop: int, workspace: Workspace
) -> Array:
    """Return the rows of `padded_rows` with their channels last: (rows, width, channels)."""
    top, left, _, right = sides
    channels, height, width = maps.shape
    out = workspace.scratch("padded rows", stop - first, left + width + right, channels)
    held, inner = _held(height, first - top, stop - top)
    out[: inner.start] = 0
    out[inner.stop :] = 0
    out[inner, :left] = 0
    out[inner, left + width :] = 0
    if held.start < held.stop:
        # In one call, and another to make room for the padding: after a short call for each row
        # two threads would wait for the interpreter's lock.
        turned = workspace.scratch("products", held.stop - held.start, width, channels)
        rows = maps[:, held].reshape(channels, -1)
        cv2.transpose(rows, dst=turned.reshape(-1, channels))
        np.copyto(out[inner, left : left + width], turned)
    return out


def _held(length: int, begin: int, end: int) -> tuple[slice, slice]:
    """Return which of the rows from ``begin`` to ``end`` there are, and where among these.

    >>> _held(10, -1, 4), _held(10, 12, 14)
    ((slice(0, 4, None), slice(1, 5, None)), (slice(10, 10, None), slice(0, 0, None)))
    """
    start = min(max(begin, 0), length)
    count = max(0, min(end, length) - start)
    place = max(0, start - begin)
    return slice(start, start + count), slice(place, place + count)
