"""Winograd's convolution of maps that few tiles cover, all at once (see `winograd`).

Then the kernels are most of what there is to read. All threads share one call that multiplies them
as they lie in memory, place by place, by the tiles: 512 → 512 at 7² takes 1.2 ms within ResNet-18,
and 1.5 where each thread of ours multiplies rows of tiles. What is transformed is little, and one
thread's.
"""

import math

import numpy as np
from numpy.typing import NDArray

from engine.numerics.padding import padded_rows_last
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.processor import HAS_AVX_512
from engine.numerics.products import product
from engine.numerics.shared_products import shared_products
from engine.numerics.steps import Convolution
from engine.numerics.strips import as_pairs
from engine.numerics.winograd_tiles import Tiles
from engine.opencv import cv2
from engine.workspace import Workspace

Array = NDArray[np.float32]

MOST_FEW_TILES = 16
"""With long vectors, where OpenBLAS is the faster one; products are made for sixteen at a time, so
that nine take as long."""

MOST_FEW_PLACES = 36 * 36
"""With short vectors, in all tiles together: 256 → 256 takes 1.3 ms at 14² and not 1.7, but 3.5 at
28², where threads of ours that transform as well take 3.3."""

KERNEL_VALUES = 1 << 18
"""So many kernel values are transformed between two checkpoints."""


def are_few(count: int, tiles: Tiles, *, has_long_vectors: bool = HAS_AVX_512) -> bool:
    """Return whether so many tiles are multiplied all at once."""
    if has_long_vectors:
        return count <= MOST_FEW_TILES
    return count * tiles.side**2 <= MOST_FEW_PLACES


def by_few_tiles(
    work: Convolution, tiles: Tiles, down: int, across: int, workspace: Workspace
) -> bool:
    """Convolve with ``down`` × ``across`` tiles; return whether all outputs are finite."""
    filters, side = len(work.kernel), tiles.side
    kernel = workspace.prepared(
        ("few tiles", tiles.outputs), work.kernel, lambda: _transformed(work, tiles, workspace)
    )
    values = _transform(work, tiles, down, across, workspace)
    products = workspace.scratch("products", side, side, filters, down * across)
    shared_products(
        kernel,
        values.reshape(side**2, down * across, -1),
        products.reshape(side**2, filters, -1),
        workspace,
    )
    if work.bias is not None:
        # What is added to the product of this place is added to every output of the tile.
        products[1, 1] += work.bias[:, None]
    return _transform_back(products, work, tiles, down, across, workspace)


def _transformed(work: Convolution, tiles: Tiles, workspace: Workspace) -> Array:
    """Return the kernel (out, in, 3, 3) as (side², out, in)."""
    filters, channels = work.kernel.shape[:2]
    made = np.empty((tiles.side**2, filters, channels), dtype=np.float32)

    def transform(some: slice, mine: Workspace) -> None:
        mine.checkpoint()
        cells = mine.scratch("columns", 9, (some.stop - some.start) * channels)
        cv2.transpose(work.kernel[some].reshape(-1, 9), dst=cells)
        np.matmul(tiles.kernels, cells, out=made[:, some].reshape(len(made), -1, copy=False))

    in_parallel(parts(filters, -(-work.kernel.size // KERNEL_VALUES)), transform, workspace)
    return made


def _transform(
    work: Convolution, tiles: Tiles, down: int, across: int, workspace: Workspace
) -> Array:
    """Return transformed tiles (side, side, down, across, channels)."""
    outputs, side, channels = tiles.outputs, tiles.side, len(work.maps)
    # Tiles may reach beyond the padding, where nothing that is kept depends on it.
    beyond = across * outputs + 2 - work.sides.left - work.maps.shape[2]
    sides = work.sides._replace(right=beyond)
    lines = padded_rows_last(work.maps, sides, 0, down * outputs + 2, workspace)
    workspace.checkpoint()
    line, cell, channel = lines.strides
    windows = np.ndarray(
        (len(lines), across, side, channels),
        np.float32,
        lines,
        strides=(line, outputs * cell, cell, channel),
    )
    halfway = workspace.scratch("products", len(lines), side, across, channels)
    np.matmul(tiles.inputs, windows, out=halfway.swapaxes(1, 2))
    workspace.checkpoint()
    line, place = halfway.strides[:2]
    below = np.ndarray(
        (down, side, side, across * channels),
        np.float32,
        halfway,
        strides=(outputs * line, place, line, halfway.itemsize),
    )
    made = workspace.scratch("columns", side, side, down, across, channels)
    out = made.reshape(side, side, down, -1).transpose(2, 1, 0, 3)
    np.matmul(tiles.inputs, below, out=out)
    return made


def _transform_back(
    products: Array,
    work: Convolution,
    tiles: Tiles,
    down: int,
    across: int,
    workspace: Workspace,
) -> bool:
    """Write the outputs of products (side, side, filters, tiles); return whether all are finite."""
    side, outputs, filters = tiles.side, tiles.outputs, len(work.kernel)
    workspace.checkpoint()
    halfway = workspace.scratch("columns", outputs, side, products[0, 0].size)
    product(tiles.back, products.reshape(side, -1), halfway.reshape(outputs, -1))
    made = workspace.scratch("products", outputs, outputs, products[0, 0].size)
    np.matmul(tiles.back, halfway, out=made)
    if not math.isfinite(np.vdot(made, made)):
        return False
    workspace.checkpoint()
    turned = workspace.scratch("padded rows", filters, down, across, outputs, outputs)
    cv2.transpose(made.reshape(outputs**2, -1), dst=turned.reshape(-1, outputs**2))
    whole = workspace.scratch("columns", filters, down, outputs, across, outputs)
    np.copyto(as_pairs(whole), as_pairs(turned).swapaxes(2, 3))
    _, height, width = work.out.shape
    np.copyto(work.out, whole.reshape(filters, down * outputs, -1)[:, :height, :width])
    return True
