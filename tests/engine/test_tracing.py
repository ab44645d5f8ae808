"""Where values come from and pixels go, confirmed by changing single pixels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import tracing
from engine.analysis import analyze
from engine.network import INPUT_ID, Network, new_node, stack
from engine.problems import NetworkError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.tracing import Extent, reached, sources
from tests.engine.random_networks import (
    OTHERS,
    REGULAR,
    maps_of,
    networks,
    with_positive_weights,
)

PICTURE = Shape(1, 13, 11)


def picture_and_changed(data, shape=PICTURE):
    """A picture, the same with one pixel much brighter, and that pixel's row and column."""
    picture = np.random.default_rng(1).random(shape, dtype=np.float32)
    row, column = data.draw(st.integers(0, shape[1] - 1)), data.draw(st.integers(0, shape[2] - 1))
    changed = picture.copy()
    changed[:, row, column] += 1e6
    return picture, changed, row, column


def draw_place(data, shape):
    return data.draw(st.integers(0, shape.height - 1)), data.draw(st.integers(0, shape.width - 1))


def changes(network, picture, changed):
    """Which cells of each layer differ, in any channel, by more than rounding.

    Large values may take another way through a layer, and the last digits of all with them.
    """
    before, after = maps_of(network, picture), maps_of(network, changed)
    return {
        name: ~np.isclose(maps, after[name], rtol=1e-4, atol=0).all(axis=0)
        for name, maps in before.items()
    }


@given(network=networks(PICTURE, REGULAR), data=st.data())
@settings(max_examples=150)
def test_a_pixel_changes_exactly_the_values_that_it_is_said_to_reach(network, data):
    network = with_positive_weights(network, PICTURE)
    picture, changed, row, column = picture_and_changed(data)
    areas = reached(analyze(network, PICTURE), INPUT_ID, row, column)
    for name, differs in changes(network, picture, changed).items():
        if name not in areas:
            assert not differs.any()
            continue
        assert areas[name].exact
        np.testing.assert_array_equal(differs, areas[name].mask, err_msg=name)
        assert areas[name].cells == differs.sum()
        rows, columns = np.nonzero(differs)
        extent = areas[name].extent
        assert (extent.first_row, extent.last_row) == (rows.min(), rows.max())
        assert (extent.first_column, extent.last_column) == (columns.min(), columns.max())


@given(network=networks(PICTURE, REGULAR | OTHERS), data=st.data())
@settings(max_examples=100)
def test_whatever_the_layers_nothing_else_changes(network, data):
    picture, changed, row, column = picture_and_changed(data)
    areas = reached(analyze(network, PICTURE), INPUT_ID, row, column)
    for name, differs in changes(network, picture, changed).items():
        if name in areas:
            assert not (differs & ~areas[name].mask).any(), name
        else:
            assert not differs.any(), name


@given(network=networks(PICTURE, REGULAR | OTHERS), data=st.data())
@settings(max_examples=100)
def test_a_value_depends_on_exactly_the_cells_that_reach_it(network, data):
    analysis = analyze(network, PICTURE)
    name = data.draw(st.sampled_from(list(analysis.layers)))
    place = draw_place(data, analysis[name].shape)
    for source, area in sources(analysis, name, *place).items():
        cell = draw_place(data, analysis[source].shape)
        there = reached(analysis, source, *cell).get(name)
        assert (cell in area) == (there is not None and place in there)
        assert (cell in area) == bool(area.mask[cell])


@given(network=networks(PICTURE, REGULAR), data=st.data())
@settings(max_examples=100)
def test_what_lies_between_is_all_within_the_extent_that_is_not_read(network, data):
    analysis = analyze(network, PICTURE)
    name = data.draw(st.sampled_from(list(analysis.layers)))
    for area in sources(analysis, name, *draw_place(data, analysis[name].shape)).values():
        outside = np.ones_like(area.mask)
        if area.extent is not None:
            ends = area.extent.first_row, area.extent.last_row + 1
            sides = area.extent.first_column, area.extent.last_column + 1
            rows, columns = ([max(place, 0) for place in both] for both in (ends, sides))
            outside[slice(*rows), slice(*columns)] = False
        unread, between = ~area.mask & ~outside, area.between()
        if between is None:
            assert not unread.any()
        else:
            height, width = between.cells.shape
            found = np.zeros_like(unread)
            found[between.top : between.top + height, between.left : between.left + width] = (
                between.cells
            )
            np.testing.assert_array_equal(found, unread)


@given(network=networks(PICTURE, REGULAR), data=st.data())
@settings(max_examples=100)
def test_the_extent_holds_all_that_is_read_and_the_field_says_its_size(network, data):
    analysis = analyze(network, PICTURE)
    name = data.draw(st.sampled_from(list(analysis.layers)))
    row, column = draw_place(data, analysis[name].shape)
    area = sources(analysis, name, row, column).get(INPUT_ID)
    if area is None:
        return
    modes = {node.layer.settings_dict().get("padding_mode", "zeros") for node in network}
    if area.parts and modes == {"zeros"}:
        rows, columns = np.flatnonzero(area.rows), np.flatnonzero(area.columns)
        assert area.extent.first_row <= rows[0] <= rows[-1] <= area.extent.last_row
        assert area.extent.first_column <= columns[0] <= columns[-1] <= area.extent.last_column
    field = analysis[name].receptive_field
    if field.stride is not None:
        assert (area.extent.height, area.extent.width) == (field.height, field.width)
        assert area.extent.first_row == row * field.stride[0] - field.padding[0]
        assert area.extent.first_column == column * field.stride[1] - field.padding[1]


def chain(*given_layers):
    return stack(
        [(f"n{n}", make_layer(kind, given)) for n, (kind, given) in enumerate(given_layers)],
        make_layer(INPUT_ID),
    )


def test_an_extent_reaches_into_the_padding():
    network = chain(("conv2d", {"padding": "same"}), ("conv2d", {"padding": "same"}))
    area = sources(analyze(network, PICTURE), "n1", 0, 5)[INPUT_ID]
    assert area.extent == Extent(-2, 2, 3, 7)
    assert area.cells == 3 * 5


def test_padding_around_an_irregular_layer_takes_the_nearest_cell():
    # A value of the padding, 4 cells outside what upsampling made.
    network = chain(("upsample2d", {}), ("zero_padding2d", {"padding": 4}), ("relu", {}))
    area = sources(analyze(network, PICTURE), "n2", 0, 0)[INPUT_ID]
    assert (area.parts, area.extent) == ((), Extent(0, 0, 0, 0))


def test_a_value_of_bias_alone_reads_nothing():
    network = chain(("conv_transpose2d", {"kernel_size": 1, "stride": 3}), ("relu", {}))
    analysis = analyze(network, PICTURE)
    area = sources(analysis, "n1", 1, 0)[INPUT_ID]
    assert (area.parts, area.extent, area.cells) == ((), None, 0)
    assert sources(analysis, "n1", 3, 6)[INPUT_ID].extent == Extent(1, 1, 2, 2)


def test_branches_that_cross_mark_a_cross():
    network = chain(("relu", {}))
    for name, kernel in (("tall", (5, 1)), ("wide", (1, 7))):
        layer = make_layer("conv2d", {"kernel_size": kernel, "padding": "same"})
        network = Network((*network.nodes, new_node(name, layer, (INPUT_ID,))))
    merged = new_node("sum", make_layer("add"), ("tall", "wide"))
    analysis = analyze(Network((*network.nodes, merged)), PICTURE)
    area = sources(analysis, "sum", 6, 5)[INPUT_ID]
    assert area.cells == 5 + 7 - 1
    assert (6, 8) in area
    assert (4, 8) not in area
    assert area.extent == Extent(4, 8, 2, 8)


def test_too_many_crossings_are_joined_and_said_not_to_be_exact(monkeypatch):
    monkeypatch.setattr(tracing, "MOST_PARTS", 1)
    network = chain(("relu", {}))
    for name, kernel in (("tall", (5, 1)), ("wide", (1, 7))):
        layer = make_layer("conv2d", {"kernel_size": kernel, "padding": "same"})
        network = Network((*network.nodes, new_node(name, layer, (INPUT_ID,))))
    merged = new_node("sum", make_layer("add"), ("tall", "wide"))
    network = Network((*network.nodes, merged)).append(make_layer("relu"), "after")
    area = sources(analyze(network, PICTURE), "after", 6, 5)[INPUT_ID]
    assert (area.cells, area.exact) == (5 * 7, False)


def test_a_row_that_is_not_there_is_refused_in_words():
    network = stack([], make_layer(INPUT_ID))
    with pytest.raises(NetworkError, match="13 rows and 11 columns"):
        sources(analyze(network, PICTURE), INPUT_ID, 13, 0)
    with pytest.raises(NetworkError, match="received row 0, column -1"):
        reached(analyze(network, PICTURE), INPUT_ID, 0, -1)
