"""Preprocessing: the ways of Keras' applications, and refusals that can be repaired."""

import numpy as np
import pytest

from engine.arithmetic import Position
from engine.problems import LayerError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.workspace import Workspace


def applied(layer, maps):
    out = np.empty(layer.output_shape((Shape(*maps.shape),)), np.float32)
    layer.forward((maps,), {}, out, Workspace())
    return out


@pytest.fixture
def bytes_rgb():
    """Pixels of 0 to 255, C × H × W, larger than one strip."""
    return np.random.default_rng(0).integers(0, 256, (3, 300, 250)).astype(np.float64)


def test_caffe_preset_is_bgr_of_0_to_255_less_the_mean_pixel(bytes_rgb):
    settings = {"channel_order": "bgr", "scale": 255, "mean": [103.939, 116.779, 123.68]}
    out = applied(make_layer("preprocess", settings), (bytes_rgb / 255).astype(np.float32))
    red, green, blue = bytes_rgb
    expected = np.array([blue - 103.939, green - 116.779, red - 123.68])
    np.testing.assert_allclose(out, expected, atol=1e-4)


def test_torch_preset_subtracts_means_and_divides_by_deviations(bytes_rgb):
    settings = {"mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225]}
    out = applied(make_layer("preprocess", settings), (bytes_rgb / 255).astype(np.float32))
    red, green, blue = bytes_rgb / 255
    expected = [(red - 0.485) / 0.229, (green - 0.456) / 0.224, (blue - 0.406) / 0.225]
    np.testing.assert_allclose(out, np.array(expected), atol=1e-6)


def test_tf_preset_reaches_from_minus_one_to_one(bytes_rgb):
    layer = make_layer("preprocess", {"scale": 2, "mean": 1})
    out = applied(layer, (bytes_rgb / 255).astype(np.float32))
    np.testing.assert_allclose(out, bytes_rgb / 127.5 - 1, atol=1e-6)


def test_by_default_pixels_stay_as_they_are():
    maps = np.random.default_rng(0).random((5, 3, 4), dtype=np.float32)
    np.testing.assert_array_equal(applied(make_layer("preprocess"), maps), maps)


def test_gray_is_weighed_by_color_whatever_the_channel_order():
    maps = np.random.default_rng(0).random((3, 4, 5), dtype=np.float32)
    gray = applied(make_layer("preprocess", {"grayscale": True}), maps)
    expected = 0.299 * maps[0] + 0.587 * maps[1] + 0.114 * maps[2]
    np.testing.assert_allclose(gray, expected[None], atol=1e-6)
    settings = {"grayscale": True, "channel_order": "bgr"}
    np.testing.assert_array_equal(applied(make_layer("preprocess", settings), maps), gray)


def test_gray_value_is_explained_by_its_three_colors():
    maps = np.array([0.5, 0.25, 1], np.float32).reshape(3, 1, 1)
    layer = make_layer("preprocess", {"grayscale": True, "scale": 2, "mean": 1})
    arithmetic = layer.explain(Position(0, 0, 0), (maps,), {})
    weights = [term["weight"] for term in arithmetic.terms()]
    assert weights == [0.299, 0.587, 0.114]
    gray = 0.299 * 0.5 + 0.587 * 0.25 + 0.114
    assert arithmetic.result == pytest.approx(gray * 2 - 1)
    assert arithmetic.sentence.startswith("0.299 × 0.5 + 0.587 × 0.25 + 0.114 × 1 = 0.4103;")


@pytest.mark.parametrize("order", ["rgb", "bgr"])
def test_what_is_gray_already_stays_gray(order):
    layer = make_layer("preprocess", {"grayscale": True, "channel_order": order, "scale": 2})
    maps = np.random.default_rng(0).random((1, 4, 5), dtype=np.float32)
    np.testing.assert_array_equal(applied(layer, maps), 2 * maps)
    arithmetic = layer.explain(Position(0, 1, 2), (maps,), {})
    assert arithmetic.result == pytest.approx(2 * float(maps[0, 1, 2]))
    assert layer.equation((Shape(1, 4, 5),)).channels == "as the input"


def test_swapped_channel_is_explained_by_the_channel_it_came_from():
    maps = np.array([0.5, 0.25, 1], np.float32).reshape(3, 1, 1)
    layer = make_layer("preprocess", {"channel_order": "bgr", "mean": (0.1, 0.2, 0.3)})
    arithmetic = layer.explain(Position(0, 0, 0), (maps,), {})
    assert arithmetic.patches[0].channel == 2
    assert arithmetic.sentence == "(1 × 1 − 0.1) / 1 = 0.9."


@pytest.mark.parametrize(
    ("settings", "channels", "setting"),
    [
        ({"grayscale": True}, 2, "grayscale"),
        ({"grayscale": True, "channel_order": "bgr"}, 4, "grayscale"),
        ({"channel_order": "bgr"}, 1, "channel_order"),
        ({"mean": (1, 2, 3)}, 1, "mean"),
        ({"deviation": (1, 2)}, 3, "deviation"),
        ({"mean": (1, 2, 3), "deviation": (1, 2, 3)}, 4, "mean"),
        ({"mean": (1, 2, 3), "grayscale": True}, 3, "mean"),
    ],
)
def test_refusals_name_the_setting_and_a_repair_works(settings, channels, setting):
    layer, shapes = make_layer("preprocess", settings), (Shape(channels, 4, 5),)
    with pytest.raises(LayerError) as info:
        layer.output_shape(shapes)
    assert info.value.setting == setting
    assert "channel" in str(info.value)

    def fits(candidate):
        try:
            layer.replace(**candidate).output_shape(shapes)
        except LayerError:
            return False
        return True

    assert any(fits(candidate) for candidate in info.value.candidates)
