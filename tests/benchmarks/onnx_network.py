"""A network of ours as an ONNX graph whose outputs are the maps of all layers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from engine.analysis import LayerAnalysis
from engine.layer import WeightArrays
from engine.network import INPUT_ID
from tests.benchmarks.networks import Work

Attributes = dict[str, Any]


class OnnxNetwork:
    """Computes all maps of a work with ONNX Runtime."""

    def __init__(self, work: Work, weights: dict[str, WeightArrays]) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            _graph(work, weights), options, providers=["CPUExecutionProvider"]
        )
        self._names = [node.id for node in work.network.nodes[1:]]
        self._feed = {INPUT_ID: work.picture[None].copy()}

    def run(self) -> list[np.ndarray]:
        """Compute every map."""
        maps: list[np.ndarray] = self._session.run(self._names, self._feed)
        return maps

    def arrays(self, maps: list[np.ndarray]) -> dict[str, np.ndarray]:
        """Return maps by layer."""
        return {name: array[0] for name, array in zip(self._names, maps, strict=True)}


def _graph(work: Work, weights: dict[str, WeightArrays]) -> bytes:
    nodes, constants = [], []
    for node in work.network.nodes[1:]:
        facts = work.analysis[node.id]
        operator, arrays, attributes = _OPERATORS[node.layer.kind.id]
        given = {**weights[node.id], **_LIMITS.get(node.layer.kind.id, {})}
        present = [name for name in arrays if name in given]
        constants += [
            numpy_helper.from_array(np.asarray(given[name]), f"{node.id}/{name}")
            for name in present
        ]
        if operator == "Gemm":
            # Ours keeps a vector as maps of 1 × 1.
            nodes.append(helper.make_node("Flatten", node.inputs, [f"{node.id}/flat"]))
            inputs, made = [f"{node.id}/flat"], f"{node.id}/made"
        else:
            inputs, made = list(node.inputs), node.id
        inputs += [f"{node.id}/{name}" for name in present]
        if operator == "Flatten":
            made = f"{node.id}/made"
        nodes.append(helper.make_node(operator, inputs, [made], **attributes(node.layer, facts)))
        if made != node.id:
            shape = f"{node.id}/shape"
            constants.append(numpy_helper.from_array(np.array([1, -1, 1, 1]), shape))
            nodes.append(helper.make_node("Reshape", [made, shape], [node.id]))
    graph = helper.make_graph(
        nodes,
        "maps",
        [helper.make_tensor_value_info(INPUT_ID, TensorProto.FLOAT, [1, *work.picture.shape])],
        [
            helper.make_tensor_value_info(node.id, TensorProto.FLOAT, None)
            for node in work.network.nodes[1:]
        ],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    encoded: bytes = model.SerializeToString()
    return encoded


_LIMITS = {"relu6": {"low": np.float32(0), "high": np.float32(6)}}


def _convolution(layer: Any, facts: LayerAnalysis) -> Attributes:
    assert facts.facts is not None
    return {
        "strides": layer.stride,
        "pads": facts.facts.padding,
        "dilations": layer.dilation,
        "group": getattr(layer, "groups", facts.input_shapes[0].channels),
    }


def _window(layer: Any, facts: LayerAnalysis) -> Attributes:
    assert facts.facts is not None
    return {
        "kernel_shape": layer.kernel_size,
        "strides": layer.stride or layer.kernel_size,
        "pads": facts.facts.padding,
    }


def _no_attributes(layer: Any, facts: LayerAnalysis) -> Attributes:
    return {}


_OPERATORS: dict[str, tuple[str, tuple[str, ...], Callable[[Any, LayerAnalysis], Attributes]]] = {
    "conv2d": ("Conv", ("kernel", "bias"), _convolution),
    "depthwise_conv2d": ("Conv", ("kernel", "bias"), _convolution),
    "conv_transpose2d": (
        "ConvTranspose",
        ("kernel", "bias"),
        lambda layer, facts: {"strides": layer.stride},
    ),
    "max_pool2d": ("MaxPool", (), _window),
    "average_pool2d": ("AveragePool", (), _window),
    "global_average_pool2d": ("GlobalAveragePool", (), _no_attributes),
    "batch_norm2d": (
        "BatchNormalization",
        ("scale", "shift", "mean", "variance"),
        lambda layer, facts: {"epsilon": layer.epsilon},
    ),
    "dense": ("Gemm", ("kernel", "bias"), lambda layer, facts: {"transB": 1}),
    "relu": ("Relu", (), _no_attributes),
    "relu6": ("Clip", ("low", "high"), _no_attributes),
    "tanh": ("Tanh", (), _no_attributes),
    "sigmoid": ("Sigmoid", (), _no_attributes),
    "softmax": ("Softmax", (), lambda layer, facts: {"axis": 1}),
    "dropout": ("Identity", (), _no_attributes),
    "add": ("Add", (), _no_attributes),
    "concatenate": ("Concat", (), lambda layer, facts: {"axis": 1}),
    "flatten": ("Flatten", (), _no_attributes),
}
