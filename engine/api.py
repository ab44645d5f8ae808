"""Convolens from Python: the same engine as behind the window, for notebooks and tests.

Sizes are ``Shape(channels, height, width)`` or plain tuples in that order, as the arrays are; maps
are float32 arrays (channels, height, width), and what comes back is read-only or new.

A layer by itself:

>>> conv = make_layer("conv2d", out_channels=32, kernel_size=3)
>>> facts = layer_facts(conv, (3, 28, 28))
>>> print(facts.shape, facts.parameters, facts.macs)
26 × 26 × 32 896 584064
>>> facts.equation.height
'⌊(28 + 0 − 3) / 1⌋ + 1 = 26'
>>> weights = seeded_weights(conv, (3, 28, 28), seed=4)
>>> compute(conv, np.ones((3, 28, 28)), weights=weights).shape
(32, 26, 26)

A whole network, its weights drawn from a seed unless `with_weights` gives others:

>>> network = sequential([conv, make_layer("relu"), make_layer("max_pool2d")])
>>> analysis = analyze(network, (3, 28, 28))
>>> print(analysis["max_pool2d_1"].shape, analysis["max_pool2d_1"].receptive_field.height)
13 × 13 × 32 4
>>> maps = evaluate(network, np.ones((3, 28, 28)))
>>> {node_id: array.shape for node_id, array in maps.items()}["max_pool2d_1"]
(32, 13, 13)

What is refused says which setting to change:

>>> try:
...     layer_facts(conv.replace(kernel_size=9), (3, 7, 7))
... except LayerError as error:
...     print(error.setting, "-", error)
kernel_size - A 9 × 9 window does not fit a 7 × 7 input with padding 0.

Everything that `__all__` lists is stable.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

# First, so that the threads of linear algebra are set before numpy is loaded.
import engine.opencv  # noqa: F401

# isort: split
import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine import analysis as _analysis
from engine import registry as _registry
from engine.analysis import Analysis, LayerAnalysis, LayerFacts
from engine.array_checks import ShapeLike, as_shape, checked_maps, checked_weights, given_weights
from engine.evaluation import Evaluation
from engine.layer import Layer
from engine.network import INPUT_ID, Network, Node
from engine.pictures.images import Picture, decode, open_sample, read_picture
from engine.pictures.pixels import apply_policy, to_maps
from engine.pictures.size_policy import SizePolicy
from engine.problems import (
    ConvolensError,
    LayerError,
    NetworkError,
    PictureError,
    Problem,
    ProjectFileError,
    Repair,
    SettingError,
    WeightsError,
)
from engine.project import Project, analyze_project
from engine.saving.network_json import network_from_json as _described_network
from engine.saving.project_file import open_network_or_project, open_project, save_project
from engine.shapes import Shape
from engine.strict_json import located
from engine.weighting.weight_files import read_weight_file
from engine.weighting.weight_sources import Seeded
from engine.weighting.weights import Weights, make_weights
from engine.workspace import Workspace

__all__ = [
    "Analysis",
    "ConvolensError",
    "Layer",
    "LayerAnalysis",
    "LayerError",
    "LayerFacts",
    "Network",
    "NetworkError",
    "Picture",
    "PictureError",
    "Problem",
    "Project",
    "ProjectFileError",
    "Repair",
    "SettingError",
    "Shape",
    "SizePolicy",
    "WeightsError",
    "analyze",
    "analyze_project",
    "compute",
    "evaluate",
    "kind_ids",
    "layer_facts",
    "make_layer",
    "network_from_json",
    "open_network_or_project",
    "open_project",
    "open_sample",
    "picture_maps",
    "read_picture",
    "read_weights",
    "save_project",
    "seeded_weights",
    "sequential",
    "with_weights",
]

Maps: TypeAlias = NDArray[np.float32]


# Layers


def kind_ids() -> tuple[str, ...]:
    """Return the ids of all layer kinds, in the order of the palette.

    >>> "conv2d" in kind_ids()
    True
    """
    return tuple(_registry.all_kinds())


def make_layer(kind: str, settings: Mapping[str, Any] | None = None, **more: Any) -> Layer:
    """Make a layer from its kind's id and its settings, given as a mapping, by keyword, or both.

    Raises:
        LayerError: there is no such kind.
        SettingError: a setting is unknown or its value refused; ``error.setting`` names it.

    >>> make_layer("max_pool2d", {"kernel_size": 3}, stride=2).stride
    (2, 2)
    """
    return _registry.make_layer(kind, {**(settings or {}), **more})


def layer_facts(layer: Layer, *shapes: ShapeLike) -> LayerFacts:
    """Return what a layer says of itself for inputs of these shapes.

    The result has ``shape``, ``equation``, ``padding`` (top, left, bottom, right), ``parameters``,
    ``statistics``, ``macs``, ``weight_specs`` and, per input, ``readings``: which rows and columns
    are read; ``readings[0].rows.affine`` is (span, stride, before) where it is that regular.

    Raises:
        LayerError: the layer cannot take them; ``error.setting`` names the setting to change.
        SettingError: what is given is no shape.

    >>> layer_facts(make_layer("conv2d", stride=2, padding="same"), (3, 28, 28)).padding
    Sides(top=0, left=0, bottom=1, right=1)
    """
    return _analysis.layer_facts(layer, tuple(map(as_shape, shapes)))


def seeded_weights(
    layer: Layer, *shapes: ShapeLike, seed: int = 0, scheme: str = "he"
) -> dict[str, Maps]:
    """Return weights for a layer, drawn evenly around 0; the same seed gives the same weights.

    Args:
        layer: the layer.
        shapes: of its inputs.
        seed: a whole number from 0.
        scheme: "he" or "glorot", how they are scaled.

    >>> weights = seeded_weights(make_layer("conv2d"), (3, 28, 28))
    >>> {name: array.shape for name, array in weights.items()}
    {'kernel': (8, 3, 3, 3), 'bias': (8,)}
    """
    specs = layer_facts(layer, *shapes).weight_specs
    return make_weights(Weights(Seeded(seed, scheme)), specs)


def compute(
    layer: Layer, *inputs: ArrayLike, weights: Mapping[str, ArrayLike] | None = None
) -> Maps:
    """Return a layer's maps of input maps (channels, height, width).

    Args:
        layer: the layer.
        inputs: finite real numbers, computed with as float32.
        weights: every array that the layer needs, by name; those that start with one value in a
            new layer, such as a bias of 0, may be left out.

    Raises:
        LayerError: the layer cannot take inputs of these shapes, or an array is not as it must be.
        WeightsError: a weight is missing, unknown, of another shape or not finite; it is named.

    >>> compute(make_layer("relu"), [[[-1.0, 2.0]]])
    array([[[0., 2.]]], dtype=float32)
    """
    maps = tuple(checked_maps(array) for array in inputs)
    facts = layer_facts(layer, *(Shape(*array.shape) for array in maps))
    out = np.empty(facts.shape, np.float32)
    layer.forward(maps, checked_weights(weights or {}, facts.weight_specs), out, Workspace())
    return out


# Networks


def sequential(layers: Iterable[Layer]) -> Network:
    """Return a network in which each layer reads the one before; weights are seeded.

    The ids are those of the window: ``conv2d_1``, ``conv2d_2``, ``relu_1``.

    >>> [node.id for node in sequential([make_layer("conv2d"), make_layer("relu")])]
    ['input', 'conv2d_1', 'relu_1']
    """
    network = Network((Node(INPUT_ID, make_layer(INPUT_ID)),))
    for layer in layers:
        network = network.append(layer)
    return network


def network_from_json(data: Mapping[str, Any]) -> Network:
    """Return the network of parsed plain JSON; see `engine.saving.network_json`.

    Raises:
        ProjectFileError: with where and what is wrong.

    >>> layers = [{"kind": "conv2d", "settings": {"kernel_size": 5}}, {"kind": "relu"}]
    >>> len(network_from_json({"format": "convolens-network", "version": 1, "layers": layers}))
    3
    """
    with located("The network"):
        return _described_network(data).network


def read_weights(path: str | os.PathLike[str]) -> dict[str, Maps]:
    """Return the arrays of an .npy, .npz or .safetensors file by name, float32 and read-only.

    Raises:
        WeightsError: it cannot be read; the text names the file, the array and the reason.
    """
    return {name: stored.array for name, stored in read_weight_file(Path(path)).items()}


def with_weights(network: Network, node_id: str, weights: Mapping[str, ArrayLike]) -> Network:
    """Return the network with a layer's weights given, by the layer's names for them.

    `layer_facts` lists names and shapes. What starts with one value in a new layer, such as a bias
    of 0, may be left out. Arrays of other shapes are no error: the layer then has a problem that
    names both.

    Raises:
        NetworkError: there is no such layer.
        WeightsError: an array is not of real, finite numbers; it is named.

    >>> network = sequential([make_layer("conv2d", out_channels=1, kernel_size=1)])
    >>> network = with_weights(network, "conv2d_1", {"kernel": np.full((1, 2, 1, 1), 0.5)})
    >>> evaluate(network, np.ones((2, 1, 1)))["conv2d_1"]
    array([[[1.]]], dtype=float32)
    """
    return network.with_weights(node_id, given_weights(weights))


def analyze(network: Network, picture: ShapeLike) -> Analysis:
    """Return sizes, costs, receptive fields and problems for a picture of that shape.

    A network that does not fit is no error: its layers then have ``problems``.
    """
    return _analysis.analyze(network, as_shape(picture))


def evaluate(
    network: Network, picture: Picture | ArrayLike, policy: SizePolicy | None = None
) -> dict[str, Maps]:
    """Return the maps of every layer by id, the picture's among them.

    Args:
        network: the layers and their weights.
        picture: a picture, or maps (channels, height, width).
        policy: how a picture is brought to size; the longer side limited to 256 by default.

    Raises:
        LayerError: a layer has a problem; the text is its message, ``error.setting`` its setting.
        PictureError: the picture cannot be decoded.

    >>> maps = evaluate(sequential([make_layer("relu")]), -np.ones((1, 2, 2)))
    >>> maps["relu_1"].max()
    np.float32(0.0)
    """
    maps = picture_maps(picture, policy) if isinstance(picture, Picture) else checked_maps(picture)
    analysis = analyze(network, Shape(*maps.shape))
    for node_id, problem in analysis.problems:
        raise LayerError(f"{node_id}: {problem.message}", problem.setting)
    found = Evaluation(budget=0).run(network, analysis, maps, "the only picture")
    return {result.node_id: result.maps for result in found}


# Pictures


def picture_maps(picture: Picture, policy: SizePolicy | None = None) -> Maps:
    """Return a decoded picture, red, green and blue from 0 to 1, at the size the policy gives.

    Raises:
        PictureError: it cannot be decoded.

    >>> picture_maps(open_sample("scene.png"), SizePolicy("crop", 28, 28)).shape
    (3, 28, 28)
    """
    policy = policy or SizePolicy()
    decoded = decode(picture, policy)
    return to_maps(apply_policy(decoded.pixels, policy, decoded.original_size))
