"""Activations where they are easily wrong: far out, in the tail, for NaN, beyond one strip."""

import math
import warnings

import numpy as np
import pytest

from engine.arithmetic import LISTED_TERMS, Position
from engine.numerics.strips import BLOCK_VALUES, STRIP_VALUES, strips
from engine.problems import CancelledError
from engine.registry import all_kinds, make_layer
from engine.shapes import Shape
from engine.workspace import Workspace

ACTIVATIONS = [name for name, kind in all_kinds().items() if kind.kind.category == "Activation"]
POINTWISE = [name for name in ACTIVATIONS if name != "softmax"]


def applied(layer, values):
    """The layer on values as one map, with any weights at their start; warnings are errors."""
    maps = np.asarray(values, np.float32).reshape(1, 1, -1)
    out = np.empty_like(maps)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer.forward((maps,), starts(layer, maps), out, Workspace())
    return out[0, 0]


def starts(layer, maps):
    specs = layer.weight_specs((Shape(*maps.shape),))
    return {spec.name: np.full(spec.shape, spec.start, np.float32) for spec in specs}


@pytest.mark.parametrize("kind", POINTWISE)
def test_function_is_right_far_from_zero_without_a_warning(kind):
    layer = make_layer(kind)
    steps = np.linspace(-20, 20, 161)
    values = np.array([*steps, -3e38, -1e20, -1e4, -100, -88, 88, 100, 1e4, 1e20, 3e38], np.float32)
    maps = values.reshape(1, 1, -1)
    weights = starts(layer, maps)
    for value, result in zip(values, applied(layer, values), strict=True):
        single = np.float32(value).reshape(1, 1, 1)
        expected = layer.explain(Position(0, 0, 0), (single,), weights).result
        assert result == pytest.approx(expected, rel=2e-5, abs=1e-35)


@pytest.mark.parametrize(
    ("kind", "below", "above"),
    [
        ("relu", 0, math.inf),
        ("relu6", 0, 6),
        ("leaky_relu", -math.inf, math.inf),
        ("prelu", -math.inf, math.inf),
        ("elu", -1, math.inf),
        # −∞ times a gate that is closed, as in PyTorch.
        ("gelu", math.nan, math.inf),
        ("silu", math.nan, math.inf),
        ("hard_swish", math.nan, math.inf),
        ("sigmoid", 0, 1),
        ("hard_sigmoid", 0, 1),
        ("tanh", -1, 1),
    ],
)
def test_infinite_values_give_what_their_explanation_says(kind, below, above):
    layer, values = make_layer(kind), np.array([-math.inf, math.inf, -math.inf, -1], np.float32)
    result = applied(layer, values)
    np.testing.assert_allclose(result[:3], [below, above, below], rtol=0, atol=1e-34)
    assert np.isfinite(result[3])
    weights = starts(layer, values.reshape(1, 1, -1))
    for value, found in zip(values, result, strict=True):
        single = value.reshape(1, 1, 1)
        expected = layer.explain(Position(0, 0, 0), (single,), weights).result
        assert found == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("kind", POINTWISE)
@pytest.mark.parametrize("length", [1, 3, 16, 33])
def test_nan_stays_nan_and_changes_no_other_value(kind, length):
    layer = make_layer(kind)
    values = np.linspace(-3, 3, length).astype(np.float32)
    expected = applied(layer, values)
    for place in range(length):
        changed = values.copy()
        changed[place] = np.nan
        result = applied(layer, changed)
        assert np.isnan(result[place])
        np.testing.assert_array_equal(np.delete(result, place), np.delete(expected, place))


@pytest.mark.parametrize("slopes", [(0.25, 1, 1e-3), (0.5, -1, 2), (1.5, 0.5, 0.5), (0.5, 0, 0.5)])
def test_prelu_takes_a_slope_per_channel_at_every_value(slopes):
    layer, slopes = make_layer("prelu"), np.array(slopes, np.float32)
    line = np.array([-3e38, -2, -1e-40, 0, 1e-40, 5, 3e38, np.inf], np.float32)
    values = np.tile(line, (3, 1, 1))
    out = np.empty_like(values)
    with np.errstate(over="ignore"):
        expected = np.where(values > 0, values, slopes[:, None, None] * np.minimum(values, 0))
        layer.forward((values,), {"slope": slopes}, out, Workspace())
    np.testing.assert_array_equal(out, expected)


def test_gelu_is_exact_to_a_millionth_of_the_largest_value():
    values = np.linspace(-13, 13, 20_001).astype(np.float32)
    exact = np.array([0.5 * x * math.erfc(-x / math.sqrt(2)) for x in values.astype(float)])
    result = applied(make_layer("gelu"), values)
    # In parts, so that the tail is measured against its own largest value.
    for low in range(-12, 14):
        part = (values >= low - 1) & (values <= low)
        error = abs(result[part] - exact[part]).max() / abs(exact[part]).max()
        assert error < (1e-6 if low > -3 else 2e-5)


def test_small_values_keep_their_digits():
    values = np.array([-1e-6, -3e-9, 2e-7], np.float32)
    np.testing.assert_allclose(applied(make_layer("elu"), values), values, rtol=1e-6)
    np.testing.assert_allclose(applied(make_layer("tanh"), values), values, rtol=1e-6)
    np.testing.assert_allclose(applied(make_layer("silu"), values), values / 2, rtol=1e-5)


def test_two_gelu_forms_differ_by_less_than_the_manual_says():
    values = np.linspace(-8, 8, 4001)
    exact = applied(make_layer("gelu"), values)
    by_tanh = applied(make_layer("gelu", {"approximate": "tanh"}), values)
    assert 0.0003 < abs(exact - by_tanh).max() < 0.0005


def softmax(maps):
    layer, out = make_layer("softmax"), np.empty_like(maps)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer.forward((maps,), {}, out, Workspace())
    return out


def test_softmax_does_not_overflow_and_adds_up_to_one():
    maps = np.random.default_rng(0).normal(0, 1000, (5, 3, 4)).astype(np.float32)
    maps[:, 0, 0] = [3e38, -3e38, 0, 1e4, 1e5]
    result = softmax(maps)
    np.testing.assert_allclose(result.sum(axis=0), 1, rtol=1e-6)
    assert result[0, 0, 0] == 1
    equal = softmax(np.full((4, 1, 1), 1e30, np.float32))
    np.testing.assert_array_equal(equal, 0.25)


def test_softmax_gives_nan_only_where_a_value_is_not_finite():
    maps = np.zeros((3, 1, 3), np.float32)
    maps[1, 0, 0], maps[2, 0, 1] = np.nan, np.inf
    assert np.isnan(softmax(maps)).all(axis=0).tolist() == [[True, True, False]]


def test_softmax_explains_the_largest_powers_and_sums_the_rest():
    maps = np.random.default_rng(0).normal(0, 3, (1000, 1, 1)).astype(np.float32)
    layer = make_layer("softmax")
    arithmetic = layer.explain(Position(7, 0, 0), (maps,), {})
    assert len(arithmetic.patches) == LISTED_TERMS
    assert int(maps.argmax()) in {patch.channel for patch in arithmetic.patches}
    steps = {step.label: step.value for step in arithmetic.steps}
    listed = sum(patch.result for patch in arithmetic.patches)
    total = steps["sum of the powers of e"]
    assert listed + steps["744 smaller terms"] == pytest.approx(total)
    power = math.exp(float(maps[7, 0, 0]) - float(maps.max()))
    assert arithmetic.result == pytest.approx(power / total)


@pytest.mark.parametrize("kind", ["relu", "relu6"])
@pytest.mark.parametrize("width", [1, 7, 250])
def test_limits_of_large_maps_keep_what_is_no_number_on_every_thread(kind, width):
    values = np.random.default_rng(0).normal(0, 3, 3 * BLOCK_VALUES // width // 2 * width)
    maps = values.astype(np.float32).reshape(-1, 1, width)
    strange = [np.nan, np.inf, -np.inf, -0.0, 1e-45, -1e-45, np.nan]
    maps.reshape(-1)[: 7 * 99] = strange * 99
    maps.reshape(-1)[-7:] = strange
    out = np.empty_like(maps)
    make_layer(kind).forward((maps,), {}, out, Workspace())
    np.testing.assert_array_equal(out, np.clip(maps, 0, 6 if kind == "relu6" else None))


@pytest.mark.parametrize("shape", [(3, 4, 5), (2, 500, 300), (700, 11, 13), (1, 1, 200_000)])
def test_strips_cover_every_value_once_in_contiguous_parts(shape):
    counted = np.zeros(shape, np.int8)
    for block in strips(Workspace(), *shape):
        assert counted[block].flags.c_contiguous
        assert counted[block].size <= max(STRIP_VALUES, shape[2])
        counted[block] += 1
    assert (counted == 1).all()


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_maps_beyond_one_strip_equal_their_parts(kind):
    layer = make_layer(kind)
    maps = np.random.default_rng(0).normal(0, 3, (3, 300, 250)).astype(np.float32)
    weights = {"slope": np.array([0.5, -1, 2], np.float32)} if kind == "prelu" else {}
    out = np.empty_like(maps)
    layer.forward((maps,), weights, out, Workspace())
    for row in (0, 150, 299):
        part = np.empty((3, 1, 250), np.float32)
        layer.forward((maps[:, row : row + 1].copy(),), weights, part, Workspace())
        np.testing.assert_allclose(out[:, row : row + 1], part, rtol=1e-6)


@pytest.mark.parametrize(
    ("kind", "some", "others"),
    [
        ("leaky_relu", {"negative_slope": 0.5}, {"negative_slope": 0.25}),
        ("hard_sigmoid", {"alpha": 0.5, "beta": 0.25}, {"alpha": 0.25, "beta": 0.5}),
    ],
)
def test_layers_that_follow_each_other_have_their_own_settings(kind, some, others):
    maps, workspace = np.full((1, 1, 9), -0.25, np.float32), Workspace()
    for settings in (some, others, some):
        layer, out = make_layer(kind, settings), np.empty_like(maps)
        layer.forward((maps,), {}, out, workspace)
        np.testing.assert_array_equal(out, layer.explain(Position(0, 0, 0), (maps,), {}).result)


@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_abandoned_work_stops(kind):
    layer, maps = make_layer(kind), np.zeros((2, 3, 4), np.float32)
    with pytest.raises(CancelledError):
        layer.forward((maps,), starts(layer, maps), np.empty_like(maps), Workspace(lambda: True))
