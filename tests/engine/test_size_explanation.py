"""The size in sentences: every number in them is that of the reading."""

import re

import numpy as np
import pytest
from hypothesis import given, settings

from engine.analysis import analyze
from engine.network import INPUT_ID, Network, new_node, stack
from engine.registry import all_kinds, make_layer
from engine.shapes import Shape
from engine.size_changes import change_text
from engine.size_explanation import explain_size
from tests.engine.random_networks import OTHERS, REGULAR, networks

PICTURE = Shape(2, 13, 11)


def explained(kind, given_settings, shape):
    network = stack([("layer", make_layer(kind, given_settings))], make_layer(INPUT_ID))
    return explain_size(analyze(network, shape)["layer"])


def test_what_remains_is_said_with_the_row_that_is_lost():
    said = explained("conv2d", {"kernel_size": 3, "stride": 2}, Shape(3, 112, 113))
    assert said.symbols == "⌊(in + padding − window) / stride⌋ + 1"
    assert said.height.equation == "⌊(112 + 0 − 3) / 2⌋ + 1 = 55"
    assert said.height.remainder == (
        "(112 + 0 − 3) = 109, 109 / 2 = 54 remainder 1: row 111 is never read."
    )
    assert said.height.unread == "Row 111 is never read."
    assert said.width.remainder == (
        "(113 + 0 − 3) = 110, 110 / 2 = 55 without remainder: the last window ends where the "
        "columns do."
    )
    # It is said once.
    assert sum("never read" in sentence for sentence in said.sentences) == 1
    assert [change.text for change in said.changes] == [
        "height halves, less 1; width halves, rounds down"
    ]


def test_same_says_where_its_padding_comes_from():
    said = explained("conv2d", {"kernel_size": 7, "stride": 2, "padding": "same"}, Shape(3, 224, 9))
    assert said.rule.startswith("Same: ")
    assert said.height.padding == "Padding: 2 rows above, 3 rows below."
    assert said.height.remainder == (
        "112 windows need (112 − 1) · 2 + 7 = 229 rows, 5 more than there are."
    )
    assert said.width.padding == "Padding: 3 columns on the left and on the right."


def test_what_is_alike_in_height_and_width_is_said_once():
    settings = {"kernel_size": 3, "stride": 2, "padding": 1}
    square = explained("conv2d", settings, Shape(3, 112, 112))
    assert square.sentences[1:] == (
        "Padding: 1 pixel on every side.",
        "(112 + 2 − 3) = 111, 111 / 2 = 55 remainder 1: "
        "the last row and column of the padding are in no window.",
    )
    unread = explained("max_pool2d", {"kernel_size": 2, "stride": 2}, Shape(3, 113, 113))
    assert unread.sentences[-1].endswith("row and column 112 are never read.")
    oblong = explained("conv2d", settings, Shape(3, 112, 113))
    assert oblong.sentences[1] == "Padding: 1 pixel on every side."
    assert oblong.sentences[2:] == (oblong.height.remainder, oblong.width.remainder)


def test_a_remainder_in_the_padding_is_no_loss():
    pooling = {"kernel_size": 3, "stride": 2, "padding": 1}
    said = explained("max_pool2d", pooling, Shape(3, 112, 112))
    assert said.height.remainder.endswith("the last row of the padding is in no window.")
    assert said.height.unread == ""


def test_rounding_up_says_how_far_the_last_window_overhangs():
    said = explained("max_pool2d", {"stride": 3, "ceil_mode": True}, Shape(3, 7, 6))
    assert "rounded up: the last window reaches 1 row beyond the end." in said.height.remainder


def test_a_transposed_layer_crops_and_does_not_pad():
    said = explained("conv_transpose2d", {"kernel_size": 3}, Shape(3, 10, 12))
    assert said.rule.startswith("Transposed, same: ")
    assert said.height.padding == "Cropped from what the kernels cover: 1 row below."
    assert said.changes[0].text == "doubles"


def test_rows_that_only_circular_padding_reads_are_not_called_unread():
    padding = {"padding": (0, 1, 0, 0), "padding_mode": "circular", "stride": 3}
    said = explained("conv2d", padding, Shape(3, 10, 12))
    assert said.width.unread == ""
    assert said.width.remainder.endswith(
        "column 11 is in no window, and read only through the padding."
    )


def test_every_input_of_a_merge_has_its_change():
    network = stack([("pool", make_layer("global_average_pool2d"))], make_layer(INPUT_ID))
    gate = new_node("gate", make_layer("multiply"), (INPUT_ID, "pool"))
    said = explain_size(analyze(Network((*network.nodes, gate)), PICTURE)["gate"])
    assert [(change.source, change.text, change.sign) for change in said.changes] == [
        ("input", "keeps the size", "="),
        ("pool", "height grows 13-fold; width grows 11-fold", "▲"),
    ]


def test_what_has_no_size_has_no_explanation():
    network = stack([("c", make_layer("conv2d", {"kernel_size": 99}))], make_layer(INPUT_ID))
    assert explain_size(analyze(network, PICTURE)["c"]) is None


def numbered(text, noun):
    """The rows or columns that a sentence names."""
    found = set()
    for first, last in re.findall(rf"{noun}s? (\d+)(?: to (\d+))?", text, re.IGNORECASE):
        found |= set(range(int(first), int(last or first) + 1))
    return found


@given(network=networks(PICTURE, REGULAR | OTHERS))
@settings(max_examples=200)
def test_what_is_said_of_any_layer_is_true(network):
    analysis = analyze(network, PICTURE)
    for layer in analysis.layers.values():
        said = explain_size(layer)
        assert all(sentence[-1] == "." for sentence in said.sentences)
        if not layer.facts.readings:
            continue
        reading = layer.facts.readings[0]
        for axis, explanation, noun in (
            (reading.rows, said.height, "row"),
            (reading.columns, said.width, "column"),
        ):
            read = axis.read(np.ones(axis.output_length, np.bool_))
            unread = set(np.flatnonzero(~read).tolist())
            assert numbered(explanation.unread, noun) <= unread
            assert bool(explanation.unread) == bool(unread)
            if "never read" in explanation.remainder:
                never = explanation.remainder.split(": ")[1]
                assert numbered(never, noun) <= unread
                assert axis.input_length - 1 in numbered(never, noun)


@pytest.mark.parametrize("before", [1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 16, 17, 28, 39])
@pytest.mark.parametrize("after", [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 19, 26, 28])
def test_words_for_a_change_are_true(before, after):
    text, sign = change_text(Shape(1, before, before), Shape(1, after, after))
    assert sign == ("=" if after == before else "▲" if after > before else "▼")
    factor = {"halves": 2, "thirds": 3, "quarters": 4}.get(text.split(",")[0])
    if factor:
        lost = {"rounds down": before // factor, "rounds up": -(-before // factor),
                "less 1": before // factor - 1, "plus 1": before // factor + 1}  # fmt: skip
        expected = lost[text.split(", ")[1]] if "," in text else before / factor
        assert after == expected
    elif match := re.match(r"(grows|shrinks) by (\d+)", text):
        assert abs(after - before) == int(match[2])


def test_every_kind_has_a_rule_in_words():
    for kind in all_kinds():
        layer = make_layer(kind)
        if layer.inputs[0] == 0:
            continue
        shapes = (Shape(4, 1, 1),) if kind == "dense" else (Shape(4, 6, 8),) * layer.inputs[0]
        if kind == "preprocess":
            shapes = (Shape(3, 6, 8),)
        equation = layer.equation(shapes)
        assert equation.rule
        assert not equation.words or equation.words.endswith(".")
