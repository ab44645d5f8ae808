"""Convolution by a `cv2.dnn` net: where maps are small, nothing of ours comes near it.

Depthwise it takes half of the time of `matrices.by_columns` at 56², a third at 14² (384 maps: 0.09
ms and 0.28); with `planes` each map is a call, and small maps are nothing but calls. With 3 × 3
kernels it knows Winograd's tiles, F(6 × 6, 3 × 3), and transforms them in registers: up to half of
our best is spared where there are few channels or few positions (64 → 64 at 32²: 0.9 ms and 1.4).
On larger maps it loses that, because it copies what it reads and what it makes: 8 → 8 at 256² takes
3.5 ms within a network, and 2.2 by rows; in strips of 1024² it is as fast as the rows.

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
    """Convolve with a net that is prepared once per kernel, bias, and size of the maps.

    Returns False, with nothing written, where tiles would spread a value that is not finite.
    """
    workspace.checkpoint()
    if work.steps.groups == 1 and not math.isfinite(np.vdot(work.maps, work.maps)):
        return False
    if not _pads_rightly(work):
        work = replace(work, maps=padded(work.maps, work.sides, workspace), sides=UNPADDED)
    key = "net", work.maps.shape, work.out.shape, work.steps, work.sides, id(work.bias)
    # The entry holds the bias too, so that its id cannot be taken by another array.
    _, net, name = workspace.prepared(key, work.kernel, lambda: (work.bias, *_net(work)))
    net.setInput(np.ascontiguousarray(work.maps)[None])
    if work.out.flags.c_contiguous:
        net.forward([name], [work.out[None]])
    else:
        np.copyto(work.out, net.forward([name])[0][0])
    return True


def _pads_rightly(work: Convolution) -> bool:
    """Return whether a net reads nothing beyond the maps when it lays the zeros around itself."""
    kernel = work.kernel.shape[2:]
    halves = [size // 2 for size in kernel] * 2
    holds = all(size >= k for size, k in zip(work.maps.shape[1:], kernel, strict=True))
    narrow = all(side <= half for side, half in zip(work.sides, halves, strict=True))
    return not any(work.sides) or (work.steps.dilation == (1, 1) and holds and narrow)


def _net(work: Convolution) -> tuple[Any, str]:
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
    (name,) = net.getUnconnectedOutLayersNames()
    return net, name
