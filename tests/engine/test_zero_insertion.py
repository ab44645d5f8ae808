"""A transposed convolution seen as an ordinary window on its input with zeros put between."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arithmetic import INSERTED, PADDING, Position
from engine.problems import LayerError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.sliding.zero_insertion import overlaps_around
from tests.naive.conv_transpose2d import cases


def layer_and_arrays(settings, shape, seed):
    rng = np.random.default_rng(seed)
    layer = make_layer("conv_transpose2d", settings)
    maps = rng.normal(size=shape).astype(np.float32)
    weights = {
        spec.name: rng.normal(size=spec.shape).astype(np.float32)
        for spec in layer.weight_specs((Shape(*shape),))
    }
    return layer, maps, weights


def any_position(data, shape):
    return Position(*(data.draw(st.integers(0, length - 1)) for length in shape))


def fitting(settings, shape):
    try:
        return make_layer("conv_transpose2d", settings).output_shape((Shape(*shape),))
    except LayerError:
        return None


@given(case=cases(), seed=st.integers(0, 99), data=st.data())
def test_both_views_come_to_the_same_value(case, seed, data):
    settings, (shape,) = case
    out = fitting(settings, shape)
    if out is None:
        return
    layer, maps, weights = layer_and_arrays(settings, shape, seed)
    position = any_position(data, out)
    scattered = layer.explain(position, (maps,), weights)
    inserted = layer.explain_equivalent(position, (maps,), weights)
    assert inserted.result == pytest.approx(scattered.result, rel=1e-12, abs=1e-12)
    met = {
        (term["channel"], term["row"], term["column"]): term["product"]
        for term in inserted.terms()
        if term["row"] >= 0 and term["column"] >= 0
    }
    brought = {
        (term["channel"], term["row"], term["column"]): term["product"]
        for term in scattered.terms()
    }
    assert met == brought
    kernel_h, kernel_w = layer.kernel_size
    assert all(patch.values.shape == (kernel_h, kernel_w) for patch in inserted.patches)


@given(case=cases(), seed=st.integers(0, 99), data=st.data())
def test_the_window_lies_on_the_input_with_zeros_between(case, seed, data):
    settings, (shape,) = case
    out = fitting(settings, shape)
    if out is None:
        return
    layer, maps, weights = layer_and_arrays(settings, shape, seed)
    position = any_position(data, out)
    scatter, around = layer.scatter, 60
    (down, across), (_, height, width) = scatter.stride, shape
    # As it is said: zeros between neighbors, and as much padding as any window needs.
    wide = np.zeros((shape[0], (height - 1) * down + 1, (width - 1) * across + 1))
    wide[:, ::down, ::across] = maps
    wide = np.pad(wide, ((0, 0), (around, around), (around, around)))
    (span_h, span_w), (top, left, _, _) = scatter.spans, scatter.cropping
    first_row = position.row + top - (span_h - 1) + around
    first_column = position.column + left - (span_w - 1) + around
    window = wide[
        :,
        first_row : first_row + span_h : scatter.dilation[0],
        first_column : first_column + span_w : scatter.dilation[1],
    ]
    found = layer.explain_equivalent(position, (maps,), weights)
    for patch in found.patches:
        np.testing.assert_array_equal(patch.values, window[patch.channel])
    near = found.surroundings
    if near is not None:
        lines, cells = near.values.shape[1:]
        top, left = first_row - near.window_lines[0], first_column - near.window_cells[0]
        for place, patch in enumerate(found.patches):
            there = wide[patch.channel, top : top + lines, left : left + cells]
            np.testing.assert_array_equal(near.values[place], there)
            read = near.values[place][np.ix_(near.window_lines, near.window_cells)]
            np.testing.assert_array_equal(read, patch.values)


def test_zeros_between_are_told_from_padding():
    settings = {"out_channels": 1, "kernel_size": 3, "stride": 2, "padding": "valid", "bias": False}
    layer, maps, weights = layer_and_arrays(settings, (1, 2, 2), 0)
    found = layer.explain_equivalent(Position(0, 1, 3), (maps,), weights)
    (patch,) = found.patches
    assert patch.rows == (PADDING, 0, INSERTED)
    assert patch.columns == (INSERTED, 1, PADDING)
    np.testing.assert_allclose(patch.weights, weights["kernel"][0, 0, ::-1, ::-1])
    assert found.weights_name == "kernel turned by 180°"
    assert found.sentence.startswith(
        "1 zero between neighboring inputs, kernel turned by 180°: an ordinary window of stride 1. "
        "1 of its 9 cells meets an input: "
    )


@pytest.mark.parametrize(
    ("stride", "words"),
    [
        (1, "Nothing between the inputs, kernel"),
        ((1, 3), "2 zeros between neighboring columns, kernel"),
        ((2, 3), "1 zero between neighboring rows and 2 zeros between neighboring columns, kernel"),
    ],
)
def test_what_is_inserted_is_said(stride, words):
    layer, maps, weights = layer_and_arrays({"stride": stride, "out_channels": 1}, (1, 3, 3), 0)
    found = layer.explain_equivalent(Position(0, 1, 1), (maps,), weights)
    assert found.sentence.startswith(words)


@given(case=cases(), data=st.data())
def test_overlaps_are_the_inputs_that_reach_each_output(case, data):
    settings, (shape,) = case
    out = fitting(settings, shape)
    if out is None:
        return
    layer, maps, weights = layer_and_arrays(settings, shape, 0)
    position = any_position(data, out)
    found = overlaps_around(layer.scatter, Shape(*shape), position)
    for (down, right), count in np.ndenumerate(found.counts):
        there = Position(0, found.first_row + down, found.first_column + right)
        patches = layer.explain(there, (maps,), weights).patches
        assert count == (patches[0].values.size if patches else 0)
    assert 0 <= position.row - found.first_row < found.counts.shape[0]
    assert 0 <= position.column - found.first_column < found.counts.shape[1]


def test_other_layers_have_no_other_calculation():
    conv = make_layer("conv2d")
    assert conv.explain_equivalent(Position(0, 0, 0), (), {}) is None
