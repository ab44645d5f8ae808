"""Adding, multiplying and concatenating: what fits, what is refused, and which input is named."""

import numpy as np
import pytest

from engine.arithmetic import Position
from engine.problems import CancelledError, LayerError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.workspace import Workspace

MERGES = ["add", "multiply", "concatenate"]


def drawn(seed, *shapes):
    rng = np.random.default_rng(seed)
    return tuple(rng.normal(0, 1, shape).astype(np.float32) for shape in shapes)


@pytest.mark.parametrize("kind", MERGES)
@pytest.mark.parametrize("count", [0, 1, 65])
def test_merges_say_how_many_inputs_they_take(kind, count):
    with pytest.raises(LayerError, match=f"2 to 64 inputs are expected, received {count}"):
        make_layer(kind).output_shape((Shape(3, 4, 5),) * count)


@pytest.mark.parametrize("kind", ["add", "multiply"])
@pytest.mark.parametrize(
    ("axis", "word", "way_out"),
    [(0, "channels", "1 × 1 convolution"), (1, "rows", "height"), (2, "columns", "width")],
)
def test_refusal_names_the_input_both_shapes_and_a_way_out(kind, axis, word, way_out):
    fitting = Shape(32, 28, 26)
    lengths = list(fitting)
    lengths[axis] -= 2
    wrong = Shape(*lengths)
    with pytest.raises(LayerError) as info:
        make_layer(kind).output_shape((fitting, fitting, wrong))
    message = str(info.value)
    assert message.startswith(f"Input 3 is {wrong} and input 1 is {fitting}:")
    assert f"{lengths[axis]} and {fitting[axis]} {word}" in message
    assert way_out in message


def test_concatenation_refuses_other_heights_and_names_both_shapes():
    with pytest.raises(LayerError) as info:
        make_layer("concatenate").output_shape((Shape(8, 28, 26), Shape(4, 28, 26), Shape(4, 1, 1)))
    assert str(info.value).startswith("Input 3 is 1 × 1 × 4 and input 1 is 28 × 26 × 8:")


def test_concatenation_adds_up_the_channels():
    shapes = (Shape(32, 5, 7), Shape(64, 5, 7))
    layer = make_layer("concatenate")
    assert layer.output_shape(shapes) == Shape(96, 5, 7)
    assert layer.equation(shapes).channels == "32 + 64 = 96"


def test_concatenation_explains_which_input_every_channel_came_from():
    inputs = drawn(0, (2, 3, 4), (1, 3, 4), (3, 3, 4))
    layer = make_layer("concatenate")
    sources = []
    for channel in range(6):
        (patch,) = layer.explain(Position(channel, 1, 2), inputs, {}).patches
        assert patch.values[0, 0] == inputs[patch.input_index][patch.channel, 1, 2]
        sources.append((patch.input_index, patch.channel))
    assert sources == [(0, 0), (0, 1), (1, 0), (2, 0), (2, 1), (2, 2)]


def test_a_gate_is_read_at_its_only_place_for_every_output():
    shapes = (Shape(8, 5, 7), Shape(8, 1, 1))
    maps, gate = make_layer("multiply").reading(shapes)
    assert gate.rows.affine is not None
    assert (gate.rows.affine.span, gate.rows.affine.stride) == (1, 0)
    assert gate.columns.reach(np.array([True])).all()
    assert maps.rows.reach(np.arange(5) == 3).sum() == 1


def test_a_gate_may_come_first():
    maps, gate = drawn(0, (3, 4, 5), (3, 1, 1))
    layer = make_layer("multiply")
    out = np.empty_like(maps)
    layer.forward((gate, maps), {}, out, Workspace())
    np.testing.assert_array_equal(out, maps * gate)
    assert layer.equation((Shape(3, 1, 1), Shape(3, 4, 5))).notes[0].startswith("input 1 is 1 × 1")


@pytest.mark.parametrize("kind", ["add", "multiply"])
def test_merges_beyond_one_strip_broadcast_alike(kind):
    inputs = drawn(0, (3, 300, 250), (3, 1, 1), (1, 300, 1), (3, 300, 250))
    out = np.empty((3, 300, 250), np.float32)
    make_layer(kind).forward(inputs, {}, out, Workspace())
    a, b, c, d = inputs
    expected = a + b + c + d if kind == "add" else a * b * c * d
    np.testing.assert_array_equal(out, expected)


def test_sentences_put_negative_numbers_in_parentheses():
    inputs = tuple(np.full((1, 1, 1), value, np.float32) for value in (-0.5, -2, 3))
    add = make_layer("add").explain(Position(0, 0, 0), inputs, {})
    multiply = make_layer("multiply").explain(Position(0, 0, 0), inputs, {})
    assert add.sentence == "−0.5 + (−2) + 3 = 0.5."
    assert multiply.sentence == "−0.5 × (−2) × 3 = 3."


@pytest.mark.parametrize("kind", MERGES)
def test_abandoned_work_stops(kind):
    inputs = drawn(0, (2, 3, 4), (2, 3, 4))
    layer = make_layer(kind)
    out = np.empty(layer.output_shape((Shape(2, 3, 4),) * 2), np.float32)
    with pytest.raises(CancelledError):
        layer.forward(inputs, {}, out, Workspace(lambda: True))
