"""Advice: what is predicted is what comes, and what is called denser is denser."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import advice as engine_advice
from engine.advice import (
    advice_for,
    denser,
    exact_size,
    harmless_first,
    insertion_preview,
    same_size,
    smaller,
)
from engine.analysis import analyze
from engine.applied_edits import applied
from engine.network import INPUT_ID, Network, new_node, stack
from engine.registry import make_layer
from engine.saving.examples import open_example
from engine.shapes import Shape
from tests.engine.evaluating import pixels
from tests.engine.random_networks import REGULAR, maps_of, networks

PICTURE = Shape(2, 13, 11)
KINDS = {**REGULAR, "space_to_depth": {"block_size": st.integers(1, 2)},
         "depth_to_space": {"block_size": st.integers(1, 2)},
         "separable_conv2d": {}, "global_max_pool2d": {}}  # fmt: skip


def assert_comes_true(network, advice):
    """The numbers are those of the network after the edit, maps included."""
    edited = applied(network, advice.edit)
    after = analyze(edited, PICTURE)
    layer = after[advice.measured]
    assert layer.problems == ()
    assert (layer.shape, layer.facts.macs) == (advice.shape, advice.macs)
    assert layer.shape.bytes == advice.bytes
    assert layer.receptive_field == advice.receptive_field
    assert (after.totals.macs, after.totals.bytes) == (advice.total_macs, advice.total_bytes)
    before = analyze(network, PICTURE)
    assert {name for name, _ in after.problems} - {n for n, _ in before.problems} == set(
        advice.broken
    )
    if advice.shape.values < 20_000:
        assert maps_of(edited, pixels(PICTURE))[advice.measured].shape == advice.shape


def draw_layer(data, network, analysis):
    name = data.draw(st.sampled_from([node.id for node in network]))
    return name, analysis[name].shape


@given(network=networks(PICTURE, KINDS), data=st.data())
@settings(max_examples=60)
def test_denser_and_smaller_are_what_they_say(network, data):
    analysis = analyze(network, PICTURE)
    name, now = draw_layer(data, network, analysis)
    for advice in denser(network, analysis, name):
        assert advice.shape.height * advice.shape.width > now.height * now.width
        assert_comes_true(network, advice)
    for advice in smaller(network, analysis, name):
        assert advice.shape.height * advice.shape.width < now.height * now.width
        assert_comes_true(network, advice)


@given(network=networks(PICTURE, KINDS, most=3), data=st.data())
@settings(max_examples=60)
def test_an_exact_size_is_exact(network, data):
    analysis = analyze(network, PICTURE)
    name, now = draw_layer(data, network, analysis)
    height, width = data.draw(st.integers(1, 20)), data.draw(st.integers(1, 20))
    found = exact_size(network, analysis, name, height, width)
    assert len(found) <= 6
    assert len({advice.text for advice in found}) == len(found)
    for advice in found:
        assert advice.shape == (now.channels, height, width)
        assert advice.measured == name
        assert set(advice.edit.settings) <= set(network.node(name).layer.settings_dict())
        assert_comes_true(network, advice)


@given(
    length=st.integers(1, 40),
    kernel=st.integers(1, 7),
    stride=st.integers(1, 4),
    padding=st.sampled_from(["valid", "same"]) | st.integers(0, 3),
    wanted=st.integers(1, 40),
)
@settings(max_examples=200)
def test_a_size_that_one_setting_alone_reaches_is_found(length, kernel, stride, padding, wanted):
    layer = make_layer("conv2d", {"kernel_size": kernel, "stride": stride, "padding": padding})
    network = stack([("c", layer)], make_layer(INPUT_ID))
    picture = Shape(1, length, length)
    analysis = analyze(network, picture)
    if analysis.problems:
        return
    reachable = False
    for name, values in {
        "kernel_size": range(1, 8),
        "stride": range(1, 5),
        "padding": ["valid", "same", *range(kernel)],
    }.items():
        for value in values:
            changed = analyze(network.with_layer("c", layer.replace(**{name: value})), picture)
            shape = changed["c"].shape
            reachable |= shape is not None and shape.height == wanted
    if reachable and analysis["c"].shape.height != wanted:
        assert exact_size(network, analysis, "c", wanted, wanted)


def one_layer(kind, settings, picture):
    network = stack([("layer", make_layer(kind, settings))], make_layer(INPUT_ID))
    return network, analyze(network, picture)


def table(advice):
    return {item.text: (str(item.shape), item.macs) for item in advice}


def test_the_worked_case_of_making_an_output_denser():
    conv = {"out_channels": 32, "kernel_size": 3, "stride": 2}
    network, analysis = one_layer("conv2d", conv, Shape(1, 28, 28))
    assert (str(analysis["layer"].shape), analysis["layer"].facts.macs) == ("13 × 13 × 32", 48_672)
    ways = table(denser(network, analysis, "layer"))
    assert ways["stride 2 → 1"] == ("26 × 26 × 32", 194_688)
    assert ways["padding valid → same"] == ("14 × 14 × 32", 56_448)
    assert ways["kernel size 3 → 2"] == ("14 × 14 × 32", 25_088)
    assert ways["dilation 2, stride 1"] == ("24 × 24 × 32", 165_888)
    assert ways["transposed, stride 2"] == ("56 × 56 × 32", 225_792)
    same = table(same_size(network, analysis, "layer"))
    assert same["stride 1, padding same"] == ("28 × 28 × 32", 225_792)
    assert same["kernel size 1, stride 1"] == ("28 × 28 × 32", 25_088)


def test_a_dilated_window_instead_of_a_stride_sees_more_and_gives_more():
    network, analysis = one_layer("conv2d", {"stride": 2}, Shape(1, 28, 28))
    ways = {item.text: item for item in denser(network, analysis, "layer")}
    field = ways["dilation 2, stride 1"].receptive_field
    assert (field.height, field.stride) == (5, (1, 1))


def test_pooling_before_a_layer_can_be_removed_and_the_layer_itself():
    layers = [("pool", make_layer("max_pool2d")), ("relu", make_layer("relu")),
              ("conv", make_layer("conv2d", {"padding": "same"}))]  # fmt: skip
    network = stack(layers, make_layer(INPUT_ID))
    analysis = analyze(network, PICTURE)
    ways = {item.text: item for item in denser(network, analysis, "conv")}
    removed = ways["remove “pool” before it"]
    assert (str(removed.shape), removed.measured) == ("13 × 11 × 8", "conv")
    itself = {item.text: item for item in denser(network, analysis, "pool")}["remove it"]
    assert (str(itself.shape), itself.measured) == ("13 × 11 × 2", INPUT_ID)


def test_the_nearest_stride_before_a_layer_can_be_another():
    layers = [("far", make_layer("conv2d", {"stride": 2})),
              ("near", make_layer("conv2d", {"stride": 3, "padding": "same"})),
              ("off", make_layer("conv2d", {"stride": 5})),
              ("plain", make_layer("conv2d", {"padding": "same"})),
              ("last", make_layer("relu"))]  # fmt: skip
    network = stack(layers, make_layer(INPUT_ID)).bypass("off")
    analysis = analyze(network, Shape(3, 25, 25))
    assert analysis["last"].shape == Shape(8, 4, 4)
    (one,) = [item for item in denser(network, analysis, "last") if item.edit.node == "near"]
    assert one.text == "stride 3 → 1 in “near” before it"
    assert (one.measured, one.shape) == ("last", Shape(8, 12, 12))
    assert not [item for item in denser(network, analysis, "last") if item.edit.node == "far"]


def test_what_would_break_behind_is_named():
    layers = [("flat", make_layer("flatten")), ("dense", make_layer("dense"))]
    network = stack(
        [("conv", make_layer("conv2d")), ("relu", make_layer("relu"))], make_layer(INPUT_ID)
    )
    network = network.insert_after("relu", make_layer("relu"), "end")
    skip = new_node("sum", make_layer("add"), ("conv", "end"))
    network = Network((*network.nodes, skip))
    for name, layer in layers:
        network = network.append(layer, name)
    (inserted,) = [
        item for item in smaller(network, analyze(network, PICTURE), "relu")
        if item.edit.insert == "max_pool2d"
    ]  # fmt: skip
    assert inserted.broken == ("sum",)
    assert inserted.total_macs is None


def test_what_breaks_another_layer_stands_last():
    network, analysis = one_layer("conv2d", {"stride": 2}, Shape(1, 28, 28))
    first, second, *others = denser(network, analysis, "layer")
    breaking = replace(first, broken=("dense",))
    assert harmless_first([breaking, second, *others]) == (second, *others, breaking)


@pytest.mark.parametrize("node_id", [INPUT_ID, "broken", "waiting", "off"])
def test_there_is_no_advice_without_a_size(node_id):
    broken = make_layer("conv2d", {"kernel_size": 99})
    layers = [("off", make_layer("max_pool2d")), ("broken", broken), ("waiting", broken)]
    network = stack(layers, make_layer(INPUT_ID)).bypass("off")
    analysis = analyze(network, PICTURE)
    assert denser(network, analysis, node_id) == smaller(network, analysis, node_id) == ()
    assert exact_size(network, analysis, node_id, 5, 5) == ()
    if node_id != "off":
        assert same_size(network, analysis, node_id) == ()


def test_an_insertion_is_said_before_it_is_made():
    pool = make_layer("max_pool2d")
    assert insertion_preview(pool, Shape(3, 28, 28)).text.endswith("28 × 28 × 3  →  14 × 14 × 3")
    assert not insertion_preview(pool, Shape(3, 1, 28)).fits
    assert insertion_preview(pool, None).fits


@pytest.mark.parametrize("kind", ["space_to_depth", "depth_to_space", "depthwise_conv2d", "relu"])
def test_a_size_that_cannot_be_reached_has_no_advice(kind):
    network, analysis = one_layer(kind, {}, Shape(4, 12, 8))
    assert exact_size(network, analysis, "layer", 500, 500) == ()
    assert exact_size(network, analysis, "layer", 5, 700) == ()
    if kind == "space_to_depth":
        assert exact_size(network, analysis, "layer", 5, 4) == ()


def test_between_two_pieces_of_advice_no_more_than_one_proposal_is_analyzed(monkeypatch):
    network, analyzed = open_example("lenet-5").network, []
    analysis = analyze(network, Shape(1, 32, 32))

    def counting(*args, **keywords):
        analyzed.append(args)
        return analyze(*args, **keywords)

    monkeypatch.setattr(engine_advice, "analyze", counting)
    convolution = next(node.id for node in network if node.layer.kind.id == "conv2d")
    for goal in ("denser", "smaller", "same", (5, 5)):
        for turn, _ in enumerate(advice_for(goal, network, analysis, convolution), 1):
            assert len(analyzed) <= turn
        analyzed.clear()
