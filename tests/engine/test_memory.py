"""Rendering takes no more memory than was said beforehand."""

import tracemalloc

import numpy as np
import pytest

from engine.analysis import analyze
from engine.commands.memory import DRAWING, rendering_bytes
from engine.evaluation import Evaluation
from engine.network import Network, Node, new_node
from engine.registry import make_layer
from engine.shapes import Shape

PICTURE = Shape(3, 200, 210)


def chain():
    network = Network((Node("input", make_layer("input")),))
    for kind, settings in (
        ("conv2d", {"out_channels": 32, "padding": "same"}),
        ("relu", {}),
        ("max_pool2d", {}),
        ("conv2d", {"out_channels": 16, "kernel_size": 5}),
    ):
        network = network.append(make_layer(kind, settings))
    return network


def branches():
    """Both ends of a long branch are alive until it is merged."""
    network = chain()
    first = network.nodes[1].id
    same = make_layer("conv2d", {"out_channels": 32, "padding": "same"})
    return Network(
        (*network.nodes[:2], new_node("a", same, (first,)), new_node("b", same, ("a",)),
         new_node("sum", make_layer("add"), (first, "b")))
    )  # fmt: skip


@pytest.mark.parametrize("network", [chain(), branches()])
def test_evaluation_stays_below_the_estimate(network):
    analysis = analyze(network, PICTURE)
    picture = np.ones(PICTURE, np.float32)
    tracemalloc.start()
    try:
        for _ in Evaluation(budget=0).run(network, analysis, picture, "ones"):
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak <= rendering_bytes(network, analysis) - DRAWING


def test_estimate_of_one_layer_by_hand():
    network = Network(chain().nodes[:2])
    maps, picture = 4 * 32 * 200 * 210, 4 * 3 * 200 * 210
    weights = 4 * 32 * 28
    assert rendering_bytes(network, analyze(network, PICTURE)) == (
        2 * maps + 2 * picture + 2 * weights + DRAWING
    )


def test_layers_that_are_not_computed_take_nothing():
    network = chain().append(make_layer("conv2d", {"kernel_size": 999}))
    assert rendering_bytes(network, analyze(network, PICTURE)) == rendering_bytes(
        chain(), analyze(chain(), PICTURE)
    )
