"""Maps by the value of what they were computed from; the least recently used go first."""

from collections import OrderedDict
from collections.abc import Hashable
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

Maps = NDArray[np.float32]


class ValueKey:
    """What maps were computed from: a layer, its weights, and the keys of its inputs.

    Equal keys of one cache are one object, so keys are compared by identity, and a network's keys
    stay as small as its nodes however its branches join.
    """

    __slots__ = ("__weakref__", "inputs", "what")

    def __init__(self, what: Hashable, inputs: tuple["ValueKey", ...]) -> None:
        self.what = what
        self.inputs = inputs


class ResultCache:
    """Maps under their keys, bounded in bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._maps: OrderedDict[ValueKey, Maps] = OrderedDict()
        self._keys: WeakValueDictionary[tuple[Hashable, ...], ValueKey] = WeakValueDictionary()

    def key(self, what: Hashable, inputs: tuple[ValueKey, ...] = ()) -> ValueKey:
        """Return the one key of this value."""
        # A key holds its inputs, so their ids cannot be taken by others while it lives.
        signature = (what, *map(id, inputs))
        key = self._keys.get(signature)
        if key is None:
            key = self._keys[signature] = ValueKey(what, inputs)
        return key

    def get(self, key: ValueKey) -> Maps | None:
        """Return the maps under a key, if they are still here."""
        maps = self._maps.get(key)
        if maps is not None:
            self._maps.move_to_end(key)
        return maps

    def put(self, key: ValueKey, maps: Maps) -> None:
        """Keep maps; the least recently used leave until the limit holds.

        Maps that alone pass the limit are not kept.
        """
        if maps.nbytes > self.limit or key in self._maps:
            return
        self._maps[key] = maps
        self.bytes += maps.nbytes
        while self.bytes > self.limit:
            _, oldest = self._maps.popitem(last=False)
            self.bytes -= oldest.nbytes

    def clear(self) -> None:
        """Forget all maps."""
        self._maps.clear()
        self.bytes = 0
