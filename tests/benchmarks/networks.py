"""What is computed: networks without their preprocessing, and the maps that go in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, analyze
from engine.api import make_layer, sequential
from engine.network import Network
from engine.saving.examples import open_example
from engine.shapes import Shape

Maps = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Work:
    """A network, its analysis for the picture, and the picture's maps.

    ``edit`` makes the network that this engine has computed before, of which the opponents know
    nothing: what remains is timed beside their whole run.
    """

    title: str
    network: Network
    analysis: Analysis
    picture: Maps
    edit: Callable[[Network], Network] | None = None


def work(name: str) -> Work:
    """Return the work of that name."""
    title, make = WORKS[name]
    network, shape = make()
    # Smooth values of both signs, as pictures have after their preprocessing.
    picture = np.random.default_rng(4).uniform(-1, 1, shape).astype(np.float32)
    picture.setflags(write=False)
    analysis = analyze(network, shape)
    if analysis.problems:
        raise ValueError(f"{name}: {analysis.problems}")
    return Work(title, network, analysis, picture, EDITS.get(name))


def _example(name: str, shape: Shape) -> Callable[[], tuple[Network, Shape]]:
    def make() -> tuple[Network, Shape]:
        network = open_example(name).network
        for node in network.nodes:
            if node.layer.kind.id == "preprocess":
                network = network.remove(node.id)
        return network, shape

    return make


def chain(*settings: Mapping[str, Any]) -> Network:
    """Return convolutions that follow each other."""
    return sequential([make_layer("conv2d", values) for values in settings])


def _five_layers(side: int = 1024) -> tuple[Network, Shape]:
    filters = (16, 16, 32, 32, 64)
    layers = ({"out_channels": n, "kernel_size": 3, "padding": "same"} for n in filters)
    return chain(*layers), Shape(3, side, side)


def _large_kernel() -> tuple[Network, Shape]:
    return chain({"out_channels": 1, "kernel_size": 31, "padding": "same"}), Shape(1, 512, 512)


def _wide_layer() -> tuple[Network, Shape]:
    layer = {"out_channels": 256, "kernel_size": 3, "padding": "same"}
    return chain(layer), Shape(256, 56, 56)


def _with_other_setting(network: Network) -> Network:
    """Dilate the seventh of thirteen convolutions."""
    layer = network.node("block3_conv3").layer
    return network.with_layer("block3_conv3", layer.replace(dilation=2))


def _with_other_number(network: Network) -> Network:
    node = network.nodes[1]
    return network.with_weights(node.id, node.weights.edited("kernel", (100, 7, 1, 1), 0.5))


WORKS: Mapping[str, tuple[str, Callable[[], tuple[Network, Shape]]]] = {
    "vgg-16": ("VGG-16 without its classifier, 224²", _example("vgg-16", Shape(3, 224, 224))),
    "resnet-18": ("ResNet-18, 224²", _example("resnet-18", Shape(3, 224, 224))),
    "mobilenet-v2": ("MobileNetV2, 224²", _example("mobilenet-v2", Shape(3, 224, 224))),
    "u-net": ("U-Net-like, 256²", _example("u-net", Shape(1, 256, 256))),
    "lenet-5": ("LeNet-5, 32²", _example("lenet-5", Shape(1, 32, 32))),
    "five-layers": ("5 layers 3×3 (16-16-32-32-64), 1024²", _five_layers),
    "large-kernel": ("one kernel of 31×31, 512²", _large_kernel),
    "half-depth": (
        "VGG-16: change one setting at half depth, beside a full run",
        _example("vgg-16", Shape(3, 224, 224)),
    ),
    "one-number": ("256 → 256, 3×3, 56²: change one number of one kernel", _wide_layer),
}

EDITS: Mapping[str, Callable[[Network], Network]] = {
    "half-depth": _with_other_setting,
    "one-number": _with_other_number,
}
