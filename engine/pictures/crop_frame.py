"""The rectangle of a crop while a person moves and resizes it: always inside the picture.

Rectangles are (top, left, height, width) and sizes (height, width), in pixels of the original.
"""

from dataclasses import dataclass, replace
from math import sqrt

from engine.pictures.size_policy import Rectangle, Size, SizePolicy, place

SMALLEST_SIDE = 8
"""No side of a frame is made smaller than this, where it is not smaller already."""


def moved(frame: Rectangle, down: int, right: int, size: Size) -> Rectangle:
    """Return the frame moved as far as the picture reaches.

    >>> moved((10, 10, 50, 50), -30, 5, (100, 100))
    (0, 15, 50, 50)
    """
    top, left, height, width = frame
    top = min(max(top + down, 0), size[0] - height)
    left = min(max(left + right, 0), size[1] - width)
    return top, left, height, width


def scaled(frame: Rectangle, factor: float, size: Size) -> Rectangle:
    """Return the frame larger or smaller around its middle, its proportions kept.

    >>> scaled((20, 20, 40, 20), 1.5, (100, 100))
    (10, 15, 60, 30)
    """
    rows, columns = _axes(frame, (0, 0), size)
    return _of_factor(rows, columns, factor)


def resized(
    frame: Rectangle, handle: tuple[int, int], point: Size, size: Size, *, keep_proportions: bool
) -> Rectangle:
    """Return the frame with an edge or a corner pulled to a point.

    Args:
        frame: as it was when the drag began.
        handle: (vertical, horizontal), each −1 for the top or left edge, 1 for the bottom or right
            edge, and 0 for neither.
        point: the (row, column) to which it is pulled.
        size: of the picture.
        keep_proportions: the other axis follows; beside a single edge it grows to both sides.

    >>> resized((0, 0, 50, 50), (1, 1), (80, 60), (100, 100), keep_proportions=True)
    (0, 0, 80, 80)
    >>> resized((0, 0, 50, 50), (1, 1), (80, 60), (100, 100), keep_proportions=False)
    (0, 0, 80, 60)
    """
    rows, columns = _axes(frame, handle, size)
    height, width = rows.pulled_to(point[0]), columns.pulled_to(point[1])
    if not keep_proportions:
        return _of_lengths(rows, columns, height, width)
    # An axis that is not pulled asks for nothing.
    factors = [height / rows.length] * abs(handle[0]) + [width / columns.length] * abs(handle[1])
    return _of_factor(rows, columns, max(factors, default=1.0))


def retargeted(policy: SizePolicy, height: int, width: int, size: Size) -> SizePolicy:
    """Return the policy for another height × width, its crop rectangle following.

    The rectangle keeps its middle and its area, and is stretched as little or as much as before.

    >>> retargeted(SizePolicy("crop", 28, 28, (10, 10, 40, 40)), 56, 14, (100, 100)).crop
    (0, 20, 80, 20)
    """
    if policy.crop is None:
        return replace(policy, height=height, width=width)
    rows, columns = _axes(place(replace(policy, mode="crop"), *size).region, (0, 0), size)
    # How much taller the new target is than the old one.
    taller = sqrt(height / width * policy.width / policy.height)
    wanted = rows.length * taller, columns.length / taller
    fitting = min(1.0, size[0] / wanted[0], size[1] / wanted[1])
    crop = _of_lengths(rows, columns, round(wanted[0] * fitting), round(wanted[1] * fitting))
    return replace(policy, height=height, width=width, crop=crop)


def cropped(policy: SizePolicy, frame: Rectangle | None) -> SizePolicy:
    """Return the policy that crops to a frame; None for the largest one in the middle."""
    return replace(policy, mode="crop", crop=frame)


def keeps_proportions(frame: Rectangle, target: Size) -> bool:
    """Whether the frame has the proportions of the target, to a pixel of either.

    >>> keeps_proportions((0, 0, 667, 1000), (2, 3)), keeps_proportions((0, 0, 600, 1000), (2, 3))
    (True, False)
    """
    return abs(frame[2] * target[1] - frame[3] * target[0]) <= max(target)


@dataclass(frozen=True)
class _Axis:
    """A frame's rows or columns: which end of them is pulled, and how many the picture has."""

    start: int
    length: int
    pulled: int
    picture: int

    @property
    def room(self) -> int:
        """The greatest length, with the other end where it is."""
        ends = {-1: self.start + self.length, 0: self.picture, 1: self.picture - self.start}
        return ends[self.pulled]

    def pulled_to(self, place: int) -> int:
        """Return the length with the pulled end at a place."""
        lengths = {-1: self.start + self.length - place, 0: self.length, 1: place - self.start}
        return lengths[self.pulled]

    def start_of(self, length: int) -> int:
        """Return the start for another length: the other end stays, or the middle."""
        grown = length - self.length
        # Toward zero, so that shrinking takes back what growing did.
        before = {-1: grown, 0: int(grown / 2), 1: 0}
        start = self.start - before[self.pulled]
        return min(max(start, 0), self.picture - length)


def _axes(frame: Rectangle, handle: tuple[int, int], size: Size) -> tuple[_Axis, _Axis]:
    top, left, height, width = frame
    return _Axis(top, height, handle[0], size[0]), _Axis(left, width, handle[1], size[1])


def _of_factor(rows: _Axis, columns: _Axis, factor: float) -> Rectangle:
    """Return the frame with both lengths multiplied, as far as there is room."""
    smallest = min(SMALLEST_SIDE / min(rows.length, columns.length), 1.0)
    largest = min(rows.room / rows.length, columns.room / columns.length)
    factor = min(max(factor, smallest), largest)
    return _of_lengths(rows, columns, round(rows.length * factor), round(columns.length * factor))


def _of_lengths(rows: _Axis, columns: _Axis, height: int, width: int) -> Rectangle:
    height, width = (
        min(max(length, min(SMALLEST_SIDE, axis.length)), axis.room)
        for axis, length in ((rows, height), (columns, width))
    )
    return rows.start_of(height), columns.start_of(width), height, width
