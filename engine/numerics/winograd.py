"""Convolution with 3 × 3 kernels, stride 1, by Winograd's minimal filtering, F(4 × 4, 3 × 3).

A tile of 4 × 4 outputs needs 36 products per channel in place of 144: tiles of 6 × 6 inputs and
the kernels are transformed, multiplied place by place, and what is summed over the channels is
transformed back (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015; points
0, ±1, ±2, ∞). Every step is a matrix product: the transforms of all tiles together, and per place
filters × channels by channels × tiles.

The result differs from a direct one by about 10⁻⁵ of the largest value. A value that is not finite
would spread over its tile, so that such maps are left to a direct way.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from engine.numerics.padding import padded_rows
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.steps import Convolution
from engine.workspace import Workspace

Array = NDArray[np.float32]

TILE = 4
"""Outputs per tile and axis."""

PLACES = (TILE + 2) ** 2

STRIP_BYTES = 1 << 21
"""Transformed tiles of a strip take about so many bytes, and what is made of them as many."""

STRIP_TILES = 96
"""But strips have no fewer tiles, or reading the kernels costs more than multiplying by them."""

TOGETHER_BYTES = 1 << 22
"""Maps whose strips would have too few tiles are taken as a whole if these take no more."""

_INPUT = np.array(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ],
    dtype=np.float64,
)
_KERNEL = np.array([[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]]) / 24
_OUTPUT = np.array(
    [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]],
    dtype=np.float64,
)


def _both_axes(matrix: NDArray[np.float64]) -> Array:
    """Return what transforms rows and columns of a tile at once."""
    return np.kron(matrix, matrix).astype(np.float32)


_INPUTS, _KERNELS, _OUTPUTS = _both_axes(_INPUT), _both_axes(_KERNEL), _both_axes(_OUTPUT)


def by_winograd(work: Convolution, workspace: Workspace) -> bool:
    """Convolve with a kernel (out, in, 3, 3), stride 1 and one group.

    Returns False where an output was not finite; the output is then to be computed directly.
    """
    kernel = workspace.prepared(("winograd",), work.kernel, lambda: transformed(work.kernel))
    tiled = _Tiled(work, kernel)
    row_bytes = 4 * PLACES * max(work.kernel.shape[:2]) * tiled.across
    rows = STRIP_BYTES // row_bytes
    is_short = rows * tiled.across < STRIP_TILES
    if rows >= tiled.down or (is_short and row_bytes * tiled.down <= TOGETHER_BYTES):
        _convolve_together(tiled, workspace)
    else:
        # Each thread takes whole strips: they stay in its cache, and nothing waits for another.
        rows = max(rows, -(-STRIP_TILES // tiled.across))
        strips = parts(tiled.down, -(-tiled.down // rows))
        in_parallel(strips, tiled.convolve, workspace)
    return not tiled.broken


def transformed(kernel: Array) -> Array:
    """Return a kernel (out, in, 3, 3) as (36, out, in)."""
    filters, channels = kernel.shape[:2]
    made = np.empty((PLACES, filters, channels), dtype=np.float32)
    cells = np.ascontiguousarray(kernel.reshape(-1, 9).T)
    np.matmul(_KERNELS, cells, out=made.reshape(PLACES, -1))
    return made


def _convolve_together(tiled: "_Tiled", workspace: Workspace) -> None:
    """Convolve small maps: the threads share channels, then places, then filters.

    So each reads its part of the kernels only, which are the most of what there is to read.
    """
    whole = slice(0, tiled.down)
    tiles, products = tiled.buffers(whole, workspace)

    def transform(channels: slice, mine: Workspace) -> None:
        tiled.transform(tiles, channels, whole, mine)

    def multiply(places: slice, mine: Workspace) -> None:
        mine.checkpoint()
        np.matmul(tiled.kernel[places], tiles[places], out=products[places])

    def transform_back(filters: slice, mine: Workspace) -> None:
        tiled.transform_back(products, filters, whole, mine)

    in_parallel(parts(tiles.shape[1], 2), transform, workspace)
    in_parallel(parts(PLACES, 4), multiply, workspace)
    in_parallel(parts(products.shape[1], 2), transform_back, workspace)


@dataclass(eq=False)
class _Tiled:
    """A convolution in tiles, ``down`` × ``across`` of them, and its transformed kernel."""

    work: Convolution
    kernel: Array
    broken: bool = False
    """Whether an output is not finite."""

    @property
    def down(self) -> int:
        return _tiles(self.work.out.shape[1])

    @property
    def across(self) -> int:
        return _tiles(self.work.out.shape[2])

    def buffers(self, rows: slice, workspace: Workspace) -> tuple[Array, Array]:
        """Return room for (36, channels, tiles) of some rows of tiles, and (36, filters, tiles).

        What is gathered lives in the products' memory before them, and the outputs in the tiles'
        after them.
        """
        _, filters, channels = self.kernel.shape
        count = (rows.stop - rows.start) * self.across
        return (
            workspace.scratch("tiles", PLACES, channels, count),
            workspace.scratch("tile products", PLACES, filters, count),
        )

    def convolve(self, rows: slice, workspace: Workspace) -> None:
        """Convolve some rows of tiles with all kernels."""
        tiles, products = self.buffers(rows, workspace)
        self.transform(tiles, slice(0, tiles.shape[1]), rows, workspace)
        workspace.checkpoint()
        np.matmul(self.kernel, tiles, out=products)
        self.transform_back(products, slice(0, products.shape[1]), rows, workspace)

    def transform(self, tiles: Array, channels: slice, rows: slice, workspace: Workspace) -> None:
        """Write the transformed tiles of some channels and rows of tiles."""
        workspace.checkpoint()
        maps, sides = self.work.maps[channels], self.work.sides
        count = rows.stop - rows.start
        # Tiles may reach beyond the padding, where nothing that is kept depends on it.
        beyond = self.across * TILE + 2 - (sides.left + maps.shape[2] + sides.right)
        source = padded_rows(
            maps,
            sides._replace(right=sides.right + max(0, beyond)),
            rows.start * TILE,
            rows.stop * TILE + 2,
            workspace,
        )
        channel, row, cell = source.strides
        gathered = workspace.scratch(
            "tile products", TILE + 2, TILE + 2, len(maps), count, self.across
        )
        np.copyto(
            gathered,
            as_strided(source, gathered.shape, (row, cell, channel, TILE * row, TILE * cell)),
        )
        workspace.checkpoint()
        np.matmul(_INPUTS, gathered.reshape(PLACES, -1), out=_as_matrix(tiles[:, channels]))

    def transform_back(
        self, products: Array, filters: slice, rows: slice, workspace: Workspace
    ) -> None:
        """Write the outputs of some filters and rows of tiles."""
        workspace.checkpoint()
        count = rows.stop - rows.start, self.across
        made = workspace.scratch("tiles", TILE, TILE, filters.stop - filters.start, *count)
        flat = made.reshape(TILE * TILE, -1)
        np.matmul(_OUTPUTS, _as_matrix(products[:, filters]), out=flat)
        if self.work.bias is not None:
            np.add(made, self.work.bias[filters, None, None], out=made)
        if not math.isfinite(np.vdot(flat, flat)):
            self.broken = True
        _write_tiles(made, self.work.out[filters, rows.start * TILE : rows.stop * TILE])


def _tiles(length: int) -> int:
    return -(-length // TILE)


def _as_matrix(values: Array) -> Array:
    """Return (places, maps, tiles), whose maps follow each other, as (places, maps · tiles)."""
    columns = values.shape[1] * values.shape[2]
    return as_strided(values, (len(values), columns), (values.strides[0], values.itemsize))


def _write_tiles(made: Array, out: Array) -> None:
    """Write tiles (4, 4, maps, down, across) into maps, which may end within the last ones."""
    maps, height, width = out.shape
    down, across = height // TILE, width // TILE
    plane, row, cell = out.strides
    whole = as_strided(
        out, (TILE, TILE, maps, down, across), (row, cell, plane, TILE * row, TILE * cell)
    )
    np.copyto(whole, made[..., :down, :across])
    if height % TILE or width % TILE:
        for i in range(TILE):
            for j in range(TILE):
                if i < height % TILE:
                    edge = out[:, down * TILE + i, j::TILE]
                    np.copyto(edge, made[i, j, :, down, : edge.shape[1]])
                if j < width % TILE:
                    edge = out[:, i : down * TILE : TILE, across * TILE + j]
                    np.copyto(edge, made[i, j, :, :down, across])
