"""What a value reaches, in words."""

import numpy as np
import pytest

from engine.analysis import analyze
from engine.arithmetic import Position
from engine.formats.reach_text import reach_words
from engine.network import INPUT_ID, stack
from engine.pinned_value import pinned_value
from engine.registry import make_layer
from engine.shapes import Shape

PICTURE = Shape(3, 28, 28)


def words(layers, node_id, row, column):
    network = stack(
        [(f"n{place}", make_layer(*layer)) for place, layer in enumerate(layers)],
        make_layer(INPUT_ID),
    )
    analysis = analyze(network, PICTURE)
    maps = {name: np.zeros(layer.shape, np.float32) for name, layer in analysis.layers.items()}
    value = pinned_value(analysis, maps, node_id, Position(0, row, column))
    return reach_words(analysis, value)


@pytest.mark.parametrize(
    ("layers", "place", "expected"),
    [
        ([("conv2d", {"padding": "same"})], (14, 14), "It reaches 3 × 3 places of “n0”."),
        ([("conv2d", {"padding": "same"})], (0, 27), "It reaches 2 × 2 places of “n0”."),
        ([("conv2d", {"padding": "same"}), ("max_pool2d", {})], (14, 14),
         "It reaches 3 × 3 places of “n0” and 2 × 2 places of “n1”."),
        ([("conv2d", {"padding": "same", "dilation": 2})], (14, 14),
         "It reaches 9 places within 5 × 5 of “n0”."),
        ([("max_pool2d", {})], (14, 14), "It reaches 1 place of “n0”."),
        ([("max_pool2d", {"stride": 3})], (2, 5), "No value of “n0” depends on it."),
    ],
)  # fmt: skip
def test_what_a_pixel_reaches(layers, place, expected):
    assert words(layers, INPUT_ID, *place) == expected


def test_behind_the_last_layer_there_is_nothing_to_say():
    assert words([("relu", {})], "n0", 3, 3) == ""
