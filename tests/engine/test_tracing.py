"""Where values come from and pixels go, confirmed by changing single pixels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis import analyze
from engine.evaluation import Evaluation
from engine.network import Network, Node, stack
from engine.problems import NetworkError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.tracing import Extent, reached, sources
from engine.weight_sources import NamedKernels
from engine.weights import Weights

PICTURE = Shape(1, 19, 17)


@st.composite
def layers(draw):
    kind = draw(st.sampled_from(["conv2d", "average_pool2d", "conv_transpose2d", "upsample2d"]))
    pair = st.tuples(st.integers(1, 3), st.integers(1, 3))
    settings = {
        "conv2d": {"kernel_size": draw(pair), "stride": draw(pair), "dilation": draw(pair)},
        "average_pool2d": {"kernel_size": draw(pair), "stride": draw(pair)},
        "conv_transpose2d": {"kernel_size": draw(pair), "stride": draw(pair)},
        "upsample2d": {"scale_factor": (2, 1)},
    }[kind]
    if kind.startswith("conv"):
        settings |= {"out_channels": 1, "padding": draw(st.sampled_from(["valid", "same"]))}
    return make_layer(kind, settings)


@st.composite
def networks(draw):
    """A chain, or two branches of one size that are added."""
    chain = draw(st.lists(layers(), min_size=1, max_size=4))
    network = stack([(f"l{i}", layer) for i, layer in enumerate(chain)], make_layer("input"))
    if draw(st.booleans()):
        branch = make_layer(
            "conv2d", {"out_channels": 1, "kernel_size": draw(st.sampled_from([1, 2, 3, 5])),
                       "padding": "same"}
        )  # fmt: skip
        last = network.nodes[-1].id
        merge = Node("sum", make_layer("add"), (last, "branch"))
        network = Network((*network.nodes, Node("branch", branch, (last,)), merge))
    # Kernels without a zero or a negative weight: nothing that is read can cancel out.
    for node in network:
        network = network.with_weights(node.id, Weights(NamedKernels(("box",))))
    return network


def maps_of(network, picture):
    analysis = analyze(network, Shape(*picture.shape))
    maps = Evaluation().run(network, analysis, picture, f"{picture.tobytes()!r}")
    return {layer.node_id: layer.maps for layer in maps}


@given(network=networks(), data=st.data())
def test_a_pixel_changes_exactly_the_values_that_it_is_said_to_reach(network, data):
    analysis = analyze(network, PICTURE)
    if analysis.problems:
        return
    row, column = data.draw(st.integers(0, 18)), data.draw(st.integers(0, 16))
    picture = np.random.default_rng(1).random(PICTURE, dtype=np.float32)
    changed = picture.copy()
    changed[0, row, column] += 100.0
    before, after = maps_of(network, picture), maps_of(network, changed)
    areas = reached(analysis, "input", row, column)
    for node_id, maps in before.items():
        differs = (maps != after[node_id]).any(axis=0)
        if node_id not in areas:
            assert not differs.any()
            continue
        area = areas[node_id]
        np.testing.assert_array_equal(differs, area.rows[:, None] & area.columns)


@given(network=networks(), data=st.data())
def test_a_value_depends_on_exactly_the_pixels_that_reach_it(network, data):
    analysis = analyze(network, PICTURE)
    if analysis.problems:
        return
    last = network.nodes[-1].id
    shape = analysis[last].shape
    row = data.draw(st.integers(0, shape.height - 1))
    column = data.draw(st.integers(0, shape.width - 1))
    area = sources(analysis, last, row, column).get("input")
    for y in range(0, PICTURE.height, 3):
        for x in range(0, PICTURE.width, 4):
            there = reached(analysis, "input", y, x).get(last)
            reads = there is not None and there.rows[row] and there.columns[column]
            assert reads == bool(area.rows[y] and area.columns[x])


def test_an_extent_reaches_into_the_padding():
    network = stack(
        [("c", make_layer("conv2d", {"padding": "same"})), ("d", make_layer("conv2d", {
            "padding": "same"}))], make_layer("input"),
    )  # fmt: skip
    areas = sources(analyze(network, PICTURE), "d", 0, 5)
    assert areas["input"].extent == Extent(-2, 2, 3, 7)
    assert areas["input"].cells == 3 * 5


def test_a_row_that_is_not_there_is_refused_in_words():
    network = stack([], make_layer("input"))
    with pytest.raises(NetworkError, match="19 rows and 17 columns"):
        sources(analyze(network, PICTURE), "input", 19, 0)
