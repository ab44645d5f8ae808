"""Analyzing and computing networks in tests."""

import numpy as np

from engine.analysis import analyze
from engine.evaluation import Evaluation
from engine.saving.examples import EXAMPLES_FOLDER
from engine.saving.network_file import read_network
from engine.shapes import Shape


def read_example(name):
    """An example's file as it is described there."""
    return read_network(EXAMPLES_FOLDER / f"{name}.json")


def analyze_example(name):
    """An example's analysis for a color picture of its own size."""
    described = read_example(name)
    return analyze(described.network, Shape(3, described.policy.height, described.policy.width))


def pixels(shape, seed=0):
    """A picture of that shape, values from 0 to 1."""
    return np.random.default_rng(seed).random(shape, dtype=np.float32)


def compute(network, picture):
    """The maps of every layer, by id."""
    analysis = analyze(network, Shape(*picture.shape))
    assert not analysis.problems
    return {
        layer.node_id: layer.maps
        for layer in Evaluation().run(network, analysis, picture, "picture")
    }
