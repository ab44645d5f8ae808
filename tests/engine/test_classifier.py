"""Flatten, dense and dropout: orders, refusals, counts, and what is said."""

from itertools import count

import numpy as np
import pytest

from engine.arithmetic import LISTED_TERMS, Position
from engine.problems import CancelledError, LayerError
from engine.registry import kind_by_id, make_layer
from engine.shapes import Shape
from engine.workspace import Workspace


def applied(layer, maps, **weights):
    out = np.empty(layer.output_shape((Shape(*maps.shape),)), np.float32)
    layer.forward((maps,), weights, out, Workspace())
    return out


def counted(*shape):
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


@pytest.mark.parametrize("order", ["channels_first", "channels_last"])
def test_flatten_explains_where_every_value_came_from(order):
    layer, maps = make_layer("flatten", {"order": order}), counted(2, 3, 4)
    out = applied(layer, maps)
    for place in range(24):
        (patch,) = layer.explain(Position(place, 0, 0), (maps,), {}).patches
        assert maps[patch.channel, patch.rows[0], patch.columns[0]] == out[place, 0, 0]


def test_flatten_orders_are_those_of_pytorch_and_keras():
    maps = counted(2, 2, 3)
    first = applied(make_layer("flatten"), maps).ravel()
    last = applied(make_layer("flatten", {"order": "channels_last"}), maps).ravel()
    assert first.tolist() == list(range(12))
    assert last.tolist() == [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]


@pytest.mark.parametrize(
    ("kind", "settings"),
    [("flatten", {}), ("flatten", {"order": "channels_last"}), ("dropout", {})],
)
def test_moving_values_can_be_given_up(kind, settings):
    maps = np.ones((2, 600, 700), np.float32)
    layer = make_layer(kind, settings)
    out = np.empty(layer.output_shape((Shape(*maps.shape),)), np.float32)
    asked = count()
    workspace = Workspace(cancelled=lambda: next(asked) == 1)
    with pytest.raises(CancelledError):
        layer.forward((maps,), {}, out, workspace)


def test_flatten_counts_height_width_and_channels():
    equation = make_layer("flatten").equation((Shape(3, 256, 256),))
    assert equation.channels.endswith("256 × 256 × 3 = 196,608")


def test_dense_refuses_maps_and_offers_to_flatten_them():
    shapes = (Shape(512, 7, 6),)
    layer = make_layer("dense")
    with pytest.raises(LayerError, match="received 7 × 6 × 512") as info:
        layer.output_shape(shapes)
    assert "25,088" not in str(info.value)
    assert "21,504" in str(info.value)
    assert info.value.inserts[0] == "flatten"
    flattened = kind_by_id("flatten")().output_shape(shapes)
    assert layer.output_shape((flattened,)) == Shape(10, 1, 1)


@pytest.mark.parametrize("shape", [Shape(4, 1, 3), Shape(4, 3, 1)])
def test_dense_refuses_a_single_row_or_column(shape):
    with pytest.raises(LayerError):
        make_layer("dense").output_shape((shape,))


@pytest.mark.parametrize(
    ("values", "units", "parameters"),
    [(32 * 32 * 3, 1, 3_073), (256 * 256 * 3, 1, 196_609), (256 * 256 * 3, 1000, 196_609_000)],
)
def test_dense_has_a_weight_for_every_value_and_a_bias_per_unit(values, units, parameters):
    layer, shapes = make_layer("dense", {"out_features": units}), (Shape(values, 1, 1),)
    assert sum(spec.size for spec in layer.weight_specs(shapes)) == parameters
    assert layer.macs(shapes) == parameters - units
    without = layer.replace(bias=False)
    assert [spec.name for spec in without.weight_specs(shapes)] == ["kernel"]


def test_dense_beyond_one_strip_computes_every_unit():
    rng = np.random.default_rng(0)
    maps = rng.normal(0, 1, (30_000, 1, 1)).astype(np.float32)
    kernel = rng.normal(0, 1, (107, 30_000)).astype(np.float32)
    bias = rng.normal(0, 1, 107).astype(np.float32)
    out = applied(make_layer("dense", {"out_features": 107}), maps, kernel=kernel, bias=bias)
    expected = kernel.astype(float) @ maps.ravel().astype(float) + bias
    np.testing.assert_allclose(out.ravel(), expected, atol=1e-5 * abs(expected).max())


def test_dense_explains_its_largest_products_and_sums_the_rest():
    rng = np.random.default_rng(0)
    maps = (rng.integers(-32, 33, (1000, 1, 1)) / 16).astype(np.float32)
    kernel = (rng.integers(-32, 33, (4, 1000)) / 16).astype(np.float32)
    bias = np.array([1, 2, 3, 4], np.float32)
    layer = make_layer("dense", {"out_features": 4})
    arithmetic = layer.explain(Position(2, 0, 0), (maps,), {"kernel": kernel, "bias": bias})
    assert len(arithmetic.patches) == LISTED_TERMS
    terms = list(arithmetic.terms())
    assert terms == sorted(terms, key=lambda term: term["channel"])
    smallest = min(abs(term["product"]) for term in terms)
    unlisted = set(range(1000)) - {term["channel"] for term in terms}
    assert max(abs(kernel[2, i] * maps[i, 0, 0]) for i in unlisted) <= smallest
    steps = {step.label: step.value for step in arithmetic.steps}
    total = sum(term["product"] for term in terms) + steps["744 smaller terms"] + steps["bias"]
    assert total == arithmetic.result == float(kernel[2] @ maps.ravel()) + 3
    assert arithmetic.sentence.startswith("1,000 products add up to")


def test_dense_lists_every_product_of_a_short_vector():
    maps = np.array([2, 3], np.float32).reshape(2, 1, 1)
    layer = make_layer("dense", {"out_features": 1})
    weights = {"kernel": np.array([[0.5, -1]], np.float32), "bias": np.array([4], np.float32)}
    arithmetic = layer.explain(Position(0, 0, 0), (maps,), weights)
    assert [term["product"] for term in arithmetic.terms()] == [1, -3]
    assert arithmetic.sentence == "2 products add up to −2; with the bias 4 that is 2."


def test_dropout_says_everywhere_that_it_works_only_in_training():
    layer, maps = make_layer("dropout", {"rate": 0.9}), counted(2, 3, 4)
    np.testing.assert_array_equal(applied(layer, maps), maps)
    assert "training" in (type(layer).__doc__ or "")
    assert "only in training" in layer.equation((Shape(2, 3, 4),)).notes[0]
    assert "only in training" in layer.explain(Position(1, 2, 3), (maps,), {}).sentence
    assert layer.summary() == "rate 0.9, only in training"
