"""Upsampling: where output cells lie, what they take, and whether every path takes the same."""

from types import SimpleNamespace

import numpy as np
import pytest

from engine.arithmetic import Position
from engine.numerics import resampling
from engine.opencv import cv2
from engine.problems import CancelledError, LayerError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.workspace import Workspace

MODES = ("nearest", "bilinear", "bicubic")
COORDINATES = ("half_pixel", "align_corners", "asymmetric")
PYTORCH_NEAREST = {"coordinates": "asymmetric", "rounding": "floor"}


def resampled(maps, **settings):
    layer = make_layer("upsample2d", settings)
    out = np.full(layer.output_shape((Shape(*maps.shape),)), np.nan, dtype=np.float32)
    layer.forward((maps,), {}, out, Workspace())
    return out


def drawn(*shape):
    return (np.random.default_rng(7).integers(-32, 33, shape) / 16).astype(np.float32)


def line(*values):
    return np.array([[values]], dtype=np.float32)


@pytest.mark.parametrize("shape", [(2, 3, 1500), (131, 24, 13), (1, 1500, 3)])
@pytest.mark.parametrize("factor", [(2.0, 2.0), (4.0, 1.0), (8.0, 16.0)])
@pytest.mark.parametrize(
    "settings",
    [
        {"mode": "bilinear"},
        {"mode": "bilinear", "exclude_outside": True},
        {"mode": "bicubic"},
    ],
)
def test_opencv_is_used_only_where_its_values_are_the_same(settings, factor, shape, monkeypatch):
    calls = []

    def resize(*arguments, **named):
        calls.append(arguments)
        return cv2.resize(*arguments, **named)

    maps = drawn(*shape)
    monkeypatch.setattr(resampling, "cv2", SimpleNamespace(resize=resize))
    fast = resampled(maps, scale_factor=factor, **settings)
    assert len(calls) == shape[0]
    monkeypatch.setattr(resampling, "OPENCV_PLANE", 10**9)
    slow = resampled(maps, scale_factor=factor, **settings)
    assert len(calls) == shape[0]
    # Sums of products of sixteenths and of powers of two are exact in any order.
    tolerance = 1e-6 if settings["mode"] == "bicubic" else 0
    np.testing.assert_allclose(fast, slow, rtol=0, atol=tolerance * abs(slow).max())


@pytest.mark.parametrize(
    "settings",
    [
        {"mode": "nearest", "scale_factor": 32.0, "coordinates": "asymmetric", "rounding": "ceil"},
        {"mode": "nearest", "scale_factor": 32.0, "coordinates": "align_corners"},
        {"mode": "bilinear", "scale_factor": 32.0, "coordinates": "asymmetric"},
        {"mode": "bicubic", "scale_factor": 32.0, "coordinates": "align_corners"},
        {"mode": "bicubic", "scale_factor": 32.0, "exclude_outside": True},
        {"mode": "bicubic", "scale_factor": 32.0, "cubic_coefficient": -0.5},
        {"mode": "bilinear", "scale_factor": 33.0},
        {"mode": "bilinear", "size": (50, 51)},
        {"mode": "nearest", "scale_factor": 0.5},
    ],
)
def test_opencv_is_not_used_where_its_values_differ(settings, monkeypatch):
    monkeypatch.setattr(resampling, "OPENCV_PLANE", 1)
    monkeypatch.setattr(resampling, "cv2", SimpleNamespace())
    assert np.isfinite(resampled(drawn(1, 4, 6), **settings)).all()


@pytest.mark.parametrize("block", [1, 100, resampling.BLOCK_VALUES])
@pytest.mark.parametrize("factor", [(2.0, 3.0), (4.0, 1.0), (1.0, 49.0)])
@pytest.mark.parametrize(
    ("settings", "repeats"),
    [
        (PYTORCH_NEAREST, True),
        ({"rounding": "round_prefer_floor"}, True),
        ({"rounding": "round_prefer_ceil"}, True),
        ({"coordinates": "asymmetric", "rounding": "ceil"}, False),
        ({"coordinates": "align_corners"}, False),
    ],
)
def test_cells_are_repeated_where_each_is_taken_as_often(
    settings, repeats, factor, block, monkeypatch
):
    maps, calls = drawn(5, 7, 6), []

    def merge(*arguments, **named):
        calls.append(arguments)
        return cv2.merge(*arguments, **named)

    maps[1, 2, 3] = np.nan
    monkeypatch.setattr(resampling, "cv2", SimpleNamespace(merge=merge))
    monkeypatch.setattr(resampling, "BLOCK_VALUES", block)
    fast = resampled(maps, mode="nearest", scale_factor=factor, **settings)
    assert bool(calls) == repeats
    monkeypatch.setattr(resampling, "_repeats", lambda axis: False)
    slow = resampled(maps, mode="nearest", scale_factor=factor, **settings)
    np.testing.assert_array_equal(fast, slow)


def test_positions_are_exact_fractions():
    # In floating point 49 · (1 / 49) is below 1, and rounding down would repeat the first cell.
    out = resampled(line(*range(4)), scale_factor=(1, 49), **PYTORCH_NEAREST)
    np.testing.assert_array_equal(out[0, 0], np.repeat(np.arange(4), 49))


@pytest.mark.parametrize(
    ("length", "factor", "expected"), [(9, 1 / 3, 3), (100, 0.29, 29), (5, 1.5, 7), (30, 0.1, 3)]
)
def test_a_size_is_the_product_rounded_down(length, factor, expected):
    layer = make_layer("upsample2d", {"scale_factor": (factor, 1)})
    shape = Shape(1, length, 4)
    assert layer.output_shape((shape,)) == Shape(1, expected, 4)
    assert layer.equation((shape,)).height.endswith(f"= {expected}")


def test_a_size_comes_before_the_factor():
    layer = make_layer("upsample2d", {"scale_factor": 3, "size": (5, 9)})
    assert layer.output_shape((Shape(2, 4, 4),)) == Shape(2, 5, 9)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (PYTORCH_NEAREST, [0, 2]),
        ({"coordinates": "half_pixel", "rounding": "round_prefer_ceil"}, [1, 3]),
        ({"coordinates": "half_pixel", "rounding": "round_prefer_floor"}, [0, 2]),
    ],
)
def test_the_frameworks_that_say_nearest_take_different_cells(settings, expected):
    out = resampled(line(0, 1, 2, 3), scale_factor=(1, 0.5), **settings)
    assert out[0, 0].tolist() == expected


@pytest.mark.parametrize(
    ("coordinates", "expected"),
    [
        ("half_pixel", [0, 1, 3, 4]),
        ("asymmetric", [0, 2, 4, 4]),
        ("align_corners", [0, 4 / 3, 8 / 3, 4]),
    ],
)
def test_the_coordinates_give_different_values_between_two_cells(coordinates, expected):
    out = resampled(line(0, 4), scale_factor=(1, 2), mode="bilinear", coordinates=coordinates)
    np.testing.assert_allclose(out[0, 0], expected, rtol=1e-6)


@pytest.mark.parametrize("coordinates", COORDINATES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("excluded", [False, True])
def test_a_constant_map_stays_constant(mode, coordinates, excluded):
    maps = np.full((1, 4, 5), 3.0, dtype=np.float32)
    for size in ((9, 12), (3, 2), (1, 1)):
        out = resampled(
            maps, size=size, mode=mode, coordinates=coordinates, exclude_outside=excluded
        )
        np.testing.assert_allclose(out, 3.0, rtol=1e-6)


def test_an_infinite_value_is_infinite_wherever_it_weighs_something():
    maps = np.ones((1, 40, 40), dtype=np.float32)
    maps[0, 20, 20] = np.inf
    out = resampled(maps, scale_factor=2, mode="bilinear")
    small = resampled(maps[:, 15:26, 15:26], scale_factor=2, mode="bilinear")
    assert np.isinf(out).sum() == np.isinf(small).sum() == 16
    assert not np.isnan(out).any()


def test_values_stay_exact_far_along_an_axis():
    maps = drawn(1, 1, 6000)
    out = resampled(maps, scale_factor=(1, 3), mode="bilinear")
    places = (np.arange(18000) + 0.5) / 3 - 0.5
    expected = np.interp(places, np.arange(6000), maps[0, 0].astype(float))
    np.testing.assert_allclose(out[0, 0], expected, rtol=0, atol=1e-6)


def test_an_explanation_says_where_the_value_lies_and_weights_its_neighbors():
    maps = drawn(2, 6, 7)
    for mode, count in (("bilinear", 4), ("bicubic", 16)):
        layer = make_layer("upsample2d", {"mode": mode, "scale_factor": (2, 4)})
        arithmetic = layer.explain(Position(1, 5, 13), (maps,), {})
        (patch,) = arithmetic.patches
        assert patch.values.size == count
        assert patch.weights is not None
        assert patch.weights.sum() == pytest.approx(1.0)
        assert "lies at row 2.25, column 2.875 of the input" in arithmetic.sentence


def test_a_repeated_edge_is_one_neighbor_with_all_the_weight():
    layer = make_layer("upsample2d", {"mode": "bilinear"})
    maps = drawn(1, 3, 4)
    corner = layer.explain(Position(0, 0, 0), (maps,), {})
    assert corner.operation == "copy"
    assert (corner.patches[0].rows, corner.patches[0].columns) == ((0,), (0,))
    (edge,) = layer.explain(Position(0, 0, 1), (maps,), {}).patches
    assert (edge.rows, edge.columns) == ((0,), (0, 1))
    assert edge.weights is not None
    assert edge.weights.tolist() == [[0.75, 0.25]]


def test_cells_without_weight_are_not_read():
    layer = make_layer("upsample2d", {"mode": "bicubic", "coordinates": "align_corners"})
    (reading,) = layer.replace(size=(5, 3)).reading((Shape(1, 3, 3),))
    last = np.arange(5) == 4
    assert reading.rows.read(last).tolist() == [False, False, True]
    assert reading.columns.taps().max(axis=1).tolist() == [0, 1, 2]


def test_a_factor_that_leaves_nothing_is_refused_with_what_leaves_something():
    layer = make_layer("upsample2d", {"scale_factor": (0.25, 0.5)})
    shapes = (Shape(2, 3, 7),)
    with pytest.raises(LayerError, match=r"leaves 0 × 3 of a 3 × 7 input") as refused:
        layer.output_shape(shapes)
    assert refused.value.setting == "scale_factor"
    sizes = [layer.replace(**change).output_shape(shapes) for change in refused.value.candidates]
    assert sizes == [Shape(2, 1, 3), Shape(2, 1, 3)]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [(25, 31), (5, 4), (40, 3)])
def test_maps_computed_in_strips_have_no_seams(mode, size, monkeypatch):
    maps = drawn(3, 11, 9)
    whole = resampled(maps, mode=mode, size=size)
    monkeypatch.setattr("engine.numerics.strips.STRIP_VALUES", 60)
    np.testing.assert_allclose(resampled(maps, mode=mode, size=size), whole, rtol=0, atol=1e-6)


@pytest.mark.parametrize("factor", [2, 3])
def test_upsampling_gives_up_when_it_was_replaced(factor):
    maps, out = drawn(1, 30, 30), np.empty((1, 30 * factor, 30 * factor), np.float32)
    layer = make_layer("upsample2d", {"scale_factor": factor})
    with pytest.raises(CancelledError):
        layer.forward((maps,), {}, out, Workspace(cancelled=lambda: True))
