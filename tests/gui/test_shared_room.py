"""A low window: the calculation of one value gives way to maps, and maps to the table."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget

from engine.arithmetic import Position
from engine.registry import make_layer
from gui.maps.map_pane import MapPane
from gui.theme import DARK, apply_theme
from tests.gui.flow_harness import project
from tests.gui.window_harness import press


def settle():
    """Carry out what was put off; parts that come and go put off more."""
    for _ in range(10):
        QApplication.processEvents()


def resize(window, width, height):
    window.resize(width, height)
    settle()


@pytest.fixture
def pinned(window, computed):
    """A window of the usual size with one value taken apart."""
    resize(window, 1440, 900)
    window.pinning.pin("conv", Position(1, 20, 11))
    computed()
    settle()
    assert window.value_panel.canvas.isVisible()
    return window


def rows_in_sight(table):
    last = table.rowAt(table.viewport().height() - 1)
    return (table.model().rowCount() if last < 0 else last) - table.rowAt(0)


def overlap(pane):
    """Return what the color bar and the map have in common."""
    canvas, bar = (QRect(part.pos(), part.size()) for part in (pane.canvas, pane.bar))
    return canvas.intersected(bar)


def test_the_calculation_gives_way_to_a_map_and_comes_back(pinned):
    pinned.maps.open("conv", 1)
    resize(pinned, 960, 600)
    assert overlap(pinned.maps.view.maps.output).isEmpty()
    assert not pinned.value_panel.canvas.isVisible()
    assert not pinned.value_panel.fold.isEnabled()
    assert "row 20, column 11" in pinned.value_panel.place.text()
    resize(pinned, 1440, 900)
    assert pinned.value_panel.canvas.isVisible()
    assert pinned.value_panel.fold.isEnabled()


def test_a_calculation_that_was_folded_stays_so_when_there_is_room_again(pinned):
    pinned.value_panel.fold.click()
    pinned.maps.open("conv", 1)
    resize(pinned, 960, 600)
    resize(pinned, 1440, 900)
    assert not pinned.value_panel.canvas.isVisible()
    pinned.value_panel.fold.click()
    assert pinned.value_panel.canvas.isVisible()


def test_the_calculation_stays_beside_the_flow_in_a_low_window(pinned):
    resize(pinned, 960, 600)
    assert pinned.value_panel.canvas.isVisible()


def test_compared_maps_are_whole_in_a_low_window(pinned, computed):
    pinned.flow.setFocus()
    press("Shift+F7", "F7")
    computed()
    resize(pinned, 960, 600)
    for pane in (pinned.compare.view.maps.one, pinned.compare.view.maps.other):
        assert overlap(pane).isEmpty()


def test_a_table_shows_several_lines_and_whole_maps(pinned, computed):
    pinned.flow.setFocus()
    press("Shift+F7", "F7")
    computed()
    view = pinned.compare.view
    view.table_switch.setChecked(True)
    settle()
    assert rows_in_sight(view.table) >= 3
    assert overlap(view.maps.one).isEmpty()
    assert view.maps.isVisible()


def test_a_table_takes_the_place_of_the_maps_in_a_low_window(pinned, computed):
    pinned.flow.setFocus()
    press("Shift+F7", "F7")
    computed()
    view = pinned.compare.view
    resize(pinned, 960, 600)
    assert view.maps.isVisible()
    view.table_switch.setChecked(True)
    settle()
    assert not view.maps.isVisible()
    assert rows_in_sight(view.table) >= 4
    view.table_switch.setChecked(False)
    assert view.maps.isVisible()


@pytest.fixture
def large_text(qapp):
    apply_theme(qapp, DARK, 2.0)
    yield
    apply_theme(qapp, DARK)


@pytest.mark.usefixtures("large_text")
def test_notes_give_way_to_the_map_under_large_text(qtbot):
    around = QWidget()
    qtbot.addWidget(around)
    pane = MapPane("Map", DARK, around)
    around.show()
    whole = pane.minimumSizeHint().height()
    pane.resize(400, whole)
    assert pane.notes.isVisible()
    pane.resize(400, whole - pane.notes.height())
    settle()
    assert not pane.notes.isVisible()
    assert overlap(pane).isEmpty()
    pane.resize(400, whole)
    assert pane.notes.isVisible()


def test_a_value_that_has_gone_leaves_no_room_behind(pinned, computed):
    pinned.editing.change_settings("conv", {"groups": 2})
    assert pinned.document.analysis["conv"].problems
    computed()
    assert not pinned.value_panel.canvas.isVisible()
    pinned.document.undo_stack.undo()
    computed()
    assert pinned.value_panel.canvas.isVisible()


def test_another_network_leaves_no_room_for_a_value_of_the_last_one(pinned, computed):
    pinned.document.open(project(("other", make_layer("relu"))))
    pinned.pinning.hover("conv", 0, 3, 3)
    computed()
    assert not pinned.value_panel.canvas.isVisible()
