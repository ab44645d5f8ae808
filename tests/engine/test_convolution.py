"""Convolution: the cases worked by hand, and what does not fit."""

import numpy as np
import pytest

from engine.arithmetic import Position
from engine.problems import LayerError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.workspace import Workspace
from tests.vectors.recording import sixteenths


@pytest.mark.parametrize(
    ("picture", "settings", "size"),
    [
        # 1: a 3×3 kernel loses one pixel at each edge, a 5×5 kernel two; same loses none.
        ((3, 28, 28), {"kernel_size": 3, "out_channels": 32}, "26 × 26 × 32"),
        ((3, 28, 28), {"kernel_size": 5, "out_channels": 32}, "24 × 24 × 32"),
        ((3, 28, 28), {"kernel_size": 3, "out_channels": 32, "padding": "same"}, "28 × 28 × 32"),
        # 2: ⌊(28 − 3 + 0) / 2⌋ + 1.
        ((3, 28, 28), {"kernel_size": 3, "out_channels": 16, "stride": 2}, "13 × 13 × 16"),
        ((3, 28, 28), {"kernel_size": 3, "out_channels": 16, "padding": "same"}, "28 × 28 × 16"),
        # 3: without padding, with six filters, with a stride; padding that keeps the size.
        ((3, 32, 32), {"kernel_size": 5, "out_channels": 1}, "28 × 28 × 1"),
        ((3, 32, 32), {"kernel_size": 5, "out_channels": 6}, "28 × 28 × 6"),
        ((3, 32, 32), {"kernel_size": 5, "out_channels": 6, "stride": 2}, "14 × 14 × 6"),
        ((3, 32, 32), {"kernel_size": 3, "out_channels": 6, "padding": 1}, "32 × 32 × 6"),
        ((3, 32, 32), {"kernel_size": 5, "out_channels": 6, "padding": 2}, "32 × 32 × 6"),
        # 5: (h − fh + 1) × (w − fw + 1), and 7×7 with 3×3 at two strides.
        ((4, 9, 8), {"kernel_size": (3, 2), "out_channels": 1}, "7 × 7 × 1"),
        ((1, 7, 7), {"kernel_size": 3, "out_channels": 1}, "5 × 5 × 1"),
        ((1, 7, 7), {"kernel_size": 3, "out_channels": 1, "stride": 2}, "3 × 3 × 1"),
        # 8: smaller stride, more padding, smaller kernel.
        ((1, 28, 28), {"kernel_size": 3, "out_channels": 32, "stride": 2}, "13 × 13 × 32"),
        ((1, 28, 28), {"kernel_size": 3, "out_channels": 32}, "26 × 26 × 32"),
        ((1, 28, 28), {"kernel_size": 3, "out_channels": 32, "padding": "same"}, "28 × 28 × 32"),
        ((1, 28, 28), {"kernel_size": 1, "out_channels": 32}, "28 × 28 × 32"),
    ],
)
def test_sizes_worked_by_hand(picture, settings, size):
    assert str(make_layer("conv2d", settings).output_shape((Shape(*picture),))) == size


@pytest.mark.parametrize(
    ("picture", "settings", "macs"),
    [
        ((1, 28, 28), {"kernel_size": 3, "out_channels": 32, "stride": 2}, 48_672),
        ((1, 28, 28), {"kernel_size": 1, "out_channels": 32}, 25_088),
        ((1, 28, 28), {"kernel_size": 3, "out_channels": 32}, 26 * 26 * 32 * 9),
        # Products with padding count.
        ((1, 28, 28), {"kernel_size": 3, "out_channels": 32, "padding": "same"}, 225_792),
        ((3, 32, 32), {"kernel_size": 5, "out_channels": 6}, 352_800),
        ((4, 6, 5), {"kernel_size": 3, "out_channels": 6, "groups": 2}, 4 * 3 * 6 * 2 * 9),
    ],
)
def test_multiply_accumulates_worked_by_hand(picture, settings, macs):
    assert make_layer("conv2d", settings).macs((Shape(*picture),)) == macs


def parameters(kind, settings, picture):
    return sum(s.size for s in make_layer(kind, settings).weight_specs((Shape(*picture),)))


@pytest.mark.parametrize("size", [32, 256])
def test_one_filter_has_76_parameters_whatever_the_size_of_the_picture(size):
    settings = {"kernel_size": 5, "out_channels": 1}
    assert parameters("conv2d", settings, (3, size, size)) == 76


def test_groups_divide_the_parameters():
    settings = {"kernel_size": 3, "out_channels": 6, "groups": 2, "bias": False}
    assert parameters("conv2d", settings, (4, 9, 9)) == 6 * (4 // 2) * 9


def test_a_separable_convolution_has_fewer_parameters_and_products():
    settings, picture = {"kernel_size": 3, "out_channels": 64, "padding": "same"}, (32, 20, 30)
    assert parameters("separable_conv2d", settings, picture) == 32 * 9 + 64 * 32 + 64
    shapes = (Shape(*picture),)
    macs = make_layer("separable_conv2d", settings).macs(shapes)
    assert macs == 20 * 30 * (32 * 9 + 64 * 32)
    assert make_layer("conv2d", settings).macs(shapes) == 20 * 30 * 64 * 32 * 9


def test_one_feature_is_75_products_and_their_sum():
    rng = np.random.default_rng(1)
    maps, kernel = sixteenths(rng, 3, 32, 32), sixteenths(rng, 1, 3, 5, 5)
    layer = make_layer("conv2d", {"kernel_size": 5, "out_channels": 1})
    weights = {"kernel": kernel, "bias": np.array([0.25], np.float32)}
    arithmetic = layer.explain(Position(0, 27, 3), (maps,), weights)
    terms = list(arithmetic.terms())
    assert len(terms) == 75
    total = float((maps[:, 27:32, 3:8] * kernel[0]).sum())
    assert sum(term["product"] for term in terms) == total
    assert arithmetic.result == total + 0.25
    assert arithmetic.sentence.startswith("3 × 25 = 75 products add up to ")


def test_true_convolution_is_cross_correlation_with_the_kernel_turned():
    maps = np.zeros((1, 3, 3), np.float32)
    maps[0, 1, 1] = 1
    kernel = np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)
    results = []
    for flip in (False, True):
        layer = make_layer(
            "conv2d", {"out_channels": 1, "padding": "same", "bias": False, "flip_kernel": flip}
        )
        out = np.empty((1, 3, 3), np.float32)
        layer.forward((maps,), {"kernel": kernel}, out, Workspace())
        results.append(out)
    # A single bright pixel shows the kernel: turned by cross-correlation, upright by convolution.
    np.testing.assert_array_equal(results[0], kernel[0, :, ::-1, ::-1])
    np.testing.assert_array_equal(results[1], kernel[0])


def test_a_window_too_large_names_the_padding_and_the_kernel_that_would_fit():
    with pytest.raises(LayerError, match="9 × 9 window does not fit a 7 × 7 input") as caught:
        make_layer("conv2d", {"kernel_size": 9}).output_shape((Shape(3, 7, 7),))
    assert caught.value.setting == "kernel_size"
    assert {"padding": (1, 1, 1, 1)} in caught.value.candidates
    assert {"kernel_size": (7, 7)} in caught.value.candidates


@pytest.mark.parametrize("kind", ["conv2d", "conv_transpose2d"])
def test_groups_that_do_not_divide_name_those_that_do(kind):
    layer = make_layer(kind, {"out_channels": 8, "groups": 3})
    with pytest.raises(
        LayerError, match="4 channels cannot be split into 3 equal groups"
    ) as caught:
        layer.output_shape((Shape(4, 9, 9),))
    assert caught.value.setting == "groups"
    assert caught.value.candidates == ({"groups": 4}, {"groups": 2}, {"groups": 1})
