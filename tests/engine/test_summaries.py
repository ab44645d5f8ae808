"""A layer in a few words: each number says what it is, in the words of the settings."""

import pytest

from engine.registry import make_layer
from engine.repairs import spelled


@pytest.mark.parametrize(
    ("kind", "settings", "summary"),
    [
        ("crop2d", {}, "1 per side"),
        ("crop2d", {"cropping": (0, 0, 1, 2)}, "0, 0, 1, 2 (top, left, bottom, right)"),
        ("zero_padding2d", {}, "1 per side"),
        ("max_pool2d", {"padding": "same_lower"}, "2×2 · stride 2 · same, odd pixel first"),
    ],
)
def test_a_summary_says_what_its_numbers_are(kind, settings, summary):
    assert make_layer(kind, settings).summary() == summary


def test_a_rule_of_padding_has_one_name():
    layer = make_layer("conv2d", {"padding": "same_lower"})
    assert spelled(layer, "padding", "same_lower") == "padding same, odd pixel first"
    assert layer.summary().endswith(" · same, odd pixel first")
