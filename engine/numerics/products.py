"""Products of a kernel and columns, in pieces that OpenBLAS multiplies as they lie in memory.

It copies larger matrices before it multiplies them, and writes zeros first. What has little depth
does not repay that: 64 × 64 by 64 × 3136 takes 0.54 ms where the output is not in the cache, and
0.19 in pieces of 32 filters by some hundred columns.
"""

import numpy as np
from numpy.typing import NDArray

from engine.numerics.processor import HAS_AVX_512

Array = NDArray[np.float32]

CALL_PRODUCTS = 1 << 29
"""One call multiplies at most about so many numbers: 10 ms until the next checkpoint."""

SHARED_PRODUCTS = 1 << 24
"""Fewer products than these, 0.25 ms, are not worth waking another thread for: 576 kernels of 1 × 1
on 96 maps of 14² take 0.16 ms on one, and 0.18 on two."""

UNCOPIED_PRODUCTS = 10**6 if HAS_AVX_512 else 0
"""OpenBLAS copies nothing up to so many, if it has kernels for that; pieces lose without them: 64 ×
64 by 64 × 256 is multiplied at 47 GFLOP/s, and at 78 as a whole."""

PIECE_FILTERS = 32
"""Half or twice as many differ little."""

LINE_VALUES = 16
"""Pieces begin at the lines of the cache."""

MOST_DEPTH = 144
"""Deeper matrices repay the copies: 960 × 160 by 160 × 49 takes a seventh longer in pieces."""

MOST_DEPTH_OF_PIECE = 576
"""But not where one piece has all filters and the columns are read once: 32 × 288 by 288 × 1024 is
multiplied at 181 GFLOP/s, in pieces at 244."""

FEW_FILTERS, MOST_DEPTH_OF_FEW = 16, 1024
"""So few repay them later still: 9 × 1024 by 1024 × 784 takes 219 µs and in pieces 103, but 16 ×
4608 by 4608 × 196 takes 277 and 340."""

WIDE = 64
"""Narrower rows are not worth room between them."""

MOST_COLUMN_BYTES = 1 << 21
"""Read again for each piece of filters, the columns must stay in the cache."""


def row_values(width: int) -> int:
    """Return how far apart the rows of a gathered matrix should begin, in values.

    Rows that are a power of two apart share few places of the cache and push each other out: 16 ×
    144 by 144 × 1024 is multiplied at 165 GFLOP/s, and at 240 where each begins a line later.

    >>> row_values(1024), row_values(112), row_values(28)
    (1040, 112, 28)
    """
    lines = -(-width // LINE_VALUES)
    return width if width < WIDE else (lines | 1) * LINE_VALUES


def product(kernel: Array, columns: Array, out: Array, most_depth: int = MOST_DEPTH) -> None:
    """Write kernel (..., filters, depth) × columns (..., depth, width).

    Of many filters, matrices of more than ``most_depth`` are multiplied in one piece.
    """
    (filters, depth), width = kernel.shape[-2:], columns.shape[-1]
    if filters <= PIECE_FILTERS:
        is_cut = depth <= (MOST_DEPTH_OF_FEW if filters <= FEW_FILTERS else MOST_DEPTH_OF_PIECE)
    else:
        is_cut = depth <= most_depth and 4 * depth * width <= MOST_COLUMN_BYTES
    if not is_cut or not UNCOPIED_PRODUCTS or filters * depth * width <= UNCOPIED_PRODUCTS:
        np.matmul(kernel, columns, out=out)
        return
    together = min(filters, PIECE_FILTERS)
    lines = max(1, UNCOPIED_PRODUCTS // (together * depth * LINE_VALUES))
    for some, height in _pieces(filters, together):
        for part, length in _pieces(width, lines * LINE_VALUES):
            np.matmul(
                _cut(kernel[..., some, :], height, depth),
                _cut(columns[..., part], depth, length),
                out=_cut(out[..., some, part], height, length),
            )


def _pieces(length: int, piece: int) -> list[tuple[slice, int]]:
    """Return what equal pieces cover, with their length, and the rest with its own."""
    piece = min(piece, length)
    whole = length // piece * piece
    found = [(slice(0, whole), piece), (slice(whole, length), length - whole)]
    return [(part, each) for part, each in found if each]


def _cut(matrices: Array, height: int, width: int) -> Array:
    """Return a view of matrices as (..., down, across, height, width)."""
    *many, rows, columns = matrices.shape
    shape = *many, rows // height, height, columns // width, width
    return matrices.reshape(shape, copy=False).swapaxes(-3, -2)
