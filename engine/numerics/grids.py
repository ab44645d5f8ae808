"""A convolution with dilated windows as others whose windows are not.

Windows dilated by d read every d-th row. Outputs that are d rows apart read the same rows, which no
others read: they are a convolution of every d-th row by itself. So it is with columns.

Small grids are stacked, with zeros between them, and convolved at once, so that the kernels are
read once: 512 → 512 at 28² with windows dilated by 2 takes 15 ms, and 25 grid by grid.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.constraints import Pair
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.steps import ONE_BY_ONE, UNPADDED, Convolution
from engine.sides import Sides
from engine.workspace import Workspace

Array: TypeAlias = NDArray[np.float32]

BETWEEN = 2
"""Rows of outputs between two grids, whose windows of three rows would read both."""

STACKED_VALUES = 1 << 21
"""Inputs or outputs that are stacked at most, 8 MiB; larger grids are read where they lie."""

COPIED_VALUES = 1 << 19
"""That one thread copies at once, in some 0.5 ms."""


class _Axis(NamedTuple):
    """Every d-th output of an axis, the inputs that those read, and the zeros around them."""

    outputs: slice
    inputs: slice
    before: int
    after: int


_Grid: TypeAlias = tuple[_Axis, _Axis]


def stacked_outputs(outputs: Pair, dilation: Pair) -> Pair:
    """Return the size of outputs that all grids make in a stack.

    >>> stacked_outputs((56, 56), (2, 2))
    (118, 28)
    """
    (height, width), (dilation_h, dilation_w) = outputs, dilation
    rows, columns = -(-height // dilation_h), -(-width // dilation_w)
    count = min(dilation_h, height) * min(dilation_w, width)
    return count * (rows + BETWEEN) - BETWEEN, columns


def grids(work: Convolution, workspace: Workspace) -> Iterator[Convolution]:
    """Yield convolutions with 3 × 3 windows, stride 1 and one group that fill the output together.

    Each is to be done before the next is asked for: outputs of a stack are taken from it then.
    """
    (top, left, _, _), (dilation_h, dilation_w) = work.sides, work.steps.dilation
    (channels, height, width), (filters, rows, columns) = work.maps.shape, work.out.shape
    kernel_h, kernel_w = work.kernel.shape[2:]
    found: list[_Grid] = list(
        product(
            _axes(height, rows, kernel_h, dilation_h, top),
            _axes(width, columns, kernel_w, dilation_w, left),
        )
    )
    block = -(-rows // dilation_h) + BETWEEN, -(-columns // dilation_w) + BETWEEN
    together = max(1, STACKED_VALUES // (max(channels, filters) * block[0] * block[1]))
    for first in range(0, len(found), together):
        some = found[first : first + together]
        if len(some) == 1:
            yield _alone(work, some[0])
            continue
        stack = _stack(work, some, block, workspace)
        yield stack
        _unstack(stack.out, work, some, block[0], workspace)


def _alone(work: Convolution, grid: _Grid) -> Convolution:
    """Return the convolution of one grid, read and written where it lies."""
    down, across = grid
    return work._replace(
        maps=work.maps[:, down.inputs, across.inputs],
        out=work.out[:, down.outputs, across.outputs],
        steps=ONE_BY_ONE,
        sides=Sides(down.before, across.before, down.after, across.after),
    )


def _stack(work: Convolution, some: list[_Grid], block: Pair, workspace: Workspace) -> Convolution:
    """Return the convolution of several grids below each other."""
    lines, line = len(some) * block[0], block[1]
    maps = workspace.scratch("stacked inputs", len(work.maps), lines, line)
    out = workspace.scratch("stacked outputs", len(work.kernel), lines - BETWEEN, line - BETWEEN)

    def copy(channels: slice, mine: Workspace) -> None:
        mine.checkpoint()
        maps[channels] = 0
        for number, grid in enumerate(some):
            # Windows may end before the maps do.
            height, width = (max(0, n - axis.before) for n, axis in zip(block, grid, strict=True))
            down, across = grid
            read = work.maps[channels, down.inputs, across.inputs][:, :height, :width]
            first = number * block[0] + down.before
            place = maps[channels, first:, across.before :]
            place[:, : read.shape[1], : read.shape[2]] = read

    in_parallel(parts(len(maps), -(-maps.size // COPIED_VALUES)), copy, workspace)
    return work._replace(maps=maps, out=out, steps=ONE_BY_ONE, sides=UNPADDED)


def _unstack(
    out: Array, work: Convolution, some: list[_Grid], rows: int, workspace: Workspace
) -> None:
    """Write the outputs of several grids, each as many rows below the one before."""

    def copy(filters: slice, mine: Workspace) -> None:
        mine.checkpoint()
        for number, (down, across) in enumerate(some):
            written = work.out[filters, down.outputs, across.outputs]
            made = out[filters, number * rows :]
            written[:] = made[:, : written.shape[1], : written.shape[2]]

    in_parallel(parts(len(out), -(-out.size // COPIED_VALUES)), copy, workspace)


def _axes(inputs: int, outputs: int, cells: int, dilation: int, before: int) -> Iterator[_Axis]:
    """Yield the grids of one axis.

    Output p + d · m reads the inputs p + d · (m + cell) − before, each the (m + cell + shift)-th of
    those that begin at the remainder.

    >>> list(_axes(6, 6, 3, 2, 2))[1]
    _Axis(outputs=slice(1, 6, 2), inputs=slice(1, 6, 2), before=1, after=1)
    """
    for phase in range(min(dilation, outputs)):
        shift, remainder = divmod(phase - before, dilation)
        first = remainder + max(0, shift) * dilation
        places, held = slice(phase, outputs, dilation), slice(first, inputs, dilation)
        around, count = max(0, -shift), len(range(phase, outputs, dilation))
        after = max(0, count + cells - 1 - around - len(range(first, inputs, dilation)))
        yield _Axis(places, held, around, after)
