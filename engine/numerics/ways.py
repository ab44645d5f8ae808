"""The fixed rule by which a convolution takes one of several ways, measured on two cores.

It knows two kinds of processors. Where there are vectors of sixteen values (AVX-512), products of
OpenBLAS and our own tiles by it are the fastest of what is not small. With shorter vectors OpenCV's
nets are, which have none that are longer, unless there is much to multiply or their kernels leave
the cache.
"""

import math
from typing import Literal, TypeAlias

from engine.constraints import Pair
from engine.numerics.few_tiles import are_few
from engine.numerics.fourier import tilings
from engine.numerics.grids import stacked_outputs
from engine.numerics.net import FEWEST_TILED_CHANNELS
from engine.numerics.processor import HAS_AVX_512
from engine.numerics.steps import ONE_BY_ONE, Steps
from engine.numerics.winograd_tiles import FOUR, SIX, TWO

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
    "net blocks",
    "channel blocks",
    "grids",
]

FOURIER_AREA = 130
"""OpenCV's filters take a Fourier transform, slower than ours, for windows of so many cells."""

MOST_FOURIER_KERNELS = 256
"""Each has a spectrum as large as a tile."""

FEWEST_NET_PLANES = 8
"""Of depthwise kernels, or maps that are read and made."""

NET_PRODUCTS = 1 << 27
"""Of depthwise kernels, in some 20 ms, which cannot be given up; on larger maps memory is the
limit, and "planes" copies them less."""

MOST_CHANNEL_BLOCK_POSITIONS, MOST_CHANNEL_BLOCK_VALUES = 1 << 12, 1 << 20
"""Of outputs of depthwise kernels that are not 3 × 3. On larger maps a call for each is as fast: 96
of 5 × 5 take 1.1 ms at 56² and by "planes" 2.1, but 32 of them at 112² 1.8 and 1.5."""

LEAST_NET_SIDE, MOST_NET_POSITIONS, MOST_NET_PRODUCTS = 14, 1 << 16, 200_000_000
"""Of outputs of 3 × 3 kernels, which a net multiplies in some 3 ms. Above, ours are ahead with long
vectors, whose threads are slower to wake: 64 → 64 takes 2.5 ms at 72², 1.5 with a net, and as long
with both at 88²."""

FEWEST_LIGHT_FILTERS, MOST_LIGHT_VALUES, MOST_LIGHT_PRODUCTS = 6, 1 << 16, 1 << 24
"""Of kernels of any size that a net multiplies directly, with short vectors: 3 → 32 at 112² with
stride 2 takes 0.41 ms and by rows 0.67, but 128 → 256 at 14² 1.6 and by columns 1.0."""

LEAST_TILED_SIDE = 12
"""Below, a net takes no tiles."""

MOST_NET_KERNELS, MOST_NET_VALUES = 1 << 15, 1 << 19
"""Of tiles with short vectors, and inputs of a whole net: 128 → 256 takes 2.3 ms at 36² and 2.4 by
tiles of ours. Of more kernels those of a net, seven times as large, come from memory within a
network; the tiles of more inputs leave the cache, unless they are taken in blocks."""

FEWEST_HEAVY_MAPS, FEWEST_HEAVY_PRODUCTS = 64, 450_000_000
"""From which on tiles of ours are ahead with short vectors too, because OpenBLAS multiplies twice
as fast as a net: 128 → 128 takes 3.3 ms at 56² and by a net 3.7, at 112² 10 and in blocks 15. But
64 → 128 takes 3.5 at 80² and by a net 3.3, 32 → 64 at 512² 51 and 41."""

FEW_NET_FILTERS = 8
"""Of a net that is whole with twice as many inputs, because it reads their tiles twice only: 16 → 8
at 256² takes 1.7 ms within a network, and 2.0 in blocks."""

MOST_BLOCK_KERNELS = 1 << 14
"""That are read again for every block: 32 → 512 takes 14 ms at 112² and by tiles of ours 18, but
512 → 48 27 and 22."""

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

# Few tiles pay earlier. With long vectors 192 → 192 takes 0.19 ms at 7², by columns 0.26, and 64 →
# 64 0.08 for 0.07; with short ones 256 → 256 0.84 at 10² and 0.97, but 128 → 256 0.80 and 0.75.
FEWEST_FEW_TILES = 9
FEWEST_FEW_TILES_KERNELS, FEWEST_FEW_TILES_KERNELS_OF_SHORT = 128 * 128, 192 * 192

MOST_NEW_NET_KERNELS, MOST_NEW_NET_KERNELS_OF_SHORT = 64 * 64, 128 * 128
"""That a net transforms at their first use, on one thread: 128 → 128 at 28² takes 4.0 ms then, 0.45
later, and 0.8 by columns. With short vectors it takes 3.9 then, 1.3 later, and 4.3 by columns."""

FEWEST_GRID_MAPS, FEWEST_GRID_PRODUCTS, MOST_TIMES_THE_OUTPUTS = 64, 230_000_000, 1.5
"""Of dilated kernels that are convolved grid by grid (`grids`), and how many times as many places a
stack may have as the outputs: 512 → 512 takes 15 ms at 28² and by columns 24, but 256 → 256 at 14²
2.2 and 1.9."""

# What the direct ways cost in ns on two cores with AVX-512. "planes" pays per filter and input
# channel for a call, and per pixel for each kernel cell or a transform; "fourier" for each spectrum
# made or multiplied. The matrices pay once, per product, and for each copy of a value, which all
# filters share.
_PLANE_CALL, _PLANE_CELL, _PLANE_FOURIER, _SPECTRUM = 6000, 0.05, 14, 1.5
_MATRIX_CALL, _MATRIX_PRODUCT, _MATRIX_COPY = 25000, 0.02, 0.3

_CHANNEL_BLOCK_PRODUCT = 0.05
"""On the same scale, beside "fourier": 128 depthwise kernels of 31 × 31 at 28² take 10.8 ms, and as
spectra 6.5, but 64 of 25 × 25 at 56² 13 and 16."""


def way_for(
    kernel: tuple[int, int, int, int],
    outputs: Pair,
    steps: Steps,
    *,
    is_new: bool = False,
    has_long_vectors: bool = HAS_AVX_512,
) -> Way:
    """Return the way that a kernel (out, in / groups, kh, kw) takes to an output of that size.

    A new kernel, which was never used before, is not prepared where that takes too long.

    >>> way_for((256, 64, 1, 1), (56, 56), Steps())
    'pointwise'
    >>> way_for((32, 32, 3, 3), (224, 224), Steps(), has_long_vectors=True)
    'large winograd'
    >>> way_for((32, 32, 3, 3), (224, 224), Steps(), has_long_vectors=False)
    'net blocks'
    >>> way_for((256, 256, 3, 3), (56, 56), Steps(dilation=(2, 2)))
    'grids'
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
        products = filters * positions * area
        if products > NET_PRODUCTS:
            return singly
        if kernel[2:] == (3, 3):
            return "net"
        is_small = positions <= MOST_CHANNEL_BLOCK_POSITIONS
        is_kept = filters * positions <= MOST_CHANNEL_BLOCK_VALUES
        is_ahead = singly == "planes" or products * _CHANNEL_BLOCK_PRODUCT < cost
        return "channel blocks" if is_small and is_kept and is_ahead else singly
    if steps.groups == 1 and steps.dilation == (1, 1) and not has_long_vectors:
        net = _by_net_of_short_vectors(kernel, outputs, steps, is_new)
        if net is not None:
            return net
    matrix: Way = "rows" if _is_for_rows(kernel, outputs, steps) else "columns"
    copies = steps.groups * (kernel_w if matrix == "rows" else area)
    per_position = area * filters * _MATRIX_PRODUCT + copies * _MATRIX_COPY
    if cost < _MATRIX_CALL + channels * positions * per_position:
        return singly
    if filters == 1 and channels >= FEWEST_TAPS_CHANNELS:
        return "taps"
    if kernel[2:] == (3, 3) and steps == ONE_BY_ONE:
        if has_long_vectors and _is_for_net_of_long_vectors(filters, channels, outputs):
            is_slow_to_prepare = is_new and filters * channels > MOST_NEW_NET_KERNELS
            return matrix if is_slow_to_prepare else "net"
        return _in_tiles(filters, channels, outputs, is_new, has_long_vectors) or matrix
    return "grids" if _is_for_grids(kernel, outputs, steps) else matrix


def _by_net_of_short_vectors(
    kernel: tuple[int, int, int, int], outputs: Pair, steps: Steps, is_new: bool
) -> Way | None:
    """Return how a net multiplies one group without dilation, if it is the fastest."""
    filters, channels, *size = kernel
    pairs, positions = filters * channels, math.prod(outputs)
    values = pairs * math.prod(size)
    is_light = values <= MOST_LIGHT_VALUES and values * positions <= MOST_LIGHT_PRODUCTS
    if is_light and filters >= FEWEST_LIGHT_FILTERS:
        return "net"
    is_tiled = size == [3, 3] and steps.stride == (1, 1) and min(outputs) >= LEAST_TILED_SIDE
    if not is_tiled or filters == 1 or channels < FEWEST_TILED_CHANNELS:
        return None
    is_heavy = pairs * 9 * positions >= FEWEST_HEAVY_PRODUCTS
    if pairs > MOST_NET_KERNELS or (is_heavy and min(filters, channels) >= FEWEST_HEAVY_MAPS):
        return None
    if is_new and pairs > MOST_NEW_NET_KERNELS_OF_SHORT:
        return None
    most_values = MOST_NET_VALUES if filters > FEW_NET_FILTERS else 2 * MOST_NET_VALUES
    if channels * positions <= most_values:
        return "net"
    return "net blocks" if pairs <= MOST_BLOCK_KERNELS else None


def _is_for_net_of_long_vectors(filters: int, channels: int, outputs: Pair) -> bool:
    """Return whether tiles of a net, which are work for its threads at once, are the fastest."""
    pairs, positions = filters * channels, math.prod(outputs)
    is_light = positions <= min(MOST_NET_POSITIONS, MOST_NET_PRODUCTS // (pairs * 9))
    has_planes = min(filters, channels) >= FEWEST_NET_PLANES and pairs < MANY_KERNELS
    return is_light and has_planes and min(outputs) >= LEAST_NET_SIDE


def _is_for_grouped_net(
    kernel: tuple[int, int, int, int], positions: int, steps: Steps, is_new: bool
) -> bool:
    """Return whether an OpenCV net is the fastest for groups of several channels each."""
    filters, channels = kernel[:2]
    has_groups = steps.groups > 1 and channels > 1 and steps.dilation == (1, 1)
    is_slow_to_prepare = is_new and filters * channels > MOST_NEW_NET_KERNELS
    is_short = filters * channels * 9 * positions <= MOST_GROUPED_PRODUCTS
    return has_groups and is_short and not is_slow_to_prepare


def _in_tiles(
    filters: int, channels: int, outputs: Pair, is_new: bool, has_long_vectors: bool
) -> Way | None:
    """Return which of our tiles multiply 3 × 3 windows, if some are faster than matrices."""
    least, pairs, positions = min(filters, channels), filters * channels, math.prod(outputs)
    is_many = pairs >= MANY_KERNELS
    few = math.prod(-(-n // TWO.outputs) for n in outputs)
    fewest = FEWEST_FEW_TILES_KERNELS if has_long_vectors else FEWEST_FEW_TILES_KERNELS_OF_SHORT
    is_few = few >= FEWEST_FEW_TILES and are_few(few, TWO, has_long_vectors=has_long_vectors)
    if is_few and pairs >= fewest:
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


def _is_for_grids(kernel: tuple[int, int, int, int], outputs: Pair, steps: Steps) -> bool:
    """Return whether dilated 3 × 3 kernels have so much to do that grids repay their copies."""
    filters, channels, *size = kernel
    if size != [3, 3] or steps.stride != (1, 1) or steps.groups > 1:
        return False
    positions = math.prod(stacked_outputs(outputs, steps.dilation))
    is_wasteful = positions > MOST_TIMES_THE_OUTPUTS * math.prod(outputs)
    products = filters * channels * 9 * positions
    is_heavy = min(filters, channels) >= FEWEST_GRID_MAPS and products >= FEWEST_GRID_PRODUCTS
    return is_heavy and not is_wasteful


def _is_for_rows(kernel: tuple[int, int, int, int], outputs: Pair, steps: Steps) -> bool:
    """Return whether gathering rows is faster than gathering windows.

    It copies less, and multiplies by matrices that are only as wide as one row.
    """
    filters, _, kernel_h, _ = kernel
    possible = steps.groups == 1 and steps.dilation[0] == 1 and kernel_h > steps.stride[0]
    return possible and (outputs[1] >= 112 or (outputs[1] >= 24 and filters <= 64))
