"""The frameworks that vectors are recorded from, applied to maps of this project's layout.

Only the scripts ``record_*.py`` import this: tests never need a framework.
"""

import os

# Before keras is imported. On its torch backend some layers are wrong.
os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
import onnxruntime
import torch
from onnx import TensorProto, helper

from tests.vectors.recording import Vector

TORCH = f"PyTorch {torch.__version__}"
KERAS = f"Keras {keras.__version__} on jax"
ONNX = f"ONNX Runtime {onnxruntime.__version__}"


def by_torch(call, function, settings, x, weights=None):
    out = function(torch.from_numpy(x)[None])[0].numpy()
    return Vector(TORCH, call, settings, (x,), out, weights or {})


def by_keras(call, layer, settings, x, weights=None):
    """A layer applied to H × W × C."""
    out = np.asarray(layer(x.transpose(1, 2, 0)[None])[0]).transpose(2, 0, 1)
    return Vector(KERAS, call, settings, (x,), out, weights or {})


def by_onnx(operator, attributes, settings, x, weights=None):
    """An operator whose inputs are the maps and then the weights."""
    arrays = {"x": x[None], **(weights or {})}
    node = helper.make_node(operator, list(arrays), ["y"], **attributes)
    inputs = [
        helper.make_tensor_value_info(n, TensorProto.FLOAT, a.shape) for n, a in arrays.items()
    ]
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "one", inputs, [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    (out,) = session.run(None, arrays)
    return Vector(ONNX, f"{operator}-18 {attributes}", settings, (x,), out[0], weights or {})


def built(layer, x, arrays):
    """A Keras layer for such an input, with its weights in Keras' order."""
    layer.build((None, *x.shape[1:], x.shape[0]))
    layer.set_weights(arrays)
    return layer


def tensors(arrays):
    return [torch.from_numpy(array) for array in arrays]


__all__ = [
    "KERAS",
    "ONNX",
    "TORCH",
    "built",
    "by_keras",
    "by_onnx",
    "by_torch",
    "keras",
    "tensors",
    "torch",
]
