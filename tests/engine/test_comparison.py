"""Networks and maps side by side; what a layer would cost as a dense one; flipped kernels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis import analyze
from engine.arithmetic import Position
from engine.comparison import (
    compare,
    compare_layers,
    compare_totals,
    difference,
    why_no_difference,
)
from engine.dense_cost import as_dense, dense_cost
from engine.flipped_kernels import flipped_pair
from engine.network import INPUT_ID, stack
from engine.problems import CancelledError, NetworkError
from engine.registry import make_layer
from engine.saving.unknown_layer import UnknownLayer
from engine.shapes import Shape
from engine.weighting.weight_sources import NamedKernels
from engine.weighting.weights import Weights
from tests.engine.evaluating import compute, pixels

PICTURE = Shape(3, 28, 28)


def network(*layers):
    return stack([(name, make_layer(kind, given)) for name, kind, given in layers],
                 make_layer(INPUT_ID))  # fmt: skip


VALID = network(("conv", "conv2d", {}), ("pool", "max_pool2d", {}))
SAME = VALID.with_layer("conv", make_layer("conv2d", {"padding": "same"}))


# Networks


def test_layers_are_matched_by_id_and_totals_compared():
    one, other = analyze(VALID, PICTURE), analyze(SAME, PICTURE)
    rows = {row.node_id: row for row in compare(one, other)}
    assert list(rows) == ["input", "conv", "pool"]
    assert rows["input"].is_equal
    assert (str(rows["conv"].one.shape), str(rows["conv"].other.shape)) == (
        "26 × 26 × 8", "28 × 28 × 8",
    )  # fmt: skip
    assert (rows["conv"].one.macs, rows["conv"].other.macs) == (26 * 26 * 216, 28 * 28 * 216)
    assert rows["conv"].one.parameters == rows["conv"].other.parameters == 224
    totals = compare_totals(one, other)
    assert (totals.one.macs, totals.other.macs) == (26 * 26 * 216, 28 * 28 * 216)
    assert not totals.is_equal


def test_what_differs_is_named():
    rows = {row.node_id: row for row in compare(analyze(VALID, PICTURE), analyze(SAME, PICTURE))}
    assert rows["input"].differing == frozenset()
    assert rows["conv"].differing == {
        "layer", "settings", "shape", "macs", "bytes", "receptive_field",
    }  # fmt: skip
    assert rows["pool"].differing == {"shape", "bytes", "receptive_field"}
    seeded = VALID.with_weights("conv", Weights(NamedKernels(("sobel_x",))))
    row = compare(analyze(VALID, PICTURE), analyze(seeded, PICTURE))[1]
    assert row.differing == {"weights"}
    off = VALID.bypass("pool", True)
    assert compare(analyze(VALID, PICTURE), analyze(off, PICTURE))[2].other.settings == (
        "switched off"
    )


def test_layers_of_one_side_alone_keep_their_place():
    longer = VALID.insert_after("conv", make_layer("relu"), "relu")
    shorter = VALID.remove("conv")
    rows = compare(analyze(longer, PICTURE), analyze(shorter, PICTURE))
    assert [row.node_id for row in rows] == ["input", "conv", "relu", "pool"]
    assert [row.other is None for row in rows] == [False, True, True, False]
    rows = compare(analyze(shorter, PICTURE), analyze(longer, PICTURE))
    assert [row.node_id for row in rows] == ["input", "conv", "relu", "pool"]
    assert [row.one is None for row in rows] == [False, True, True, False]


def test_what_is_not_known_is_none_with_its_problem():
    broken = VALID.with_layer("conv", make_layer("conv2d", {"kernel_size": 99}))
    row = compare(analyze(VALID, PICTURE), analyze(broken, PICTURE))[1]
    assert (row.other.shape, row.other.macs, row.other.bytes) == (None, None, None)
    assert "99 × 99" in row.other.problems[0]
    assert compare_totals(analyze(VALID, PICTURE), analyze(broken, PICTURE)).other.macs is None


def test_two_layers_of_one_network():
    pools = network(("largest", "max_pool2d", {}), ("mean", "average_pool2d", {}))
    row = compare_layers(analyze(pools, PICTURE), "largest", "mean")
    assert (row.one.kind, row.other.kind) == ("Max pooling", "Average pooling")
    assert (str(row.one.shape), str(row.other.shape)) == ("14 × 14 × 3", "7 × 7 × 3")


@given(
    one=st.lists(st.sampled_from("abcdef"), unique=True),
    other=st.lists(st.sampled_from("abcdef"), unique=True),
)
def test_every_layer_has_one_row(one, other):
    def relus(names):
        return analyze(network(*((name, "relu", {}) for name in names)), PICTURE)

    rows = [row.node_id for row in compare(relus(one), relus(other))]
    assert sorted(rows) == sorted({"input", *one, *other})
    assert [name for name in rows if name in other] == other


# Maps


@given(seed=st.integers(0, 1000), channels=st.integers(1, 3))
def test_the_difference_is_the_second_less_the_first(seed, channels):
    rng = np.random.default_rng(seed)
    one, other = rng.integers(-3, 4, size=(2, channels, 4, 5)).astype(np.float32) / 8
    found = difference(one, other)
    assert found.maps.dtype == np.float32
    np.testing.assert_array_equal(found.maps, other - one)
    assert not found.maps.flags.writeable
    for apart, own in [(found.whole, other - one), *zip(found.each, other - one, strict=True)]:
        assert apart.largest == pytest.approx(float(abs(own).max()))
        assert apart.mean == pytest.approx(float(abs(own).mean()), rel=1e-6)
        assert apart.equal == pytest.approx(float((own == 0).mean()))
        assert abs(found.maps[apart.position]) == np.float32(apart.largest)
    assert [apart.position.channel for apart in found.each] == list(range(channels))


def test_values_that_are_not_finite_are_counted_and_left_out():
    one = np.array([[[np.inf, np.nan, 1.0, np.inf]]], np.float32)
    other = np.array([[[np.inf, 2.0, 4.0, 0.0]]], np.float32)
    found = difference(one, other)
    np.testing.assert_array_equal(found.maps, [[[0, np.nan, 3, np.nan]]])
    whole = found.whole
    assert (whole.largest, whole.mean, whole.undefined) == (3.0, 1.5, 2)
    assert (whole.position, whole.equal) == (Position(0, 0, 2), 0.25)
    nothing = difference(one[:, :, 1:2], other[:, :, 1:2]).whole
    assert (nothing.position, nothing.undefined) == (None, 1)
    assert np.isnan(nothing.largest)


def test_many_small_maps_and_few_large_ones_are_subtracted_alike():
    rng = np.random.default_rng(5)
    one, other = rng.random((2, 700, 1, 1024), dtype=np.float32)
    asked = []
    found = difference(one, other, lambda: asked.append(None))
    assert len(asked) == 3
    np.testing.assert_array_equal(found.maps, other - one)
    assert found.whole.mean == pytest.approx(float(abs(other - one).mean(dtype=float)))
    assert found.whole.position == max(found.each, key=lambda each: each.largest).position


def test_a_difference_that_is_not_wanted_any_more_is_given_up():
    def refuse():
        raise CancelledError("newer")

    maps = np.zeros((1, 2, 2), np.float32)
    with pytest.raises(CancelledError):
        difference(maps, maps, refuse)


def test_maps_of_other_sizes_have_no_difference_and_say_so():
    reason = why_no_difference(Shape(8, 26, 26), Shape(8, 28, 28))
    assert reason == "The sizes differ: 26 × 26 × 8 and 28 × 28 × 8."
    assert why_no_difference(Shape(8, 26, 26), Shape(8, 26, 26)) == ""


# Dense


def test_the_worked_case_of_a_convolution_as_a_dense_layer():
    conv = network(("conv", "conv2d", {"out_channels": 6, "kernel_size": 5}))
    facts = analyze(conv, Shape(3, 32, 32))["conv"].facts
    cost = as_dense(facts, Shape(3, 32, 32))
    assert (cost.inputs, cost.outputs) == (3_072, 28 * 28 * 6)
    assert cost.weights == cost.macs == 3_072 * 4_704
    assert cost.parameters == 3_072 * 4_704 + 4_704
    assert "14,455,392 parameters (456 here)" in cost.sentence
    assert f"{28 * 28 * 6 * 75:,} here" in cost.sentence


def test_it_is_what_a_real_dense_layer_costs():
    dense = network(("flat", "flatten", {}), ("dense", "dense", {"out_features": 7 * 6}))
    real = analyze(dense, Shape(2, 4, 5))["dense"].facts
    pool = network(("pool", "adaptive_average_pool2d", {"output_size": (7, 3)}))
    cost = as_dense(analyze(pool, Shape(2, 4, 5))["pool"].facts, Shape(2, 4, 5))
    assert (cost.parameters, cost.macs) == (real.parameters, real.macs)
    assert "(none here)" in cost.sentence


@given(
    st.sampled_from(["conv2d", "depthwise_conv2d", "max_pool2d", "conv_transpose2d"]),
    st.tuples(st.integers(1, 4), st.integers(3, 12), st.integers(3, 12)),
    st.integers(1, 3),
    st.integers(1, 3),
)
def test_any_window_as_a_dense_layer(kind, shape, kernel, stride):
    one = network(("layer", kind, {"kernel_size": kernel, "stride": stride}))
    layer = analyze(one, Shape(*shape))["layer"]
    flat = network(
        ("flat", "flatten", {}), ("dense", "dense", {"out_features": layer.shape.values})
    )
    real, cost = analyze(flat, Shape(*shape))["dense"].facts, dense_cost(layer)
    assert (cost.weights, cost.parameters, cost.macs) == (
        real.weight_specs[0].size, real.parameters, real.macs,
    )  # fmt: skip
    assert cost.macs >= layer.facts.macs


def test_only_windows_are_compared_with_dense_layers():
    for kind in ("relu", "softmax", "flatten", "upsample2d"):
        assert dense_cost(analyze(network(("layer", kind, {})), PICTURE)["layer"]) is None
    off = network(("layer", "conv2d", {})).bypass("layer")
    assert dense_cost(analyze(off, PICTURE)["layer"]) is None
    too_large = network(("layer", "conv2d", {"kernel_size": 50}))
    assert dense_cost(analyze(too_large, PICTURE)["layer"]) is None


# True convolution


def test_both_sides_are_computed_from_the_same_weights():
    plain = network(("edges", "conv2d", {"out_channels": 1, "padding": "same"}),
                    ("relu", "relu", {}))  # fmt: skip
    plain = plain.with_weights("edges", Weights(NamedKernels(("sobel_x",))))
    pair = flipped_pair(plain, "edges")
    assert (pair.correlated, pair.convolved) == ("edges", "conv2d_1")
    assert pair.network.readers("conv2d_1") == ()
    maps = compute(pair.network, pixels(Shape(1, 9, 8)))
    # A Sobel kernel turned by 180° is its own negative.
    np.testing.assert_allclose(maps["conv2d_1"], -maps["edges"], atol=1e-5)
    np.testing.assert_array_equal(maps["relu"], compute(plain, pixels(Shape(1, 9, 8)))["relu"])


def test_a_layer_that_flips_already_gets_a_twin_that_does_not():
    pair = flipped_pair(network(("c", "conv2d", {"flip_kernel": True})), "c")
    assert (pair.correlated, pair.convolved) == ("conv2d_1", "c")
    assert not pair.network.node("conv2d_1").layer.flip_kernel


def test_only_what_has_such_a_kernel_is_flipped():
    with pytest.raises(NetworkError, match="Max pooling has no kernel"):
        flipped_pair(VALID, "pool")
    unknown = stack([("x", UnknownLayer.of("later", 1, {}))], make_layer(INPUT_ID))
    with pytest.raises(NetworkError, match="later has no kernel"):
        flipped_pair(unknown, "x")
