"""What is computed: networks without their preprocessing, and the maps that go in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, analyze
from engine.api import make_layer, sequential
from engine.examples import open_example
from engine.network import Network
from engine.shapes import Shape

Maps = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Work:
    """A network, its analysis for the picture, and the picture's maps."""

    title: str
    network: Network
    analysis: Analysis
    picture: Maps


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
    return Work(title, network, analysis, picture)


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


WORKS: Mapping[str, tuple[str, Callable[[], tuple[Network, Shape]]]] = {
    "vgg-16": ("VGG-16 without its classifier, 224²", _example("vgg-16", Shape(3, 224, 224))),
    "resnet-18": ("ResNet-18, 224²", _example("resnet-18", Shape(3, 224, 224))),
    "mobilenet-v2": ("MobileNetV2, 224²", _example("mobilenet-v2", Shape(3, 224, 224))),
    "u-net": ("U-Net-like, 256²", _example("u-net", Shape(1, 256, 256))),
    "lenet-5": ("LeNet-5, 32²", _example("lenet-5", Shape(1, 32, 32))),
    "five-layers": ("5 layers 3×3 (16-16-32-32-64), 1024²", _five_layers),
    "large-kernel": ("one kernel of 31×31, 512²", _large_kernel),
}
