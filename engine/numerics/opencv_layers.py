"""Layers of `cv2.dnn`, asked one by one: one pass over the maps, on OpenCV's threads.

numpy takes a pass, on one thread, for each step of a function; waking a thread of ours costs as
much as a small map. The layer is asked itself, because the net around it would copy what it reads
and what it makes. It is made in some 10 µs, where a net takes a fifth of a millisecond to be read,
and takes maps of any size with the channels that its arrays have.

WORKAROUND opencv-python 5.0: a layer reads beyond what it was made for without a word, and some
lose NaN and infinity. The callers check both.
"""

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.numerics.parallel import in_parallel, parts
from engine.opencv import cv2
from engine.workspace import Workspace

Array: TypeAlias = NDArray[np.float32]
Setting: TypeAlias = bool | int | float | str

SUMMED_VALUES = 1 << 21
"""From so many values on, looking at them is worth waking another thread for: 0.25 ms."""


class OpenCvLayer:
    """An operator by the name that it has in `cv2.dnn`, with the arrays that it needs."""

    def __init__(self, operator: str, *arrays: Array, **settings: Setting) -> None:
        net = cv2.dnn.Net()
        self._layer: Any = net.getLayer(net.addLayer("layer", operator, cv2.CV_32F, dict(settings)))
        self._layer.blobs = arrays

    def run(self, out: Array, *inputs: Array) -> None:
        """Write into ``out``, which is contiguous, what the operator makes of the inputs."""
        # WORKAROUND opencv-python 5.0: of inputs that are not, a layer may read other values.
        read = [_with_channels(np.ascontiguousarray(each)) for each in inputs]
        self._layer.run(read, [], [_with_channels(out)])


def _with_channels(maps: Array) -> Array:
    """Return maps with a batch before them: of three axes OpenCV takes the last for channels."""
    return maps[None] if maps.ndim == 3 else maps


def all_finite(values: Array, workspace: Workspace) -> bool:
    """Return whether no value is infinite or no number; values above 10¹⁹ count as infinite."""
    flat = values.reshape(-1)
    if flat.size < SUMMED_VALUES:
        return math.isfinite(np.vdot(flat, flat))
    found = []

    def look(part: slice, mine: Workspace) -> None:
        mine.checkpoint()
        found.append(math.isfinite(np.vdot(flat[part], flat[part])))

    in_parallel(parts(flat.size, 2 * -(-flat.size // (2 * SUMMED_VALUES))), look, workspace)
    return all(found)
