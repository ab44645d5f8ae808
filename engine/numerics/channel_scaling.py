"""Maps times a factor, and an offset, by the newer engine of `cv2.dnn`: one of each per channel.

Its batch normalization is a single loop, where a layer of the older one makes a call for each map:
576 of 14 × 14 take 0.023 ms, and 0.070.

WORKAROUND opencv-python 5.0: the layer asks its net for the order of axes without a look whether
there is one. Made by its name, as others are (`opencv_layers`), it ends the program; so the newer
engine reads it as a model, and the net is held.
"""

import numpy as np
from numpy.typing import NDArray

from engine.numerics.onnx_bytes import one_operator
from engine.numerics.opencv_layers import OpenCvLayer
from engine.opencv import cv2

Array = NDArray[np.float32]

_EPSILON = np.float32(1e-5)
"""What the operator adds to each variance."""


class ChannelScaling(OpenCvLayer):
    """Asked with maps and the rows of `coefficients`, it writes maps · factor + offset.

    It takes any number of maps of any size.
    """

    def __init__(self) -> None:
        one = dict.fromkeys(("factor", "offset", "mean", "variance"), (1,))
        shape = 1, 1, 1, 1
        model = one_operator("BatchNormalization", {"maps": shape, **one}, shape, {})
        self._net = cv2.dnn.readNetFromONNX(
            np.frombuffer(model, np.uint8), engine=cv2.dnn.ENGINE_NEW
        )
        self._layer = self._net.getLayer(0)


def coefficients(factor: NDArray[np.float64], offset: NDArray[np.float64]) -> Array:
    """Return finite factors and offsets (C,) as the four rows that a `ChannelScaling` reads.

    The means are zero, and the variances what makes a deviation of one.
    """
    rows = np.empty((4, len(factor)), dtype=np.float32)
    rows[0], rows[1], rows[2], rows[3] = factor, offset, 0, np.float32(1) - _EPSILON
    return rows
