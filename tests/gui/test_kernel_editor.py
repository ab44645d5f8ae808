"""The cells of a kernel: typed, stepped through, pasted, copied and preset."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QPalette, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.shapes import Shape
from engine.sheets.color_maps import DIVERGING
from engine.weighting.kernel_bank import KERNELS
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported
from engine.weighting.weights import Weights
from gui.fields.number_table import cell_format, cell_text, read_table, write_table
from gui.fields.value_field import ValueField
from gui.side.kernel_editor import KernelEditor
from gui.side.kernel_pictures import readable_on
from gui.side.kernel_slice import KernelSlice
from gui.side.side_panel import PANEL_WIDTH
from tests.gui.panel_harness import WeightsHolder, analyzed, focus, key_of, press


@pytest.fixture
def held(qtbot):
    return lambda *args, **more: WeightsHolder(qtbot, KernelEditor(), *args, **more)


def cells(editor):
    """Return the numbers that the table holds."""
    return editor.table.cells.shown.values


def clipboard(text):
    QGuiApplication.clipboard().setText(text)


def shortcut(widget, standard):
    QTest.keyClick(widget, *key_of(standard))


def paste(editor):
    shortcut(editor.table, QKeySequence.StandardKey.Paste)


def test_the_table_shows_the_weights_that_the_layer_is_computed_with(held):
    holder = held("conv2d", out_channels=5)
    editor = holder.widget
    kernel = holder.arrays["kernel"]
    for number in (0, 4):
        for channel in (0, 2):
            editor.filter_field.edited.emit(number)
            editor.channel_field.edited.emit(channel)
            np.testing.assert_array_equal(cells(editor), kernel[number, channel])


@pytest.mark.parametrize(
    ("kind_id", "settings"),
    [
        ("conv2d", {"out_channels": 6, "groups": 3, "kernel_size": (2, 3)}),
        ("depthwise_conv2d", {"depth_multiplier": 2, "kernel_size": (2, 3)}),
        ("separable_conv2d", {"depth_multiplier": 2, "kernel_size": (2, 3)}),
        ("conv_transpose2d", {"out_channels": 6, "groups": 3, "kernel_size": (2, 3)}),
    ],
)
def test_an_edit_reaches_exactly_its_weight(held, kind_id, settings):
    holder = held(kind_id, **settings)
    editor = holder.widget
    name = holder.layer.facts.weight_specs[0].name
    before = holder.arrays[name].copy()
    editor.filter_field.edited.emit(4)
    where = editor.table.cells.shown.slice
    editor.table.setCurrentIndex(editor.table.cells.index(1, 2))
    focus(editor.table)
    press("9", Qt.Key.Key_Return)
    after = holder.arrays[name]
    changed = np.argwhere(after != before)
    assert len(changed) == 1
    assert after[tuple(changed[0])] == 9.0
    assert cells(editor)[1, 2] == 9.0
    assert (where.filter, where.spec.name) == (4, name)
    assert len(holder.edits) == 1


@pytest.mark.parametrize(("typed", "weight"), [("1/3", 1 / 3), ("0,5", 0.5), ("1e-3", 1e-3)])
def test_a_weight_is_typed_as_people_write_numbers(held, typed, weight):
    holder = held("conv2d")
    focus(holder.widget.table)
    press(*typed, Qt.Key.Key_Return)
    assert cells(holder.widget)[0, 0] == np.float32(weight)


@pytest.mark.parametrize("typed", ["1e400", "-", "1/0", "a"])
def test_a_cell_stays_open_and_marked_while_its_text_is_no_weight(held, typed):
    holder = held("conv2d")
    focus(holder.widget.table)
    press(*typed, Qt.Key.Key_Return)
    field = QApplication.focusWidget()
    assert isinstance(field, ValueField)
    assert (field.text(), field.is_wrong, holder.edits) == (typed, True, [])
    press(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is holder.widget.table
    assert holder.edits == []


def test_escape_leaves_the_weight(held):
    holder = held("conv2d")
    focus(holder.widget.table)
    press("7", Qt.Key.Key_Escape)
    assert holder.edits == []


def test_opening_and_closing_a_cell_is_no_edit(held):
    holder = held("conv2d")
    focus(holder.widget.table)
    press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert holder.edits == []


def test_arrow_keys_move_and_delete_sets_zero(held):
    holder = held("conv2d")
    editor = holder.widget
    focus(editor.table)
    press(Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left)
    assert (editor.table.currentIndex().row(), editor.table.currentIndex().column()) == (1, 1)
    press(Qt.Key.Key_Delete)
    assert cells(editor)[1, 1] == 0.0
    index = editor.table.currentIndex()
    assert (index.row(), index.column()) == (1, 1), "the cursor stays"
    assert QApplication.focusWidget() is editor.table


@pytest.mark.parametrize(
    "text",
    [
        "1\t2\t3\n4\t5\t6\n7\t8\t9\n",
        "1, 2, 3\n4, 5, 6\n7, 8, 9",
        "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]",
    ],
)
def test_a_whole_table_is_pasted_as_one_edit(held, text):
    holder = held("conv2d")
    editor = holder.widget
    focus(editor.table)
    press(Qt.Key.Key_Down)
    clipboard(text)
    paste(editor)
    np.testing.assert_array_equal(cells(editor), np.arange(1, 10).reshape(3, 3))
    assert len(holder.edits) == 1
    assert len(holder.weights.edits) == 9


def test_a_smaller_table_is_pasted_from_the_cursor(held):
    holder = held("conv2d")
    editor = holder.widget
    before = cells(editor).copy()
    editor.table.setCurrentIndex(editor.table.cells.index(1, 1))
    focus(editor.table)
    clipboard("1\t2\n3\t4")
    paste(editor)
    np.testing.assert_array_equal(cells(editor)[1:, 1:], [[1, 2], [3, 4]])
    np.testing.assert_array_equal(cells(editor)[0], before[0])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\t2\t3\t4", "holds a 1 × 4 table; there is room for 3 × 3"),
        ("one two", "“one” is none"),
        ("1 2\n3", "differ in length"),
        ("", "no table of numbers"),
        ("nan", "finite"),
        ("1e39", "finite"),
    ],
)
def test_what_cannot_be_pasted_is_said_and_changes_nothing(held, text, said):
    holder = held("conv2d")
    editor = holder.widget
    clipboard(text)
    editor.paste_button.click()
    assert said in editor.complaint.text()
    assert editor.complaint.isVisible()
    assert not holder.edits
    focus(editor.table)
    press("1", Qt.Key.Key_Return)
    assert not editor.complaint.isVisible()


def test_copied_cells_are_pasted_elsewhere_with_every_digit(held):
    holder = held("conv2d")
    editor = holder.widget
    editor.copy_button.click()
    first = cells(editor).copy()
    editor.filter_field.edited.emit(5)
    editor.paste_button.click()
    np.testing.assert_array_equal(cells(editor), first)
    editor.table.clearSelection()
    focus(editor.table)
    editor.table.setCurrentIndex(editor.table.cells.index(0, 0))
    QTest.keyClick(editor.table, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    shortcut(editor.table, QKeySequence.StandardKey.Copy)
    assert QGuiApplication.clipboard().text() == write_table(first[:1, :2])


def test_a_preset_is_the_kernel_of_the_textbook(held):
    holder = held("conv2d", kernel_size=(3, 5))
    editor = holder.widget
    editor.preset_menu.aboutToShow.emit()
    actions = {action.text(): action for action in editor.preset_menu.actions()}
    assert list(actions) == [kernel.label for kernel in KERNELS.values()]
    assert not any(action.icon().isNull() for action in actions.values())
    actions["Sobel x"].trigger()
    expected = KERNELS["sobel_x"].make(3, 5).astype(np.float32)
    np.testing.assert_array_equal(cells(editor), expected)
    assert len(holder.edits) == 1


def test_the_bias_of_the_filter_is_edited(held):
    holder = held("conv2d")
    editor = holder.widget
    editor.filter_field.edited.emit(3)
    focus(editor.number_fields["bias"])
    press("-0.5", Qt.Key.Key_Return)
    assert holder.arrays["bias"].tolist() == [0, 0, 0, -0.5, 0, 0, 0, 0]
    press(Qt.Key.Key_Up)
    assert holder.edits[-1] == holder.edits[-2] == ("Edit bias", ("bias", 3))
    assert holder.settled == 2


def test_statistics_of_a_normalization_are_edited(held):
    holder = held("batch_norm2d")
    editor = holder.widget
    assert list(editor.number_fields) == ["scale", "shift", "mean", "variance"]
    assert not editor.table.isVisible()
    editor.filter_field.edited.emit(2)
    focus(editor.number_fields["variance"])
    press("4", Qt.Key.Key_Return)
    assert holder.arrays["variance"].tolist() == [1, 1, 4]


def test_the_weights_of_a_unit_are_wrapped_into_lines(held):
    holder = held("dense", Shape(23, 1, 1), out_features=4)
    editor = holder.widget
    editor.filter_field.edited.emit(3)
    model = editor.table.cells
    assert (model.rowCount(), model.columnCount()) == (5, 5)
    assert model.data(model.index(4, 3)) is None
    assert not model.flags(model.index(4, 3)) & Qt.ItemFlag.ItemIsEditable
    assert model.headerData(4, Qt.Orientation.Vertical) == "20"
    editor.table.setCurrentIndex(model.index(4, 2))
    focus(editor.table)
    press("9", Qt.Key.Key_Return)
    assert holder.arrays["kernel"][3, 22] == 9


def test_a_unit_with_very_many_weights_is_shown_at_once(held):
    holder = held("dense", Shape(196_608, 1, 1), out_features=2)
    table = holder.widget.table
    assert table.height() < 300
    assert table.cells.rowCount() == 39_322


def test_both_arrays_of_a_separable_layer_are_reached(held):
    holder = held("separable_conv2d", out_channels=4)
    editor = holder.widget
    assert not editor.number_fields["bias"].isVisible(), "it belongs to the second"
    focus(editor.array_box)
    press(Qt.Key.Key_Down)
    editor.filter_field.edited.emit(3)
    editor.channel_field.edited.emit(2)
    focus(editor.table)
    press("9", Qt.Key.Key_Return)
    assert holder.arrays["pointwise_kernel"][3, 2, 0, 0] == 9
    assert editor.number_fields["bias"].isVisible()
    assert not editor.preset_button.isVisible(), "no edge is seen in one pixel"


def test_a_large_kernel_scrolls(held):
    holder = held("conv2d", Shape(1, 40, 40), kernel_size=31)
    table = holder.widget.table
    QApplication.processEvents()
    assert table.height() < 350
    assert table.horizontalScrollBar().maximum() > 0
    assert table.verticalScrollBar().maximum() > 0


def test_a_kernel_of_seven_fits_the_panel(held):
    editor = held("conv2d", kernel_size=7).widget
    editor.resize(PANEL_WIDTH - 38, editor.height())  # without margins and a scroll bar
    QApplication.processEvents()
    assert editor.table.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize(("turned", "moves"), [(QPoint(0, -120), False), (QPoint(-120, 0), True)])
def test_a_wheel_over_the_bar_turns_the_table_only_sideways(held, turned, moves):
    bar = held("conv2d", Shape(1, 40, 40), kernel_size=31).widget.table.horizontalScrollBar()
    place = QPointF(bar.rect().center())
    event = QWheelEvent(
        place, bar.mapToGlobal(place), QPoint(), turned,
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(bar, event)
    assert (bar.value() > 0, event.isAccepted()) == (moves, moves)


def test_fewer_filters_show_the_last_that_is_left(held):
    holder = held("conv2d", out_channels=8)
    editor = holder.widget
    editor.filter_field.edited.emit(7)
    editor.show_layer(analyzed("conv2d", out_channels=3))
    assert editor.filter_field.text() == "2"
    editor.show_filter(1)
    assert editor.filter_field.text() == "1"


def test_what_is_typed_into_outlives_a_change_of_the_filters(held):
    holder = held("conv2d", out_channels=8)
    editor = holder.widget
    field = editor.number_fields["bias"]
    focus(field)
    editor.show_layer(analyzed("conv2d", out_channels=3))
    assert editor.number_fields["bias"] is field
    assert field.hasFocus()
    assert field.isVisible()


def test_it_is_hidden_without_weights_or_with_some_that_do_not_fit(held):
    holder = held("conv2d")
    editor = holder.widget
    editor.show_layer(analyzed("relu"))
    assert not editor.isVisible()
    imported = Imported((("kernel", StoredArray(np.zeros((8, 1, 3, 3)))),), "edges.npz")
    editor.show_layer(analyzed("conv2d", weights=Weights(imported)))
    assert not editor.isVisible()


def test_cells_have_the_colors_of_maps_and_readable_numbers(held):
    weights = Weights().edited("kernel", (0, 0, 0, 0), 5.0).edited("kernel", (0, 0, 1, 1), 0.0)
    model = held("conv2d", weights=weights).widget.table.cells

    def background(row, column):
        return model.data(model.index(row, column), Qt.ItemDataRole.BackgroundRole)

    assert background(0, 0) == QColor(*DIVERGING.at(1.0).tolist())
    assert background(1, 1) == QColor(*DIVERGING.at(0.5).tolist())
    assert readable_on(QColor("white")).lightness() < 40
    assert readable_on(QColor("#123")).lightness() > 240


def test_the_cell_with_the_cursor_is_marked_while_the_table_has_the_focus(held):
    editor = held("conv2d").widget
    accent = QGuiApplication.palette().color(QPalette.ColorRole.Highlight)

    def is_marked():
        image = editor.table.grab().toImage()
        columns = range(image.width())
        return any(image.pixelColor(x, image.height() // 6) == accent for x in columns)

    focus(editor.filter_field)
    assert not is_marked()
    focus(editor.table)
    assert is_marked()


def test_a_table_over_whole_maps_has_their_size():
    (scale, _) = analyzed("layer_norm", axes="all").facts.weight_specs
    where = KernelSlice(scale)
    if len(scale.shape) == 3:
        assert (where.rows, where.columns, where.channels) == (20, 24, 1)
        assert where.at(2, 9).edits(((1.0,),), 4, 5)[0].index == (2, 4, 5)


def test_numbers_in_cells():
    whole = np.array([[1, -2]], np.float32)
    small = np.array([[0.0312, -0.00012]], np.float32)
    tiny = np.array([[3e-6, 0]], np.float32)
    assert [cell_text(float(v), cell_format(whole)) for v in whole[0]] == ["+1", "−2"]
    assert [cell_text(float(v), cell_format(small)) for v in small[0]] == ["+0.031", "−0.000"]
    assert [cell_text(float(v), cell_format(tiny)) for v in tiny[0]] == ["+3.0e−06", "0"]


def test_a_decimal_comma_is_read_where_tabs_separate():
    assert read_table("0,5\t1,25\r\n−2\t3") == ((0.5, 1.25), (-2.0, 3.0))
    with pytest.raises(ValueError, match="long text"):
        read_table("1 " * 1_000_000)
