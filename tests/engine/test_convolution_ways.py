"""Every way of computing a convolution, forced, in blocks of any size."""

import itertools
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.numerics import (
    channel_blocks,
    channels_last,
    convolution,
    few_tiles,
    fourier,
    grids,
    matrices,
    net,
    net_blocks,
    planes,
    products,
    rows,
    separable,
    shared_products,
    taps,
    winograd,
)
from engine.numerics.convolution import convolve
from engine.numerics.few_tiles import are_few
from engine.numerics.padding import padded
from engine.numerics.steps import Convolution, Steps
from engine.numerics.ways import way_for
from engine.numerics.winograd_tiles import FOUR, TWO
from engine.problems import CancelledError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.sides import Sides
from engine.workspace import Workspace
from tests.naive.conv2d import PAIRS
from tests.naive.conv2d import naive as slow_convolution
from tests.vectors.recording import sixteenths

DEPTHWISE = "channel blocks"

WAYS = ("pointwise", "columns", "rows", "taps", "planes", "net", DEPTHWISE)
"""Those that are exact where sums are."""

LIMITS = {
    matrices: (
        "BLOCK_BYTES",
        "BLOCK_POSITIONS",
        "CALL_PRODUCTS",
        "FEW_POSITIONS",
        "MOST_NEW_VALUES",
        "SHARED_PRODUCTS",
    ),
    channels_last: ("KERNEL_VALUES",),
    few_tiles: ("KERNEL_VALUES", "MOST_FEW_TILES", "MOST_FEW_PLACES"),
    products: ("UNCOPIED_PRODUCTS", "WIDE"),
    rows: ("BLOCK_BYTES", "CALL_PRODUCTS", "SHARED_PRODUCTS"),
    shared_products: (
        "CALL_PRODUCTS",
        "FEWEST_FILTERS",
        "FEWEST_PRODUCTS",
        "FEW_VALUES",
        "MOST_BYTES",
    ),
    taps: ("BLOCK_BYTES", "SHARED_PRODUCTS"),
    fourier: ("TILE_OUTPUTS", "TILE_SPANS"),
    grids: ("COPIED_VALUES", "STACKED_VALUES"),
    net_blocks: ("BLOCK_VALUES", "LEAST_BLOCK_ROWS", "SHARED_PRODUCTS"),
    planes: ("CALL_PIXELS", "SHARED_PIXELS"),
    winograd: (
        "STRIP_BYTES",
        "STRIP_TILES",
        "TOGETHER_BYTES",
        "MOST_KERNEL_BYTES",
        "KERNEL_VALUES",
        "CALL_PRODUCTS",
    ),
}


@contextmanager
def small_limits(draw):
    """Work in blocks of drawn sizes, by several threads or by one."""
    with ExitStack() as stack:
        for module, names in LIMITS.items():
            limits = {name: draw(st.sampled_from([1, 100, 3000, 1 << 30])) for name in names}
            stack.enter_context(patch.multiple(module, **limits))
        for name in ("PIECE_FILTERS", "LINE_VALUES"):
            stack.enter_context(patch.object(products, name, draw(st.integers(1, 4))))
        yield


def workspace_that_knows(kernel):
    """What is made of a kernel at its second use is made at once."""
    workspace = Workspace()
    workspace.is_known(kernel)
    return workspace


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
    some_groups = {"rows": [1], "taps": [1], DEPTHWISE: [1, 7, 8, 9]}.get(way, [1, 2, 3])
    groups = data.draw(st.sampled_from(some_groups))
    # In groups a net of several channels takes tiles.
    is_single = way == DEPTHWISE or (way == "net" and groups > 1)
    channels, filters = (1, 1) if is_single else data.draw(PAIRS)
    small = st.tuples(st.integers(1, 4), st.integers(1, 5))
    kernel_size = (1, 1) if way == "pointwise" else data.draw(small)
    stride = data.draw(PAIRS)
    dilation = data.draw(PAIRS)
    if way == "rows":
        dilation = 1, dilation[1]
    height, width = (
        d * (k - 1) + 1 + extra
        for d, k, extra in zip(
            dilation, kernel_size, data.draw(st.tuples(st.integers(0, 7), st.integers(0, 9))),
            strict=True,
        )
    )  # fmt: skip
    sides = data.draw(st.tuples(*[st.integers(0, 3)] * 4))
    layer = make_layer(
        "conv2d",
        {
            "out_channels": groups * filters,
            "kernel_size": kernel_size,
            "stride": stride,
            "padding": sides,
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
    if data.draw(st.booleans()):
        place = tuple(data.draw(st.integers(0, n - 1)) for n in maps.shape)
        maps[place] = data.draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    expected = slow_convolution(layer, (maps,), weights)
    out = np.full(expected.shape, 7, dtype=np.float32)
    is_known = data.draw(st.booleans())
    workspace = workspace_that_knows(weights["kernel"]) if is_known else Workspace()
    with small_limits(data.draw), np.errstate(invalid="ignore"):
        convolve(
            maps,
            weights["kernel"],
            weights["bias"],
            out,
            workspace,
            stride=stride,
            dilation=dilation,
            groups=groups,
            sides=Sides(*sides),
            way=way,
        )
    np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize(
    "way", ["winograd", "small winograd", "large winograd", "net", "net blocks", "grids"]
)
@given(data=st.data())
def test_tiles_in_strips_of_any_size_equal_the_slow_twin(way, data):
    channels, filters, height, width = (data.draw(st.integers(1, n)) for n in (10, 7, 19, 18))
    dilation = data.draw(st.tuples(*[st.integers(1, 4)] * 2)) if way == "grids" else (1, 1)
    sides = Sides(*data.draw(st.tuples(*[st.integers(max(dilation), 6)] * 4)))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**16)))
    maps = rng.standard_normal((channels, height, width), dtype=np.float32)
    kernel = rng.standard_normal((filters, channels, 3, 3), dtype=np.float32)
    bias = rng.standard_normal(filters, dtype=np.float32)
    broken = data.draw(st.sampled_from([None, np.nan, np.inf, np.float32(3e38)]))
    if broken is not None:
        maps[tuple(data.draw(st.integers(0, n - 1)) for n in maps.shape)] = broken
    top, left, bottom, right = sides
    whole = np.pad(maps, ((0, 0), (top, bottom), (left, right)))
    with np.errstate(all="ignore"):
        expected = in_double(whole, kernel, bias, dilation=dilation).astype(np.float32)
    out = np.full(expected.shape, 7, dtype=np.float32)
    with small_limits(data.draw), np.errstate(all="ignore"):
        convolve(maps, kernel, bias, out, Workspace(), dilation=dilation, sides=sides, way=way)
    is_finite = np.isfinite(expected)
    largest = abs(expected[is_finite]).max(initial=0)
    np.testing.assert_array_equal(out[~is_finite], expected[~is_finite])
    np.testing.assert_allclose(out[is_finite], expected[is_finite], rtol=0, atol=1e-5 * largest)


@pytest.mark.parametrize("way", ["winograd", "small winograd", "large winograd"])
@pytest.mark.parametrize("strip_bytes", [1, winograd.STRIP_BYTES])
def test_tiles_are_multiplied_by_kernels_in_pieces(monkeypatch, way, strip_bytes):
    filters, rng = 3 * winograd.FEWEST_FILTERS, np.random.default_rng(0)
    monkeypatch.setattr(winograd, "UNCOPIED_PRODUCTS", 10**6)
    assert winograd._filters_together(filters, 3, 64) == filters // 3
    maps = rng.standard_normal((3, 14, 15), dtype=np.float32)
    kernel = rng.standard_normal((filters, 3, 3, 3), dtype=np.float32)
    bias = rng.standard_normal(filters, dtype=np.float32)
    expected = in_double(maps, kernel, bias)
    out = np.empty(expected.shape, dtype=np.float32)
    monkeypatch.setattr(winograd, "MOST_KERNEL_BYTES", 1)
    for name in ("STRIP_BYTES", "STRIP_TILES", "TOGETHER_BYTES"):
        monkeypatch.setattr(winograd, name, strip_bytes)
    convolve(maps, kernel, bias, out, Workspace(), way=way)
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-5 * abs(expected).max())


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("row", [0, 1, 5, 10, 11])
@pytest.mark.parametrize("few", [0, net.FEW_VALUES])
def test_what_is_not_finite_is_what_it_should_be_in_depthwise_maps(monkeypatch, value, row, few):
    monkeypatch.setattr(net, "FEW_VALUES", few)
    rng = np.random.default_rng(row)
    maps = rng.standard_normal((9, 12, 21), dtype=np.float32)
    maps[3, row, 7] = value
    kernel = rng.standard_normal((9, 1, 3, 3), dtype=np.float32)
    bias, sides = np.zeros(9, np.float32), Sides(1, 1, 1, 1)
    with np.errstate(invalid="ignore"):
        expected = in_double(np.pad(maps, ((0, 0), (1, 1), (1, 1))), kernel, bias, groups=9)
        out = np.empty((9, 12, 21), np.float32)
        convolve(maps, kernel, bias, out, Workspace(), groups=9, sides=sides, way="net")
    np.testing.assert_allclose(out, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_what_is_not_finite_stays_in_its_group_and_its_windows(value):
    rng = np.random.default_rng(5)
    maps = rng.standard_normal((12, 15, 16), dtype=np.float32)
    maps[4, 6, 7] = value
    kernel = rng.standard_normal((12, 4, 3, 3), dtype=np.float32)
    assert way_for(kernel.shape, (13, 14), Steps(groups=3)) == "net"
    out = np.empty((12, 13, 14), np.float32)
    with np.errstate(invalid="ignore"):
        expected = in_double(maps, kernel, np.zeros(12), groups=3)
        convolve(maps, kernel, None, out, Workspace(), groups=3)
    np.testing.assert_allclose(out, expected, rtol=1e-4, atol=1e-4)


@given(data=st.data())
def test_nets_of_one_kernel_keep_to_their_bias_padding_and_steps_at_every_size(data):
    # Each of one channel, all in one group, or in groups of two.
    groups, channels = data.draw(st.sampled_from([(1, 3), (4, 4), (1, 1), (3, 3), (2, 4), (3, 6)]))
    is_depthwise = groups == channels
    kernel_size = data.draw(st.tuples(*[st.integers(1, 5)] * 2)) if is_depthwise else (3, 3)
    rng = np.random.default_rng(data.draw(st.integers(0, 2**16)))
    kernel_shape = channels, channels // groups, *kernel_size
    kernel = rng.standard_normal(kernel_shape, dtype=np.float32)
    biases, workspace = list(rng.standard_normal((2, channels), dtype=np.float32)), Workspace()
    strides = data.draw(st.lists(PAIRS, min_size=2, max_size=2)) if groups > 1 else [(1, 1)]
    paddings = (0, 0, 0, 0), data.draw(st.tuples(*[st.integers(0, 2)] * 4))
    for _ in range(4):
        settings = {
            "out_channels": channels, "kernel_size": kernel_size,
            "stride": data.draw(st.sampled_from(strides)),
            "padding": data.draw(st.sampled_from(paddings)),
            "groups": groups,
        }  # fmt: skip
        weights = {"kernel": kernel, "bias": data.draw(st.sampled_from(biases))}
        size = [data.draw(st.integers(length, length + 12)) for length in kernel_size]
        maps = rng.standard_normal((channels, *size), dtype=np.float32)
        expected = slow_convolution(make_layer("conv2d", settings), (maps,), weights)
        out = np.full(expected.shape, 7, dtype=np.float32)
        convolve(
            maps, weights["kernel"], weights["bias"], out, workspace, stride=settings["stride"],
            groups=settings["groups"], sides=Sides(*settings["padding"]), way="net",
        )  # fmt: skip
        np.testing.assert_allclose(out, expected, rtol=0, atol=3e-5 * abs(expected).max())


@pytest.mark.parametrize("way", sorted(convolution._APART))
@pytest.mark.parametrize("stacked", [1, grids.STACKED_VALUES])
def test_grids_of_dilated_windows_are_convolved_in_every_way(monkeypatch, way, stacked):
    monkeypatch.setattr(grids, "STACKED_VALUES", stacked)
    rng, workspace = np.random.default_rng(9), Workspace()
    maps = rng.standard_normal((9, 37, 41), dtype=np.float32)
    kernel = rng.standard_normal((8, 9, 3, 3), dtype=np.float32)
    bias = rng.standard_normal(8, dtype=np.float32)
    expected = in_double(np.pad(maps, ((0, 0), (2, 1), (3, 2))), kernel, bias, dilation=(2, 3))
    out = np.full(expected.shape, 7, np.float32)
    work = Convolution(maps, kernel, bias, out, Steps(dilation=(2, 3)), Sides(2, 3, 1, 2))
    each = [convolution._FINITE_WAYS[way](grid, workspace) for grid in grids.grids(work, workspace)]
    assert each == [True] * (6 if stacked == 1 else 1)
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-5 * abs(expected).max())


def test_a_net_of_few_channels_keeps_whole_numbers_whole():
    rng = np.random.default_rng(1)
    maps = rng.integers(0, 256, (net.FEWEST_TILED_CHANNELS - 1, 40, 30)).astype(np.float32)
    kernel = rng.integers(-2, 3, (6, len(maps), 3, 3)).astype(np.float32)
    out = np.empty((6, 38, 28), np.float32)
    convolve(maps, kernel, None, out, Workspace(), way="net")
    np.testing.assert_array_equal(out, in_double(maps, kernel, np.zeros(6)))


def test_what_threads_that_help_have_prepared_is_counted():
    workspace, kernel = Workspace(), np.zeros(100, np.float32)
    workspace.prepared(("own",), kernel, kernel.copy)
    workspace.share(0).prepared(("theirs",), kernel, kernel.copy)
    assert workspace.prepared_bytes() == 2 * kernel.nbytes


@pytest.mark.parametrize("most", [1, channel_blocks.MOST_NETS])
def test_blocks_of_channels_are_convolved_at_every_size_by_the_latest_nets(monkeypatch, most):
    monkeypatch.setattr(channel_blocks, "MOST_NETS", most)
    rng, workspace = np.random.default_rng(6), Workspace()
    kernels = [sixteenths(rng, 9, 1, *size) for size in [(5, 5), (2, 3), (5, 5)]]
    bias = sixteenths(rng, 9)
    for height, width in [(9, 7), (5, 5), (17, 20), (9, 7)]:
        maps = sixteenths(rng, 9, height, width)
        for kernel in kernels:
            expected = in_double(maps, kernel, bias, groups=9)
            out = np.empty(expected.shape, np.float32)
            convolve(maps, kernel, bias, out, workspace, groups=9, way="channel blocks")
            np.testing.assert_array_equal(out, expected)
    assert len(workspace.prepared(("channel blocks",), None, dict)) == min(most, 2)


@given(data=st.data())
def test_spectra_of_tiles_of_any_size_equal_the_slow_twin(data):
    groups = data.draw(st.sampled_from([1, 2]))
    channels, filters = data.draw(PAIRS)
    kernel_size = data.draw(st.tuples(st.integers(1, 9), st.integers(1, 8)))
    stride, dilation = data.draw(PAIRS), data.draw(PAIRS)
    settings = {
        "out_channels": groups * filters, "kernel_size": kernel_size, "stride": stride,
        "padding": data.draw(st.tuples(*[st.integers(0, 9)] * 4)), "dilation": dilation,
        "groups": groups,
    }  # fmt: skip
    layer = make_layer("conv2d", settings)
    rng = np.random.default_rng(data.draw(st.integers(0, 2**16)))
    spans = (d * (k - 1) + 1 for d, k in zip(dilation, kernel_size, strict=True))
    size = [span + data.draw(st.integers(0, 9)) for span in spans]
    maps = rng.standard_normal((groups * channels, *size), dtype=np.float32)
    weights = {
        spec.name: rng.standard_normal(spec.shape, dtype=np.float32)
        for spec in layer.weight_specs((Shape(*maps.shape),))
    }
    expected = slow_convolution(layer, (maps,), weights)
    out = np.full(expected.shape, 7, dtype=np.float32)
    with small_limits(data.draw):
        convolve(
            maps, weights["kernel"], weights["bias"], out, Workspace(), stride=stride,
            dilation=dilation, groups=groups, sides=Sides(*settings["padding"]), way="fourier",
        )  # fmt: skip
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-5 * abs(expected).max())


@pytest.mark.parametrize(
    ("way", "channels", "filters", "side"),
    [
        ("large winograd", 64, 64, 78),
        ("small winograd", 600, 500, 15),
        ("small winograd", 500, 500, 7),
        ("large winograd", 130, 90, 48),
        ("winograd", 256, 256, 25),
        ("net", 17, 33, 73),
        ("net", 70, 65, 29),
        ("net blocks", 130, 60, 97),
    ],
)
def test_tiles_on_larger_maps_are_exact_to_some_hundred_thousandths(way, channels, filters, side):
    rng = np.random.default_rng(2)
    maps = rng.uniform(0, 255, (channels, side, side + 3)).astype(np.float32)
    kernel = rng.standard_normal((filters, channels, 3, 3), dtype=np.float32)
    bias = rng.standard_normal(filters, dtype=np.float32)
    out = np.empty((filters, side, side + 3), dtype=np.float32)
    has_long_vectors = way != "net blocks"
    chosen = way_for(kernel.shape, out.shape[1:], Steps(), has_long_vectors=has_long_vectors)
    assert chosen == way
    workspace = workspace_that_knows(kernel)
    convolve(maps, kernel, bias, out, workspace, sides=Sides(1, 1, 1, 1), way=way)
    expected = in_double(np.pad(maps, ((0, 0), (1, 1), (1, 1))), kernel, bias)
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-4 * abs(expected).max())


@pytest.mark.parametrize(
    ("way", "shape", "filters", "kernel_size", "steps"),
    [
        ("pointwise", (32, 40, 37), 48, (1, 1), Steps()),
        ("pointwise", (32, 7, 6), 48, (7, 6), Steps(groups=4)),
        ("columns", (32, 40, 37), 48, (1, 1), Steps(stride=(2, 3))),
        ("columns", (32, 40, 37), 48, (3, 3), Steps()),
        ("columns", (32, 40, 37), 48, (5, 4), Steps((2, 1), (1, 2), groups=4)),
        ("taps", (32, 40, 37), 2, (5, 4), Steps((2, 1), (1, 2))),
        ("rows", (32, 40, 37), 48, (5, 4), Steps((2, 1), (1, 2))),
        ("net", (32, 40, 37), 32, (3, 3), Steps(groups=32)),
        ("channel blocks", (33, 40, 37), 33, (5, 7), Steps(groups=33)),
        ("channel blocks", (33, 40, 37), 33, (5, 4), Steps((2, 1), (1, 2), groups=33)),
        ("net", (32, 40, 37), 32, (3, 3), Steps((2, 2), groups=32)),
        ("planes", (32, 40, 37), 64, (3, 5), Steps((1, 2), (2, 1), groups=32)),
        ("planes", (3, 90, 87), 2, (7, 7), Steps()),
        ("planes", (2, 90, 87), 3, (31, 29), Steps()),  # by OpenCV's own Fourier transform
        ("fourier", (2, 90, 87), 3, (31, 29), Steps()),
        ("fourier", (6, 90, 340), 4, (12, 11), Steps((2, 3), (1, 2), groups=2)),
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
    convolve(maps, kernel, bias, out, workspace_that_knows(kernel), **settings)
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-5 * abs(expected).max())


@pytest.mark.parametrize(("filters", "size"), [(1024, (14, 15)), (500, (6, 7))])
def test_a_kernel_is_prepared_at_its_second_use(filters, size):
    rng, workspace = np.random.default_rng(5), Workspace()
    maps = rng.standard_normal((64, *size), dtype=np.float32)
    kernel = rng.standard_normal((filters, 64, 3, 3), dtype=np.float32)
    bias = rng.standard_normal(filters, dtype=np.float32)
    expected = in_double(np.pad(maps, ((0, 0), (1, 1), (1, 1))), kernel, bias)
    for is_prepared in (False, True, True):
        out = np.empty(expected.shape, np.float32)
        convolve(maps, kernel, bias, out, workspace, sides=Sides(1, 1, 1, 1))
        np.testing.assert_allclose(out, expected, rtol=0, atol=1e-4 * abs(expected).max())
        assert bool(workspace.prepared_bytes()) is is_prepared


def test_an_array_is_known_as_long_as_it_lives():
    workspace, kernel = Workspace(), np.zeros(3)
    assert not workspace.is_known(kernel)
    assert workspace.is_known(kernel)
    for _ in range(9):  # the memory of one that died is used again, and so is its id
        del kernel
        kernel = np.zeros(3)
        assert not workspace.is_known(kernel)


@pytest.mark.parametrize("sides", [Sides(), Sides(1, 0, 2, 1)])
def test_kernels_as_large_as_the_padded_maps_are_not_turned_first(sides):
    rng, workspace = np.random.default_rng(3), Workspace()
    top, left, bottom, right = sides
    maps, bias = sixteenths(rng, 20, 5, 6), sixteenths(rng, 9)
    kernel = sixteenths(rng, 9, 20, 5 + top + bottom, 6 + left + right)
    expected = in_double(np.pad(maps, ((0, 0), (top, bottom), (left, right))), kernel, bias)
    out = np.empty((9, 1, 1), np.float32)
    convolve(maps, kernel, bias, out, workspace, sides=sides)
    np.testing.assert_array_equal(out, expected)
    assert workspace.prepared_bytes() == 0


@pytest.mark.parametrize("size", [(5, 6), (9, 1), (1, 13)])
@pytest.mark.parametrize(
    "steps", [Steps(groups=9), Steps((2, 2), groups=9), Steps(dilation=(1, 2), groups=9)]
)
def test_a_net_reads_nothing_beyond_its_maps(size, steps):
    rng = np.random.default_rng(11)
    maps, kernel, bias = sixteenths(rng, 9, *size), sixteenths(rng, 9, 1, 3, 3), sixteenths(rng, 9)
    covered = steps.covered((1, 1), (3, 3))
    for top, left, bottom, right in itertools.product(range(4), repeat=4):
        around = np.pad(maps, ((0, 0), (top, bottom), (left, right)))
        if any(have < span for have, span in zip(around.shape[1:], covered, strict=True)):
            continue
        expected = in_double(around, kernel, bias, *steps)
        out = np.empty(expected.shape, dtype=np.float32)
        sides = Sides(top, left, bottom, right)
        convolve(maps, kernel, bias, out, Workspace(), **steps._asdict(), sides=sides, way="net")
        np.testing.assert_array_equal(out, expected, err_msg=str(sides))


@pytest.mark.parametrize("way", ["planes", "fourier"])
def test_a_value_that_is_not_finite_stays_in_its_windows_under_a_large_kernel(way):
    rng = np.random.default_rng(8)
    maps, kernel = sixteenths(rng, 1, 40, 37), sixteenths(rng, 1, 1, 15, 13)
    kernel[0, 0, 3, 4] = 0
    maps[0, 2, 35] = np.nan
    out = np.empty((1, 26, 25), dtype=np.float32)
    with np.errstate(invalid="ignore"):
        convolve(maps, kernel, None, out, Workspace(), way=way)
    np.testing.assert_array_equal(out, in_double(maps, kernel, np.zeros(1)))


@pytest.mark.parametrize("way", WAYS)
def test_strips_of_larger_maps_are_read_and_written_in_place(way):
    rng = np.random.default_rng(3)
    size = 1 if way == "pointwise" else 3
    groups = 4 if way in ("net", DEPTHWISE) else 1
    maps = sixteenths(rng, 4, 9 + size, 6 + size)
    kernel = sixteenths(rng, 4, 4 // groups, size, size)
    bias = sixteenths(rng, 4)
    whole = np.zeros((4, 10, 7), dtype=np.float32)
    part = maps[:, 2 : 5 + size]
    convolve(part, kernel, bias, whole[:, 2:6], Workspace(), groups=groups, way=way)
    expected = in_double(maps, kernel, bias, groups=groups)
    np.testing.assert_array_equal(whole[:, 2:6], expected[:, 2:6])
    assert not whole[:, :2].any()
    assert not whole[:, 6:].any()


@pytest.mark.parametrize("way", WAYS)
def test_abandoned_work_ends_at_the_next_block(way):
    groups = 2 if way in ("net", DEPTHWISE) else 1
    maps, kernel = np.zeros((2, 4, 5), np.float32), np.zeros((2, 2 // groups, 1, 1), np.float32)
    out = np.zeros((2, 4, 5), np.float32)
    with pytest.raises(CancelledError):
        convolve(maps, kernel, None, out, Workspace(lambda: True), groups=groups, way=way)


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


@pytest.mark.parametrize(
    ("kernel", "outputs", "steps", "way"),
    [
        ((64, 64, 3, 3), (224, 224), Steps(), "large winograd"),
        ((512, 512, 3, 3), (14, 14), Steps(), "small winograd"),
        ((256, 256, 3, 3), (14, 14), Steps(), "small winograd"),
        ((512, 512, 3, 3), (7, 7), Steps(), "small winograd"),
        ((256, 256, 3, 3), (20, 20), Steps(), "winograd"),
        ((64, 64, 3, 3), (56, 56), Steps(), "net"),
        ((32, 32, 3, 3), (112, 112), Steps(), "net"),
        ((8, 16, 3, 3), (256, 256), Steps(), "net"),
        ((16, 32, 3, 3), (300, 300), Steps(), "rows"),
        ((16, 16, 3, 3), (1024, 1024), Steps(), "rows"),
        ((24, 24, 3, 3), (300, 300), Steps(), "large winograd"),
        ((32, 64, 3, 3), (64, 64), Steps(), "net"),
        ((32, 64, 3, 3), (128, 128), Steps(), "large winograd"),
        ((128, 128, 3, 3), (14, 14), Steps(), "net"),
        ((256, 256, 3, 3), (7, 7), Steps(), "small winograd"),
        ((256, 256, 3, 3), (4, 4), Steps(), "columns"),
        ((64, 64, 3, 3), (7, 7), Steps(), "columns"),
        ((16, 3, 3, 3), (1024, 1024), Steps(), "rows"),
        ((64, 3, 7, 7), (112, 112), Steps((2, 2)), "rows"),
        ((64, 64, 3, 3), (224, 224), Steps(dilation=(2, 2)), "grids"),
        ((256, 256, 3, 3), (56, 56), Steps(), "winograd"),
        ((256, 256, 3, 3), (56, 56), Steps(dilation=(2, 2)), "grids"),
        ((128, 128, 3, 3), (28, 28), Steps(dilation=(2, 2)), "columns"),
        ((512, 256, 3, 3), (28, 28), Steps(dilation=(12, 12)), "columns"),
        ((64, 3, 3, 3), (2048, 2048), Steps(dilation=(2, 2)), "columns"),
        ((1, 256, 3, 3), (56, 56), Steps(), "taps"),
        ((1, 1, 31, 31), (512, 512), Steps(), "fourier"),
        ((1, 1, 9, 9), (512, 512), Steps(), "planes"),
        ((96, 1, 3, 3), (112, 112), Steps(groups=96), "net"),
        ((96, 1, 3, 3), (512, 512), Steps(groups=96), "planes"),
        ((96, 1, 5, 5), (56, 56), Steps(groups=96), "channel blocks"),
        ((96, 1, 5, 5), (112, 112), Steps(groups=96), "planes"),
        ((64, 1, 25, 25), (56, 56), Steps(groups=64), "channel blocks"),
        ((64, 1, 31, 31), (56, 56), Steps(groups=64), "fourier"),
        ((128, 1, 31, 31), (28, 28), Steps(groups=128), "fourier"),
        ((300, 1, 31, 31), (28, 28), Steps(groups=300), "planes"),
        ((96, 2, 3, 3), (14, 14), Steps(groups=48), "net"),
        ((96, 2, 3, 3), (14, 14), Steps(dilation=(2, 2), groups=48), "columns"),
        ((96, 2, 5, 5), (14, 14), Steps(groups=48), "columns"),
        ((64, 32, 3, 3), (224, 224), Steps(groups=2), "columns"),
    ],
)
def test_the_rule_chooses_by_size(kernel, outputs, steps, way):
    assert way_for(kernel, outputs, steps, has_long_vectors=True) == way


@pytest.mark.parametrize(
    ("kernel", "outputs", "steps", "way"),
    [
        ((64, 64, 1, 1), (56, 56), Steps(), "pointwise"),
        ((64, 64, 3, 3), (56, 56), Steps(), "net"),
        ((256, 128, 3, 3), (28, 28), Steps(), "net"),
        ((256, 128, 3, 3), (56, 56), Steps(), "winograd"),
        ((128, 64, 3, 3), (78, 78), Steps(), "net"),
        ((128, 64, 3, 3), (79, 79), Steps(), "winograd"),
        ((63, 128, 3, 3), (79, 79), Steps(), "net blocks"),
        ((256, 256, 3, 3), (14, 14), Steps(), "small winograd"),
        ((256, 256, 3, 3), (56, 56), Steps(), "winograd"),
        ((8, 16, 3, 3), (256, 256), Steps(), "net"),
        ((8, 16, 3, 3), (260, 260), Steps(), "net blocks"),
        ((9, 16, 3, 3), (256, 256), Steps(), "net blocks"),
        ((16, 16, 3, 3), (256, 256), Steps(), "net blocks"),
        ((256, 256, 3, 3), (112, 112), Steps(), "large winograd"),
        ((512, 512, 3, 3), (28, 28), Steps(), "winograd"),
        ((512, 512, 3, 3), (14, 14), Steps(), "small winograd"),
        ((512, 512, 3, 3), (7, 7), Steps(), "small winograd"),
        ((256, 256, 3, 3), (10, 10), Steps(), "small winograd"),
        ((256, 128, 3, 3), (10, 10), Steps(), "columns"),
        ((128, 128, 3, 3), (11, 56), Steps(), "large winograd"),
        ((64, 64, 3, 3), (7, 7), Steps(), "net"),
        ((2, 16, 3, 3), (64, 64), Steps(), "net"),
        ((1, 16, 3, 3), (64, 64), Steps(), "taps"),
        ((64, 64, 3, 3), (224, 224), Steps(), "large winograd"),
        ((128, 128, 3, 3), (112, 112), Steps(), "large winograd"),
        ((16, 3, 3, 3), (1024, 1024), Steps(), "rows"),
        ((16, 16, 3, 3), (1024, 1024), Steps(), "net blocks"),
        ((32, 3, 3, 3), (112, 112), Steps((2, 2)), "net"),
        ((32, 3, 3, 3), (112, 112), Steps((2, 2), (2, 2)), "columns"),
        ((256, 128, 3, 3), (14, 14), Steps((2, 2)), "columns"),
        ((64, 3, 7, 7), (112, 112), Steps((2, 2)), "rows"),
        ((6, 1, 5, 5), (28, 28), Steps(), "net"),
        ((1, 1, 9, 9), (512, 512), Steps(), "planes"),
        ((256, 256, 3, 3), (56, 56), Steps(dilation=(2, 2)), "grids"),
        ((96, 1, 3, 3), (112, 112), Steps(groups=96), "net"),
        ((96, 2, 5, 5), (14, 14), Steps(groups=48), "columns"),
    ],
)
def test_the_rule_gives_more_to_nets_where_vectors_are_short(kernel, outputs, steps, way):
    assert way_for(kernel, outputs, steps, has_long_vectors=False) == way


def test_more_tiles_are_few_where_vectors_are_short():
    assert are_few(16, FOUR, has_long_vectors=True)
    assert not are_few(17, TWO, has_long_vectors=True)
    assert are_few(36, FOUR, has_long_vectors=False)
    assert are_few(81, TWO, has_long_vectors=False)
    assert not are_few(82, TWO, has_long_vectors=False)
    assert not are_few(49, FOUR, has_long_vectors=False)


@pytest.mark.parametrize(
    ("kernel", "outputs", "has_long_vectors", "way"),
    [
        ((128, 128, 3, 3), (28, 28), True, "columns"),
        ((512, 512, 3, 3), (7, 7), True, "columns"),
        ((64, 64, 3, 3), (28, 28), True, "net"),
        ((128, 128, 3, 3), (112, 112), True, "large winograd"),
        ((144, 1, 3, 3), (56, 56), True, "net"),
        ((128, 128, 3, 3), (28, 28), False, "net"),
        ((256, 128, 3, 3), (28, 28), False, "winograd"),
        ((512, 512, 3, 3), (7, 7), False, "columns"),
    ],
)
def test_the_rule_spares_new_kernels_a_long_preparation(kernel, outputs, has_long_vectors, way):
    steps = Steps(groups=144 if kernel[1] == 1 else 1)
    assert way_for(kernel, outputs, steps, is_new=True, has_long_vectors=has_long_vectors) == way


@pytest.mark.parametrize("mode", ["zeros", "reflect"])
def test_padding_a_large_map_can_be_given_up(mode):
    maps = np.ones((4, 600, 600), np.float32)
    with pytest.raises(CancelledError):
        padded(maps, Sides(1, 1, 1, 1), Workspace(lambda: True), mode)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize(
    ("kernel", "groups", "stride", "place"),
    [
        ((2, 1, 3, 3), 2, 1, (0, 4, 0)),
        ((2, 1, 3, 3), 2, 2, (0, 4, 0)),
        ((4, 1, 3, 3), 2, 1, (0, 4, 4)),
        ((2, 2, 3, 3), 2, 1, (0, 4, 4)),
    ],
)
def test_a_net_of_several_groups_spreads_no_value_that_is_not_finite(
    value, kernel, groups, stride, place
):
    rng = np.random.default_rng(4)
    maps = rng.normal(size=(groups * kernel[1], 26, 25)).astype(np.float32)
    maps[place] = value
    weights = rng.normal(size=kernel).astype(np.float32)
    outputs, found = (-(-26 // stride), -(-25 // stride)), []
    settings = {"stride": (stride, stride), "groups": groups, "sides": Sides(1, 1, 1, 1)}
    for way in ("net", "columns"):
        out = np.empty((kernel[0], *outputs), np.float32)
        with np.errstate(invalid="ignore"):
            convolve(maps, weights, None, out, Workspace(), **settings, way=way)
        found.append(out)
    np.testing.assert_allclose(*found, rtol=0, atol=1e-4)
