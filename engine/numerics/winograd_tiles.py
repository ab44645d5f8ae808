"""The transforms of Winograd's minimal filtering with 3 × 3 kernels: tiles of 2², 4² or 6² outputs.

Along one axis a tile is a product of polynomials, transposed: such a product is known by its values
at some points, of which one is infinite (Lavin and Gray, "Fast Algorithms for Convolutional Neural
Networks", 2015). The points are 0, ±1, ±2, ±1/2, as many as it takes: others lose more digits.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

_CELLS = 3
"""Of a kernel and axis."""


@dataclass(frozen=True, eq=False)
class Tiles:
    """Tiles of ``outputs`` × ``outputs`` outputs, and what transforms them.

    ``inputs`` (side, side) transforms one axis of a tile of inputs, and ``back`` (outputs, side)
    one axis of its products; ``kernels`` (side², 9) both axes of a kernel at once.
    """

    outputs: int
    inputs: Array
    kernels: Array
    back: Array

    @property
    def side(self) -> int:
        """Inputs per tile and axis, and products."""
        return self.outputs + _CELLS - 1


def _tiles(*points: Fraction) -> Tiles:
    """Return the tiles whose products are values at these points and at infinity."""
    outputs = len(points) + 2 - _CELLS
    others = [[q for q in points if q != p] for p in points]
    inputs = [[*_with_roots(roots), Fraction()] for roots in others]
    kernels = [
        [p**n / math.prod(p - root for root in roots) for n in range(_CELLS)]
        for p, roots in zip(points, others, strict=True)
    ]
    back = [[p**n for p in points] + [Fraction(n == outputs - 1)] for n in range(outputs)]
    kernel = np.array([*kernels, [0] * (_CELLS - 1) + [1]], dtype=np.float64)
    return Tiles(
        outputs,
        np.array([*inputs, _with_roots(points)], dtype=np.float32),
        np.kron(kernel, kernel).astype(np.float32),
        np.array(back, dtype=np.float32),
    )


def _with_roots(roots: Sequence[Fraction]) -> list[Fraction]:
    """Return the coefficients, lowest first, of the product of all x − root.

    >>> [int(n) for n in _with_roots([Fraction(1), Fraction(-1)])]
    [-1, 0, 1]
    """
    made = [Fraction(1)]
    for root in roots:
        made = [
            higher - root * same
            for higher, same in zip([Fraction(), *made], [*made, Fraction()], strict=True)
        ]
    return made


_POINTS = [Fraction(n) for n in ("0", "1", "-1", "2", "-2", "1/2", "-1/2")]

TWO = _tiles(*_POINTS[:3])
"""16 products for 4 outputs of 9 cells, four ninths: for maps too small for many tiles of four."""

FOUR = _tiles(*_POINTS[:5])
"""36 products for 16 outputs: a quarter."""

SIX = _tiles(*_POINTS)
"""64 products for 36 outputs, a fifth; but kernels are seven times as large as before."""
