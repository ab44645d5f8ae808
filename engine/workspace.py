"""Scratch memory and prepared weights for the arithmetic of layers, and its cancellation.

One workspace serves one evaluation at a time. What it holds belongs to it and is written again by
the next layer; nothing that a person may see lives here.
"""

import math
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.blocks import aligned
from engine.problems import CancelledError

T = TypeVar("T")

PREPARED_LIMIT = 256
"""How many prepared kernels are kept, the least recently used going first."""

PREPARED_BYTES = 512 << 20
"""And how much memory they may take."""


def _never() -> bool:
    return False


class Workspace:
    """Buffers that layers fill and forget, and things derived from weights that they keep."""

    def __init__(self, cancelled: Callable[[], bool] = _never) -> None:
        self.cancelled = cancelled
        self.put_off = False
        """Whether a kernel was used as it is because it was new, though preparing it pays from the
        second use on; who computes a layer sets it to False before."""
        self._buffers: dict[str, NDArray[np.float32]] = {}
        self._prepared: OrderedDict[tuple[Any, ...], tuple[Any, Any]] = OrderedDict()
        self._prepared_bytes = 0
        self._known: dict[int, weakref.ref[NDArray[Any]]] = {}
        self._shares: list[Workspace] = []

    def share(self, number: int) -> "Workspace":
        """Return the workspace of a thread that helps, with buffers of its own."""
        while len(self._shares) <= number:
            self._shares.append(Workspace(lambda: self.cancelled()))
        return self._shares[number]

    def scratch(self, name: str, *shape: int) -> NDArray[np.float32]:
        """Return a float32 buffer with undefined content, the same memory for the same name."""
        count = math.prod(shape)
        buffer = self._buffers.get(name)
        if buffer is None or buffer.size < count:
            self._buffers[name] = buffer = np.frombuffer(aligned(4 * count), np.float32)
        return buffer[:count].reshape(shape)

    def prepared(
        self, key: tuple[Any, ...], source: NDArray[Any] | None, make: Callable[[], T]
    ) -> T:
        """Return what ``make`` derives from ``source``, made once per key and source array.

        Without a source, the key says all.
        """
        full_key = (*key, id(source))
        found = self._prepared.get(full_key)
        # The entry holds the source itself, so that its id cannot be taken by another array.
        if found is None:
            found = self._prepared[full_key] = (source, make())
            self._prepared_bytes += _bytes(*found)
            while len(self._prepared) > 1 and (
                len(self._prepared) > PREPARED_LIMIT or self._prepared_bytes > PREPARED_BYTES
            ):
                _, oldest = self._prepared.popitem(last=False)
                self._prepared_bytes -= _bytes(*oldest)
        else:
            self._prepared.move_to_end(full_key)
        made: T = found[1]
        return made

    def forget(self) -> None:
        """Let go of what was prepared."""
        self._prepared.clear()
        self._prepared_bytes = 0
        for share in self._shares:
            share.forget()

    def is_known(self, source: NDArray[Any]) -> bool:
        """Return whether this array was asked about before, and remember it as long as it lives.

        What is made of an array pays from its second use on: while a person drags the number of
        filters, every kernel is used once.
        """
        key = id(source)
        if key in self._known:
            return True
        # Its death comes before another array can take its id.
        self._known[key] = weakref.ref(source, lambda _: self._known.pop(key))
        return False

    def checkpoint(self) -> None:
        """Give up if the work was abandoned; called between blocks of at most some 20 ms.

        Raises:
            CancelledError: when a newer request replaced this one.
        """
        if self.cancelled():
            raise CancelledError("The computation was replaced by a newer one.")

    def prepared_bytes(self) -> int:
        """Return the memory of what is prepared, that of the threads that help included."""
        return self._prepared_bytes + sum(share.prepared_bytes() for share in self._shares)

    def bytes(self) -> int:
        """Return the memory of the scratch buffers."""
        own = sum(buffer.nbytes for buffer in self._buffers.values())
        return own + sum(share.bytes() for share in self._shares)


def _bytes(source: NDArray[Any] | None, made: object) -> int:
    """Return what a prepared kernel takes; an OpenCV net turns 9 values into 64 at most."""
    if isinstance(made, np.ndarray):
        return made.nbytes
    return 0 if source is None else 64 * source.nbytes // 9
