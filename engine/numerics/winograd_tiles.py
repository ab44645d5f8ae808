"""The transforms of Winograd's minimal filtering with 3 × 3 kernels: F(4 × 4) and F(2 × 2).

The points are 0, ±1, ±2, ∞ and 0, ±1, ∞ (Lavin and Gray, "Fast Algorithms for Convolutional Neural
Networks", 2015).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_Matrix = list[list[int]]


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
        return self.outputs + 2


def _tiles(inputs: _Matrix, kernels: _Matrix, divisor: int, outputs: _Matrix) -> Tiles:
    """Return the tiles of the transforms of one axis."""
    kernel = np.array(kernels) / divisor
    both_axes = np.kron(kernel, kernel).astype(np.float32)
    return Tiles(
        len(outputs), np.array(inputs, np.float32), both_axes, np.array(outputs, np.float32)
    )


FOUR = _tiles(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
    [[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]],
    24,
    [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]],
)
"""36 products for 16 outputs of 9 cells: a quarter."""

TWO = _tiles(
    [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]],
    [[2, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 2]],
    2,
    [[1, 1, 1, 0], [0, 1, -1, 1]],
)
"""16 products for 4 outputs of 9 cells, four ninths: for maps too small for many tiles of four."""
