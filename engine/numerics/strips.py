"""Maps in strips: small enough to stay in the cache, and to give up between two of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.numerics.parallel import in_parallel
from engine.workspace import Workspace

Array: TypeAlias = NDArray[np.float32]
Strip: TypeAlias = tuple[slice, slice]

STRIP_VALUES = 1 << 16
"""Values in a strip: 256 kB, which several functions can pass over without leaving the cache."""

SHARED_STRIP_VALUES = 1 << 18
"""Threads take larger strips: after shorter calls they would wait for the interpreter's lock."""

SHARED_VALUES = 1 << 20
"""From so many values on, a pass takes 0.4 ms and is worth waking another thread for."""

BLOCK_VALUES = 1 << 20
"""Values in a call that they share: a fraction of a millisecond until the next checkpoint."""

_LONG_ROW = 128
"""Rows that are worth a call of numpy's inner loop each."""

_SMALLEST_BUFFER = 16
"""Of numpy's, in values."""


@contextmanager
def number_per_row(length: int) -> Iterator[None]:
    """Let numpy join each row of so many values with a number of its own, as the number it is.

    Otherwise it first writes the number as often as the row has values into a buffer, for as many
    rows as that holds, and takes two to three times as long (64 × 56²: 51 µs in place of 21). Where
    rows are short that is right.
    """
    with np.errstate():  # ends the setting, too
        if length >= _LONG_ROW:
            np.setbufsize(_SMALLEST_BUFFER)
        yield


def over_strips(
    work: Callable[[Strip, Workspace], None],
    workspace: Workspace,
    planes: int,
    lines: int,
    width: int = 1,
) -> None:
    """Call ``work(strip, workspace)`` for all `strips`, several at a time where maps are large.

    Raises:
        CancelledError: when a newer request replaced this one.
    """
    values = planes * lines * width
    if values <= STRIP_VALUES:
        workspace.checkpoint()
        work((slice(0, planes), slice(0, lines)), workspace)
        return
    if values < SHARED_VALUES:
        for strip in strips(workspace, planes, lines, width):
            work(strip, workspace)
        return

    def checked(strip: Strip, mine: Workspace) -> None:
        mine.checkpoint()
        work(strip, mine)

    # An even number of strips keeps two threads busy to the end.
    pairs = -(-values // (2 * SHARED_STRIP_VALUES))
    in_parallel(_slices(-(-values // (2 * pairs)), planes, lines, width), checked, workspace)


def over_blocks(
    work: Callable[[slice], None], workspace: Workspace, lines: int, width: int
) -> None:
    """Call ``work(lines)`` one after the other, for functions of one pass.

    Raises:
        CancelledError: when a newer request replaced this one.
    """
    together = max(1, BLOCK_VALUES // width)
    for first in range(0, lines, together):
        workspace.checkpoint()
        work(slice(first, first + together))


def copy_in_strips(source: Array, target: Array, workspace: Workspace) -> None:
    """Copy an array of three axes into another, which can be given up as a plain copy cannot.

    Raises:
        CancelledError: when a newer request replaced this one.
    """

    def copy(strip: Strip, mine: Workspace) -> None:
        np.copyto(target[strip], source[strip])

    over_strips(copy, workspace, *source.shape)


def as_pairs(values: Array) -> NDArray[np.complex64] | Array:
    """Return values with their last axis in pairs, each copied as one number, if it is even."""
    return values.view(np.complex64) if values.shape[-1] % 2 == 0 else values


def strips(workspace: Workspace, planes: int, lines: int, width: int = 1) -> Iterator[Strip]:
    """Yield slices of planes and of lines that together cover (planes, lines, width).

    A strip is several whole planes or some lines of one plane, so that it is contiguous memory.
    Work that needs all planes at a position passes one plane whose lines are as wide as that.

    Raises:
        CancelledError: when a newer request replaced this one.
    """
    for strip in _slices(STRIP_VALUES, planes, lines, width):
        workspace.checkpoint()
        yield strip


def _slices(values: int, planes: int, lines: int, width: int) -> Iterator[Strip]:
    lines_each = min(lines, max(1, values // width))
    planes_each = max(1, values // (lines * width))
    for plane in range(0, planes, planes_each):
        for line in range(0, lines, lines_each):
            yield (
                slice(plane, min(plane + planes_each, planes)),
                slice(line, min(line + lines_each, lines)),
            )
