"""Convolution with 3 × 3 kernels, stride 1, by Winograd's minimal filtering.

A tile of outputs needs one product per place and channel, where a direct way takes nine per output:
tiles of inputs and the kernels are transformed, multiplied place by place, and what is summed over
the channels is transformed back (`winograd_tiles`). Every step is a matrix product: the transforms
of all tiles together, and per place tiles × channels by channels × filters. The kernels come
second, where they cost the least to read.

The result differs from a direct one by about 10⁻⁵ of the largest value, with tiles of 2 × 2 by a
tenth of that. A value that is not finite would spread over its tile, so that such maps are left to
a direct way.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from engine.numerics.grids import grids
from engine.numerics.padding import padded_rows
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.products import UNCOPIED_PRODUCTS
from engine.numerics.steps import Convolution
from engine.numerics.winograd_tiles import FOUR, Tiles
from engine.opencv import cv2
from engine.workspace import Workspace

Array = NDArray[np.float32]

KERNEL_VALUES = 1 << 18
"""So many kernel values are transformed between two checkpoints."""

STRIP_BYTES = 1 << 21
"""Transformed tiles of a strip take about so many bytes, and what is made of them as many."""

STRIP_TILES = 96
"""But strips have no fewer tiles, or reading the kernels costs more than multiplying by them."""

TOGETHER_BYTES = 1 << 22
"""Maps whose strips would have too few tiles are taken as a whole if these take no more."""

FEWEST_FILTERS = 32
"""Pieces of fewer filters are slower than all at once."""

CALL_COLUMNS = 768
"""OpenBLAS multiplies 36 × 36 by at most so many columns without copying them first: 0.55 ns per
value and not 0.9."""


def by_winograd(work: Convolution, workspace: Workspace, tiles: Tiles = FOUR) -> bool:
    """Convolve with a kernel (out, in, 3, 3), dilated or not, stride 1 and one group.

    Returns False where an output was not finite; the output is then to be computed directly.
    """
    return all(_convolve(grid, workspace, tiles) for grid in grids(work))


def _convolve(work: Convolution, workspace: Workspace, tiles: Tiles) -> bool:
    """Convolve with windows that are not dilated, and return whether all outputs are finite."""
    filters, channels = work.kernel.shape[:2]
    down, across = (len(range(0, size, tiles.outputs)) for size in work.out.shape[1:])
    row_bytes = 4 * tiles.places * max(filters, channels) * across
    rows = STRIP_BYTES // row_bytes
    is_short = rows * across < STRIP_TILES
    is_together = rows >= down or (is_short and row_bytes * down <= TOGETHER_BYTES)
    rows = down if is_together else max(rows, -(-STRIP_TILES // across))
    together = _filters_together(filters, channels, rows * across)
    kernel = workspace.prepared(
        ("winograd", tiles.outputs, together),
        work.kernel,
        lambda: transformed(work.kernel, tiles, together, workspace),
    )
    tiled = _Tiled(work, tiles, kernel, down, across)
    if is_together:
        _convolve_together(tiled, workspace)
    else:
        # Each thread takes whole strips: they stay in its cache, and nothing waits for another.
        in_parallel(parts(down, -(-down // rows)), tiled.convolve, workspace)
    return not tiled.broken


def _filters_together(filters: int, channels: int, tiles: int) -> int:
    """Return how many filters are multiplied by so many tiles at once: all, or a piece of them.

    Kernels in pieces are read as they lie in memory, and not copied for every strip.
    """
    pieces = [n * FEWEST_FILTERS for n in (4, 2, 1)]
    fitting = [piece for piece in pieces if piece * channels * tiles <= UNCOPIED_PRODUCTS]
    return next((piece for piece in fitting if filters % piece == 0), filters)


def transformed(kernel: Array, tiles: Tiles, together: int, workspace: Workspace) -> Array:
    """Return a kernel (out, in, 3, 3) as (places, out / together, in, together)."""
    filters, channels = kernel.shape[:2]
    made = np.empty((tiles.places, filters // together, channels, together), dtype=np.float32)
    cells = cv2.transpose(kernel.reshape(filters, -1)).reshape(channels, 9, -1, together)

    def transform(some: slice, mine: Workspace) -> None:
        mine.checkpoint()
        np.matmul(
            tiles.kernels, cells[some].swapaxes(1, 2), out=made[:, :, some].transpose(2, 1, 0, 3)
        )

    in_parallel(parts(channels, -(-kernel.size // KERNEL_VALUES)), transform, workspace)
    return made


def _convolve_together(tiled: "_Tiled", workspace: Workspace) -> None:
    """Convolve small maps: the threads share channels, then places, then tiles.

    So each reads its part of the kernels only, which are the most of what there is to read.
    """
    whole = slice(0, tiled.down)
    tiles, products = tiled.buffers(whole, workspace)

    def transform(channels: slice, mine: Workspace) -> None:
        tiled.transform(tiles, channels, whole, mine)

    def multiply(places: slice, mine: Workspace) -> None:
        mine.checkpoint()
        tiled.multiply(tiles, products, places)

    def transform_back(rows: slice, mine: Workspace) -> None:
        part = products[:, rows.start * tiled.across : rows.stop * tiled.across]
        tiled.transform_back(part, rows, mine)

    in_parallel(parts(tiles.shape[1], 2), transform, workspace)
    in_parallel(parts(len(products), 4), multiply, workspace)
    in_parallel(parts(tiled.down, 2), transform_back, workspace)


@dataclass(eq=False)
class _Tiled:
    """A convolution in tiles, ``down`` × ``across`` of them, and its transformed kernel."""

    work: Convolution
    tiles: Tiles
    kernel: Array
    down: int
    across: int
    broken: bool = False
    """Whether an output is not finite."""

    def buffers(self, rows: slice, workspace: Workspace) -> tuple[Array, Array]:
        """Return room for some rows of tiles: (places, channels, tiles), (places, tiles, filters).

        What is gathered lives in the products' memory before them, and the outputs in the tiles'
        after them.
        """
        places, (filters, channels) = self.tiles.places, self.work.kernel.shape[:2]
        count = (rows.stop - rows.start) * self.across
        return (
            workspace.scratch("tiles", places, channels, count),
            workspace.scratch("tile products", places, count, filters),
        )

    def convolve(self, rows: slice, workspace: Workspace) -> None:
        """Convolve some rows of tiles with all kernels."""
        tiles, products = self.buffers(rows, workspace)
        self.transform(tiles, slice(0, tiles.shape[1]), rows, workspace)
        workspace.checkpoint()
        self.multiply(tiles, products, slice(0, len(tiles)))
        self.transform_back(products, rows, workspace)

    def multiply(self, tiles: Array, products: Array, places: slice) -> None:
        """Write the products of tiles and kernels at some places, piece by piece of filters."""
        kernel, out = self.kernel[places], products[places]
        out = out.reshape(*out.shape[:2], -1, kernel.shape[-1], copy=False)
        np.matmul(tiles[places].swapaxes(1, 2)[:, None], kernel, out=out.swapaxes(1, 2))

    def transform(self, tiles: Array, channels: slice, rows: slice, workspace: Workspace) -> None:
        """Write the transformed tiles of some channels and rows of tiles."""
        workspace.checkpoint()
        maps, sides = self.work.maps[channels], self.work.sides
        outputs, side = self.tiles.outputs, self.tiles.side
        count = rows.stop - rows.start
        # Tiles may reach beyond the padding, where nothing that is kept depends on it.
        beyond = self.across * outputs + 2 - (sides.left + maps.shape[2] + sides.right)
        source = padded_rows(
            maps,
            sides._replace(right=sides.right + max(0, beyond)),
            rows.start * outputs,
            rows.stop * outputs + 2,
            workspace,
        )
        # Several channels per call, and what remains of them in a last one.
        each = min(len(maps), max(1, CALL_COLUMNS // (count * self.across)))
        regular = len(maps) // each * each
        for first, stop, together in (
            (0, regular, each),
            (regular, len(maps), len(maps) - regular),
        ):
            if first == stop:
                continue
            channel, row, cell = source.strides
            calls = (stop - first) // together
            gathered = workspace.scratch(
                "tile products", calls, side, side, together, count, self.across
            )
            steps = together * channel, row, cell, channel, outputs * row, outputs * cell
            np.copyto(gathered, as_strided(source[first:], gathered.shape, steps))
            workspace.checkpoint()
            columns = together * count * self.across
            np.matmul(
                self.tiles.inputs,
                gathered.reshape(calls, self.tiles.places, columns),
                out=tiles[:, channels][:, first:stop]
                .reshape(-1, calls, columns, copy=False)
                .swapaxes(0, 1),
            )

    def transform_back(self, products: Array, rows: slice, workspace: Workspace) -> None:
        """Write the outputs of some rows of tiles."""
        workspace.checkpoint()
        _, count, filters = products.shape
        outputs, center = self.tiles.outputs, self.tiles.center
        if self.work.bias is not None:
            np.add(products[center], self.work.bias, out=products[center])
        # An unused line after each tile: without it, lines that are read together lie a power of
        # two apart and push each other out of the cache.
        made = workspace.scratch("tiles", count, filters + 1, outputs**2)
        # Tile by tile, which OpenBLAS multiplies as they lie in memory: all at once take half again
        # as long.
        np.matmul(products.transpose(1, 2, 0), self.tiles.back, out=made[:, :filters])
        made[:, filters] = 0
        if not math.isfinite(np.vdot(made, made)):
            self.broken = True
        workspace.checkpoint()
        out = self.work.out[:, rows.start * outputs : rows.stop * outputs]
        shape = len(out), (rows.stop - rows.start) * outputs, self.across * outputs
        is_whole = out.shape == shape and out.strides[2] == out.itemsize
        whole = out if is_whole else workspace.scratch("whole tiles", *shape)
        _write_tiles(made[:, :filters], whole, outputs)
        if whole is not out:
            np.copyto(out, whole[:, : out.shape[1], : out.shape[2]])


def _write_tiles(made: Array, out: Array, outputs: int) -> None:
    """Write tiles (down · across · maps, outputs²) into maps of whole tiles.

    The values of a tile's row are copied as one number of 8 or 16 bytes, six times as fast.
    """
    maps, height, width = out.shape
    row = np.dtype(f"c{4 * outputs}")
    down, across = height // outputs, width // outputs
    tiles = made.view(row).reshape(down, across, maps, outputs, copy=False)
    places = out.view(row).reshape(maps, down, outputs, across, copy=False)
    np.copyto(places, tiles.transpose(2, 0, 3, 1))
