"""The picture's parts in the window: they stand where they should and act on the document."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from engine.network import INPUT_ID
from engine.pictures.images import sample_pictures
from engine.shapes import Shape
from gui.popover import Popover
from tests.gui.picture_harness import gradient, picture_file, press


def click_in_flow(window, point):
    viewport = window.flow.viewport()
    place = window.flow.mapFromScene(point)
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def test_the_whole_picture_stands_beside_its_maps(window, qtbot):
    row = window.picture_panels.row
    qtbot.waitUntil(lambda: row.parts.canvas is not None)
    placed = window.flow.row_of(INPUT_ID)
    last = placed.tiles.rect(placed.tiles.shown - 1)
    for line in row.parts.lines:
        assert line.room.left() > last.right
        assert line.room.bottom() <= placed.card.bottom
    assert row.parts.canvas.room.bottom() <= placed.card.bottom


def test_it_moves_with_the_row(window):
    before = window.picture_panels.row.parts.lines[0].room.left()
    window.viewing.set_map_height(60)
    assert window.picture_panels.row.parts.lines[0].room.left() < before


def test_a_drag_of_the_frame_computes_the_maps_anew(window, qtbot, computed):
    row = window.picture_panels.row
    qtbot.waitUntil(lambda: row.parts.canvas is not None)
    before = window.flow.result("conv").maps
    start = row.parts.canvas.rect(window.pictures.state.frame).center()
    viewport = window.flow.viewport()
    places = [window.flow.mapFromScene(start + QPointF(10 * n, 0)) for n in range(3)]
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(viewport, place)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=places[-1])
    computed()
    assert window.document.project.policy.crop is not None
    assert window.document.undo_stack.count() == 1
    assert (window.flow.result("conv").maps != before).any()


def test_a_press_beside_the_picture_selects_the_row(window):
    row = window.picture_panels.row
    text = row.parts.lines[0].room
    window.document.select("conv")
    click_in_flow(window, QPointF(text.right() - 2, text.center().y()))
    assert window.document.selected == INPUT_ID


def test_an_empty_window_offers_samples_and_the_keyboard_takes_one(window, qtbot):
    window.document.open(replace(window.document.project, picture=None))
    offers = {offer.id: rect for offer, rect in window.picture_panels.row.parts.chips}
    click_in_flow(window, offers["samples"].center())
    press("Right")
    with qtbot.waitSignal(window.document.project_changed):
        press("Return")
    assert window.document.project.picture.name == sample_pictures()[1].name
    assert not [p for p in window.findChildren(Popover) if p.isVisible()]


def test_no_maps_of_an_earlier_picture_stay_where_there_is_none(window, computed):
    assert window.flow.result("conv") is not None
    window.pictures.use_size(Shape(3, 56, 48))
    computed()
    assert window.flow.result("conv") is None
    assert window.flow.item_of("conv") is not None
    window.document.undo_stack.undo()
    computed()
    assert window.flow.result("conv") is not None


@pytest.mark.parametrize("is_large", [False, True])
def test_no_numbers_of_an_earlier_picture_stay_where_there_is_none(window, computed, is_large):
    window.document.select("conv")
    if is_large:
        window.maps.open("conv", 3)
    shown = window.maps.view.statistics if is_large else window.side.statistics
    assert shown.isVisible()
    window.pictures.use_size(window.document.analysis[INPUT_ID].shape)
    computed()
    assert shown.isHidden()
    window.document.undo_stack.undo()
    computed()
    assert shown.isVisible()


def test_the_block_says_that_there_is_only_a_size(window):
    window.pictures.use_size(Shape(12, 56, 48))  # so many maps leave no room beside them
    assert window.flow.item_of(INPUT_ID).state.subtitle == "only a size, no picture"


def test_a_picture_that_is_not_cropped_opens_the_sizes(window, qtbot):
    row = window.picture_panels.row
    qtbot.waitUntil(lambda: row.parts.canvas is not None)
    window.editing.change_policy(replace(window.document.project.policy, mode="limit"))
    click_in_flow(window, row.parts.canvas.room.center())
    panel = window.picture_panels.bar.panel
    assert panel.form.rows["limit"].radio.hasFocus()
    press("Esc")


def test_undo_is_in_reach_while_the_panel_is_open(window):
    window.picture_panels.bar.open_panel()
    panel = window.picture_panels.bar.panel
    QTest.mouseClick(panel.form.rows["stretch"].radio, Qt.MouseButton.LeftButton)
    assert window.document.project.policy.mode == "stretch"
    press("Ctrl+Z")
    assert window.document.project.policy.mode == "crop"
    assert panel.form.rows["crop"].radio.isChecked()
    press("Esc")


def test_the_parts_are_made_anew_with_the_theme(window, qtbot, tmp_path):
    window.picture_panels.bar.open_panel()
    window.preferences.choose("theme", "light")
    qtbot.waitUntil(lambda: not [p for p in window.findChildren(Popover) if p.isVisible()])
    path = picture_file(tmp_path, "other.png", gradient(70, 80))
    with qtbot.waitSignal(window.document.project_changed):
        window.pictures.open_path(path)
    first = window.picture_panels.row.parts.lines[0].text
    assert first.startswith("70\u00a0×\u00a080 picture, cropped to")
    assert window.flow.item_of(INPUT_ID).state.subtitle == "other.png · RGB, 0 to 1"
    window.picture_panels.bar.open_panel()
    assert window.picture_panels.bar.panel.name.text() == "other.png"
    window.picture_panels.bar.popover.close_popover()
