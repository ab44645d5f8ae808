"""Layers of `cv2.dnn`, asked one by one: one pass over the maps, on OpenCV's threads.

numpy takes a pass, on one thread, for each step of a function; waking a thread of ours costs as
much as a small map. The layer is asked itself, because the net around it would copy what it reads
and what it makes. It takes maps of any size with the channels that its arrays have.

WORKAROUND opencv-python 5.0: a layer reads beyond what it was made for without a word, and some
lose NaN and infinity. The callers check both. It is made from bytes that are written here, and
never from a file.
"""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.numerics.onnx_bytes import Attribute, one_operator
from engine.numerics.parallel import in_parallel, parts
from engine.opencv import cv2
from engine.workspace import Workspace

Array = NDArray[np.float32]

SUMMED_VALUES = 1 << 21
"""From so many values on, looking at them is worth waking another thread for: 0.25 ms."""


class OpenCvLayer:
    """One operator of ONNX, with its arrays."""

    def __init__(
        self,
        operator: str,
        input_shape: tuple[int, ...] = (1, 1, 1),
        output_shape: tuple[int, ...] = (1, 1, 1),
        arrays: Mapping[str, Array] | None = None,
        **attributes: Attribute,
    ) -> None:
        model = one_operator(operator, input_shape, output_shape, arrays or {}, attributes)
        net = cv2.dnn.readNetFromONNX(np.frombuffer(model, dtype=np.uint8))
        net.setPreferableBackend(cv2.dnn.DNN_BACKEND_OPENCV)
        # What follows it only names the output.
        self._layer: Any = net.getLayer(net.getLayerNames()[0])

    def run(self, maps: Array, out: Array) -> None:
        """Write into ``out``, which is contiguous; both have three axes.

        With fewer, OpenCV takes the last one for channels.
        """
        # WORKAROUND opencv-python 5.0: of maps that are not, a layer may read other values.
        self._layer.run([np.ascontiguousarray(maps)[None]], [], [out[None]])


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
