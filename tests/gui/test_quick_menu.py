"""Inserting a layer by typing its name, with what it would do to the size."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.kind_names import names_elsewhere
from engine.registry import all_kinds, make_layer
from gui.flow.row_lengths import lengths
from gui.searching.quick_menu import QuickMenu
from tests.gui.window_harness import focused


@pytest.fixture
def quick(window):
    """The menu behind the ReLU, opened by its key."""
    window.document.select("relu")
    QTest.keyClick(window.flow, Qt.Key.Key_I)
    opened = window.findChild(QuickMenu)
    assert opened.isVisible()
    return opened


def ids(window):
    return [node.id for node in window.document.project.network]


def test_every_kind_with_the_size_that_it_would_have(window, quick):
    before = window.document.analysis["relu"].shape
    assert [entry.target for entry in quick.shown] == [k for k in all_kinds() if k != "input"]
    for entry in quick.shown:
        preview = window.editing.preview_kind(entry.target, "relu")
        if preview.shape is not None:
            # What is shown beside a kind is what the engine says of such a layer.
            assert entry.detail.endswith(str(make_layer(entry.target).output_shape((before,))))
        elif not preview.fits:
            assert entry.warns
            assert entry.detail == "does not fit"
            assert entry.hint == preview.text


def test_type_and_enter(window, quick):
    QTest.keyClicks(quick.field, "avg")
    assert quick.current.target == "average_pool2d"
    QTest.keyClick(quick.field, Qt.Key.Key_Return)
    assert ids(window) == ["input", "conv", "relu", "average_pool2d_1", "pool", "many"]
    assert window.document.undo_stack.undoText() == "Insert Average pooling"
    assert window.flow.hasFocus()


@pytest.mark.parametrize(
    ("typed", "kind_id"),
    [
        ("conv2d", "conv2d"),
        ("MaxPool2d", "max_pool2d"),
        ("AvgPool", "average_pool2d"),
        ("BatchNorm2d", "batch_norm2d"),
        ("ConvTranspose2d", "conv_transpose2d"),
        ("linear", "dense"),
        ("fc", "dense"),
        ("Gemm", "dense"),
        ("cat", "concatenate"),
        ("transpose", "conv_transpose2d"),
        ("mul", "multiply"),
    ],
)
def test_a_kind_is_found_by_what_it_is_called_elsewhere(window, quick, typed, kind_id):
    QTest.keyClicks(quick.field, typed)
    assert quick.current.target == kind_id


def test_the_palette_finds_a_kind_by_what_it_is_called_elsewhere(window):
    window.palette_panel.filter.setText("linear")
    assert window.palette_panel.visible_kinds() == ("dense",)


def test_every_kind_is_found_by_each_of_its_names(window, quick):
    for kind_id in all_kinds():
        for name in names_elsewhere(kind_id).split():
            quick.field.setText(name)
            assert kind_id in ("input", *(entry.target for entry in quick.shown)), name


def test_escape_inserts_nothing(window, quick):
    QTest.keyClick(quick.field, Qt.Key.Key_Escape)
    assert ids(window) == ["input", "conv", "relu", "pool", "many"]
    assert window.findChild(QuickMenu) is None or not quick.isVisible()


def test_what_does_not_fit_says_why_and_can_be_inserted(window, quick):
    """A network may have problems; the row says so too, and offers repairs."""
    window.editing.insert_kind("flatten", "many")
    window.popups.show_insert("flatten_1")
    opened = window.findChildren(QuickMenu)[-1]
    QTest.keyClicks(opened.field, "max pooling")
    assert "does not fit here" in opened.current.hint
    QTest.keyClick(opened.field, Qt.Key.Key_Return)
    assert window.document.selected == "max_pool2d_1"
    assert window.document.analysis["max_pool2d_1"].problems


def test_double_click_on_a_gap(window, qtbot):
    block = window.flow.place_of("input")
    gap = QPoint(block.left() + 300, block.bottom() + 6 + lengths().connector // 2)
    qtbot.mouseDClick(window.flow.viewport(), Qt.MouseButton.LeftButton, pos=gap)
    opened = window.findChild(QuickMenu)
    assert opened.field.placeholderText().startswith("Insert behind Picture")
    QTest.keyClicks(opened.field, "relu6")
    QTest.keyClick(opened.field, Qt.Key.Key_Return)
    assert ids(window)[1] == "relu6_1"


def test_slash_opens_it_too(window):
    QTest.keyClick(window.flow, Qt.Key.Key_Slash)
    assert focused() is window.findChild(QuickMenu).field


@pytest.mark.parametrize("name", ["input", "many"])
def test_it_lies_within_the_window(window, name):
    window.resize(760, 500)
    window.popups.show_insert(name)
    assert window.rect().contains(window.findChild(QuickMenu).geometry())


def test_sizes_in_the_chosen_order(window):
    window.viewing.choose("size_order", "CHW")
    window.document.select("conv")
    window.popups.show_insert()
    opened = window.findChild(QuickMenu)
    relu = next(entry for entry in opened.shown if entry.target == "relu")
    assert relu.detail == "= keeps the size   8 × 56 × 48"


def test_narrow_window_has_a_button_for_it(window, qtbot):
    assert not window.bar.insert.isVisible()
    window.resize(1000, 700)
    assert not window.palette_panel.isVisible()
    assert window.bar.insert.isVisible()
    qtbot.mouseClick(window.bar.insert, Qt.MouseButton.LeftButton)
    assert window.findChild(QuickMenu).isVisible()
