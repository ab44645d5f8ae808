"""Convolution with 3 × 3 kernels, stride 1, by Winograd's minimal filtering.

A tile of outputs needs one product per place and channel, where a direct way takes nine per output:
tiles of inputs and the kernels are transformed, multiplied place by place, and what is summed over
the channels is transformed back (`winograd_tiles`).

Every step is a matrix product of memory as it lies, because the channels come last: the windows of
a line of inputs are transformed across, lines of those down, and per place tiles × channels are
multiplied by channels × filters. What is turned is each line of inputs and of outputs.

The result differs from a direct one by about 10⁻⁵ of the largest value, with tiles of 2 × 2 by a
tenth of that. A value that is not finite would spread over its tile, so that such maps are left to
a direct way.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.numerics.few_tiles import are_few, by_few_tiles
from engine.numerics.padding import padded_rows_last
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.products import CALL_PRODUCTS, UNCOPIED_PRODUCTS, product
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

TOGETHER_BYTES, MOST_KERNEL_BYTES = 1 << 22, 1 << 24
"""Maps whose tiles take no more are taken as a whole if their kernels take more than so much: 512 →
512 at 28² takes 6.1 ms then and not 6.4, but 256 → 256 at 14² 1.3 and not 1.1."""

FEWEST_FILTERS = 32
"""Pieces of fewer filters are slower than all at once."""


def by_winograd(work: Convolution, workspace: Workspace, tiles: Tiles = FOUR) -> bool:
    """Convolve with a kernel (out, in, 3, 3), stride 1 and one group, not dilated.

    Returns False where an output was not finite; the output is then to be computed directly.
    """
    filters, channels = work.kernel.shape[:2]
    down, across = (len(range(0, size, tiles.outputs)) for size in work.out.shape[1:])
    row_bytes = 4 * tiles.side**2 * max(filters, channels) * across
    kernel_bytes = 4 * tiles.side**2 * filters * channels
    if are_few(down * across, tiles) and kernel_bytes <= MOST_KERNEL_BYTES:
        return by_few_tiles(work, tiles, down, across, workspace)
    is_together = kernel_bytes > MOST_KERNEL_BYTES and row_bytes * down <= TOGETHER_BYTES
    # Two strips at least, for two threads.
    strip = max(STRIP_BYTES // row_bytes, -(-STRIP_TILES // across))
    rows = down if is_together else min(strip, -(-down // 2))
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
    """Return a kernel (out, in, 3, 3) as (side, side, out / together, in, together)."""
    filters, channels = kernel.shape[:2]
    places, rows = len(tiles.kernels), kernel.reshape(filters, -1)
    made = np.empty((places, filters // together, channels, together), dtype=np.float32)

    def transform(some: slice, mine: Workspace) -> None:
        mine.checkpoint()
        cells = mine.scratch("columns", 9 * (some.stop - some.start), filters)
        cv2.transpose(rows[:, 9 * some.start : 9 * some.stop], dst=cells)
        np.matmul(
            tiles.kernels,
            cells.reshape(-1, 9, filters // together, together).swapaxes(1, 2),
            out=made[:, :, some].transpose(2, 1, 0, 3),
        )

    in_parallel(parts(channels, -(-kernel.size // KERNEL_VALUES)), transform, workspace)
    return made.reshape(tiles.side, tiles.side, *made.shape[1:])


def _convolve_together(tiled: "_Tiled", workspace: Workspace) -> None:
    """Convolve small maps: the threads share rows of tiles, then places, then rows again.

    So each reads its part of the kernels only, which are the most of what there is to read.
    """
    tiles, products = tiled.buffers(tiled.down, workspace)

    def transform(rows: slice, mine: Workspace) -> None:
        tiled.transform(tiles[:, rows], rows, mine)

    def multiply(places: slice, mine: Workspace) -> None:
        mine.checkpoint()
        tiled.multiply(tiles, products, places)

    def transform_back(rows: slice, mine: Workspace) -> None:
        tiled.transform_back(products[:, rows], rows, mine)

    in_parallel(parts(tiled.down, 2), transform, workspace)
    in_parallel(parts(len(tiles), len(tiles)), multiply, workspace)
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

    def buffers(self, rows: int, workspace: Workspace) -> tuple[Array, Array]:
        """Return room for rows of tiles: (side, rows, across, side, channels), and for products.

        What is turned and transformed along one axis lives in the products' memory before them, and
        in the tiles' after them.
        """
        side, (filters, channels) = self.tiles.side, self.work.kernel.shape[:2]
        return (
            workspace.scratch("columns", side, rows, self.across, side, channels),
            workspace.scratch("products", side, rows, self.across, side, filters),
        )

    def convolve(self, rows: slice, workspace: Workspace) -> None:
        """Convolve some rows of tiles with all kernels."""
        tiles, products = self.buffers(rows.stop - rows.start, workspace)
        self.transform(tiles, rows, workspace)
        calls = -(-tiles.size * products.shape[-1] // CALL_PRODUCTS)
        for places in parts(len(tiles), calls):
            workspace.checkpoint()
            self.multiply(tiles, products, places)
        self.transform_back(products, rows, workspace)

    def multiply(self, tiles: Array, products: Array, places: slice) -> None:
        """Write the products of tiles and kernels at some lines of places, filters in pieces."""
        side, (filters, channels) = self.tiles.side, self.work.kernel.shape[:2]
        kernel = self.kernel[places]
        many, together = len(kernel), kernel.shape[-1]
        values = tiles[places].reshape(many, -1, side, 1, channels)
        out = products[places].reshape(many, -1, side, filters // together, together, copy=False)
        np.matmul(values.transpose(0, 2, 3, 1, 4), kernel, out=out.transpose(0, 2, 3, 1, 4))

    def transform(self, tiles: Array, rows: slice, workspace: Workspace) -> None:
        """Write some rows of transformed tiles."""
        outputs, side = self.tiles.outputs, self.tiles.side
        workspace.checkpoint()
        # Tiles may reach beyond the padding, where nothing that is kept depends on it.
        maps, sides = self.work.maps, self.work.sides
        beyond = self.across * outputs + 2 - sides.left - maps.shape[2]
        first, stop = rows.start * outputs, rows.stop * outputs + 2
        lines = padded_rows_last(maps, sides._replace(right=beyond), first, stop, workspace)
        workspace.checkpoint()
        line, cell, channel = lines.strides
        shape = len(lines), self.across, side, lines.shape[2]
        windows = np.ndarray(
            shape, np.float32, lines, strides=(line, outputs * cell, cell, channel)
        )
        halfway = workspace.scratch("products", *shape)
        np.matmul(self.tiles.inputs, windows, out=halfway)
        workspace.checkpoint()
        line, width = halfway.strides[0], halfway[0].size
        below = np.ndarray(
            (rows.stop - rows.start, side, width),
            np.float32,
            halfway,
            strides=(outputs * line, line, halfway.itemsize),
        )
        out = tiles.reshape(side, -1, width, copy=False)
        product(self.tiles.inputs, below, out.swapaxes(0, 1))

    def transform_back(self, products: Array, rows: slice, workspace: Workspace) -> None:
        """Write the outputs of some rows of tiles."""
        workspace.checkpoint()
        side, outputs = self.tiles.side, self.tiles.outputs
        count, filters = rows.stop - rows.start, products.shape[-1]
        if self.work.bias is not None:
            # What is added to the product of this place is added to every output of the tile.
            center = products[1, :, :, 1]
            np.add(center, self.work.bias, out=center)
        width = self.across * side * filters
        halfway = workspace.scratch("columns", count, outputs, width)
        product(self.tiles.back, products.reshape(side, count, width).swapaxes(0, 1), halfway)
        workspace.checkpoint()
        made = workspace.scratch("padded rows", count * outputs, self.across, outputs, filters)
        np.matmul(self.tiles.back, halfway.reshape(len(made), self.across, side, filters), out=made)
        if not math.isfinite(np.vdot(made, made)):
            self.broken = True
        workspace.checkpoint()
        out = self.work.out[:, rows.start * outputs : rows.stop * outputs]
        turned = workspace.scratch("columns", filters, len(made), self.across * outputs)
        cv2.transpose(made.reshape(-1, filters), dst=turned.reshape(filters, -1))
        np.copyto(out, turned[:, : out.shape[1], : out.shape[2]])
