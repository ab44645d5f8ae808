"""What fits into memory is known before any is taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis import analyze
from engine.free_memory import free_memory
from engine.memory_plan import HeldLayers, bytes_together, layer_bytes, memory_plan
from engine.network import stack
from engine.registry import make_layer
from engine.shapes import Shape

LAYERS = (
    ("conv", make_layer("conv2d", {"out_channels": 8, "padding": "same"})),
    ("pool", make_layer("max_pool2d")),
    ("flat", make_layer("flatten")),
    ("dense", make_layer("dense", {"out_features": 10})),
)
NETWORK = stack(LAYERS, make_layer("input"))
ANALYSIS = analyze(NETWORK, Shape(3, 16, 12))


def test_a_layer_takes_its_maps_and_its_weights():
    assert layer_bytes(ANALYSIS["conv"]) == 4 * (8 * 16 * 12 + 8 * 3 * 9 + 8)
    assert layer_bytes(ANALYSIS["dense"]) == 4 * (10 + 10 * 8 * 8 * 6 + 10)


def test_a_layer_that_is_switched_off_takes_nothing():
    bypassed = analyze(NETWORK.bypass("conv"), Shape(3, 16, 12))
    assert layer_bytes(bypassed["conv"]) == 0


def test_everything_fits_where_there_is_room():
    needed = sum(layer_bytes(layer) for layer in ANALYSIS.layers.values())
    plan = memory_plan(ANALYSIS, needed)
    assert (plan.needed, plan.withheld) == (needed, ())
    assert plan.fitting == set(ANALYSIS.layers)
    assert memory_plan(ANALYSIS, needed - 1).withheld == ("dense",)


@given(limit=st.integers(0, 60_000))
def test_what_is_computed_keeps_to_the_limit_and_has_its_inputs(limit):
    plan = memory_plan(ANALYSIS, limit)
    assert sum(layer_bytes(ANALYSIS[name]) for name in plan.fitting) <= limit
    assert plan.fitting.isdisjoint(plan.withheld)
    assert plan.fitting | set(plan.withheld) == set(ANALYSIS.layers)
    for name in plan.fitting:
        assert plan.fitting.issuperset(ANALYSIS[name].node.inputs)


def test_a_layer_with_a_problem_is_not_counted():
    broken = stack((("many", make_layer("max_pool2d", {"kernel_size": 64})),), make_layer("input"))
    analysis = analyze(broken, Shape(3, 16, 12))
    assert memory_plan(analysis, 0).withheld == ("input",)


def test_equal_layers_of_two_networks_take_their_memory_once():
    changed = analyze(NETWORK.bypass("pool"), Shape(3, 16, 12))
    whole = sum(layer_bytes(layer) for layer in ANALYSIS.layers.values())
    one = HeldLayers("picture", ANALYSIS, ANALYSIS.layers)
    assert bytes_together([one, one]) == whole
    shared = layer_bytes(ANALYSIS["input"]) + layer_bytes(ANALYSIS["conv"])
    other = sum(layer_bytes(layer) for layer in changed.layers.values())
    both = bytes_together([one, HeldLayers("picture", changed, changed.layers)])
    assert both == whole + other - shared
    assert bytes_together([one, HeldLayers("another", changed, changed.layers)]) == whole + other
    assert bytes_together([HeldLayers("picture", changed, {"pool"})]) == 0


def write(folder, **files):
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text)
    return folder / "meminfo", folder


@pytest.mark.skipif("__import__('sys').platform == 'win32'")
def test_free_memory_is_what_the_system_says(tmp_path):
    meminfo, group = write(tmp_path, meminfo="MemTotal: 9 kB\nMemAvailable:     2048 kB\n")
    assert free_memory(meminfo, group) == 2 << 20


@pytest.mark.skipif("__import__('sys').platform == 'win32'")
def test_a_container_has_less(tmp_path):
    meminfo, group = write(
        tmp_path, meminfo="MemAvailable: 2048 kB\n", memory_max="5000\n", memory_current="1000\n"
    )
    assert free_memory(meminfo, group) == 4000
    write(tmp_path, memory_stat="inactive_anon 70\ninactive_file 600\nactive_file 5\n")
    assert free_memory(meminfo, group) == 4600, "what is kept of files is given up when asked for"
    write(tmp_path, memory_max="max\n")
    assert free_memory(meminfo, group) == 2 << 20


def test_something_is_assumed_where_nothing_is_said(tmp_path):
    assert free_memory(tmp_path / "none", tmp_path) > 0
