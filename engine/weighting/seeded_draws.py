"""Random weights that are the same, bit for bit, on every machine and for ever.

Philox gives integers; the way from them to float32 is exact but for one rounding, so no library's
idea of a distribution takes part. Each filter has its own stretch of the random sequence, filled
channel by channel: more filters change no other, and more channels change no earlier one.
"""

import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

BLOCK_WORDS = 1 << 16
"""Random integers, of two values each, between two calls of ``checkpoint``: about 1 ms."""


def draw_uniform(
    seed: int,
    name: str,
    filters: int,
    count: int,
    bound: float,
    checkpoint: Callable[[], None],
    first_filter: int = 0,
) -> NDArray[np.float32]:
    """Return (filters, count) values drawn evenly from −bound up to and without bound.

    Args:
        seed: which sequence.
        name: of the tensor; each has a sequence of its own.
        filters: how many rows.
        count: values of a row.
        bound: the largest magnitude.
        checkpoint: called between blocks; it may raise to give up.
        first_filter: the number of the filter that gets the first row.
    """
    drawn = np.empty((filters, count), np.float32)
    words = -(-count // 2)
    rows = max(1, BLOCK_WORDS // max(words, 1))
    raw = np.empty((min(rows, filters), words), "<u8")
    generator = np.random.Philox(key=_key(seed, name))
    state = generator.state
    # A power of two times the bound: the product below is the only rounding.
    scale = np.float32(bound) * np.float32(2.0**-23)
    for first in range(0, filters, rows):
        checkpoint()
        block = drawn[first : first + rows]
        for row in range(len(block)):
            # Filter f begins f · 2¹²⁸ positions into the sequence. Setting the state is twenty
            # times as fast as a new generator.
            state["state"]["counter"][2] = first_filter + first + row
            generator.state = state
            raw[row] = generator.random_raw(words)
        # The upper 24 bits of each half, the lower half first, shifted to be signed.
        integers = (raw.view("<u4")[: len(block), :count] >> np.uint32(8)).astype(np.int32)
        integers -= 1 << 23
        block[...] = integers
        block *= scale
    return drawn


def _key(seed: int, name: str) -> int:
    digest = hashlib.sha256(f"weights {seed} {name}".encode()).digest()
    return int.from_bytes(digest[:16], "little")
