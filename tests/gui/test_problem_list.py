"""The list of problems leads to each of them, repairs them, and needs no mouse."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea

from engine.network import Network, new_node
from engine.registry import make_layer
from gui.chip import Chip
from gui.popover import Popover
from gui.problems.problem_list import ProblemList
from tests.gui.flow_harness import project
from tests.gui.window_harness import focused, press

LARGE = make_layer("conv2d", {"kernel_size": 99})


def branches(count):
    """Return a project with so many layers that read the same and do not fit."""
    whole = project()
    wide = [new_node(f"wide{place}", LARGE, ("pool",)) for place in range(count)]
    network = Network((*whole.network.nodes, *wide, new_node("end", make_layer("relu"), ["wide0"])))
    return replace(whole, network=network)


@pytest.fixture
def broken(window, computed):
    """The window on a network with a number of problems."""

    def show(count):
        window.document.edit("Break", branches(count))
        computed()
        window.activateWindow()
        window.flow.setFocus()
        return window

    return show


def shown_list(window):
    found = [p for p in window.findChildren(ProblemList) if p.isVisible()]
    return found[0] if found else None


def titles(window):
    return [entry.way.text() for entry in shown_list(window).entries]


def test_the_heading_counts_problems_and_opens_their_list(broken, window):
    assert not window.headings.problems.isVisible()
    broken(2)
    button = window.headings.problems
    assert button.isVisible()
    assert button.text() == "2 problems ▾"
    assert window.headings.totals.text() == "7 layers"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert titles(window) == ["5 Convolution", "6 Convolution"]
    first = shown_list(window).entries[0]
    problem = window.document.analysis["wide0"].problems[0]
    assert first.sentence.text() == problem.message
    assert [chip.text() for chip in first.chips] == [repair.text for repair in problem.repairs]
    assert shown_list(window).waiting.text() == "1 layer waits for a repair."
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert shown_list(window) is None


def test_tab_reaches_the_heading_and_enter_opens_the_list(broken):
    window = broken(1)
    window.headings.problems.setFocus(Qt.FocusReason.TabFocusReason)
    press("Return")
    assert focused() is shown_list(window).entries[0].way
    press("Esc")
    assert shown_list(window) is None
    assert focused() is window.headings.problems


@pytest.mark.parametrize("part", ["way", "sentence"])
def test_a_click_goes_to_the_layer_and_brings_its_row_into_sight(broken, part):
    window = broken(3)
    press("Shift+F8")
    QTest.mouseClick(getattr(shown_list(window).entries[2], part), Qt.MouseButton.LeftButton)
    assert window.document.selected == "wide2"
    assert shown_list(window) is None
    assert focused() is window.flow
    visible = window.flow.viewport().rect()
    assert visible.contains(window.flow.place_of("wide2"))


def test_only_the_left_button_goes_to_the_layer(broken):
    window = broken(2)
    press("Shift+F8")
    before = window.document.selected
    QTest.mouseClick(shown_list(window).entries[1].sentence, Qt.MouseButton.RightButton)
    assert window.document.selected == before
    assert shown_list(window) is not None


def test_a_repair_is_one_step_and_the_list_follows(broken):
    window = broken(2)
    before = window.document.undo_stack.index()
    press("Shift+F8")
    chip = shown_list(window).entries[0].chips[0]
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert window.document.undo_stack.index() == before + 1
    assert titles(window) == ["6 Convolution"]
    press("Ctrl+Z")
    assert titles(window) == ["5 Convolution", "6 Convolution"]
    press("Ctrl+Shift+Z")
    QTest.mouseClick(shown_list(window).entries[0].chips[0], Qt.MouseButton.LeftButton)
    assert shown_list(window) is None
    assert not window.headings.problems.isVisible()
    assert focused() is window.flow


def test_arrows_go_through_entries_and_repairs_and_enter_chooses(broken):
    window = broken(3)
    press("Shift+F8", "Down")
    entry = shown_list(window).entries[1]
    assert focused() is entry.way
    press("Right")
    assert focused() is entry.chips[0]
    press("Down")
    assert focused() is shown_list(window).entries[2].way
    press("Up", "Right", "Return")
    assert titles(window) == ["5 Convolution", "7 Convolution"]
    assert isinstance(focused(), Chip)  # the keyboard stays where it was
    press("Left", "Return")
    assert window.document.selected == "wide2"


def test_pointing_at_a_repair_shows_what_it_would_do(broken):
    window = broken(1)
    press("Shift+F8", "Right")
    assert "would become" in window.flow.description("wide0")
    press("Esc")
    assert "would become" not in window.flow.description("wide0")


def test_the_next_problem_is_the_next_below_and_then_the_first(broken):
    window = broken(2)
    seen = []
    for _ in range(3):
        press("F8")
        seen.append(window.document.selected)
    assert seen == ["wide0", "wide1", "wide0"]


def test_the_list_opens_at_the_selected_layer(broken):
    window = broken(3)
    press("F8", "F8", "Shift+F8")
    assert focused() is shown_list(window).entries[1].way


def test_without_a_problem_there_is_nothing_to_go_to(window):
    assert not window.commands["next-problem"].isEnabled()
    assert not window.commands["problems"].isEnabled()


def test_many_problems_scroll_and_the_focused_one_is_in_sight(broken):
    window = broken(14)
    press("Shift+F8")
    shown = shown_list(window)
    popover = next(p for p in window.findChildren(Popover) if p.isAncestorOf(shown))
    assert window.rect().contains(popover.geometry())
    area = popover.findChild(QScrollArea)
    assert area.verticalScrollBar().maximum() > 0
    press(*["Down"] * 13)
    last = shown.entries[-1].way
    assert focused() is last
    assert last.visibleRegion().boundingRect() == last.rect()


def test_a_screen_reader_hears_the_layer_and_its_problem(broken):
    window = broken(1)
    press("Shift+F8")
    entry = shown_list(window).entries[0]
    heard = QAccessible.queryAccessibleInterface(entry.way)
    assert heard.text(QAccessible.Text.Name) == "Go to 5 Convolution"
    said = heard.text(QAccessible.Text.Description)
    assert said == window.document.analysis["wide0"].problems[0].message
    repair = QAccessible.queryAccessibleInterface(entry.chips[0])
    assert repair.text(QAccessible.Text.Description) == "Repairs the problem"
    assert QApplication.focusWidget() is entry.way
