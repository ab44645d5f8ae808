"""Memory for maps: blocks that are used again once nobody holds the maps in them.

Fresh pages cost as much as the arithmetic that fills them, so blocks are kept. numpy makes them: it
asks Linux for pages of 2 MB, with which the first run of VGG-16 takes a quarter less than with
pages of 4 kB. A block returns only when the array over it has died, and every view keeps that array
alive: maps that someone may still hold are never written again.
"""

import weakref
from collections import defaultdict
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from engine.shapes import Shape

Block = NDArray[np.uint8]

_STEP = 1 << 16
"""Blocks come in multiples of this many bytes, so that nearly equal sizes share them."""


class BlockPool:
    """Blocks by size; unused ones are kept while all together take at most ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._free: defaultdict[int, list[Block]] = defaultdict(list)
        self._free_bytes = 0
        self._used_bytes = 0
        self._lock = Lock()  # arrays die in whichever thread drops them last

    def take(self, shape: Shape) -> NDArray[np.float32]:
        """Return a float32 array (C, H, W) with undefined content, over a block of its own."""
        size = -(-shape.bytes // _STEP) * _STEP
        with self._lock:
            blocks = self._free[size]
            block = blocks.pop() if blocks else None
            if block is not None:
                self._free_bytes -= size
            self._used_bytes += size
        if block is None:
            block = np.empty(size, dtype=np.uint8)
        # A base of its own: numpy makes every view point to this array, whose death ends them all.
        # Over the block itself they would point to the block.
        root = np.frombuffer(block.data, dtype=np.float32)
        weakref.finalize(root, self._give_back, block)
        return root[: shape.values].reshape(shape)

    def _give_back(self, block: Block) -> None:
        with self._lock:
            self._used_bytes -= block.nbytes
            if self._used_bytes + self._free_bytes + block.nbytes <= self.limit:
                self._free[block.nbytes].append(block)
                self._free_bytes += block.nbytes

    @property
    def free_bytes(self) -> int:
        """The memory of unused blocks."""
        return self._free_bytes
