"""Every way of computing a convolution, forced, in blocks of any size."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.numerics import convolution, separable
from engine.numerics.convolution import Steps, convolve, way_for
from engine.problems import CancelledError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.workspace import Workspace
from tests.naive.conv2d import PAIRS
from tests.naive.conv2d import naive as slow_convolution
from tests.vectors.recording import sixteenths

WAYS = ("pointwise", "columns", "planes")


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
    kernel_shape = filters, shape[0] // steps.groups, *kernel_size
    kernel = rng.standard_normal(kernel_shape).astype(np.float32)
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
    with pytest.raises(ValueError, match="do not hold"):
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
