"""A rectangle of whole numbers in a drawing."""

from typing import NamedTuple


class Rect(NamedTuple):
    """A rectangle whose y goes down; its origin is arbitrary."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first x behind it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first y below it."""
        return self.top + self.height
