"""Depthwise convolution by a `cv2.dnn` net, the one case where nothing of ours comes near it.

Half of the time of `matrices.by_columns` at 56², a third at 14² (384 maps: 0.09 ms and 0.28); with
`planes` each map is a call, and small maps are nothing but calls.

WORKAROUND opencv-python 5.0: a net dies on a stride of zero and on kernels larger than the input,
reads beyond maps that have too few channels, and converts doubles silently. The callers check all
of it (`Convolution.check`). It takes bytes that are made here, and never a file.
"""

from typing import Any

import numpy as np

from engine.numerics.onnx_bytes import convolution_model
from engine.numerics.steps import Convolution
from engine.opencv import cv2
from engine.workspace import Workspace


def by_net(work: Convolution, workspace: Workspace) -> None:
    """Convolve with a net that is prepared once per kernel, bias, and size of the maps."""
    workspace.checkpoint()
    key = "net", work.maps.shape, work.out.shape, work.steps, work.sides, id(work.bias)
    # The entry holds the bias too, so that its id cannot be taken by another array.
    _, net, name = workspace.prepared(key, work.kernel, lambda: (work.bias, *_net(work)))
    net.setInput(np.ascontiguousarray(work.maps)[None])
    if work.out.flags.c_contiguous:
        net.forward([name], [work.out[None]])
    else:
        np.copyto(work.out, net.forward([name])[0][0])


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
