"""Memory for maps: blocks that are used again once nobody holds the maps in them.

Fresh pages cost as much as the arithmetic that fills them, so blocks are kept. numpy makes them: it
asks Linux for pages of 2 MB, with which the first run of VGG-16 takes a quarter less than with
pages of 4 kB. A block returns only when the array over it has died, and every view keeps that array
alive: maps that someone may still hold are never written again.
"""

import weakref
from collections import defaultdict
from collections.abc import Iterable
from threading import RLock
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.shapes import Shape

Block = memoryview
_Watch: TypeAlias = "weakref.ref[NDArray[np.float32]]"

_STEP = 1 << 12
"""Blocks come in multiples of this many bytes, a page of memory."""

_MOST_TIMES = 1.25
"""A block may be so many times as large as what is kept in it: a picture of another size finds its
memory then, and the maps of ResNet-18 take 27 ms and not 34."""

_LARGE_PAGE = 1 << 21
"""Bytes of a large page of memory, which numpy asks Linux for where it asks for twice as much."""

_SLAB, _LARGEST_CUT = 5 * _LARGE_PAGE, 2 * _LARGE_PAGE
"""Smaller blocks are cut from slabs of new memory that are whole large pages: between their borders
Linux makes small ones, which take ten times as long. The first run of MobileNetV2 takes 72 ms in
small ones, 48 in slabs that begin anywhere, and 32 in these. In smaller ones more is left over: the
maps of VGG-16 take 6 MiB more in slabs of three pages."""

LINE_BYTES = 64
"""Bytes of a line of the cache."""


def aligned(size: int, border: int = LINE_BYTES) -> Block:
    """Return so many bytes of new memory that begin with a line of the cache, or another border.

    numpy begins at any 16th byte. Registers as wide as a line then cross two with every step: on
    maps that are in the cache, adding two arrays takes twice as long.
    """
    made = np.empty(size + border, dtype=np.uint8)
    start = -made.ctypes.data % border
    return made[start : start + size].data


def _new_slab() -> NDArray[np.uint8]:
    return np.frombuffer(aligned(_SLAB, _LARGE_PAGE), np.uint8)


class BlockPool:
    """Blocks by size; unused ones are kept while all together take at most ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._free: defaultdict[int, list[Block]] = defaultdict(list)
        self._free_bytes = 0
        self._used_bytes = 0
        self._used: dict[int, tuple[_Watch, Block]] = {}
        # Arrays die in whichever thread drops them last, and in one that takes a block just now.
        self._lock = RLock()
        # Where the rest of each slab begins. Held weakly: a slab goes when its last block does.
        self._rests: list[tuple[int, weakref.ref[NDArray[np.uint8]]]] = []

    def take(self, shapes: Iterable[Shape]) -> list[NDArray[np.float32]]:
        """Return float32 arrays (C, H, W) with undefined content, each over a block of its own."""
        with self._lock:
            return [self._taken(shape) for shape in shapes]

    def _taken(self, shape: Shape) -> NDArray[np.float32]:
        values = shape.values
        size = -(-4 * values // _STEP) * _STEP
        free = self._free.get(size) or self._larger_blocks(size)
        if free:
            block = free.pop()
            self._free_bytes -= block.nbytes
        else:
            self._make_room(size)
            block = self._new_block(size)
        self._used_bytes += block.nbytes
        # A base of its own: numpy makes every view hold this array, whose death ends them all. Over
        # the block's own array they would hold that one.
        root = np.frombuffer(block, np.float32, values)
        watch = weakref.ref(root, self._give_back)
        self._used[id(watch)] = watch, block
        return root.reshape(shape)

    def _larger_blocks(self, size: int) -> list[Block]:
        """Return the unused blocks of the smallest size that is not much larger, if there are."""
        fitting = [n for n, free in self._free.items() if free and size < n <= _MOST_TIMES * size]
        return self._free[min(fitting)] if fitting else []

    def _make_room(self, size: int) -> None:
        """Let unused blocks go, of the sizes that came first, until there is room for new ones."""
        # A list: what dies meanwhile may bring a size of its own.
        for kept in list(self._free):
            free = self._free[kept]
            while free and self._used_bytes + self._free_bytes + size > self.limit:
                free.pop()
                self._free_bytes -= kept

    def _new_block(self, size: int) -> Block:
        """Return new memory, cut from the smallest rest of a slab that holds it."""
        if size > _LARGEST_CUT:
            return aligned(size)
        living = [(start, slab) for start, watch in self._rests if (slab := watch()) is not None]
        holding = [rest for rest in living if rest[0] + size <= _SLAB]
        start, slab = max(holding, key=lambda rest: rest[0]) if holding else (0, _new_slab())
        rests = [rest for rest in living if rest[1] is not slab]
        rests.append((start + size, slab))
        self._rests = [(start, weakref.ref(slab)) for start, slab in rests if start < _SLAB]
        return slab.data[start : start + size]

    def _give_back(self, watch: _Watch) -> None:
        _, block = self._used.pop(id(watch))
        with self._lock:
            self._used_bytes -= block.nbytes
            if self._used_bytes + self._free_bytes + block.nbytes <= self.limit:
                self._free[block.nbytes].append(block)
                self._free_bytes += block.nbytes

    @property
    def free_bytes(self) -> int:
        """The memory of unused blocks."""
        return self._free_bytes
