"""Running a layer's code in other dialects: what `engine.spelling` writes, carried out for real.

Only ``record_spellings`` imports this, with the frameworks installed: tests never need them.
"""

import os

# Before keras is imported. On its torch backend some layers are wrong.
os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional

VERSIONS = {
    "keras": f"Keras {keras.__version__} on jax",
    "torch": f"PyTorch {torch.__version__}",
    "onnx": f"ONNX Runtime {onnxruntime.__version__}, opset 21",
}

_INPUT_WORDS = {
    "Pad": ("pads", "constant_value"),
    "Slice": ("starts", "ends", "axes"),
    "Resize": ("", "scales", "sizes"),
    "Reshape": ("shape",),
}
"""What ONNX' operators take as further inputs and not as attributes."""


def names(inputs):
    return ["x"] if len(inputs) == 1 else [f"x{number}" for number in range(1, len(inputs) + 1)]


def as_vector(array, kind):
    """A dense layer takes N × values; everything else 1 × 1 × values, as here."""
    return array.reshape(-1) if kind == "dense" else array


def from_maps(out):
    """The result without its batch, (C, H, W); a vector is n × 1 × 1."""
    return out.reshape(-1, 1, 1) if out.ndim == 1 else out


def run_keras(code, kind, inputs, weights):
    arrays = [as_vector(a, kind) for a in inputs]
    arrays = [a.transpose(1, 2, 0) if a.ndim == 3 else a for a in arrays]
    symbols = [keras.Input(a.shape) for a in arrays]
    known = {
        "keras": keras,
        "layers": keras.layers,
        **dict(zip(names(inputs), symbols, strict=True)),
    }
    made = eval(code, known)
    result = made(symbols[0]) if isinstance(made, keras.layers.Layer) else made
    model = keras.Model(symbols if len(symbols) > 1 else symbols[0], result)
    channels = inputs[0].shape[0]
    stored = [in_keras_order(kind, name, array, channels) for name, array in weights.items()]
    assert [w.shape for w in model.weights] == [a.shape for a in stored], (code, model.weights)
    model.set_weights(stored)
    given = [a[None] for a in arrays]
    out = np.asarray(model(given if len(given) > 1 else given[0], training=False))[0]
    return from_maps(out.transpose(2, 0, 1) if out.ndim == 3 else out)


def in_keras_order(kind, name, array, channels):
    """An array of weights as Keras stores it."""
    if name == "depthwise_kernel" or (kind == "depthwise_conv2d" and name == "kernel"):
        return array.reshape(channels, -1, *array.shape[2:]).transpose(2, 3, 0, 1)
    if name.endswith("kernel") and array.ndim == 4:
        return array.transpose(2, 3, 1, 0)
    if name == "kernel":
        return array.T
    if array.ndim == 3:
        return array.transpose(1, 2, 0)
    return array[None, None] if kind == "prelu" else array


def run_torch(code, kind, inputs, weights):
    tensors = [torch.from_numpy(as_vector(a, kind)[None].copy()) for a in inputs]
    known = {"torch": torch, "nn": nn, "F": functional}
    known |= dict(zip(names(inputs), tensors, strict=True))
    known |= {name: torch.from_numpy(array.copy()) for name, array in weights.items()}
    made = eval(code, known)
    if isinstance(made, nn.Module):
        made.eval()
        slots = [v for k, v in made.state_dict().items() if not k.endswith("num_batches_tracked")]
        assert [tuple(v.shape) for v in slots] == [a.shape for a in weights.values()], code
        for slot, array in zip(slots, weights.values(), strict=True):
            slot.copy_(torch.from_numpy(array.copy()))
        made = made(tensors[0])
    return from_maps(made.detach().numpy()[0])


class Graph:
    """Nodes that the calls of operators make, evaluated as Python code."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, value):
        array = np.asarray(value, np.int64 if np.asarray(value).dtype.kind == "i" else np.float32)
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def operator(self, kind):
        def called(*values, **words):
            inputs = [v if isinstance(v, str) else self.constant(np.float32(v)) for v in values]
            inputs += [
                self.constant(words.pop(word)) if word in words else ""
                for word in _INPUT_WORDS.get(kind, ())
            ]
            while inputs and not inputs[-1]:
                inputs.pop()
            result = f"n{len(self.nodes)}"
            self.nodes.append(helper.make_node(kind, inputs, [result], **words))
            return result

        return called


class Operators(dict):
    """Names in the code: those that are given, and operators."""

    def __init__(self, graph, known):
        super().__init__(known)
        self.graph = graph

    def __missing__(self, name):
        return self.graph.operator(name)


def run_onnx(code, kind, inputs, weights):
    graph = Graph()
    arrays = dict(zip(names(inputs), (as_vector(a, kind)[None] for a in inputs), strict=True))
    arrays |= weights
    if "slope" in arrays:
        arrays["slope"] = arrays["slope"].reshape(-1, 1, 1)
    whole = inputs[0].shape if "axis=1" in code else inputs[0].shape[:1]
    arrays |= {"ones": np.ones(whole, np.float32), "zeros": np.zeros(whole, np.float32)}
    known = {name: name for name in arrays} | {"N": 1, "C": inputs[0].shape[0]}
    last = eval(code, {"__builtins__": {}}, Operators(graph, known))
    used = {name for node in graph.nodes for name in node.input}
    arrays = {name: array for name, array in arrays.items() if name in used}
    values = [
        helper.make_tensor_value_info(n, TensorProto.FLOAT, a.shape) for n, a in arrays.items()
    ]
    output = helper.make_tensor_value_info(last, TensorProto.FLOAT, None)
    made = helper.make_graph(graph.nodes, "one", values, [output], graph.constants)
    opset = helper.make_opsetid("", 21)
    model = helper.make_model(made, opset_imports=[opset], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return from_maps(session.run(None, arrays)[0][0])


RUN = {"keras": run_keras, "torch": run_torch, "onnx": run_onnx}
