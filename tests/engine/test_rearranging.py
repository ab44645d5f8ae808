"""Padding, cropping, and the exchange of channels for height and width."""

import numpy as np
import pytest

from engine.arithmetic import Position
from engine.problems import LayerError, SettingError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.workspace import Workspace


def computed(layer, maps):
    out = np.full(layer.output_shape((Shape(*maps.shape),)), np.nan, dtype=np.float32)
    layer.forward((maps,), {}, out, Workspace())
    return out


def numbered(*shape):
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def test_cropped_rows_and_columns_are_those_that_are_not_read():
    (reading,) = make_layer("crop2d", {"cropping": (1, 0, 2, 3)}).reading((Shape(1, 6, 7),))
    assert reading.rows.unread() == ((0, 1), (4, 6))
    assert reading.columns.unread() == ((4, 7),)


@pytest.mark.parametrize("cropping", [(3, 1, 2, 1), (9, 0, 0, 0), (1, 5, 1, 5)])
def test_cropping_that_leaves_nothing_is_refused_with_one_that_does_not(cropping):
    layer, shapes = make_layer("crop2d", {"cropping": cropping}), (Shape(2, 5, 6),)
    with pytest.raises(LayerError, match="at most 4 rows and 5 columns") as refused:
        layer.output_shape(shapes)
    assert refused.value.setting == "cropping"
    (change,) = refused.value.candidates
    assert 1 in layer.replace(**change).output_shape(shapes)[1:]


@pytest.mark.parametrize(("kind", "name"), [("zero_padding2d", "padding"), ("crop2d", "cropping")])
def test_a_rule_is_refused_where_only_pixels_are_meant(kind, name):
    with pytest.raises(SettingError, match="must be pixels as a number"):
        make_layer(kind, {name: "same"})


def test_a_cell_of_padding_says_so_and_others_name_their_source():
    layer, maps = make_layer("zero_padding2d", {"padding": (1, 2, 0, 0)}), numbered(2, 3, 4)
    padding = layer.explain(Position(1, 0, 3), (maps,), {})
    assert padding.sentence == "This cell is padding; its value is 0."
    assert padding.patches[0].rows == (-1,)
    copied = layer.explain(Position(1, 2, 3), (maps,), {})
    assert copied.sentence == "A copy of 17, the value of channel 1 at row 1, column 1."


@pytest.mark.parametrize(
    ("mode", "first", "second"),
    [("DCR", [[0, 2], [4, 6]], [[1, 3], [5, 7]]), ("CRD", [[0, 1], [2, 3]], [[4, 5], [6, 7]])],
)
def test_the_channel_order_decides_which_channels_make_a_block(mode, first, second):
    out = computed(make_layer("depth_to_space", {"mode": mode}), numbered(8, 1, 1))
    assert out.tolist() == [first, second]


@pytest.mark.parametrize("mode", ["DCR", "CRD"])
def test_depth_to_space_undoes_space_to_depth(mode):
    maps, settings = numbered(3, 6, 9), {"block_size": 3, "mode": mode}
    deep = computed(make_layer("space_to_depth", settings), maps)
    np.testing.assert_array_equal(computed(make_layer("depth_to_space", settings), deep), maps)


@pytest.mark.parametrize("mode", ["DCR", "CRD"])
@pytest.mark.parametrize(
    ("kind", "shape"), [("depth_to_space", (8, 3, 2)), ("space_to_depth", (2, 4, 6))]
)
def test_every_value_names_where_it_was(kind, shape, mode):
    layer, maps = make_layer(kind, {"mode": mode}), numbered(*shape)
    for place, value in np.ndenumerate(computed(layer, maps)):
        (patch,) = layer.explain(Position(*place), (maps,), {}).patches
        assert maps[patch.channel, patch.rows[0], patch.columns[0]] == value


@pytest.mark.parametrize(
    ("kind", "shape", "fitting"),
    [("depth_to_space", Shape(36, 2, 2), [6, 3, 2, 1]), ("space_to_depth", Shape(2, 12, 18), [6])],
)
def test_a_block_that_does_not_divide_is_refused_with_blocks_that_do(kind, shape, fitting):
    layer = make_layer(kind, {"block_size": 5})
    with pytest.raises(LayerError) as refused:
        layer.output_shape((shape,))
    assert refused.value.setting == "block_size"
    offered = [change["block_size"] for change in refused.value.candidates]
    assert offered[: len(fitting)] == fitting
    for block in offered:
        layer.replace(block_size=block).output_shape((shape,))


def test_a_block_is_the_window_of_space_to_depth():
    (reading,) = make_layer("space_to_depth", {"block_size": 3}).reading((Shape(1, 6, 9),))
    assert (reading.rows.affine, reading.columns.unread()) == ((3, 3, 0), ())
