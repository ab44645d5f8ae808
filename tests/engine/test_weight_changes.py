"""Edits of single weights: only their maps are made anew, and they are what they should be."""

from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from engine import weight_changes
from engine.analysis import analyze
from engine.api import make_layer, sequential
from engine.evaluation import Evaluation
from engine.layer import WeightSpec
from engine.layers.conv2d import Conv2d
from engine.problems import CancelledError
from engine.shapes import Shape
from engine.weight_changes import changed_filters
from engine.weighting.weight_sources import Seeded
from engine.weighting.weights import Weights

PICTURE = np.random.default_rng(1).standard_normal((8, 21, 19)).astype(np.float32)
PICTURE.setflags(write=False)

LAYERS: dict[str, dict[str, Any]] = {
    "conv2d": {"out_channels": 16, "kernel_size": 3, "padding": "same"},
    "grouped": {"out_channels": 16, "kernel_size": (3, 2), "groups": 4, "stride": 2},
    "flipped": {"out_channels": 16, "kernel_size": 3, "flip_kernel": True, "dilation": 2},
    "depthwise_conv2d": {"depth_multiplier": 2, "kernel_size": 3, "padding": (1, 0, 2, 1)},
    "conv_transpose2d": {"out_channels": 16, "groups": 2},
}


def network_of(name):
    layer = make_layer(name if name.endswith("2d") else "conv2d", LAYERS[name])
    return sequential([layer, make_layer("relu")])


def edited(network, *edits):
    node_id = network.nodes[1].id
    weights = Weights(Seeded(3))
    for place, value in edits:
        weights = weights.edited(place[0], place[1], value)
    return network.with_weights(node_id, weights)


def maps_of(evaluation, network):
    analysis = analyze(network, Shape(*PICTURE.shape))
    assert not analysis.problems
    return [found.maps for found in evaluation.run(network, analysis, PICTURE, "picture")]


@pytest.mark.parametrize("name", LAYERS)
def test_maps_after_edits_are_those_of_a_fresh_evaluation(name):
    evaluation, network = Evaluation(), network_of(name)
    kernel = "kernel", (5, 0, 1, 1) if name != "conv_transpose2d" else (5, 1, 1, 1)
    steps = [(), ((kernel, 4.0),), ((kernel, -1.5),), ((kernel, -1.5), (("bias", (11,)), 2.0)), ()]
    earlier = []
    for edits in steps:
        found = maps_of(evaluation, edited(network, *edits))
        fresh = maps_of(Evaluation(), edited(network, *edits))
        for maps, expected in zip(found, fresh, strict=True):
            # One filter may take another way than sixteen, and rounds otherwise.
            atol = 1e-5 * abs(expected).max()
            np.testing.assert_allclose(maps, expected, rtol=0, atol=atol)
        earlier.append((found[1], found[1].copy()))
    for maps, copy in earlier:
        np.testing.assert_array_equal(maps, copy)


def test_one_filter_is_computed_and_no_other():
    evaluation, network = Evaluation(), network_of("conv2d")
    maps_of(evaluation, edited(network))
    with patch.object(Conv2d, "forward", autospec=True, side_effect=Conv2d.forward) as forward:
        maps_of(evaluation, edited(network, (("kernel", (5, 0, 1, 1)), 4.0)))
    (call,) = forward.call_args_list
    layer, inputs, weights, out, _ = call.args
    assert layer.out_channels == 1
    assert (inputs[0].shape[0], weights["kernel"].shape, len(out)) == (8, (1, 8, 3, 3), 1)


def test_an_edit_that_was_given_up_leaves_the_next_one_its_quick_way():
    evaluation, network = Evaluation(), network_of("conv2d")
    place = "kernel", (5, 0, 1, 1)
    maps_of(evaluation, edited(network))
    given_up = CancelledError("An edit came.")
    with (
        patch("engine.evaluation.updated_maps", side_effect=given_up),
        pytest.raises(CancelledError),
    ):
        maps_of(evaluation, edited(network, (place, 4.0)))
    with patch.object(evaluation, "_forward") as forward:
        maps_of(evaluation, edited(network, (place, 5.0)))
    assert [call.args[0].node_id for call in forward.call_args_list] == [network.nodes[2].id]


def test_many_edited_filters_are_computed_at_once():
    evaluation, network = Evaluation(), network_of("conv2d")
    maps_of(evaluation, edited(network))
    edits = [(("kernel", (number, 0, 0, 0)), 1.0) for number in range(5)]
    with patch.object(weight_changes, "filter_weights") as alone:
        maps_of(evaluation, edited(network, *edits))
    alone.assert_not_called()


def test_filters_are_told_from_edits_alone():
    specs = [WeightSpec("kernel", (4, 2, 1, 1)), WeightSpec("bias", (4,), start=0.0)]
    plain = Weights(Seeded(1))
    once = plain.edited("kernel", (2, 0, 0, 0), 1.0)
    twice = once.edited("bias", (3,), 1.0)
    assert changed_filters(plain, plain, specs) == frozenset()
    assert changed_filters(once, plain, specs) == frozenset({2})
    assert changed_filters(plain, twice, specs) == frozenset({2, 3})
    assert changed_filters(once, once.edited("kernel", (2, 0, 0, 0), 5.0), specs) == frozenset({2})
    assert changed_filters(once, once.edited("slope", (0,), 5.0), specs) == frozenset()
    assert changed_filters(once, once.with_source(Seeded(2)), specs) is None
