"""Maps in strips: small enough to stay in the cache, and to give up between two of them."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from engine.numerics.parallel import in_parallel
from engine.workspace import Workspace

Strip: TypeAlias = tuple[slice, slice]

STRIP_VALUES = 1 << 16
"""Values in a strip: 256 kB, which several functions can pass over without leaving the cache."""

SHARED_VALUES = 1 << 19
"""From so many values on, a pass takes 0.2 ms and is worth waking another thread for."""


def over_strips(
    work: Callable[[Strip, Workspace], None],
    workspace: Workspace,
    planes: int,
    lines: int,
    width: int = 1,
) -> None:
    """Call ``work(strip, workspace)`` for the `strips` of maps, several at a time if they are large.

    Raises:
        CancelledError: when a newer request replaced this one.
    """
    if planes * lines * width < SHARED_VALUES:
        for strip in strips(workspace, planes, lines, width):
            work(strip, workspace)
        return

    def checked(strip: Strip, mine: Workspace) -> None:
        mine.checkpoint()
        work(strip, mine)

    in_parallel(_slices(planes, lines, width), checked, workspace)


def strips(
    workspace: Workspace, planes: int, lines: int, width: int = 1
) -> Iterator[Strip]:
    """Yield slices of planes and of lines that together cover (planes, lines, width).

    A strip is several whole planes or some lines of one plane, so that it is contiguous memory.
    Work that needs all planes at a position passes one plane whose lines are as wide as that.

    Raises:
        CancelledError: when a newer request replaced this one.
    """
    for strip in _slices(planes, lines, width):
        workspace.checkpoint()
        yield strip


def _slices(planes: int, lines: int, width: int) -> Iterator[Strip]:
    lines_each = min(lines, max(1, STRIP_VALUES // width))
    planes_each = max(1, STRIP_VALUES // (lines * width))
    for plane in range(0, planes, planes_each):
        for line in range(0, lines, lines_each):
            yield slice(plane, plane + planes_each), slice(line, line + lines_each)
