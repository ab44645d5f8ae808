"""The flow of rows, driven as a person would: dropping, clicking, scrolling."""

import subprocess
import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QPainter, QPixmap
from PySide6.QtTest import QTest

from engine.registry import make_layer
from gui import accessibility
from gui.flow.drop_guide import KIND_MIME, LAYER_MIME
from gui.flow.row_painting import paint_connector, rectangle
from gui.flow.row_words import paint_words
from gui.theme import DARK, apply_theme
from tests.gui.flow_harness import opened, project

DESCRIBED = """
import engine.opencv
from gui.application import make_application
app = make_application(["convolens"])
from PySide6.QtGui import QAccessible
from gui.flow.network_view import NetworkView
view = NetworkView(lambda edit: None)
print(QAccessible.queryAccessibleInterface(view).role())
"""


@pytest.fixture
def flow(qtbot):
    with opened(qtbot) as shown:
        yield shown


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_what_a_layer_does_to_the_size_may_be_as_long_as_its_row(qapp, scale):
    apply_theme(qapp, DARK, scale)
    badge = "▼ 224 × 224 becomes one value per channel"

    def painted(width):
        picture = QPixmap(1200, 40)
        picture.fill(Qt.GlobalColor.black)
        with QPainter(picture) as painter:
            paint_connector(painter, 30.0, QRectF(0, 0, width, 40), badge, DARK)
        return picture.toImage()

    assert painted(900) == painted(1200)
    assert painted(300) != painted(1200)
    apply_theme(qapp, DARK)


def test_a_kind_dropped_into_a_gap_stands_there(flow):
    flow.drop(KIND_MIME, "average_pool2d", flow.gap_behind("relu"))
    assert flow.kinds() == ["input", "conv2d", "relu", "average_pool2d", "max_pool2d", "conv2d"]
    assert flow.document.selected == "average_pool2d_1"


def test_a_kind_dropped_below_the_last_row_becomes_the_last_layer(flow):
    flow.drop(KIND_MIME, "relu", flow.gap_behind("many"))
    assert flow.kinds()[-1] == "relu"


def test_while_dragging_the_nearest_gap_says_what_a_drop_would_do(flow):
    flow.drag(KIND_MIME, "average_pool2d", flow.gap_behind("conv"))
    preview = flow.view.drop_preview()
    assert preview.fits
    assert "56 × 48 × 8  →  28 × 24 × 8" in preview.text


def test_while_dragging_a_gap_that_does_not_fit_says_why(flow):
    flow.drag(KIND_MIME, "dense", flow.gap_behind("conv"))
    preview = flow.view.drop_preview()
    assert not preview.fits
    assert "56 × 48" in preview.text


def test_what_does_not_fit_can_be_dropped_all_the_same_and_shows_its_problem(flow):
    flow.drop(KIND_MIME, "dense", flow.gap_behind("conv"))
    assert flow.document.analysis["dense_1"].problems
    assert flow.view.row_of("dense_1").compact


def test_a_layer_dropped_elsewhere_moves_there(flow):
    flow.drop(LAYER_MIME, "pool", flow.gap_behind("input"))
    assert flow.ids() == ["input", "pool", "conv", "relu", "many"]
    assert [node.inputs for node in flow.document.project.network][1:] == [
        ("input",), ("pool",), ("conv",), ("relu",),
    ]  # fmt: skip


@pytest.mark.parametrize(("mime", "dropped"), [(KIND_MIME, "relu"), (LAYER_MIME, "pool")])
def test_after_a_drop_the_keys_are_for_the_flow(flow, mime, dropped):
    flow.view.clearFocus()  # a drag from the palette leaves it there
    flow.drop(mime, dropped, flow.gap_behind("input"))
    assert flow.view.window().focusWidget() is flow.view


def test_undo_brings_back_what_a_drop_changed(flow):
    before = flow.document.project
    flow.drop(KIND_MIME, "average_pool2d", flow.gap_behind("relu"))
    flow.drop(LAYER_MIME, "pool", flow.gap_behind("input"))
    flow.document.undo_stack.undo()
    flow.document.undo_stack.undo()
    assert flow.document.project == before
    assert flow.document.undo_stack.isClean()


def test_a_click_on_a_block_selects_its_layer(flow):
    block = flow.view.row_of("conv").block
    point = flow.view.mapFromScene(QPointF(block.left + 20, block.top + 20))
    QTest.mouseClick(flow.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert flow.document.selected == "conv"


def test_a_click_on_a_map_says_which(flow, qtbot):
    rect = flow.view.row_of("relu").tiles.rect(3)
    point = flow.view.mapFromScene(QPointF(rect.left + 5, rect.top + 5))
    with qtbot.waitSignal(flow.view.map_chosen) as chosen:
        QTest.mouseClick(flow.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert chosen.args == ["relu", 3]


def test_every_drawn_dimension_equals_the_arrays_own_shape(flow):
    for node_id in ("input", "conv", "relu", "pool", "many"):
        result = flow.view.result(node_id)
        shown = flow.view.shown_dimensions(node_id)
        assert shown == result.maps.shape[1:]
        assert result.maps.shape == flow.document.analysis[node_id].shape


def test_a_setting_changed_shows_new_sizes_before_new_maps(flow, qtbot):
    flow.editing.change_settings("conv", {"padding": "valid"})
    assert "54 × 46 × 8" in flow.view.description("conv")
    with qtbot.waitSignal(flow.evaluator.finished):
        flow.request()
    assert flow.view.shown_dimensions("conv") == (54, 46)


def test_rows_exist_only_near_what_is_visible(qtbot):
    layers = [(f"l{place}", make_layer("relu")) for place in range(150)]
    with opened(qtbot, project(*layers)) as flow:
        assert len(flow.view.rows) == 151
        assert flow.view.item_of("l149") is None
        flow.view.scroll_to("l149")
        assert flow.view.item_of("l149") is not None
        assert flow.view.item_of("l1") is None


def test_a_repair_in_a_row_is_clicked_and_mends_the_layer(qtbot):
    shown = project(("big", make_layer("conv2d", {"kernel_size": 99})))
    with opened(qtbot, shown) as flow:
        flow.view.repair_clicked.connect(
            lambda node_id, place: flow.editing.apply_repair(
                flow.document.analysis[node_id].problems[0].repairs[place]
            )
        )
        flow.view.grab()  # the repairs are laid out when they are painted
        chip = flow.view.item_of("big").chips[0]
        point = flow.view.mapFromScene(chip.center())
        QTest.mouseClick(flow.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        assert not flow.document.analysis.problems


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_repairs_grow_with_the_text(qtbot, qapp, scale):
    shown = project(("big", make_layer("conv2d", {"kernel_size": 99})))
    apply_theme(qapp, DARK, scale)
    try:
        with opened(qtbot, shown) as flow:
            flow.view.grab()
            row = flow.view.item_of("big")
            assert row.chips
            assert all(chip.height() == 22 * scale for chip in row.chips)
            assert all(rectangle(row.state.row.card).contains(chip) for chip in row.chips)
    finally:
        apply_theme(qapp, DARK)


def test_a_repair_without_room_hides_those_behind_it_so_that_each_keeps_its_place(qtbot):
    shown = project(("big", make_layer("conv2d", {"kernel_size": 99})))
    with opened(qtbot, shown) as flow:
        state = flow.view.item_of("big").state
        state = replace(state, repairs=(state.repairs[0], "a long word " * 60, "short"))
        picture = QPixmap(1300, 200)
        painter = QPainter(picture)
        assert len(paint_words(painter, state, None)) == 1
        painter.end()


def test_a_screen_reader_hears_each_layer_with_its_dimensions(flow):
    accessibility.install()
    interface = QAccessible.queryAccessibleInterface(flow.view)
    names = [
        interface.child(place).text(QAccessible.Text.Name)
        for place in range(interface.childCount())
    ]
    assert len(names) == 5
    assert names[1].startswith("1  Convolution, 3×3 · 8 filters · same, 56 × 48 × 8")


def test_a_screen_reader_hears_which_layer_has_the_keyboard(flow):
    accessibility.install()
    interface = QAccessible.queryAccessibleInterface(flow.view)
    flow.document.select("relu")
    flow.view.activateWindow()
    for has_keyboard in (True, False):
        flow.view.setFocus() if has_keyboard else flow.view.clearFocus()
        states = [interface.child(place).state() for place in range(interface.childCount())]
        assert [bool(state.focused) for state in states] == [
            place == 2 and has_keyboard for place in range(5)
        ]


def test_the_program_describes_its_flow_to_screen_readers():
    # In a process of its own: Qt keeps a description for as long as the process lives.
    told = subprocess.run([sys.executable, "-c", DESCRIBED], capture_output=True, text=True)
    assert told.stdout.strip() == "Role.List", told.stderr


def test_selecting_another_row_lets_all_stand_as_they_do(flow, qtbot):
    before = flow.view.rows
    with qtbot.assertNotEmitted(flow.view.rows_placed):
        flow.document.select("relu")
    assert flow.view.rows is before
    assert flow.view.is_selected("relu")
    with qtbot.waitSignal(flow.view.rows_placed):
        flow.view.resize(1200, 700)
    assert flow.view.rows is not before
