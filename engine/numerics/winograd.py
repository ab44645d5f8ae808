"""Convolution with 3 × 3 kernels, stride 1, by Winograd's minimal filtering, F(4 × 4, 3 × 3).

A tile of 4 × 4 outputs needs 36 products per channel in place of 144: tiles of 6 × 6 inputs and
the kernels are transformed, multiplied place by place, and what is summed over the channels is
transformed back (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015; points
0, ±1, ±2, ∞). Every step is a matrix product: the transforms of all tiles together, and per place
filters × channels by channels × tiles.

The result differs from a direct one by about 10⁻⁵ of the largest value. A value that is not finite
would spread over its tile, so that such maps must be convolved directly.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from engine.numerics.padding import padded_rows
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.steps import Convolution
from engine.sides import Sides
from engine.workspace import Workspace

Array = NDArray[np.float32]

TILE = 4
"""Outputs per tile and axis."""

PLACES = (TILE + 2) ** 2

STRIP_BYTES = 1 << 22
"""Transformed tiles of a strip take about so many bytes, and what is made of them as many."""

_INPUT = np.array(
    [
        [4, 0, -5, 0, 1, 0],
        [0, -4, -4, 1, 1, 0],
        [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0],
        [0, 2, -1, -2, 1, 0],
        [0, 4, 0, -5, 0, 1],
    ]
)
_KERNEL = np.array(
    [[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]]
) / 24  # fmt: skip
_OUTPUT = np.array(
    [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]]
)


def _both_axes(matrix: NDArray[np.generic]) -> Array:
    """Return what transforms rows and columns of a tile at once."""
    return np.kron(matrix, matrix).astype(np.float32)


_INPUTS, _KERNELS, _OUTPUTS = _both_axes(_INPUT), _both_axes(_KERNEL), _both_axes(_OUTPUT)




def transformed_kernel(kernel: Array) -> Array:
    """Return a kernel (out, in, 3, 3) as (36, out, in)."""
    filters, channels = kernel.shape[:2]
    made = np.empty((PLACES, filters, channels), dtype=np.float32)
    cells = np.ascontiguousarray(kernel.reshape(-1, 9).T)
    np.matmul(_KERNELS, cells, out=made.reshape(PLACES, -1))
    return made


def by_winograd(work: Convolution, workspace: Workspace) -> None:
    """Convolve with a kernel (out, in, 3, 3), stride 1, one group; all values must be finite."""
    maps, kernel, bias, out, sides = work.maps, work.kernel, work.bias, work.out, work.sides
    transformed = workspace.prepared(("winograd",), kernel, lambda: transformed_kernel(kernel))
    filters, channels = kernel.shape[:2]
    _, height, width = out.shape
    down, across = -(-height // TILE), -(-width // TILE)
    rows = max(1, STRIP_BYTES // (4 * PLACES * max(channels, filters) * across))
    if rows < down:
        # Each thread takes whole strips: they stay in its cache, and nothing waits for another.
        def strip(first: int, mine: Workspace) -> None:
            _strip(maps, transformed, bias, out, mine, sides, first, min(rows, down - first))

        in_parallel(range(0, down, rows), strip, workspace)
        return
    _whole(maps, transformed, bias, out, workspace, sides, down)


def _strip(
    maps: Array,
    kernel: Array,
    bias: Array | None,
    out: Array,
    workspace: Workspace,
    sides: Sides,
    first: int,
    rows: int,
) -> None:
    """Convolve some rows of tiles with all kernels."""
    workspace.checkpoint()
    _, filters, channels = kernel.shape
    across = -(-out.shape[2] // TILE)
    tiles = workspace.scratch("transformed tiles", PLACES, channels, rows * across)
    products = workspace.scratch("tile products", PLACES, filters, rows * across)
    _transform(maps, tiles, sides, first, rows, workspace)
    workspace.checkpoint()
    np.matmul(kernel, tiles, out=products)
    workspace.checkpoint()
    _transform_back(products, bias, out, first, rows, workspace)


def _whole(
    maps: Array,
    kernel: Array,
    bias: Array | None,
    out: Array,
    workspace: Workspace,
    sides: Sides,
    rows: int,
) -> None:
    """Convolve small maps: the threads share channels, then places, then filters.

    So each reads its part of the kernels only, which are the most of what there is to read.
    """
    _, filters, channels = kernel.shape
    count = rows * -(-out.shape[2] // TILE)
    tiles = workspace.scratch("transformed tiles", PLACES, channels, count)
    products = workspace.scratch("tile products", PLACES, filters, count)

    def transform(some: slice, mine: Workspace) -> None:
        mine.checkpoint()
        _transform(maps[some], tiles[:, some], sides, 0, rows, mine)

    def multiply(some: slice, mine: Workspace) -> None:
        mine.checkpoint()
        np.matmul(kernel[some], tiles[some], out=products[some])

    def transform_back(some: slice, mine: Workspace) -> None:
        mine.checkpoint()
        part = None if bias is None else bias[some]
        _transform_back(products[:, some], part, out[some], 0, rows, mine)

    in_parallel(parts(channels, 2), transform, workspace)
    in_parallel(parts(PLACES, 4), multiply, workspace)
    in_parallel(parts(filters, 2), transform_back, workspace)


def _transform(
    maps: Array, tiles: Array, sides: Sides, first: int, rows: int, workspace: Workspace
) -> None:
    """Write the transformed tiles (36, channels, tiles) of some rows of them."""
    channels, _, width = maps.shape
    across = tiles.shape[2] // rows
    # Tiles may reach beyond the padding, into what no output that is kept depends on.
    beyond = max(0, across * TILE + 2 - (sides.left + width + sides.right))
    source = padded_rows(
        maps,
        sides._replace(right=sides.right + beyond),
        first * TILE,
        (first + rows) * TILE + 2,
        workspace,
    )
    channel, row, cell = source.strides
    gathered = workspace.scratch("tiles", TILE + 2, TILE + 2, channels, rows, across)
    np.copyto(
        gathered,
        as_strided(source, gathered.shape, (row, cell, channel, TILE * row, TILE * cell)),
    )
    _product(_INPUTS, gathered.reshape(PLACES, channels, -1), tiles)


def _transform_back(
    products: Array, bias: Array | None, out: Array, first: int, rows: int, workspace: Workspace
) -> None:
    """Write the outputs of products (36, filters, tiles) of some rows of tiles."""
    _, filters, count = products.shape
    made = workspace.scratch("tile outputs", TILE, TILE, filters, rows, count // rows)
    _product(_OUTPUTS, products, made.reshape(TILE * TILE, filters, count))
    if bias is not None:
        np.add(made, bias[:, None, None], out=made)
    target = out[:, first * TILE : (first + rows) * TILE]
    filter_stride, row, cell = target.strides
    _, height, width = target.shape
    down, across = height // TILE, width // TILE
    np.copyto(
        as_strided(
            target,
            (TILE, TILE, filters, down, across),
            (row, cell, filter_stride, TILE * row, TILE * cell),
        ),
        made[..., :down, :across],
    )
    # What is left of incomplete tiles at the bottom and at the right.
    for i in range(TILE):
        for j in range(TILE):
            if height % TILE > i:
                edge = target[:, down * TILE + i, j::TILE]
                np.copyto(edge, made[i, j, :, down, : edge.shape[1]])
            if width % TILE > j:
                edge = target[:, i : down * TILE : TILE, across * TILE + j]
                np.copyto(edge, made[i, j, :, :down, across])


def _product(matrix: Array, values: Array, out: Array) -> None:
    """Write matrix × values for values (places, maps, tiles), whole maps of larger arrays too."""
    columns = values.shape[1] * values.shape[2]
    source = as_strided(values, (len(values), columns), (values.strides[0], values.itemsize))
    target = as_strided(out, (len(out), columns), (out.strides[0], out.itemsize))
    np.matmul(matrix, source, out=target)
