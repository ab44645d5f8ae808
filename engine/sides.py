"""Pixels at the four sides of a map."""

from typing import NamedTuple


class Sides(NamedTuple):
    """Padding in pixels, in ONNX's order: both beginnings, then both ends."""

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0

    def __str__(self) -> str:
        """Return the sides as people write them, one number where all are equal.

        >>> print(Sides(1, 1, 1, 1))
        1
        >>> print(Sides(0, 0, 1, 2))
        0, 0, 1, 2 (top, left, bottom, right)
        """
        if len(set(self)) == 1:
            return f"{self.top}"
        return f"{', '.join(map(str, self))} (top, left, bottom, right)"

    def alone(self) -> str:
        """Return the sides where nothing else says that they are sides.

        >>> Sides(1, 1, 1, 1).alone(), Sides(0, 0, 1, 2).alone()
        ('1 per side', '0, 0, 1, 2 (top, left, bottom, right)')
        """
        return f"{self} per side" if len(set(self)) == 1 else str(self)
