"""The geometry of the flow: whole numbers, no window."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis import analyze
from engine.lanes import lanes
from engine.network import Network, Node, stack
from engine.registry import make_layer
from engine.shapes import Shape
from gui.flow.flow_edges import arrows
from gui.flow.placed_rows import PlacedRows
from gui.flow.row_layout import FlowOptions, flow, rows_near, tile_size
from gui.flow.row_lengths import lengths
from gui.flow.stages import stage_members

PICTURE = Shape(3, 224, 200)


def chain(*layers):
    named = [(f"l{place}", make_layer(*layer)) for place, layer in enumerate(layers)]
    return stack(named, make_layer("input"))


NETWORK = chain(
    ("conv2d", {"out_channels": 64, "padding": "same"}),
    ("relu",),
    ("max_pool2d",),
    ("conv2d", {"out_channels": 512}),
    ("conv2d", {"kernel_size": 400}),
    ("relu",),
)


def rows(width=900, **options):
    return flow(analyze(NETWORK, PICTURE), width, FlowOptions(**options))


def test_rows_stand_below_each_other_with_a_gap_for_the_connector():
    for above, below in itertools.pairwise(rows()):
        assert below.card.top == above.card.bottom + lengths().connector


@given(
    width=st.integers(500, 4000),
    map_height=st.integers(24, 512),
    pixel_ratio=st.sampled_from([1.0, 1.25, 1.5, 2.0]),
    true_scale=st.booleans(),
)
def test_maps_stay_inside_their_card_and_apart_from_each_other(
    width, map_height, pixel_ratio, true_scale
):
    for row in rows(width, map_height=map_height, pixel_ratio=pixel_ratio, true_scale=true_scale):
        if row.tiles is None:
            continue
        tiles = [row.tiles.rect(index) for index in range(row.tiles.shown)]
        for left, right in itertools.pairwise(tiles):
            assert right.left > left.right or right.top > left.bottom
        assert tiles[-1].bottom < row.card.bottom
        if row.tiles.shown > 1:
            assert tiles[-1].right < row.card.right


@given(
    index=st.integers(0, 2), row=st.integers(0, PICTURE.height - 1),
    column=st.integers(0, PICTURE.width - 1), pixel_ratio=st.sampled_from([1.0, 1.5, 2.0]),
)  # fmt: skip
def test_the_value_under_the_middle_of_a_cell_is_that_cell(index, row, column, pixel_ratio):
    tiles = rows(1600, map_height=256, pixel_ratio=pixel_ratio)[0].tiles
    rect = tiles.layout.tile(index)
    y = tiles.top + (rect.top + (row + 0.5) * rect.height / PICTURE.height) * tiles.zoom
    x = tiles.left + (rect.left + (column + 0.5) * rect.width / PICTURE.width) * tiles.zoom
    assert tiles.position_at(x, y) == (index, row, column)


def test_a_row_says_how_many_maps_it_leaves_out_until_it_is_expanded():
    folded = rows()[4].tiles
    assert folded.count == 512
    assert folded.shown < 512
    assert rows(expanded=frozenset({"l3"}))[4].tiles.shown == 512


def test_a_layer_with_a_problem_and_those_behind_it_take_one_line():
    assert [row.compact for row in rows()] == [False, False, False, False, False, True, True]


def test_stages_are_runs_of_one_size():
    assert stage_members(analyze(NETWORK, PICTURE)) == {
        "l0": ("l0", "l1"),
        "l2": ("l2",),
        "l3": ("l3",),
    }


def test_a_folded_stage_is_one_row_that_knows_its_layers():
    shown = rows(folded_stages=frozenset({"l0"}))
    assert [row.node_id for row in shown] == ["input", "l0", "l2", "l3", "l4", "l5"]
    assert shown[1].hidden_ids == ("l1",)


def test_rows_near_are_those_that_touch_the_view():
    shown = rows()
    assert rows_near(shown, shown[2].card.top + 1, shown[3].card.top) == shown[2:4]


@given(top=st.integers(-50, 1400), height=st.integers(0, 900))
def test_what_is_near_is_found_as_if_everything_were_looked_at(top, height):
    analysis, bottom = analyze(NETWORK, PICTURE), top + height
    shown = rows(folded_stages=frozenset({"l0"}))
    placed = PlacedRows(analysis, shown, ())
    assert placed.near(top, bottom) == tuple(
        row for row in shown if row.card.bottom >= top and row.card.top <= bottom
    )
    assert placed.arrows_near(top, bottom) == tuple(
        (above, below, edge)
        for above, below, edge in arrows(analysis, shown)
        if above.card.bottom <= bottom and below.card.top >= top
    )


def test_the_rows_above_and_below_a_layer_s_are_its_neighbors():
    placed = PlacedRows(analyze(NETWORK, PICTURE), rows(folded_stages=frozenset({"l0"})), ())
    assert placed.row_of("l1").node_id == "l0"
    assert [placed.neighbor("l1", step) for step in (-1, 1, 4, 5)] == ["input", "l2", "l5", None]
    assert placed.neighbor("input", -1) is None


@pytest.mark.parametrize("true_scale", [False, True])
def test_a_smaller_map_is_never_drawn_larger(true_scale):
    options = FlowOptions(true_scale=true_scale)
    sizes = [
        max(tile_size(Shape(1, side, side), Shape(3, 224, 224), options))
        for side in (224, 112, 56, 28, 14, 7)
    ]
    assert sizes == sorted(sizes, reverse=True)


def residual(*skips):
    """A chain of ReLUs and additions; each skip is (source, target)."""
    nodes = [Node("input", make_layer("input"))]
    for place in range(1, 8):
        extra = tuple(f"n{source}" for source, target in skips if target == place)
        inputs = ("input" if place == 1 else f"n{place - 1}", *extra)
        kind = "add" if extra else "relu"
        nodes.append(Node(f"n{place}", make_layer(kind), inputs))
    return analyze(Network(tuple(nodes)), PICTURE)


def test_branches_that_overlap_get_lanes_of_their_own():
    placed, count = lanes(residual((1, 4), (2, 6)))
    assert count == 2
    assert {(lane.source, lane.target, lane.lane) for lane in placed} == {
        ("n1", "n4", 0),
        ("n2", "n6", 1),
    }


def test_branches_one_after_the_other_share_a_lane():
    _, count = lanes(residual((1, 3), (3, 5), (5, 7)))
    assert count == 1


SMALL = chain(
    ("conv2d", {"out_channels": 64, "padding": "same"}),
    *[("max_pool2d",)] * 4,
    ("max_pool2d",),
    ("conv2d", {"out_channels": 2048, "kernel_size": 1}),
)
"""Maps of 224² to 7², of which the last are 2,048."""


def small_rows(width, **options):
    analysis = analyze(SMALL, Shape(3, 224, 224))
    return [row.tiles for row in flow(analysis, width, FlowOptions(**options))]


@pytest.mark.parametrize("pixel_ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("width", [757, 946, 1300, 2000])
def test_small_maps_are_drawn_large_enough_by_whole_numbers(width, pixel_ratio):
    tiles = small_rows(width, pixel_ratio=pixel_ratio)
    last = tiles[-1]
    assert last.width == last.height >= 38
    assert last.zoom == 1 / pixel_ratio
    assert last.layout.scale.enlargement == (last.layout.tile_size[0] // 7,) * 2
    drawn = [one.width for one in tiles[1:]]
    # Whole numbers come only so near to what is wanted.
    assert all(smaller <= 1.25 * larger for larger, smaller in itertools.pairwise(drawn))


def test_the_true_scale_stays_true_for_small_maps():
    for tiles in small_rows(1300, true_scale=True):
        assert tiles.width <= max(112 * 1.2 * tiles.layout.width / 224, 7)


@pytest.mark.parametrize("expanded", [frozenset(), frozenset({"l6"})], ids=["one line", "all"])
@pytest.mark.parametrize("width", range(757, 2000, 97))
def test_many_maps_fill_the_room_up_to_their_color_bar(width, expanded):
    analysis = analyze(SMALL, Shape(3, 224, 224))
    row = flow(analysis, width, FlowOptions(expanded=expanded))[-1]
    assert row.tiles.count == 2048
    end = row.card.right - row.color_bar - (0 if expanded else 1.2 * lengths().more)
    last = row.tiles.rect(row.tiles.layout.columns - 1)
    left_over = end - last.right
    columns = row.tiles.layout.columns
    assert 16 <= left_over < 17 + columns or row.tiles.layout.gap[1] == 20 or columns < 8
