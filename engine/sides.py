"""Pixels at the four sides of a map."""

from typing import NamedTuple


class Sides(NamedTuple):
    """Padding in pixels, in ONNX's order: both beginnings, then both ends."""

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0
