"""The drawing of a network's sizes: in proportion, on one axis, every connection drawn once."""

import pytest
from hypothesis import given, settings

from engine.analysis import analyze
from engine.network import stack
from engine.registry import make_layer
from engine.shapes import Shape
from engine.size_changes import change_text
from engine.size_path import PathColumns, path_summary, size_path
from tests.engine.evaluating import analyze_example
from tests.engine.random_networks import REGULAR, networks

EXAMPLES = ["sizes-chain", "u-net", "resnet-18", "resnet-50", "mobilenet-v2"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_blocks_are_in_proportion_on_one_axis(name):
    analysis = analyze_example(name)
    path = size_path(analysis)
    widest = max(layer.shape.width for layer in analysis.layers.values())
    for block in path.blocks:
        share = block.shape.width / widest
        assert block.width == pytest.approx(max(share * path.columns.blocks, 2.0))
        assert block.left + block.width / 2 == pytest.approx(path.axis)
        assert block.top < block.block_top < block.block_bottom
        assert block.block_bottom < block.top + path.columns.row_height
    by_channels = sorted(path.blocks, key=lambda block: block.shape.channels)
    thicknesses = [block.thickness for block in by_channels]
    assert thicknesses == sorted(thicknesses)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_connection_is_a_funnel_or_a_lane(name):
    analysis = analyze_example(name)
    path = size_path(analysis)
    ids = [block.node_id for block in path.blocks]
    drawn = [(ids[above], ids[below]) for above, below in path.funnels]
    drawn += [(lane.source, lane.target) for lane in path.lanes]
    edges = {(s, n) for n, layer in analysis.layers.items() for s in layer.node.inputs}
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == edges
    for lane in path.lanes:
        assert 0 < lane.x < path.names_left
        assert lane.top < lane.bottom


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_badge_says_what_the_layer_does(name):
    analysis = analyze_example(name)
    for block in size_path(analysis).blocks[1:]:
        layer = analysis[block.node_id]
        source = layer.node.inputs[0]
        expected = change_text(analysis[source].shape, block.shape, layer.reading_of(source))
        assert (block.change, block.sign) == expected


def test_columns_follow_each_other():
    path = size_path(analyze_example("u-net"), PathColumns(blocks=500, row_height=40))
    assert path.names_left + path.columns.name < path.blocks[0].left
    assert path.blocks[0].right < path.sizes_left < path.badges_left
    assert path.badges_left + path.columns.badge < path.width
    assert path.height == 40 * len(path.blocks)


@settings(deadline=None)
@given(network=networks(Shape(2, 9, 8), REGULAR))
def test_any_network_has_a_path(network):
    analysis = analyze(network, Shape(2, 9, 8))
    path = size_path(analysis)
    assert [block.node_id for block in path.blocks] == list(analysis.layers)
    for block in path.blocks:
        assert (block.width > 0) is (block.shape is not None)
        assert path.block_at(block.top + path.columns.row_height / 2) is block
    assert path.block_at(-1) is path.block_at(path.height) is None


def test_what_has_no_size_has_no_block_and_no_funnel():
    broken = stack(
        (("large", make_layer("max_pool2d", {"kernel_size": 99})), ("relu", make_layer("relu"))),
        make_layer("input"),
    )
    analysis = analyze(broken, Shape(3, 28, 28))
    path = size_path(analysis)
    assert [block.width for block in path.blocks[1:]] == [0.0, 0.0]
    assert path.blocks[1].change == ""
    assert path.funnels == ()
    assert path_summary(analysis).startswith("From 28 × 28 × 3 to an unknown size in 2 layers")


def test_a_gray_picture_alone_has_a_path():
    path = size_path(analyze(stack((), make_layer("input")), Shape(1, 9, 1)))
    assert path.blocks[0].width == path.columns.blocks
    assert path.blocks[0].thickness > 0
