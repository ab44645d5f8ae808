"""Networks with branches, drawn at random, for the properties that every network has."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from engine.analysis import analyze
from engine.evaluation import Evaluation
from engine.network import INPUT_ID, Network, Node, new_node
from engine.problems import LayerError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported
from engine.weighting.weights import Weights

SMALL = st.integers(1, 3)
PAIR = st.tuples(SMALL, SMALL)
SIDES = st.tuples(*[st.integers(0, 2)] * 4)
RULES = st.sampled_from(["valid", "same", "same_lower"])

WINDOW = {"kernel_size": PAIR, "stride": PAIR, "padding": RULES | SIDES}

REGULAR = {
    "conv2d": {
        **WINDOW,
        "out_channels": st.integers(1, 2),
        "dilation": PAIR,
        "padding_mode": st.sampled_from(["zeros", "zeros", "reflect", "replicate", "circular"]),
    },
    "depthwise_conv2d": {**WINDOW, "dilation": PAIR},
    "average_pool2d": {**WINDOW, "ceil_mode": st.booleans()},
    "max_pool2d": {**WINDOW, "ceil_mode": st.booleans(), "dilation": PAIR},
    "conv_transpose2d": {
        "kernel_size": PAIR,
        "stride": PAIR,
        "dilation": PAIR,
        "padding": st.sampled_from(["valid", "same"]) | SIDES,
        "out_channels": st.integers(1, 2),
    },
    "upsample2d": {
        "scale_factor": st.sampled_from([(2, 1), (1.5, 2), (0.5, 2), (3, 2)]),
        "mode": st.sampled_from(["nearest", "bilinear"]),
        "coordinates": st.sampled_from(["half_pixel", "align_corners", "asymmetric"]),
        "rounding": st.sampled_from(["floor", "round_prefer_ceil"]),
    },
    "adaptive_average_pool2d": {"output_size": st.tuples(st.integers(1, 7), st.integers(1, 7))},
    "zero_padding2d": {"padding": SIDES},
    "crop2d": {"cropping": SIDES},
    "relu": {},
}
"""Kinds whose every channel reads what the reading says, with settings that differ by axis."""

OTHERS = {
    "space_to_depth": {"block_size": st.integers(1, 2)},
    "depth_to_space": {"block_size": st.integers(1, 2)},
    "global_average_pool2d": {},
    "global_max_pool2d": {},
    "flatten": {},
    "softmax": {},
    "batch_norm2d": {},
    "instance_norm2d": {},
    "layer_norm": {"axes": st.sampled_from(["channels", "all"])},
    "separable_conv2d": {**WINDOW, "out_channels": st.integers(1, 2)},
    "dense": {"out_features": st.integers(1, 3)},
    "tanh": {},
}

MERGES = ("add", "multiply", "concatenate")


@st.composite
def layers(draw, kinds):
    """A layer of one of these kinds, with drawn settings; it need not fit anything."""
    kind = draw(st.sampled_from(sorted(kinds)))
    return make_layer(kind, draw(st.fixed_dictionaries(kinds[kind])))


@st.composite
def networks(draw, picture, kinds, most=6):
    """A network of layers that fit, each reading any earlier one, and merges of two or three."""
    network = Network((Node(INPUT_ID, make_layer(INPUT_ID)),))
    for number in range(draw(st.integers(1, most))):
        shapes = {i: layer.shape for i, layer in analyze(network, picture).layers.items()}
        # Rather late ones, so that the network is deep, but any: branches and skips.
        names = list(shapes)[-3:] if draw(st.booleans()) else list(shapes)
        if draw(st.integers(0, 2)) == 0:
            count = draw(st.integers(2, 3))
            inputs = [draw(st.sampled_from(list(shapes))) for _ in range(count)]
            layer = make_layer(draw(st.sampled_from(MERGES)))
        else:
            inputs, layer = [draw(st.sampled_from(names))], draw(layers(kinds))
        try:
            shape = layer.output_shape(tuple(shapes[name] for name in inputs))
        except LayerError:
            continue
        if shape.height * shape.width <= 2500:
            network = Network((*network.nodes, new_node(f"n{number}", layer, inputs)))
    return network


def with_positive_weights(network, picture):
    """The network with weights that no effect can be canceled by: all of them 1/8."""
    analysis = analyze(network, picture)
    nodes = []
    for node in network:
        specs = analysis[node.id].facts.weight_specs
        tensors = [(s.name, StoredArray(np.full(s.shape, 0.125, np.float32))) for s in specs]
        if specs:
            node = replace(node, weights=Weights(Imported(tuple(tensors), "test")))
        nodes.append(node)
    return Network(tuple(nodes))


def maps_of(network, picture):
    """The maps of every layer, by id."""
    analysis = analyze(network, Shape(*picture.shape))
    run = Evaluation(budget=0).run(network, analysis, picture, "the picture")
    return {layer.node_id: layer.maps for layer in run}
