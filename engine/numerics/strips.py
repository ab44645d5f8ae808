"""Maps in strips: small enough to stay in the cache, and to give up between two of them."""

from collections.abc import Iterator

from engine.workspace import Workspace

STRIP_VALUES = 1 << 16
"""Values in a strip: 256 kB, which several functions can pass over without leaving the cache."""


def strips(
    workspace: Workspace, planes: int, lines: int, width: int = 1
) -> Iterator[tuple[slice, slice]]:
    """Yield slices of planes and of lines that together cover (planes, lines, width).

    A strip is several whole planes or some lines of one plane, so that it is contiguous memory.
    Work that needs all planes at a position passes one plane whose lines are as wide as that.

    Raises:
        CancelledError: when a newer request replaced this one.
    """
    lines_each = min(lines, max(1, STRIP_VALUES // width))
    planes_each = max(1, STRIP_VALUES // (lines * width))
    for plane in range(0, planes, planes_each):
        for line in range(0, lines, lines_each):
            workspace.checkpoint()
            yield slice(plane, plane + planes_each), slice(line, line + lines_each)
