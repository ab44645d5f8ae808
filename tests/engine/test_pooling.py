"""Pooling: what counts in a window and what does not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arithmetic import Position
from engine.numerics import pooling
from engine.problems import CancelledError, LayerError
from engine.reading import WindowAxis
from engine.registry import make_layer
from engine.shapes import Shape
from engine.workspace import Workspace


def pooled(kind, maps, **settings):
    layer = make_layer(kind, settings)
    out = np.full(layer.output_shape((Shape(*maps.shape),)), np.nan, dtype=np.float32)
    layer.forward((maps,), {}, out, Workspace())
    return out


def drawn(*shape):
    return (np.random.default_rng(7).integers(-32, 33, shape) / 16).astype(np.float32)


def ones(*shape):
    return np.ones(shape, dtype=np.float32)


@pytest.mark.parametrize("kind", ["max_pool2d", "average_pool2d"])
def test_a_two_by_two_window_halves_the_map(kind):
    assert make_layer(kind).output_shape((Shape(32, 28, 28),)) == Shape(32, 14, 14)


def test_padding_is_never_the_largest():
    out = pooled("max_pool2d", -ones(2, 4, 5), kernel_size=3, stride=1, padding=1)
    np.testing.assert_array_equal(out, -ones(2, 4, 5))


def test_a_last_window_that_starts_in_the_padding_is_dropped():
    layer = make_layer(
        "max_pool2d", {"kernel_size": 2, "stride": 3, "padding": 1, "ceil_mode": True}
    )
    shape = Shape(1, 4, 4)
    assert layer.output_shape((shape,)) == Shape(1, 2, 2)
    assert "would start in the padding" in layer.equation((shape,)).height


@pytest.mark.parametrize("kind", ["max_pool2d", "average_pool2d"])
@pytest.mark.parametrize(
    ("length", "kernel", "stride", "padding", "expected"),
    # As PyTorch: a window may overhang by less than the stride.
    [(2, 3, 2, 0, 1), (1, 2, 2, 0, 1), (1, 3, 2, 0, 0), (2, 3, 1, 0, 0), (1, 5, 3, 1, 1)],
)
def test_rounding_up_takes_a_first_window_that_overhangs(
    kind, length, kernel, stride, padding, expected
):
    settings = {
        "kernel_size": (kernel, 1),
        "stride": (stride, 1),
        "padding": (padding, 0),
        "ceil_mode": True,
    }
    if expected == 0:
        with pytest.raises(LayerError, match="does not fit"):
            pooled(kind, ones(1, length, 4), **settings)
    else:
        assert pooled(kind, ones(1, length, 4), **settings).tolist() == [[[1.0] * 4]]
    with pytest.raises(LayerError, match="does not fit"):
        pooled(kind, ones(1, length, 4), **{**settings, "ceil_mode": False})


@pytest.mark.parametrize(("counted", "corner", "edge"), [(True, 4 / 9, 6 / 9), (False, 1.0, 1.0)])
def test_the_divisor_of_an_average_counts_padding_only_when_asked(counted, corner, edge):
    out = pooled(
        "average_pool2d",
        ones(1, 4, 5),
        kernel_size=3,
        stride=1,
        padding="same",
        count_include_pad=counted,
    )
    np.testing.assert_allclose(out[0, 0, :2], [corner, edge], rtol=1e-6)
    assert out[0, 1, 1] == 1.0


def test_cells_that_rounding_up_has_added_never_count():
    settings = {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}
    layer = make_layer("average_pool2d", {**settings, "count_include_pad": True})
    arithmetic = layer.explain(Position(0, 0, 3), (ones(1, 6, 6),), {})
    # The last window holds one column of the map and one of padding; its third is beyond both.
    assert arithmetic.steps[-1] == ("divided by", 3 * 2, 0)
    assert arithmetic.result == pytest.approx(2 / 6)


def test_an_average_says_its_divisor():
    settings = {"kernel_size": 3, "stride": 1, "padding": 1}
    for counted, words in (
        (False, "by 4, without the cells outside,"),
        (True, "by 9, the padding"),
    ):
        layer = make_layer("average_pool2d", {**settings, "count_include_pad": counted})
        sentence = layer.explain(Position(0, 0, 0), (ones(1, 4, 5),), {}).sentence
        assert sentence.startswith("The values add up to 4; divided ")
        assert words in sentence


def test_max_pooling_names_the_winner_in_the_input():
    maps = -ones(2, 6, 8)
    maps[1, 4, 3] = 2.5
    arithmetic = make_layer("max_pool2d").explain(Position(1, 2, 1), (maps,), {})
    assert arithmetic.operation == "maximum"
    assert arithmetic.sentence == "The largest of 4 values is 2.5, at row 4, column 3."


@pytest.mark.parametrize("kind", ["max_pool2d", "average_pool2d"])
@pytest.mark.parametrize("kernel_size", [2, 3])
def test_a_value_that_is_not_a_number_stays_in_sight(kind, kernel_size):
    maps = drawn(1, 6, 6)
    maps[0, 4, 4] = np.nan
    out = pooled(kind, maps, kernel_size=kernel_size)
    assert np.isnan(out[0, 4 // kernel_size, 4 // kernel_size])
    assert np.isnan(out).sum() == 1


def test_rows_and_columns_that_no_window_reads_are_known():
    (reading,) = make_layer("max_pool2d").reading((Shape(3, 7, 8),))
    assert reading.rows.unread() == ((6, 7),)
    assert reading.columns.unread() == ()


@pytest.mark.parametrize("kind", ["max_pool2d", "average_pool2d"])
def test_windows_in_the_padding_alone_are_refused_with_padding_that_fits(kind):
    layer = make_layer(kind, {"kernel_size": 2, "stride": 2, "padding": 2})
    shapes = (Shape(3, 5, 6),)
    with pytest.raises(LayerError, match="lies in the padding alone") as refused:
        layer.output_shape(shapes)
    assert refused.value.setting == "padding"
    for change in refused.value.candidates:
        layer.replace(**change).output_shape(shapes)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("max_pool2d", {"kernel_size": (3, 2), "stride": (2, 1), "padding": (1, 0, 1, 1)}),
        ("max_pool2d", {"kernel_size": (4, 3), "dilation": (2, 1), "stride": 3, "padding": 1}),
        ("average_pool2d", {"kernel_size": (3, 2), "stride": (1, 2), "padding": (1, 0, 1, 1)}),
        ("average_pool2d", {"kernel_size": 2}),
    ],
)
def test_maps_computed_in_strips_have_no_seams(kind, settings, monkeypatch):
    maps = drawn(3, 20, 14)
    whole = pooled(kind, maps, **settings)
    monkeypatch.setattr("engine.numerics.strips.STRIP_VALUES", 30)
    np.testing.assert_array_equal(pooled(kind, maps, **settings), whole)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("max_pool2d", {}),
        ("average_pool2d", {}),
        ("average_pool2d", {"kernel_size": 3}),
        ("adaptive_average_pool2d", {"output_size": (3, 4)}),
    ],
)
def test_pooling_gives_up_when_it_was_replaced(kind, settings):
    layer, maps = make_layer(kind, settings), drawn(2, 8, 9)
    out = np.empty(layer.output_shape((Shape(*maps.shape),)), dtype=np.float32)
    with pytest.raises(CancelledError):
        layer.forward((maps,), {}, out, Workspace(cancelled=lambda: True))


def test_more_channels_than_opencv_takes_are_averaged():
    maps = drawn(131, 4, 6)
    expected = (maps[:, ::2] + maps[:, 1::2]).reshape(131, 2, 3, 2).sum(axis=3) / 4
    np.testing.assert_array_equal(pooled("average_pool2d", maps), expected)


@pytest.mark.parametrize("size", [(4, 3), (8, 2), (2, 12)])
def test_adaptive_windows_that_divide_are_ordinary_windows(size):
    maps = drawn(3, 8, 12)
    window = 8 // size[0], 12 // size[1]
    np.testing.assert_array_equal(
        pooled("adaptive_average_pool2d", maps, output_size=size),
        pooled("average_pool2d", maps, kernel_size=window),
    )


def test_adaptive_windows_that_do_not_divide_share_cells():
    layer = make_layer("adaptive_average_pool2d", {"output_size": (3, 2)})
    (reading,) = layer.reading((Shape(1, 7, 4),))
    assert reading.rows.taps().tolist() == [[0, 1, 2], [2, 3, 4], [4, 5, 6]]
    assert reading.rows.unread() == ()
    assert "3 rows high and 2 columns wide" in layer.equation((Shape(1, 7, 4),)).notes[1]
    assert "2 to 3 rows high" in layer.equation((Shape(1, 5, 4),)).notes[1]


@pytest.mark.parametrize("kind", ["global_max_pool2d", "global_average_pool2d"])
def test_a_whole_map_becomes_one_value_that_reads_everything(kind):
    layer, shape = make_layer(kind), Shape(3, 5, 7)
    assert layer.output_shape((shape,)) == Shape(3, 1, 1)
    (reading,) = layer.reading((shape,))
    assert reading.rows.taps().shape == (1, 5)
    patch = layer.explain(Position(2, 0, 0), (drawn(*shape),), {}).patches[0]
    assert (patch.channel, patch.values.shape) == (2, (5, 7))


def test_the_mean_of_a_large_map_keeps_its_digits():
    maps = np.full((1, 3000, 2000), 0.1, dtype=np.float32)
    assert pooled("global_average_pool2d", maps)[0, 0, 0] == pytest.approx(0.1, rel=1e-5)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize(("size", "pad"), [(3, 1), (2, 0)])
def test_values_that_opencv_would_lose_are_pooled_as_they_are(monkeypatch, value, size, pad):
    monkeypatch.setattr(pooling, "FEWEST_VALUES", 1)
    maps = drawn(2, 7, 9)
    maps[1, 2:5, 3:6] = value
    out = pooled("max_pool2d", maps, kernel_size=size, stride=1, padding=pad)
    tall, wide = (
        {"kernel_size": (size, 1), "stride": 1, "padding": (pad, 0)},
        {"kernel_size": (1, size), "stride": 1, "padding": (0, pad)},
    )
    expected = pooled("max_pool2d", pooled("max_pool2d", maps, **tall), **wide)
    np.testing.assert_array_equal(out, expected)


@given(st.data())
def test_opencv_and_numpy_find_the_same_largest_values(data):
    axes = [
        data.draw(
            st.builds(
                window_of,
                length=st.integers(1, 30),
                kernel=st.integers(1, 5),
                stride=st.integers(1, 4),
                before=st.integers(0, 4),
            )
        )
        for _ in range(2)
    ]
    rows, columns = axes
    maps = drawn(3, rows.input_length, columns.input_length)
    found = []
    for way in ("_max_by_opencv", "_join_windows"):
        out = np.full((3, rows.output_length, columns.output_length), np.nan, np.float32)
        arguments = (np.maximum,) if way == "_join_windows" else ()
        getattr(pooling, way)(*arguments, maps, out, Workspace(), rows, columns)
        found.append(out)
    np.testing.assert_array_equal(*found)


def window_of(length, kernel, stride, before):
    """As many windows as hold a cell of the map each; the last may reach beyond it."""
    before = min(before, kernel - 1)
    return WindowAxis(length, (length - 1 + before) // stride + 1, kernel, stride, 1, before)
