"""Normalization where it is easily wrong: groups, axes, ends, large means, beyond one strip."""

import warnings

import numpy as np
import pytest

from engine.arithmetic import Position
from engine.numerics import normalization
from engine.numerics.channel_scaling import ChannelScaling, coefficients
from engine.opencv import cv2
from engine.problems import LayerError
from engine.registry import all_kinds, make_layer
from engine.shapes import Shape
from engine.workspace import Workspace

OVER_MAPS = [
    make_layer("layer_norm", {"axes": "all", "affine": False}),
    make_layer("layer_norm", {"axes": "channels", "affine": False}),
    make_layer("group_norm", {"groups": 3, "affine": False}),
    make_layer("instance_norm2d"),
]


def applied(layer, maps, **weights):
    out = np.empty_like(maps)
    arrays = {name: np.asarray(array, np.float32) for name, array in weights.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        layer.forward((maps,), arrays, out, Workspace())
    return out


def standardized(layer, maps):
    """In double precision by numpy's own mean and variance."""
    groups = {"group_norm": 3, "instance_norm2d": maps.shape[0], "layer_norm": 1}
    doubles = maps.astype(np.float64)
    if getattr(layer, "axes", "") == "channels":
        mean, variance = doubles.mean(axis=0), doubles.var(axis=0)
    else:
        rows = doubles.reshape(groups[layer.kind.id], -1)
        each = maps.shape[0] // len(rows)
        mean = np.repeat(rows.mean(axis=1), each)[:, None, None]
        variance = np.repeat(rows.var(axis=1), each)[:, None, None]
    return (doubles - mean) / np.sqrt(variance + layer.epsilon)


@pytest.mark.parametrize("layer", OVER_MAPS, ids=str)
def test_maps_beyond_one_strip_are_normalized_as_a_whole(layer):
    maps = np.random.default_rng(0).normal(3, 2, (6, 180, 130)).astype(np.float32)
    maps *= np.linspace(1, 4, 6, dtype=np.float32)[:, None, None]
    expected = standardized(layer, maps)
    np.testing.assert_allclose(applied(layer, maps), expected, atol=1e-5 * abs(expected).max())


@pytest.mark.parametrize("layer", OVER_MAPS, ids=str)
def test_a_large_mean_does_not_eat_the_digits(layer):
    noise = np.random.default_rng(0).integers(-32, 33, (6, 20, 30)) / 16
    maps = (noise + 4096).astype(np.float32)
    expected = standardized(layer, maps)
    np.testing.assert_allclose(applied(layer, maps), expected, atol=1e-3)


@pytest.mark.parametrize("block", [1, 4000, normalization.BLOCK_VALUES])
@pytest.mark.parametrize("size", [(7, 6), (13, 12), (30, 25), (300, 250)])
@pytest.mark.parametrize("mean_size", [1, 100])
def test_every_way_of_batch_norm_uses_each_channels_own_numbers(
    monkeypatch, block, size, mean_size
):
    monkeypatch.setattr(normalization, "BLOCK_VALUES", block)
    rng = np.random.default_rng(0)
    maps = rng.normal(3, 2, (5, *size)).astype(np.float32)
    scale, shift, mean = rng.normal(0, 1, (3, 5)).astype(np.float32)
    mean *= mean_size
    variance = np.array([0.5, 1, 2, 3, 4], np.float32)
    layer = make_layer("batch_norm2d")
    out = applied(layer, maps, scale=scale, shift=shift, mean=mean, variance=variance)
    for m in range(5):
        expected = (maps[m] - mean[m]) / np.sqrt(variance[m] + 1e-5) * scale[m] + shift[m]
        np.testing.assert_allclose(out[m], expected, rtol=0, atol=1e-5 * mean_size)


def test_batch_norm_subtracts_the_mean_before_it_scales():
    maps = np.array([4096.0625, 4095.9375], np.float32).reshape(1, 1, 2)
    layer = make_layer("batch_norm2d", {"affine": False})
    out = applied(layer, maps, mean=[4096], variance=[1e-4])
    expected = np.array([[[0.0625, -0.0625]]]) / np.sqrt(1.1e-4)
    np.testing.assert_allclose(out, expected, rtol=1e-6)


def test_batch_norm_by_more_than_the_largest_number_gives_infinity():
    maps = np.array([1, -2, 0.5, 3], np.float32).reshape(2, 1, 2)
    weights = {"scale": [1e38, 1], "shift": [1, 2], "mean": [0, 0], "variance": [0, 1]}
    out = applied(make_layer("batch_norm2d"), maps, **weights)
    np.testing.assert_array_equal(out[0], [[np.inf, -np.inf]])
    np.testing.assert_allclose(out[1], [[2.5, 5]], rtol=1e-5)


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (40, 33)])
def test_scaled_channels_keep_what_is_not_finite_where_it_is(size):
    maps = np.random.default_rng(0).normal(0, 1, (5, *size)).astype(np.float32)
    maps[1, 0, 0], maps[2, -1, -1], maps[4, 0, -1] = np.nan, np.inf, -np.inf
    factor, offset = np.array([[1, -2, 3, 0.5, -1], [4, 3, 2, 1, 0]], np.float32)
    out = np.empty_like(maps)
    scaling = ChannelScaling()
    scaling.run(out, maps, *coefficients(factor, offset))
    expected = maps * factor[:, None, None] + offset[:, None, None]
    np.testing.assert_allclose(out, expected, rtol=1e-5, atol=1e-5)
    with pytest.raises(cv2.error):
        scaling.run(out, maps, *coefficients(factor[:3], offset[:3]))


def test_batch_norm_with_a_negative_variance_gives_nan_without_a_warning():
    maps = np.ones((2, 1, 1), np.float32)
    layer = make_layer("batch_norm2d", {"affine": False})
    out = applied(layer, maps, mean=[0, 0], variance=[-1, 1])
    assert np.isnan(out).ravel().tolist() == [True, False]
    arithmetic = layer.explain(
        Position(0, 0, 0),
        (maps,),
        {"mean": np.array([0, 0], np.float32), "variance": np.array([-1, 1], np.float32)},
    )
    assert np.isnan(arithmetic.result)


def test_running_statistics_are_not_parameters():
    specs = make_layer("batch_norm2d").weight_specs((Shape(8, 5, 7),))
    assert {spec.name: spec.learned for spec in specs} == {
        "scale": True,
        "shift": True,
        "mean": False,
        "variance": False,
    }


def test_starting_weights_leave_standardized_values_alone():
    shape = Shape(3, 4, 5)
    for kind in ("batch_norm2d", "layer_norm", "group_norm", "instance_norm2d"):
        specs = make_layer(kind, {"affine": True}).weight_specs((shape,))
        starts = {spec.name: spec.start for spec in specs}
        assert starts["scale"] == 1
        assert starts["shift"] == 0
        assert starts.get("mean", 0) == 0
        assert starts.get("variance", 1) == 1


def test_a_scale_per_channel_is_not_mistaken_for_one_per_column():
    maps = np.zeros((4, 4, 4), np.float32)
    shift = np.arange(4)
    for kind in ("layer_norm", "group_norm", "instance_norm2d"):
        out = applied(make_layer(kind, {"affine": True}), maps, scale=np.ones(4), shift=shift)
        np.testing.assert_array_equal(out, np.broadcast_to(shift[:, None, None], maps.shape))


def test_layer_norm_over_everything_has_a_scale_per_value():
    layer = make_layer("layer_norm", {"axes": "all"})
    specs = layer.weight_specs((Shape(3, 4, 5),))
    assert [spec.shape for spec in specs] == [(3, 4, 5), (3, 4, 5)]
    over_channels = layer.replace(axes="channels").weight_specs((Shape(3, 4, 5),))
    assert [spec.shape for spec in over_channels] == [(3,), (3,)]


def test_group_norm_refuses_groups_that_do_not_divide_and_offers_the_nearest():
    layer, shapes = make_layer("group_norm", {"groups": 5}), (Shape(12, 4, 3),)
    with pytest.raises(LayerError, match="12 channels cannot be split into 5 equal groups") as info:
        layer.output_shape(shapes)
    assert info.value.setting == "groups"
    assert [candidate["groups"] for candidate in info.value.candidates][:2] == [4, 6]
    for candidate in info.value.candidates:
        assert layer.replace(**candidate).output_shape(shapes) == shapes[0]


def test_group_norm_with_a_group_per_channel_is_instance_norm_and_with_one_is_layer_norm():
    maps = np.random.default_rng(0).normal(2, 3, (6, 4, 5)).astype(np.float32)
    plain = {"affine": False}
    each = applied(make_layer("group_norm", {"groups": 6, **plain}), maps)
    np.testing.assert_array_equal(each, applied(make_layer("instance_norm2d", plain), maps))
    together = applied(make_layer("group_norm", {"groups": 1, **plain}), maps)
    over_all = applied(make_layer("layer_norm", {"axes": "all", **plain}), maps)
    np.testing.assert_array_equal(together, over_all)


def test_instance_norm_makes_a_constant_map_zero():
    maps = np.full((2, 3, 5), 0.1, np.float32)
    assert abs(applied(make_layer("instance_norm2d"), maps)).max() < 1e-5
    single = np.full((2, 1, 1), 7, np.float32)
    np.testing.assert_array_equal(applied(make_layer("instance_norm2d"), single), 0)


def test_even_window_of_the_response_norm_has_its_odd_channel_before():
    maps = np.zeros((4, 1, 1), np.float32)
    maps[1], maps[3] = 1, 1
    settings = {"size": 2, "alpha": 2.0, "beta": 1.0, "k": 1.0}
    probe = maps.copy()
    probe[2] = 1
    out = applied(make_layer("local_response_norm", settings), probe)
    # Channel 1 sees 0 and 1, channel 2 sees 1 and 2, channel 3 sees 2 and 3.
    np.testing.assert_allclose(out.ravel(), [0, 1 / 2, 1 / 3, 1 / 3], rtol=1e-6)


def test_response_norm_divides_alpha_by_its_size_at_the_ends_too():
    maps = np.ones((3, 1, 1), np.float32)
    settings = {"size": 5, "alpha": 5.0, "beta": 1.0, "k": 1.0}
    out = applied(make_layer("local_response_norm", settings), maps)
    np.testing.assert_allclose(out.ravel(), [1 / 4, 1 / 4, 1 / 4], rtol=1e-6)
    wide = applied(make_layer("local_response_norm", {**settings, "size": 65536}), maps)
    np.testing.assert_allclose(wide.ravel(), 1 / (1 + 15 / 65536), rtol=1e-6)


@pytest.mark.parametrize("kind", [k for k, c in all_kinds().items() if "Norm" in c.kind.category])
def test_every_normalization_reads_what_its_statistics_read(kind):
    layer = make_layer(kind)
    (reading,) = layer.reading((Shape(3, 5, 7),))
    everything = kind in ("group_norm", "instance_norm2d")
    one_row = np.arange(5) == 2
    assert reading.rows.reach(one_row).sum() == (5 if everything else 1)
