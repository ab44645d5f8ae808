"""Convolution by the layer of a `cv2.dnn` net: where maps are small, nothing of ours comes near it.

The layer is asked itself: the net around it would copy what it reads and what it makes, which takes
longer than a depthwise convolution (96 maps of 112² in steps of 2: 1.1 ms with the net, 0.4 alone).
With `planes` each map is a call, and small maps are nothing but calls. With 3 × 3 kernels it knows
Winograd's tiles, F(6 × 6, 3 × 3), and transforms them in registers: up to half of our best is
spared where there are few channels or few positions (64 → 64 at 32²: 0.3 ms).

WORKAROUND opencv-python 5.0: a net dies on a stride of zero and on kernels larger than the input,
reads beyond maps that have too few channels, and converts doubles silently. The callers check all
of it (`Convolution.check`). It takes bytes that are made here, and never a file.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from engine.numerics.onnx_bytes import convolution_model
from engine.numerics.padding import padded
from engine.numerics.steps import UNPADDED, Convolution
from engine.opencv import cv2
from engine.workspace import Workspace


def by_net(work: Convolution, workspace: Workspace) -> bool:
    """Convolve with a layer that is prepared once per kernel, bias, and size of the maps.

    Returns False, with nothing written, where tiles would spread a value that is not finite.
    """
    workspace.checkpoint()
    if work.steps.groups == 1 and not math.isfinite(np.vdot(work.maps, work.maps)):
        return False
    if not _pads_rightly(work):
        work = replace(work, maps=padded(work.maps, work.sides, workspace), sides=UNPADDED)
    key = "net", work.maps.shape, work.out.shape, work.steps, work.sides, id(work.bias)
    # The entry holds the bias too, so that its id cannot be taken by another array.
    _, layer = workspace.prepared(key, work.kernel, lambda: (work.bias, _convolution_layer(work)))
    direct = work.out.flags.c_contiguous
    out = work.out if direct else workspace.scratch("net output", *work.out.shape)
    layer.run([np.ascontiguousarray(work.maps)[None]], [], [out[None]])
    if not direct:
        np.copyto(work.out, out)
    return True


def _pads_rightly(work: Convolution) -> bool:
    """Return whether a net reads nothing beyond the maps when it lays the zeros around itself."""
    kernel = work.kernel.shape[2:]
    halves = [size // 2 for size in kernel] * 2
    holds = all(size >= k for size, k in zip(work.maps.shape[1:], kernel, strict=True))
    narrow = all(side <= half for side, half in zip(work.sides, halves, strict=True))
    return not any(work.sides) or (work.steps.dilation == (1, 1) and holds and narrow)


def _convolution_layer(work: Convolution) -> Any:
    """Return the net's layer that convolves; what follows only names the output."""
    stride, dilation, groups = work.steps
    model = convolution_model(
        work.maps.shape,
        work.out.shape,
        np.ascontiguousarray(work.kernel),
        work.bias,
        work.sides,
        stride,
        dilation,
        groups,
    )
    net = cv2.dnn.readNetFromONNX(np.frombuffer(model, dtype=np.uint8))
    net.setPreferableBackend(cv2.dnn.DNN_BACKEND_OPENCV)
    return net.getLayer(net.getLayerNames()[0])
