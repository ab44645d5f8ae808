"""Convolution of maps (C, H, W), in one of several ways that a fixed rule chooses.

"pointwise": a kernel of 1 × 1, or of all the maps' cells, is a product with them (`matrices`).

"columns": the windows are gathered into a matrix (`matrices`); "rows": rows of them (`rows`).

"winograd": tiles of 3 × 3 windows take a quarter of the products (`winograd`); "large winograd",
with larger tiles, a fifth, and "small winograd" four ninths. Dilated windows are several
convolutions (`grids`).

"taps": each kernel cell is multiplied by the maps as they lie in memory (`taps`). It is for single
filters, as when one of many was edited.

"planes": OpenCV filters one plane with one kernel at a time (`planes`). It wins for a gray picture.

"fourier": large kernels are multiplied by maps as spectra (`fourier`).

"net": an OpenCV net (`net`) is the fastest depthwise, and with 3 × 3 kernels that are light work or
in groups.
"""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.constraints import Pair
from engine.numerics.fourier import by_fourier, tilings
from engine.numerics.matrices import by_columns, pointwise
from engine.numerics.net import by_net
from engine.numerics.padding import padded
from engine.numerics.planes import by_planes
from engine.numerics.rows import by_rows
from engine.numerics.steps import ONE_BY_ONE, UNPADDED, Convolution, Steps, check_windows
from engine.numerics.taps import by_taps
from engine.numerics.winograd import MOST_FEW_TILES, by_winograd
from engine.numerics.winograd_tiles import FOUR, SIX, TWO
from engine.sides import Sides
from engine.workspace import Workspace

Array: TypeAlias = NDArray[np.float32]
Way: TypeAlias = Literal[
    "pointwise",
    "columns",
    "rows",
    "winograd",
    "small winograd",
    "large winograd",
    "taps",
    "planes",
    "fourier",
    "net",
]

FOURIER_AREA = 130
"""OpenCV's filters take a Fourier transform, slower than ours, for windows of so many cells."""

MOST_FOURIER_KERNELS = 256
"""Each has a spectrum as large as a tile."""

FEWEST_NET_PLANES = 8

NET_PRODUCTS = 1 << 27
"""Of depthwise kernels; on larger maps memory is the limit, and "planes" copies them less."""

LEAST_NET_SIDE, MOST_NET_POSITIONS, MOST_NET_PRODUCTS = 14, 1 << 16, 200_000_000
"""Of outputs of 3 × 3 kernels, which a net multiplies in some 3 ms. Above, ours are ahead, whose
threads are slower to wake: 64 → 64 takes 2.5 ms at 72², 1.5 with a net, and as long with both at
88²."""

MOST_GROUPED_PRODUCTS = 1 << 29
"""Of 3 × 3 kernels in groups, in some 6 ms, which cannot be given up. A net takes a quarter to nine
tenths of what gathering windows does: 256 → 256 in 32 groups 0.39 ms at 28², by columns 0.86."""

FEWEST_TAPS_CHANNELS = 8

# With few kernels the tiles cost more to transform than they spare: 16 → 16 at 512² takes 9.0 ms,
# and 8.8 by rows.
FEWEST_WINOGRAD_MAPS, MOST_ROWS_KERNELS = 16, 1 << 9
FEWEST_WINOGRAD_POSITIONS = 14 * 14

MOST_LARGE_TILES_PRODUCTS = 0.87
"""Of those with tiles of four: larger tiles have to spare more than it costs to read their kernels,
and reach further beyond the maps. 256 → 256 takes 4.6 ms at 42², with them 4.2, and 7.0 at 56²
either way."""

# Many kernels, four times as large when they are transformed to tiles, pay on larger maps only.
# With the smaller tiles they are not twice as large: 256 → 256 at 10² takes as long either way. To
# prepare a net of 256 → 256 takes 18 ms.
MANY_KERNELS, FEWEST_POSITIONS_OF_MANY = 1 << 16, 20 * 20
FEWEST_SMALL_TILES_PRODUCTS = 80_000_000

# As many tiles as one product is made for pay earlier: 192 → 192 takes 0.19 ms at 7², by columns
# 0.26, and 64 → 64 0.08 for 0.07.
FEWEST_FEW_TILES, FEWEST_KERNELS_OF_FEW_TILES = 9, 128 * 128

MOST_NEW_NET_KERNELS = 64 * 64
"""That a net transforms at their first use, on one thread: 128 → 128 at 28² takes 4.0 ms then, 0.45
later, and 0.8 by columns."""

FEWEST_GRID_MAPS, FEWEST_GRID_PRODUCTS = 64, 230_000_000
"""Of dilated kernels, on each of the grids that are convolved by themselves (`grids`): 256 → 256 at
56² takes 7.1 ms for 10.5, and 128 → 128 there 3.4 for 3.0."""

# What the direct ways cost in ns on two cores with AVX-512. "planes" pays per filter and input
# channel for a call, and per pixel for each kernel cell or a transform; "fourier" for each spectrum
# made or multiplied. The matrices pay once, per product, and for each copy of a value, which all
# filters share.
_PLANE_CALL, _PLANE_CELL, _PLANE_FOURIER, _SPECTRUM = 6000, 0.05, 14, 1.5
_MATRIX_CALL, _MATRIX_PRODUCT, _MATRIX_COPY = 25000, 0.02, 0.3


def way_for(
    kernel: tuple[int, int, int, int], outputs: Pair, steps: Steps, *, is_new: bool = False
) -> Way:
    """Return the way that a kernel (out, in / groups, kh, kw) takes to an output of that size.

    A new kernel, which was never used before, is not prepared where that takes too long.

    >>> way_for((256, 64, 1, 1), (56, 56), Steps())
    'pointwise'
    >>> way_for((64, 64, 3, 3), (112, 112), Steps())
    'large winograd'
    >>> way_for((256, 256, 3, 3), (56, 56), Steps(dilation=(2, 2)))
    'winograd'
    >>> way_for((144, 1, 3, 3), (56, 56), Steps(groups=144))
    'net'
    """
    filters, channels, kernel_h, kernel_w = kernel
    area, positions = kernel_h * kernel_w, outputs[0] * outputs[1]
    if area == 1:
        return "pointwise"
    if kernel[2:] == (3, 3) and _is_for_grouped_net(kernel, positions, steps, is_new):
        return "net"
    singly, cost = _singly(kernel, outputs, steps)
    if steps.groups == filters and channels == 1 and filters >= FEWEST_NET_PLANES:
        return "net" if filters * positions * area <= NET_PRODUCTS else singly
    matrix: Way = "rows" if _is_for_rows(kernel, outputs, steps) else "columns"
    copies = steps.groups * (kernel_w if matrix == "rows" else area)
    per_position = area * filters * _MATRIX_PRODUCT + copies * _MATRIX_COPY
    if cost < _MATRIX_CALL + channels * positions * per_position:
        return singly
    if filters == 1 and channels >= FEWEST_TAPS_CHANNELS:
        return "taps"
    if kernel[2:] == (3, 3) and steps == ONE_BY_ONE:
        return _in_tiles(filters, channels, outputs, is_new) or matrix
    if kernel[2:] == (3, 3) and _is_for_grids(filters, channels, outputs, steps):
        return _by_larger_tiles(_of_grids(outputs, steps))
    return matrix


def _is_for_grouped_net(
    kernel: tuple[int, int, int, int], positions: int, steps: Steps, is_new: bool
) -> bool:
    """Return whether an OpenCV net is the fastest for groups of several channels each."""
    filters, channels = kernel[:2]
    has_groups = steps.groups > 1 and channels > 1 and steps.dilation == (1, 1)
    is_slow_to_prepare = is_new and filters * channels > MOST_NEW_NET_KERNELS
    is_short = filters * channels * 9 * positions <= MOST_GROUPED_PRODUCTS
    return has_groups and is_short and not is_slow_to_prepare


def _in_tiles(filters: int, channels: int, outputs: Pair, is_new: bool) -> Way | None:
    """Return the way that multiplies tiles of 3 × 3 windows, if there is one that is faster."""
    least, pairs, positions = min(filters, channels), filters * channels, math.prod(outputs)
    is_many = pairs >= MANY_KERNELS
    is_light = positions <= min(MOST_NET_POSITIONS, MOST_NET_PRODUCTS // (pairs * 9))
    is_for_net = is_light and not is_many and least >= FEWEST_NET_PLANES
    if is_for_net and min(outputs) >= LEAST_NET_SIDE:
        return None if is_new and pairs > MOST_NEW_NET_KERNELS else "net"
    few = math.prod(-(-n // TWO.outputs) for n in outputs)
    if FEWEST_FEW_TILES <= few <= MOST_FEW_TILES and pairs >= FEWEST_KERNELS_OF_FEW_TILES:
        return None if is_new else "small winograd"
    if is_many and positions < FEWEST_POSITIONS_OF_MANY:
        has_products = pairs * 9 * positions >= FEWEST_SMALL_TILES_PRODUCTS
        return "small winograd" if has_products and not is_new else None
    has_maps = least >= FEWEST_WINOGRAD_MAPS and pairs > MOST_ROWS_KERNELS
    if has_maps and positions >= FEWEST_WINOGRAD_POSITIONS:
        return _by_larger_tiles(outputs)
    return None


def _by_larger_tiles(outputs: Pair) -> Way:
    """Return the way with tiles of four or of six outputs, whichever cover them better."""
    four, six = (
        math.prod(-(-n // tiles.outputs) for n in outputs) * tiles.side**2 for tiles in (FOUR, SIX)
    )
    return "large winograd" if six <= MOST_LARGE_TILES_PRODUCTS * four else "winograd"


def _singly(kernel: tuple[int, int, int, int], outputs: Pair, steps: Steps) -> tuple[Way, float]:
    """Return the best way to take each map and kernel by itself, and the ns that it costs.

    Maps are filtered at every place, and thinned out by the stride afterwards.
    """
    filters, channels, *size = kernel
    pairs, kernel_size = filters * channels, (size[0], size[1])
    span_h, span_w = steps.covered((1, 1), kernel_size)
    if span_h * span_w >= FOURIER_AREA and pairs <= MOST_FOURIER_KERNELS:
        down, across = tilings(outputs, kernel_size, steps)
        spectra = down.tiles * across.tiles * (channels * steps.groups + pairs + filters)
        return "fourier", spectra * (_PLANE_CALL + down.size * across.size * _SPECTRUM)
    rows, columns = steps.covered(outputs, kernel_size)
    per_pixel = min(_PLANE_FOURIER, size[0] * size[1] * _PLANE_CELL)
    return "planes", pairs * (_PLANE_CALL + rows * columns * per_pixel)


def _is_for_grids(filters: int, channels: int, outputs: Pair, steps: Steps) -> bool:
    """Return whether dilated 3 × 3 kernels leave enough to do on each of their grids."""
    is_plain_otherwise = steps.stride == (1, 1) and steps.groups == 1
    if not is_plain_otherwise or min(filters, channels) < FEWEST_GRID_MAPS:
        return False
    positions = math.prod(_of_grids(outputs, steps))
    products = filters * channels * 9 * positions
    return positions >= FEWEST_WINOGRAD_POSITIONS and products >= FEWEST_GRID_PRODUCTS


def _of_grids(outputs: Pair, steps: Steps) -> Pair:
    """Return how large a part of dilated outputs the largest grid makes."""
    (height, width), (dilation_h, dilation_w) = outputs, steps.dilation
    return -(-height // dilation_h), -(-width // dilation_w)


def _is_for_rows(kernel: tuple[int, int, int, int], outputs: Pair, steps: Steps) -> bool:
    """Return whether gathering rows is faster than gathering windows.

    It copies less, and multiplies by matrices that are only as wide as one row.
    """
    filters, _, kernel_h, _ = kernel
    possible = steps.groups == 1 and steps.dilation[0] == 1 and kernel_h > steps.stride[0]
    return possible and (outputs[1] >= 112 or (outputs[1] >= 24 and filters <= 64))


def convolve(
    maps: Array,
    kernel: Array,
    bias: Array | None,
    out: Array,
    workspace: Workspace,
    *,
    stride: Pair = (1, 1),
    dilation: Pair = (1, 1),
    groups: int = 1,
    sides: Sides = UNPADDED,
    padding_mode: str = "zeros",
    way: Way | None = None,
) -> None:
    """Cross-correlate maps with a kernel (out, in / groups, kh, kw) into ``out``.

    Maps and output may be strips of rows of larger ones. ``sides`` is the padding, which is not
    part of the maps. ``way`` forces a way, for tests.
    """
    if padding_mode != "zeros":
        maps, sides = padded(maps, sides, workspace, padding_mode), UNPADDED
    steps, is_new = Steps(stride, dilation, groups), not workspace.is_known(kernel)
    best = _checked_way(maps.shape, kernel.shape, out.shape[1:], steps, sides, is_new)
    way = way or best
    work = Convolution(maps, kernel, bias, out, steps, sides, is_new)
    if way in _FINITE_WAYS:
        if not _FINITE_WAYS[way](work, workspace):
            by_columns(work, workspace)
    else:
        _WAYS[way](work, workspace)


@lru_cache(1024)
def _checked_way(
    maps: tuple[int, ...],
    kernel: tuple[int, int, int, int],
    outputs: Pair,
    steps: Steps,
    sides: Sides,
    is_new: bool,
) -> Way:
    """Return `way_for`, after a look whether the maps hold the windows, or all of them one."""
    check_windows(maps, kernel, outputs, steps, sides)
    top, left, bottom, right = sides
    is_whole = kernel[2:] == (maps[1] + top + bottom, maps[2] + left + right)
    return "pointwise" if is_whole else way_for(kernel, outputs, steps, is_new=is_new)


_WAYS: Mapping[Way, Callable[[Convolution, Workspace], None]] = {
    "pointwise": pointwise,
    "columns": by_columns,
    "rows": by_rows,
    "taps": by_taps,
}

_FINITE_WAYS: Mapping[Way, Callable[[Convolution, Workspace], bool]] = {
    "winograd": by_winograd,
    "small winograd": partial(by_winograd, tiles=TWO),
    "large winograd": partial(by_winograd, tiles=SIX),
    "planes": by_planes,
    "fourier": by_fourier,
    "net": by_net,
}
"""Those that return False where a value is not finite."""
