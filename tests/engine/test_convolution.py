"""Convolution: every way of computing it, the cases worked by hand, and its traps."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arithmetic import Position
from engine.numerics import convolution, separable
from engine.numerics.convolution import Steps, convolve, way_for
from engine.problems import CancelledError, LayerError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.workspace import Workspace
from tests.naive.conv2d import PAIRS
from tests.naive.conv2d import naive as slow_convolution

WAYS = ("pointwise", "columns", "planes")


def sixteenths(rng, *shape):
    return (rng.integers(-32, 33, shape) / 16).astype(np.float32)


def in_double(maps, kernel, bias, stride=(1, 1), dilation=(1, 1), groups=1):
    """Convolution of padded maps in float64, one kernel cell at a time."""
    filters, channels, kernel_h, kernel_w = kernel.shape
    height = (maps.shape[1] - dilation[0] * (kernel_h - 1) - 1) // stride[0] + 1
    width = (maps.shape[2] - dilation[1] * (kernel_w - 1) - 1) // stride[1] + 1
    maps = maps.astype(float).reshape(groups, channels, *maps.shape[1:])
    kernel = kernel.astype(float).reshape(groups, filters // groups, *kernel.shape[1:])
    out = np.zeros((groups, filters // groups, height, width))
    for i in range(kernel_h):
        for j in range(kernel_w):
            rows = slice(i * dilation[0], i * dilation[0] + (height - 1) * stride[0] + 1, stride[0])
            columns = slice(
                j * dilation[1], j * dilation[1] + (width - 1) * stride[1] + 1, stride[1]
            )
            out += np.einsum("gfc,gchw->gfhw", kernel[..., i, j], maps[:, :, rows, columns])
    return out.reshape(filters, height, width) + bias[:, None, None]


# Every way of computing it


@pytest.mark.parametrize("way", WAYS)
@given(data=st.data())
def test_every_way_in_blocks_of_any_size_equals_the_slow_twin(way, data):
    groups = data.draw(st.sampled_from([1, 2, 3]))
    channels, filters = data.draw(PAIRS)
    small = st.tuples(st.integers(1, 4), st.integers(1, 5))
    kernel_size, stride = (
        ((1, 1), (1, 1)) if way == "pointwise" else data.draw(st.tuples(small, PAIRS))
    )
    dilation = data.draw(PAIRS)
    height, width = (
        d * (k - 1) + 1 + extra
        for d, k, extra in zip(
            dilation, kernel_size, data.draw(st.tuples(st.integers(0, 7), st.integers(0, 9))),
            strict=True,
        )
    )  # fmt: skip
    layer = make_layer(
        "conv2d",
        {
            "out_channels": groups * filters,
            "kernel_size": kernel_size,
            "stride": stride,
            "dilation": dilation,
            "groups": groups,
        },
    )
    rng = np.random.default_rng(data.draw(st.integers(0, 2**16)))
    maps = sixteenths(rng, groups * channels, height, width)
    weights = {
        spec.name: sixteenths(rng, *spec.shape)
        for spec in layer.weight_specs((Shape(*maps.shape),))
    }
    expected = slow_convolution(layer, (maps,), weights)
    out = np.full(expected.shape, np.nan, dtype=np.float32)
    limits = {
        name: data.draw(st.sampled_from([1, 100, 1 << 20]), label=name)
        for name in ("BLOCK_BYTES", "BLOCK_POSITIONS", "CALL_PRODUCTS", "CALL_PIXELS")
    }
    with patch.multiple(convolution, **limits):
        convolve(
            maps,
            weights["kernel"],
            weights["bias"],
            out,
            Workspace(),
            stride=stride,
            dilation=dilation,
            groups=groups,
            way=way,
        )
    np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize(
    ("way", "shape", "filters", "kernel_size", "steps"),
    [
        ("pointwise", (32, 40, 37), 48, (1, 1), Steps()),
        ("columns", (32, 40, 37), 48, (1, 1), Steps(stride=(2, 3))),
        ("columns", (32, 40, 37), 48, (3, 3), Steps()),
        ("columns", (32, 40, 37), 48, (5, 4), Steps((2, 1), (1, 2), groups=4)),
        ("planes", (32, 40, 37), 64, (3, 5), Steps((1, 2), (2, 1), groups=32)),
        ("planes", (3, 90, 87), 2, (7, 7), Steps()),
        ("planes", (2, 90, 87), 3, (31, 29), Steps()),  # by the Fourier transform
        ("planes", (2, 90, 87), 4, (3, 3), Steps((1, 1), (7, 9), groups=2)),
    ],
)
def test_larger_maps_are_exact_to_a_hundred_thousandth(way, shape, filters, kernel_size, steps):
    rng = np.random.default_rng(7)
    maps = rng.uniform(0, 255, shape).astype(np.float32)
    kernel = rng.standard_normal((filters, shape[0] // steps.groups, *kernel_size))
    kernel = kernel.astype(np.float32)
    bias = rng.standard_normal(filters).astype(np.float32)
    maps.setflags(write=False)
    expected = in_double(maps, kernel, bias, *steps)
    out = np.empty(expected.shape, dtype=np.float32)
    settings = steps._asdict()
    convolve(maps, kernel, bias, out, Workspace(), **settings, way=way)
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-5 * abs(expected).max())
    convolve(maps, kernel, bias, out, Workspace(), **settings)
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-5 * abs(expected).max())


@pytest.mark.parametrize("way", WAYS)
def test_strips_of_larger_maps_are_read_and_written_in_place(way):
    rng = np.random.default_rng(3)
    size = 1 if way == "pointwise" else 3
    maps, kernel = sixteenths(rng, 2, 9 + size, 6 + size), sixteenths(rng, 4, 2, size, size)
    bias = sixteenths(rng, 4)
    whole = np.zeros((4, 10, 7), dtype=np.float32)
    convolve(maps[:, 2 : 5 + size], kernel, bias, whole[:, 2:6], Workspace(), way=way)
    np.testing.assert_array_equal(whole[:, 2:6], in_double(maps, kernel, bias)[:, 2:6])
    assert not whole[:, :2].any()
    assert not whole[:, 6:].any()


@pytest.mark.parametrize("way", WAYS)
def test_abandoned_work_ends_at_the_next_block(way):
    maps, kernel = np.zeros((2, 4, 5), np.float32), np.zeros((3, 2, 1, 1), np.float32)
    with pytest.raises(CancelledError):
        convolve(
            maps, kernel, None, np.zeros((3, 4, 5), np.float32), Workspace(lambda: True), way=way
        )


def test_maps_smaller_than_the_windows_are_refused():
    maps, kernel = np.zeros((1, 4, 4), np.float32), np.zeros((1, 1, 3, 3), np.float32)
    with pytest.raises(ValueError, match="too small"):
        convolve(maps, kernel, None, np.zeros((1, 3, 3), np.float32), Workspace())


def test_separable_convolution_in_strips_equals_the_whole():
    rng = np.random.default_rng(5)
    layer = make_layer(
        "separable_conv2d",
        {"out_channels": 4, "depth_multiplier": 2, "kernel_size": (3, 2), "stride": (2, 1),
         "dilation": (2, 3), "padding": (1, 2, 0, 3)},
    )  # fmt: skip
    shapes = (Shape(3, 14, 11),)
    maps = sixteenths(rng, *shapes[0])
    weights = {s.name: sixteenths(rng, *s.shape) for s in layer.weight_specs(shapes)}
    whole, strips = (np.empty(layer.output_shape(shapes), np.float32) for _ in range(2))
    layer.forward((maps,), weights, whole, Workspace())
    with patch.object(separable, "BETWEEN_BYTES", 1):
        layer.forward((maps,), weights, strips, Workspace())
    np.testing.assert_array_equal(whole, strips)


def test_depthwise_on_large_planes_goes_plane_by_plane_and_on_small_ones_does_not():
    steps = Steps(groups=96)
    assert way_for((96, 1, 3, 3), (112, 112), steps) == "planes"
    assert way_for((96, 1, 3, 3), (7, 7), steps) == "columns"


# Worked by hand


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


# What does not fit


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
