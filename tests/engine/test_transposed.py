"""Transposed convolution: its sizes, what overlaps where, and what the frameworks refuse."""

import math
from collections import Counter
from itertools import product
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arithmetic import Position
from engine.blocks import aligned
from engine.numerics import phases, transposed
from engine.problems import CancelledError, LayerError
from engine.reading import Affine
from engine.registry import make_layer
from engine.shapes import Shape
from engine.sliding.scattering import scattered_taps
from engine.workspace import Workspace
from tests.naive.conv_transpose2d import cases
from tests.naive.conv_transpose2d import naive as slow_transposed
from tests.vectors.recording import sixteenths

KERNELS_BESIDE_EACH_OTHER = [(2, 2), (1, 1), (3, 4), (2, 3), (1, 5)]


def layer_of(**settings):
    return make_layer("conv_transpose2d", {"out_channels": 1, **settings})


def compute(layer, maps, weights):
    out = np.full(layer.output_shape((Shape(*maps.shape),)), np.nan, dtype=np.float32)
    layer.forward((maps,), weights, out, Workspace())
    return out


# Sizes


@pytest.mark.parametrize(
    ("settings", "length", "size"),
    [
        # Keras, automatic: same s·i; valid s(i − 1) + max(k, s) with k the dilated span.
        ({"kernel_size": 2, "stride": 2, "padding": "same"}, 14, 28),
        ({"kernel_size": 5, "stride": 2, "padding": "same"}, 14, 28),
        ({"kernel_size": 2, "stride": 3, "padding": "valid"}, 5, 15),
        ({"kernel_size": 4, "stride": 3, "padding": "valid"}, 5, 16),
        ({"kernel_size": 3, "stride": 1, "dilation": 2, "padding": "valid"}, 5, 9),
        # Keras, with output padding: valid s(i − 1) + k + op; same s(i − 1) + k mod 2 + op.
        ({"kernel_size": 4, "stride": 3, "padding": "valid", "output_padding": 2}, 5, 18),
        ({"kernel_size": 4, "stride": 3, "padding": "same", "output_padding": 2}, 5, 14),
        ({"kernel_size": 3, "stride": 3, "padding": "same", "output_padding": 2}, 5, 15),
        # PyTorch and ONNX: s(i − 1) + d(k − 1) + 1 − pads + output padding.
        ({"kernel_size": 3, "stride": 2, "padding": 1}, 14, 27),
        ({"kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1}, 14, 28),
        ({"kernel_size": 3, "stride": 2, "dilation": 3, "padding": (2, 0, 1, 0)}, 4, 10),
        ({"kernel_size": 4, "stride": 2, "padding": (0, 0, 0, 0)}, 4, 10),
    ],
)
def test_lengths_follow_the_rules_of_keras_and_of_pytorch(settings, length, size):
    assert layer_of(**settings).output_shape((Shape(2, length, 7),)).height == size


def test_two_by_two_with_stride_two_restores_the_size_of_what_was_pooled():
    layer = make_layer(
        "conv_transpose2d",
        {"out_channels": 3, "kernel_size": 2, "stride": 2, "padding": "same"},
    )
    assert str(layer.output_shape((Shape(16, 14, 14),))) == "28 × 28 × 3"


def test_multiply_accumulates_count_input_positions_cropped_or_not():
    for padding in ("valid", "same", (1, 0, 2, 1)):
        layer = layer_of(out_channels=6, kernel_size=(3, 4), padding=padding, groups=2)
        assert layer.macs((Shape(4, 5, 7),)) == 5 * 7 * 4 * (6 // 2) * 3 * 4


@pytest.mark.parametrize(
    ("settings", "symbols", "height"),
    [
        ({"padding": "same"}, "stride · in", "2 · 5 = 10"),
        ({"padding": "valid"}, "stride · (in − 1) + max(kernel, stride)",
         "2 · (5 − 1) + max(3, 2) = 11"),
        ({"padding": "same", "output_padding": (1, 0)},
         "stride · (in − 1) + kernel mod 2 + output padding", "2 · (5 − 1) + (3 mod 2) + 1 = 10"),
        ({"padding": "valid", "output_padding": (1, 0), "dilation": 2},
         "stride · (in − 1) + span + output padding", "2 · (5 − 1) + 5 + 1 = 14"),
        ({"padding": (1, 0, 2, 0)}, "stride · (in − 1) + kernel − padding",
         "2 · (5 − 1) + 3 − 3 = 8"),
        ({"padding": 1, "output_padding": (1, 0)},
         "stride · (in − 1) + kernel − padding + output padding",
         "2 · (5 − 1) + 3 − 2 + 1 = 10"),
    ],
)  # fmt: skip
def test_equation_holds_the_rule_with_its_numbers(settings, symbols, height):
    equation = layer_of(**settings).equation((Shape(2, 5, 7),))
    assert (equation.symbols, equation.height) == (symbols, height)


# Values


@given(
    case=cases(),
    block=st.sampled_from([1, 200, 1 << 21]),
    most=st.sampled_from([0, phases.MOST_PRODUCTS, 1000]),
    broken=st.sampled_from([None, np.nan, np.inf, -np.inf]),
    is_kernel=st.booleans(),
    seed=st.integers(0, 99),
)
def test_both_ways_in_blocks_of_any_size_equal_the_slow_twin(
    case, block, most, broken, is_kernel, seed
):
    settings, (shape,) = case
    layer, rng = make_layer("conv_transpose2d", settings), np.random.default_rng(seed)
    try:
        layer.output_shape((Shape(*shape),))
    except LayerError:
        return
    maps = sixteenths(rng, *shape)
    weights = {s.name: sixteenths(rng, *s.shape) for s in layer.weight_specs((Shape(*shape),))}
    if broken is not None:
        values = (weights["kernel"] if is_kernel else maps).reshape(-1)
        values[rng.integers(values.size)] = broken
    maps.setflags(write=False)
    with (
        patch.multiple(transposed, BLOCK_BYTES=block, BLOCK_POSITIONS=1, CALL_PRODUCTS=block),
        patch.multiple(phases, STRIP_BYTES=block, SHARED_VALUES=block, MOST_PRODUCTS=most),
        np.errstate(invalid="ignore"),
    ):
        out = compute(layer, maps, weights)
        expected = slow_transposed(layer, (maps,), weights)
    np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize("block", [1, 100, 1 << 30])
@pytest.mark.parametrize("kernel_size", KERNELS_BESIDE_EACH_OTHER)
@pytest.mark.parametrize("bias", [True, False])
def test_kernels_beside_each_other_in_blocks_of_any_size_equal_the_slow_twin(
    kernel_size, bias, block
):
    layer = layer_of(
        out_channels=3, kernel_size=kernel_size, stride=kernel_size, padding="valid", bias=bias
    )
    rng = np.random.default_rng(6)
    maps = sixteenths(rng, 5, 7, 4)
    specs = layer.weight_specs((Shape(*maps.shape),))
    weights = {spec.name: sixteenths(rng, *spec.shape) for spec in specs}
    maps[2, 3, 1] = np.nan
    limits = {"BLOCK_BYTES": block, "CALL_PRODUCTS": block, "SHARED_PRODUCTS": block}
    with patch.multiple(transposed, **limits, MOST_MERGED_BYTES=0):
        out = compute(layer, maps, weights)
    np.testing.assert_array_equal(out, slow_transposed(layer, (maps,), weights))


@pytest.mark.parametrize("filters", [2, 20])
@pytest.mark.parametrize("kernel_size", KERNELS_BESIDE_EACH_OTHER)
@pytest.mark.parametrize("bias", [True, False])
def test_merged_kernels_beside_each_other_equal_the_slow_twin(kernel_size, bias, filters):
    layer = layer_of(
        out_channels=filters, kernel_size=kernel_size, stride=kernel_size, padding="valid",
        bias=bias,
    )  # fmt: skip
    rng = np.random.default_rng(7)
    maps = sixteenths(rng, 5, 7, 16)
    specs = layer.weight_specs((Shape(*maps.shape),))
    weights = {spec.name: sixteenths(rng, *spec.shape) for spec in specs}
    maps[2, 3, 1], maps[4, 0, 0] = np.nan, np.inf
    out = np.frombuffer(aligned(4 * filters * 7 * 16 * math.prod(kernel_size)), np.float32)
    out = out.reshape(layer.output_shape((Shape(*maps.shape),)))
    merge = patch.object(transposed, "_merge_side_by_side", wraps=transposed._merge_side_by_side)
    with (
        patch.object(transposed, "MOST_MERGED_BYTES", 1 << 20),
        merge as merged,
        np.errstate(invalid="ignore"),
    ):
        layer.forward((maps,), weights, out, Workspace())
        expected = slow_transposed(layer, (maps,), weights)
    assert merged.called == (kernel_size[1] <= transposed.MOST_MERGED_COLUMNS)
    np.testing.assert_array_equal(out, expected)


@pytest.mark.parametrize(
    ("width", "beyond", "is_merged"), [(8, 0, True), (7, 0, False), (8, 4, False)]
)
def test_kernels_are_merged_only_into_rows_that_begin_with_a_line(width, beyond, is_merged):
    maps, kernel = np.ones((1, 3, width), np.float32), np.ones((1, 2, 2, 2), np.float32)
    size = 2 * 6 * 2 * width
    memory = np.frombuffer(aligned(4 * (size + beyond)), np.float32)
    out = memory[beyond:].reshape(2, 6, 2 * width)
    with (
        patch.object(transposed, "MOST_MERGED_BYTES", 1 << 20),
        patch.object(transposed, "_merge_side_by_side") as merge,
    ):
        layer_of(out_channels=2, kernel_size=2, stride=2, bias=False).forward(
            (maps,), {"kernel": kernel}, out, Workspace()
        )
    assert merge.called == is_merged


def test_larger_maps_are_exact_to_a_hundred_thousandth():
    rng = np.random.default_rng(2)
    maps = rng.uniform(0, 255, (32, 20, 37)).astype(np.float32)
    kernel = rng.standard_normal((32, 48, 4, 3)).astype(np.float32)
    layer = layer_of(out_channels=48, kernel_size=(4, 3), padding="valid", bias=False)
    expected = np.zeros((48, 42, 75))
    for i, j in product(range(4), range(3)):
        brought = np.einsum("mf,mhw->fhw", kernel[:, :, i, j].astype(float), maps.astype(float))
        expected[:, i : i + 40 : 2, j : j + 74 : 2] += brought
    out = compute(layer, maps, {"kernel": kernel})
    np.testing.assert_allclose(out, expected, rtol=0, atol=1e-5 * abs(expected).max())


def test_abandoned_work_ends_at_the_next_block():
    layer, maps = layer_of(bias=False), np.zeros((2, 4, 5), np.float32)
    out = np.zeros(layer.output_shape((Shape(2, 4, 5),)), np.float32)
    kernel = np.zeros((2, 1, 3, 3), np.float32)
    with pytest.raises(CancelledError):
        layer.forward((maps,), {"kernel": kernel}, out, Workspace(lambda: True))


def test_same_crops_an_odd_pixel_at_the_end_and_pytorchs_padding_one_does_not():
    ones = {"kernel": np.arange(1, 4, dtype=np.float32).reshape(1, 1, 3, 1)}
    maps = np.ones((1, 3, 1), np.float32)
    settings = {"kernel_size": (3, 1), "stride": (2, 1), "bias": False}
    same = compute(layer_of(padding="same", **settings), maps, ones)
    explicit = layer_of(padding=(1, 0, 1, 0), output_padding=(1, 0), **settings)
    torch = compute(explicit, maps, ones)
    # Everything scattered is 1 2 4 2 4 2 3.
    assert same.ravel().tolist() == [1, 2, 4, 2, 4, 2]
    assert torch.ravel().tolist() == [2, 4, 2, 4, 2, 3]


def test_output_padding_reveals_what_padding_crops_and_beyond_it_the_bias_alone():
    maps, rng = np.ones((1, 3, 2), np.float32), np.random.default_rng(0)
    settings = {"kernel_size": (2, 1), "stride": (3, 1)}
    weights = {"kernel": sixteenths(rng, 1, 1, 2, 1), "bias": np.array([0.5], np.float32)}
    everything = compute(layer_of(padding=0, **settings), maps, weights)
    revealed = compute(
        layer_of(padding=(0, 0, 1, 0), output_padding=(1, 0), **settings), maps, weights
    )
    np.testing.assert_array_equal(revealed, everything)
    beyond = compute(layer_of(padding=0, output_padding=(2, 0), **settings), maps, weights)
    np.testing.assert_array_equal(beyond[:, :-2], everything)
    np.testing.assert_array_equal(beyond[:, -2:], 0.5)


# What overlaps where


def test_a_kernel_that_the_stride_does_not_divide_overlaps_unevenly():
    layer, maps = layer_of(padding="valid", bias=False), np.ones((1, 3, 3), np.float32)
    weights = {"kernel": np.ones((1, 1, 3, 3), np.float32)}
    counts = compute(layer, maps, weights)[0]
    assert counts[2:4, 2:4].tolist() == [[4, 2], [2, 1]]
    arithmetic = layer.explain(Position(0, 2, 2), (maps,), weights)
    assert len(list(arithmetic.terms())) == 4
    assert arithmetic.sentence == (
        "4 of the kernel's 9 cells overlap here, each brought by another input position: "
        "1 × 4 = 4 products add up to 4."
    )
    single = layer.explain(Position(0, 3, 3), (maps,), weights)
    assert single.sentence.startswith("1 of the kernel's 9 cells reaches this place: ")


def test_every_product_is_listed_once_in_the_arithmetic_of_some_value():
    layer = layer_of(out_channels=2, kernel_size=(3, 2), stride=(2, 3), padding="valid")
    shape, rng = Shape(2, 3, 4), np.random.default_rng(4)
    maps = sixteenths(rng, *shape)
    weights = {s.name: sixteenths(rng, *s.shape) for s in layer.weight_specs((shape,))}
    met: Counter[tuple[int, int, int, int]] = Counter()
    for position in product(*map(range, layer.output_shape((shape,)))):
        for term in layer.explain(Position(*position), (maps,), weights).terms():
            met[term["channel"], term["row"], term["column"], position[0]] += 1
    assert met.total() == layer.macs((shape,))
    assert set(met.values()) == {3 * 2}


def test_a_value_between_the_kernels_says_that_nothing_reaches_it():
    layer = layer_of(kernel_size=1, stride=2, padding="valid")
    maps = np.ones((3, 2, 2), np.float32)
    weights = {"kernel": np.ones((3, 1, 1, 1), np.float32), "bias": np.array([-0.5], np.float32)}
    arithmetic = layer.explain(Position(0, 1, 0), (maps,), weights)
    assert (arithmetic.patches, arithmetic.result) == ((), -0.5)
    assert arithmetic.sentence == (
        "None of the kernel's 1 cell reaches this place: the bias −0.5 is left."
    )


@given(
    length=st.integers(1, 6),
    output_length=st.integers(1, 20),
    steps=st.tuples(st.integers(1, 9), st.integers(2, 6), st.integers(1, 6)),
    crop=st.integers(0, 4),
)
def test_taps_are_the_inputs_that_land_there(length, output_length, steps, crop):
    kernel, stride, dilation = steps
    taps = scattered_taps(length, output_length, kernel, stride, dilation, crop)
    landed = {
        (i * stride + k * dilation - crop, k, i) for i in range(length) for k in range(kernel)
    }
    for output, row in enumerate(taps.tolist()):
        found = [i for place, _, i in sorted(landed) if place == output]
        assert [tap for tap in row if tap >= 0] == found
    assert taps.shape[1] <= min(kernel, length), "no place for what cannot land"


def test_stride_one_reads_like_an_ordinary_window():
    layer = layer_of(kernel_size=3, stride=(1, 2), dilation=2, padding=(1, 0, 1, 0))
    (reading,) = layer.reading((Shape(1, 5, 4),))
    assert reading.rows.affine == Affine(span=5, stride=1, before=3)
    assert reading.columns.affine is None


# What the frameworks refuse


@pytest.mark.parametrize(
    ("settings", "fitting"),
    [
        ({"padding": 0, "stride": 2, "dilation": (1, 3), "output_padding": (2, 2)}, (1, 2)),
        ({"padding": "same", "stride": 2, "dilation": (1, 3), "output_padding": (1, 2)}, (1, 1)),
        ({"padding": "valid", "stride": (2, 1), "output_padding": (1, 1)}, (1, 0)),
    ],
)
def test_output_padding_too_large_names_what_would_fit(settings, fitting):
    with pytest.raises(LayerError, match="must be smaller than the") as caught:
        layer_of(**settings).output_shape((Shape(1, 5, 5),))
    assert caught.value.setting == "output_padding"
    assert caught.value.candidates == ({"output_padding": fitting}, {"output_padding": None})


@pytest.mark.parametrize(
    "settings",
    [
        {"padding": (3, 0, 4, 0)},
        {"padding": 9},
        {"kernel_size": 2, "stride": 1, "padding": "same", "output_padding": 0},
    ],
)
def test_an_output_that_is_cropped_away_names_repairs_that_work(settings):
    layer, shapes = layer_of(**settings), (Shape(1, 1, 1),)
    with pytest.raises(LayerError, match="cropping") as caught:
        layer.output_shape(shapes)
    assert caught.value.setting == "padding"
    first = caught.value.candidates[0]
    assert min(layer.replace(**first).output_shape(shapes)) >= 1
