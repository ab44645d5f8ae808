"""Every layer kind against its slow, obvious twin, with drawn settings and sizes."""

import importlib

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.arithmetic import Position
from engine.problems import LayerError
from engine.registry import all_kinds
from engine.shapes import Shape
from engine.workspace import Workspace

KINDS = [kind for kind in all_kinds() if kind != "input"]
TOLERANCE = 1e-5
"""Of the largest value of the maps."""


def twin(kind):
    return importlib.import_module(f"tests.naive.{kind}")


def sixteenths(rng, shape):
    """Values whose products and sums are exact in float32, whatever the order."""
    return (rng.integers(-32, 33, shape) / 16).astype(np.float32)


def draw_case(kind, data):
    """A layer with inputs and weights of distinct content."""
    settings, shapes = data.draw(twin(kind).cases())
    rng = np.random.default_rng(data.draw(st.integers(0, 2**16)))
    layer = all_kinds()[kind].from_settings(settings)
    shapes = tuple(Shape(*shape) for shape in shapes)
    try:
        layer.output_shape(shapes)
    except LayerError:
        assume(False)
    inputs = tuple(sixteenths(rng, shape) for shape in shapes)
    make = getattr(twin(kind), "make_weights", None)
    specs = layer.weight_specs(shapes)
    weights = make(rng, specs) if make else {s.name: sixteenths(rng, s.shape) for s in specs}
    return layer, shapes, inputs, weights


def compute(layer, shapes, inputs, weights):
    out = np.full(layer.output_shape(shapes), np.nan, dtype=np.float32)
    layer.forward(inputs, weights, out, Workspace())
    return out


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_maps_equal_those_of_the_slow_twin(kind, data):
    layer, shapes, inputs, weights = draw_case(kind, data)
    before = [array.copy() for array in inputs]
    out = compute(layer, shapes, inputs, weights)
    expected = twin(kind).naive(layer, inputs, weights)
    assert out.shape == expected.shape
    np.testing.assert_allclose(out, expected, rtol=0, atol=TOLERANCE * abs(expected).max() + 1e-7)
    for array, copy in zip(inputs, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_explained_value_equals_the_computed_one(kind, data):
    layer, shapes, inputs, weights = draw_case(kind, data)
    out = compute(layer, shapes, inputs, weights)
    position = Position(*(data.draw(st.integers(0, size - 1)) for size in out.shape))
    arithmetic = layer.explain(position, inputs, weights)
    assert arithmetic.result == pytest.approx(
        float(out[position]), rel=0, abs=TOLERANCE * float(abs(out).max()) + 1e-7
    )
    for patch in arithmetic.patches:
        assert patch.values.shape == (len(patch.rows), len(patch.columns))
        source = inputs[patch.input_index][patch.channel]
        for (line, cell), value in np.ndenumerate(patch.values):
            row, column = patch.rows[line], patch.columns[cell]
            if row >= 0 and column >= 0:
                assert value == source[row, column]


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_reading_holds_every_input_that_changes_a_value(kind, data):
    layer, shapes, inputs, weights = draw_case(kind, data)
    which = data.draw(st.integers(0, len(inputs) - 1))
    shape = shapes[which]
    place = tuple(data.draw(st.integers(0, size - 1)) for size in shape)
    before = compute(layer, shapes, inputs, weights)
    changed = [array.copy() for array in inputs]
    changed[which][place] += 3.0
    after = compute(layer, shapes, tuple(changed), weights)
    reading = layer.reading(shapes)[which]
    rows = reading.rows.reach(np.arange(shape.height) == place[1])
    columns = reading.columns.reach(np.arange(shape.width) == place[2])
    outside = ~(rows[:, None] & columns[None, :])
    np.testing.assert_array_equal(before[:, outside], after[:, outside])
