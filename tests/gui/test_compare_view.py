"""Two networks or two layers beside each other: on one picture, at one place, in one table."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.registry import make_layer
from engine.weighting.weight_sources import NamedKernels
from engine.weighting.weights import Weights
from gui.compare.compared_maps import APART, BESIDE, WIPE
from gui.maps.map_toolbar import MapToolbar
from gui.searching.search_popup import SearchPopup
from gui.theme import DARK, apply_theme
from gui.wording import level_text
from tests.gui.flow_harness import project
from tests.gui.window_harness import press

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(window):
    return window.compare.view


def shown(view):
    """The contents of the first and the second pane."""
    return view.maps.one.canvas.content, view.maps.other.canvas.content


@pytest.fixture
def changed(window, computed, view):
    """A network that was pinned, changed in its first layer, and compared."""
    window.document.select("conv")
    window.flow.setFocus()
    press("Shift+F7")
    window.editing.change_settings("conv", {"flip_kernel": True})
    press("F7")
    computed()
    return view


def cells(view):
    model = view.table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def middle_of(canvas, row, column):
    return QPointF(canvas.sight.x(column + 0.5), canvas.sight.y(row + 0.5)).toPoint()


def wheel(canvas, place, steps):
    event = QWheelEvent(
        QPointF(place), QPointF(canvas.viewport().mapToGlobal(place)), QPoint(),
        QPoint(0, 120 * steps), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas.viewport(), event)


# What is pinned


def test_pinning_is_no_edit(window):
    window.flow.setFocus()
    press("Shift+F7")
    assert window.compare.bar.isVisible()
    assert window.compare.bar.text.text().startswith("no layer differs now · pinned: 4 layers · ")
    assert window.document.undo_stack.isClean()
    assert not window.document.undo_stack.canUndo()
    assert not window.isWindowModified()


def test_the_bar_says_what_became_of_the_pinned_network(window):
    window.commands["pin-network"].trigger()
    _, *before = window.compare.bar.text.text().split(" · ")
    window.editing.remove("many")
    assert window.compare.bar.text.text().split(" · ") == ["1 layer differs now", *before]
    QTest.mouseClick(window.compare.bar.release, LEFT)
    assert not window.compare.bar.isVisible()
    assert not window.commands["compare"].isEnabled()


def test_nothing_is_compared_before_something_is_pinned(window, view):
    window.flow.setFocus()
    press("F7")
    assert not view.isVisible()


# The maps


def test_the_pinned_maps_stand_beside_those_of_now(window, changed):
    one, other = shown(changed)
    now = window.flow.result("conv").maps
    np.testing.assert_array_equal(other.values, now[0])
    assert not np.array_equal(one.values, now[0])
    window.document.undo_stack.undo()
    assert window.compare.bar.text.text().startswith("no layer differs now")


def test_the_pinned_maps_are_those_it_had(window, computed, view):
    before = window.flow.result("conv").maps
    window.document.select("conv")
    window.commands["pin-network"].trigger()
    window.editing.change_settings("conv", {"flip_kernel": True})
    window.commands["compare"].trigger()
    computed()
    np.testing.assert_array_equal(shown(view)[0].values, before[0])


def test_both_have_the_same_colors(changed):
    one, other = changed.maps.one.canvas.sheet, changed.maps.other.canvas.sheet
    assert one.levels.shared == other.levels.shared
    assert one.color_map is other.color_map


@pytest.fixture
def bright(window, changed, computed):
    """A map without a negative value, of a layer that has some."""
    window.editing.change_weights("conv", Weights(NamedKernels(("gaussian", "sobel_x"))))
    window.commands["pin-network"].trigger()
    window.editing.change_weights("conv", Weights(NamedKernels(("gaussian", "sobel_y"))))
    computed()
    window.commands["compare"].trigger()
    computed()
    assert window.flow.result("conv").maps[0].min() > 0
    return changed


def test_a_map_has_the_colors_that_it_has_in_its_row(window, bright):
    color_map = bright.maps.other.canvas.sheet.color_map
    assert color_map is window.flow.result("conv").sheet.color_map


def test_the_shared_colors_are_said_as_they_stand_at_the_bar(bright):
    pane = bright.maps.other
    low, high = pane.canvas.sheet.levels.shared
    ends = f"{level_text(low)} to {level_text(high)}"
    assert pane.notes.text() == f"Both in the same colors: {ends}."


def test_the_difference_is_signed_and_named_in_numbers(window, changed, computed):
    QTest.mouseClick(changed.ways[APART], LEFT)
    one, other = shown(changed)
    canvas = changed.maps.apart.canvas
    np.testing.assert_array_equal(canvas.content.values, other.values - one.values)
    largest = float(np.abs(canvas.content.values).max())
    assert canvas.sheet.levels.shared == pytest.approx((-largest, largest))
    assert canvas.sheet.color_map.id == "diverging"
    own, of_all = (label.text() for label in changed.numbers)
    assert own.startswith(f"Map 0: up to {largest:.3g} apart (row ")
    assert of_all.startswith("All 8 maps: up to ")


def test_an_edit_while_comparing_shows_the_newest_maps(window, changed, computed):
    window.editing.change_weights("conv", Weights(NamedKernels(("gaussian",))))
    window.editing.change_weights("conv", Weights(NamedKernels(("sobel_x",))))
    computed()
    np.testing.assert_array_equal(shown(changed)[1].values, window.flow.result("conv").maps[0])


def test_another_map_and_another_layer(window, changed, computed):
    press("PgDown")
    assert changed.index == 1
    np.testing.assert_array_equal(shown(changed)[1].values, window.flow.result("conv").maps[1])
    press("Ctrl+PgDown")
    computed()
    assert window.document.selected == "relu"
    np.testing.assert_array_equal(shown(changed)[1].values, window.flow.result("relu").maps[1])


def test_sizes_that_differ_are_said_and_show_no_difference(window, changed, computed):
    window.editing.change_settings("conv", {"padding": "valid"})
    computed()
    assert changed.note.text().startswith("≠ The sizes differ: 56 × 48 × 8 and 54 × 46 × 8.")
    assert [changed.ways[way].isEnabled() for way in (BESIDE, WIPE, APART)] == [True, False, False]
    assert not changed.maps.apart.isVisible()
    assert [content.values.shape for content in shown(changed)] == [(56, 48), (54, 46)]
    assert changed.numbers[0].text() == ""


def test_a_layer_that_only_one_network_has(window, computed, view):
    window.commands["pin-network"].trigger()
    window.editing.insert_kind("tanh", "conv")
    window.commands["compare"].trigger()
    computed()
    assert view.maps.one.reason.text() == "The network that is pinned has no such layer."
    assert view.maps.other.has_map
    assert not view.maps.one.has_map


def test_a_layer_with_a_problem_is_explained(window, changed, computed):
    window.editing.change_settings("conv", {"kernel_size": 99, "padding": "valid"})
    computed()
    assert changed.maps.one.has_map
    assert "99 × 99" in changed.maps.other.reason.text()


# One place


def test_all_canvases_show_one_place(changed):
    first, second = changed.maps.one.canvas, changed.maps.other.canvas
    wheel(first, middle_of(first, 10, 30), 4)
    assert second.sight.zoom == pytest.approx(first.sight.zoom)
    here, there = first.room.middle, second.room.middle
    assert second.sight.place(*there) == pytest.approx(first.sight.place(*here))
    QTest.mouseMove(first.viewport(), middle_of(first, 10, 30))
    assert first.cell == second.cell == (10, 30)
    value = float(shown(changed)[1].values[10, 30])
    text = f"row 10, column 30: {value:+.4g}".replace("-", "−")
    assert changed.maps.other.cell.text() == text


def test_maps_of_two_sizes_are_moved_together(window, changed, computed):
    window.editing.change_settings("conv", {"stride": 2})
    computed()
    first, second = changed.maps.one.canvas, changed.maps.other.canvas
    wheel(second, middle_of(second, 5, 5), 3)
    assert second.sight.zoom == pytest.approx(2 * first.sight.zoom)
    row, column = second.sight.place(*second.room.middle)
    assert first.sight.place(*first.room.middle) == pytest.approx((2 * row, 2 * column))


# The wipe


@pytest.fixture
def wiped(changed):
    press("W")
    return changed.maps.wipe


def test_the_wipe_shows_the_first_at_its_left_and_the_second_at_its_right(changed, wiped):
    assert wiped.isVisible()
    assert not changed.maps.one.isVisible()
    canvas = wiped.canvas
    assert wiped.first.sight == canvas.sight
    left, right = QPoint(canvas.width() // 4, 60), QPoint(3 * canvas.width() // 4, 60)
    assert wiped.first.isAncestorOf(canvas.childAt(left))
    assert canvas.childAt(right) is canvas.viewport()


def test_the_line_is_dragged(wiped):
    line, width = wiped.line, wiped.canvas.width()
    start = line.rect().center()
    QTest.mousePress(line, LEFT, pos=start)
    QTest.mouseMove(line, start + QPoint(width // 4, 0))
    QTest.mouseRelease(line, LEFT, pos=line.rect().center())
    assert line.share == pytest.approx(0.75, abs=0.02)
    assert wiped.first.parentWidget().width() == round(line.share * width)


def test_the_line_is_moved_by_keys(wiped):
    assert wiped.line.hasFocus()
    press("Right", "Right", "Shift+Left")
    assert wiped.line.share == pytest.approx(0.42)
    assert wiped.line.accessibleDescription() == "42% at the left of the line"
    press("Home")
    assert wiped.first.parentWidget().width() == 0
    press("End", "Right")
    assert wiped.first.parentWidget().width() == wiped.canvas.width()


def test_the_keyboard_follows_what_is_shown(window, changed, wiped, computed):
    press("D")
    assert changed.maps.apart.canvas.hasFocus()
    press("S", "W", "T")
    assert wiped.line.hasFocus()
    press("Escape")
    assert window.flow.hasFocus()
    press("F7")
    computed()
    assert wiped.line.hasFocus()
    window.editing.change_settings("conv", {"padding": "valid"})
    computed()
    press("PgDown")
    assert changed.index == 1


def test_both_values_are_said_under_the_pointer(changed, wiped):
    canvas = wiped.canvas
    QTest.mouseMove(canvas.viewport(), middle_of(canvas, 20, 40))
    one, other = (float(content.values[20, 40]) for content in shown(changed))
    text = f"row 20, column 40: pinned {one:+.4g}, now {other:+.4g}".replace("-", "−")
    assert wiped.cell.text() == text


# The table


def test_the_table_marks_what_differs_without_colors(window, changed, computed):
    window.editing.change_settings("conv", {"padding": "valid"})
    lines = {line[1]: line for line in cells(changed)}
    assert lines["Picture"][0] == "="
    assert lines["1  Convolution"][0] == "≠"
    assert lines["1  Convolution"][2:4] == ["56 × 48 × 8", "54 × 46 × 8"]
    assert lines["1  Convolution"][4:6] == ["224", "224"]
    assert lines["Whole network"][0] == "≠"
    tip = changed.table.model().index(2, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("Different: settings, size, MACs, memory, receptive field\nPinned: ")
    window.editing.remove("relu")
    assert {line[1]: line[0] for line in cells(changed)}["2  ReLU"] == "−"


def test_equal_layers_can_be_left_out(changed):
    everything = len(cells(changed))
    QTest.mouseClick(changed.only_different, LEFT)
    assert everything == 6
    assert [line[1] for line in cells(changed)] == ["Whole network", "1  Convolution"]


def test_a_table_of_few_lines_leaves_its_room_to_the_maps(window, computed):
    window.resize(1600, 1400)
    window.commands["compare-flipped"].trigger()
    computed()
    table = window.compare.view.table
    last = table.visualRect(table.model().index(table.model().rowCount() - 1, 1))
    assert 0 <= table.viewport().height() - 1 - last.bottom() < 2 * last.height()


def test_a_line_of_the_table_selects_its_layer(window, changed, computed):
    table = changed.table
    place = table.visualRect(table.model().index(4, 1)).center()
    table.scrollTo(table.model().index(4, 1))
    place = table.visualRect(table.model().index(4, 1)).center()
    QTest.mouseClick(table.viewport(), LEFT, pos=place)
    assert window.document.selected == "pool"


# Layers


POOLS = (
    ("largest", make_layer("max_pool2d")),
    ("mean", make_layer("average_pool2d", {"stride": 1, "padding": "same"})),
    ("twin", make_layer("average_pool2d", {"kernel_size": 3, "stride": 1, "padding": "same"})),
)


def test_two_layers_are_chosen_by_typing(window, computed, view):
    window.document.open(project(*POOLS))
    window.document.select("mean")
    window.flow.setFocus()
    press("Ctrl+F7")
    search = window.findChild(SearchPopup)
    assert [entry.group for entry in search.shown] == ["Same size", "Same size", "Other size"]
    QTest.keyClicks(search.field, "3")
    press("Return")
    computed()
    assert view.isVisible()
    assert view.bar.title.text() == "2 Average pooling beside 3 Average pooling"
    assert view.maps.possible == {BESIDE, WIPE, APART}
    assert [line[1] for line in cells(view)[:2]] == ["2 Average pooling", "3 Average pooling"]
    assert cells(view)[2][:4] == ["≠", "Where they differ", "≠", "="]
    press("Escape")
    assert window.flow.isVisible()
    assert window.flow.hasFocus()


@pytest.mark.parametrize("selected", ["relu", "many"])
def test_a_layer_that_goes_ends_its_comparison(window, computed, view, selected):
    window.comparing.compare_layers("conv", "relu")
    window.document.select(selected)
    assert view.isVisible()
    window.document.edit("Other", window.document.project.with_network(
        window.document.project.network.remove("relu")
    ))  # fmt: skip
    assert not view.isVisible()
    assert not window.comparing.is_open


# True convolution


def test_a_convolution_beside_itself_flipped(window, computed, view):
    window.document.select("conv")
    window.commands["compare-flipped"].trigger()
    computed()
    assert not window.document.undo_stack.canUndo()
    one, other = shown(view)
    np.testing.assert_array_equal(one.values, window.flow.result("conv").maps[0])
    assert not np.array_equal(one.values, other.values)
    assert "None of these kernels is the same turned by 180°." in view.note.text()
    assert [line[2] for line in cells(view)] == ["flip kernel off", "flip kernel on", "≠"]
    window.editing.change_weights("conv", Weights(NamedKernels(("gaussian",))))
    computed()
    assert "both give the same" in view.note.text()
    assert view.numbers[0].text() == "Map 0: all values are equal"
    canvas = view.maps.apart.canvas
    assert canvas.sheet.levels.shared == (-1.0, 1.0)


def test_only_convolutions_can_be_flipped(window):
    window.document.select("pool")
    assert not window.commands["compare-flipped"].isEnabled()
    window.document.select("conv")
    assert window.commands["compare-flipped"].isEnabled()


# Around it


def test_what_was_closed_shows_its_maps_when_it_is_opened_again(window, changed, computed):
    press("Escape", "F7")
    computed()
    assert changed.maps.one.has_map
    np.testing.assert_array_equal(shown(changed)[1].values, window.flow.result("conv").maps[0])


def test_another_theme_keeps_the_comparison(window, changed, computed):
    window.preferences.choose("theme", "light")
    computed()
    assert window.compare.view.isVisible()
    assert window.compare.view is not changed
    assert window.compare.bar.isVisible()
    assert window.compare.view.maps.one.has_map


def test_another_network_ends_the_comparison_and_keeps_the_pin(window, changed, computed):
    window.document.open(project(*POOLS))
    computed()
    assert not changed.isVisible()
    assert window.compare.bar.isVisible()


def test_the_large_view_of_one_map_takes_its_place(window, changed, computed):
    window.commands["large-map"].trigger()
    assert not changed.isVisible()
    assert window.maps.view.isVisible()
    assert not window.comparing.is_open


@pytest.mark.parametrize(
    ("title", "width", "scale"),
    [
        ("Cross-correlation beside true convolution", 747, 1.0),
        ("1 Convolution beside 4 Convolution", 747, 1.0),
        ("12 Separable convolution beside 14 Transposed convolution", 747, 1.0),
        ("12 Average pooling: pinned beside now", 747, 1.0),
        ("Cross-correlation beside true convolution", 946, 1.5),
        ("1 Convolution beside 4 Convolution", 946, 1.5),
    ],
)
def test_a_title_stands_in_two_lines_rather_than_being_cut_off(qtbot, qapp, title, width, scale):
    """The widths are those of the middle of windows of 1280 px, and of 960 px at larger text."""
    apply_theme(qapp, DARK, scale)
    bar = MapToolbar(DARK)
    qtbot.addWidget(bar)
    bar.show_layer(title, "")
    bar.show_maps(0, 16)
    for name in ("previous-layer", "next-layer"):
        bar.buttons[name].setVisible("pinned" in title)
    bar.resize(width, bar.sizeHint().height())
    bar.show()
    room = bar.title.contentsRect().width()
    font, lines = bar.title.lines(room)
    assert max(map(QFontMetricsF(font).horizontalAdvance, lines)) <= room
    assert len(lines) * QFontMetricsF(font).height() <= bar.title.height()
    assert " ".join(lines).replace(":", "") == title.replace(":", "")
    assert bar.title.lines(2000) == (bar.title.font(), (title,))
