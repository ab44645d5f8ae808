"""The transforms of Winograd's minimal filtering with 3 × 3 kernels: F(4 × 4) and F(2 × 2).

The points are 0, ±1, ±2, ∞ and 0, ±1, ∞ (Lavin and Gray, "Fast Algorithms for Convolutional Neural
Networks", 2015). Rows and columns of a tile are transformed at once, by one matrix.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
_Matrix = list[list[int]]


@dataclass(frozen=True, eq=False)
class Tiles:
    """Tiles of ``outputs`` × ``outputs`` outputs, and what transforms them.

    ``inputs`` is (places, places) for tiles of inputs, ``kernels`` (places, 9), and ``back``
    (places, outputs²) makes the outputs.
    """

    outputs: int
    inputs: Array
    kernels: Array
    back: Array

    @property
    def side(self) -> int:
        """Inputs per tile and axis."""
        return self.outputs + 2

    @property
    def places(self) -> int:
        """Products of a tile."""
        return self.side**2

    @property
    def center(self) -> int:
        """The place (1, 1): what is added to its product is added to every output of the tile."""
        return self.side + 1


def _tiles(inputs: _Matrix, kernels: _Matrix, divisor: int, outputs: _Matrix) -> Tiles:
    """Return the tiles of the transforms of one axis."""

    def both_axes(matrix: _Matrix, divisor: int = 1) -> Array:
        one = np.array(matrix) / divisor
        return np.kron(one, one).astype(np.float32)

    back = np.ascontiguousarray(both_axes(outputs).T)
    return Tiles(len(outputs), both_axes(inputs), both_axes(kernels, divisor), back)


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
