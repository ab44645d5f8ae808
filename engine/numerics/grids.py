"""A convolution with dilated windows as several whose windows are not.

Windows dilated by d read every d-th row. Outputs that are d rows apart read the same rows, which no
others read: they are a convolution of every d-th row by itself. So it is with columns.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from engine.numerics.steps import ONE_BY_ONE, Convolution
from engine.sides import Sides


class _Axis(NamedTuple):
    """Every d-th output of an axis, the inputs that those read, and the zeros around them."""

    outputs: slice
    inputs: slice
    before: int
    after: int


def grids(work: Convolution) -> Iterator[Convolution]:
    """Yield the convolutions with stride 1 and one group that fill the output together."""
    (top, left, _, _), (dilation_h, dilation_w) = work.sides, work.steps.dilation
    (_, height, width), (_, rows, columns) = work.maps.shape, work.out.shape
    kernel_h, kernel_w = work.kernel.shape[2:]
    for down, across in product(
        _axes(height, rows, kernel_h, dilation_h, top),
        _axes(width, columns, kernel_w, dilation_w, left),
    ):
        yield Convolution(
            work.maps[:, down.inputs, across.inputs],
            work.kernel,
            work.bias,
            work.out[:, down.outputs, across.outputs],
            ONE_BY_ONE,
            Sides(down.before, across.before, down.after, across.after),
        )


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
