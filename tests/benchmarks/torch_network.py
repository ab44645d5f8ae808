"""A network of ours as PyTorch operations that keep every map."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as functional
from torch import Tensor

from engine.analysis import LayerAnalysis
from engine.layer import WeightArrays
from engine.network import INPUT_ID
from tests.benchmarks.networks import Work

Step = Callable[..., Tensor]


class TorchNetwork:
    """Computes all maps of a work, in one layout of memory: "first" or "last" for channels."""

    def __init__(self, work: Work, weights: dict[str, WeightArrays], layout: str) -> None:
        torch.set_num_threads(2)
        self._format = torch.channels_last if layout == "last" else torch.contiguous_format
        self._picture = self._tensor(work.picture[None])
        self._steps: list[tuple[str, tuple[str, ...], Step]] = []
        for node in work.network.nodes[1:]:
            arrays = {name: self._tensor(array) for name, array in weights[node.id].items()}
            step = _STEPS[node.layer.kind.id](node.layer, work.analysis[node.id], arrays)
            self._steps.append((node.id, node.inputs, step))

    def run(self) -> dict[str, Tensor]:
        """Compute every map and keep it."""
        maps = {INPUT_ID: self._picture}
        with torch.inference_mode():
            for node_id, inputs, step in self._steps:
                maps[node_id] = step(*(maps[source] for source in inputs))
        return maps

    @staticmethod
    def arrays(maps: dict[str, Tensor]) -> dict[str, np.ndarray]:
        """Return maps as numpy arrays of one picture."""
        return {node_id: tensor.numpy()[0] for node_id, tensor in maps.items()}

    def _tensor(self, array: np.ndarray) -> Tensor:
        tensor = torch.from_numpy(array.copy())
        return tensor.contiguous(memory_format=self._format) if array.ndim == 4 else tensor


def _symmetric(facts: LayerAnalysis) -> tuple[int, int]:
    assert facts.facts is not None
    top, left, bottom, right = facts.facts.padding
    if (top, left) != (bottom, right):
        raise ValueError(f"{facts.node.id}: the same padding at both sides is expected")
    return top, left


def _convolution(layer: Any, facts: LayerAnalysis, arrays: dict[str, Tensor]) -> Step:
    padding = _symmetric(facts)
    groups = getattr(layer, "groups", facts.input_shapes[0].channels)
    kernel, bias = arrays["kernel"], arrays.get("bias")
    return lambda x: functional.conv2d(
        x, kernel, bias, layer.stride, padding, layer.dilation, groups
    )


def _transposed(layer: Any, facts: LayerAnalysis, arrays: dict[str, Tensor]) -> Step:
    if layer.kernel_size != layer.stride:
        raise ValueError(f"{facts.node.id}: kernels beside each other are expected")
    kernel, bias = arrays["kernel"], arrays.get("bias")
    return lambda x: functional.conv_transpose2d(x, kernel, bias, layer.stride)


def _max_pool(layer: Any, facts: LayerAnalysis, arrays: dict[str, Tensor]) -> Step:
    padding = _symmetric(facts)
    return lambda x: functional.max_pool2d(
        x, layer.kernel_size, layer.stride, padding, ceil_mode=layer.ceil_mode
    )


def _batch_norm(layer: Any, facts: LayerAnalysis, arrays: dict[str, Tensor]) -> Step:
    return lambda x: functional.batch_norm(
        x, arrays["mean"], arrays["variance"], arrays.get("scale"), arrays.get("shift"),
        eps=layer.epsilon,
    )  # fmt: skip


def _dense(layer: Any, facts: LayerAnalysis, arrays: dict[str, Tensor]) -> Step:
    return lambda x: functional.linear(x[:, :, 0, 0], arrays["kernel"], arrays.get("bias"))[
        :, :, None, None
    ]


def _plain(function: Step) -> Callable[[Any, LayerAnalysis, dict[str, Tensor]], Step]:
    return lambda layer, facts, arrays: function


_STEPS: dict[str, Callable[[Any, LayerAnalysis, dict[str, Tensor]], Step]] = {
    "conv2d": _convolution,
    "depthwise_conv2d": _convolution,
    "conv_transpose2d": _transposed,
    "max_pool2d": _max_pool,
    "average_pool2d": lambda layer, facts, arrays: (
        lambda x: functional.avg_pool2d(x, layer.kernel_size, layer.stride)
    ),
    "global_average_pool2d": _plain(lambda x: functional.adaptive_avg_pool2d(x, 1)),
    "batch_norm2d": _batch_norm,
    "dense": _dense,
    "relu": _plain(functional.relu),
    "relu6": _plain(functional.relu6),
    "tanh": _plain(torch.tanh),
    "sigmoid": _plain(torch.sigmoid),
    "softmax": _plain(lambda x: torch.softmax(x, 1)),
    "dropout": _plain(lambda x: x),
    "add": _plain(torch.add),
    "concatenate": _plain(lambda *x: torch.cat(x, 1)),
    "flatten": _plain(lambda x: x.flatten(1)[:, :, None, None]),
}
