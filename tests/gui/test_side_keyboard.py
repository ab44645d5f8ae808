"""The side panel by keyboard: Tab goes through it in its order, and nothing loses the keyboard."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication


def reached_by_tab(window):
    """Return the widgets that Tab reaches behind the cards over the settings, in its order."""
    side = window.side
    reached, widget = [], side.problems.nextInFocusChain()
    while widget is not side.problems:
        is_stop = widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if is_stop and not side.equation.isAncestorOf(widget):
            reached.append(widget)
        widget = widget.nextInFocusChain()
    return reached


@pytest.mark.parametrize("node_id", ["conv", "pool"])
def test_tab_goes_through_the_settings_first_and_from_top_to_bottom(window, node_id):
    window.document.select("relu")
    window.document.select(node_id)
    side, reached = window.side, reached_by_tab(window)
    count = sum(side.form.isAncestorOf(widget) for widget in reached)
    assert count >= len(side.form.editors)
    assert all(side.form.isAncestorOf(widget) for widget in reached[:count])
    corners = [widget.mapTo(side.form, QPoint()) for widget in reached[:count]]
    assert [(c.y(), c.x()) for c in corners] == sorted((c.y(), c.x()) for c in corners)


def test_a_repair_in_the_panel_leaves_the_keyboard_in_the_flow(window, computed, qtbot):
    window.document.select("conv")
    window.editing.change_settings("conv", {"kernel_size": 99, "padding": "valid"})
    computed()
    chip = window.side.problems.chips[0]
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_Space)
    computed()
    assert not window.document.analysis["conv"].problems
    assert window.flow.isAncestorOf(QApplication.focusWidget()) or window.flow.hasFocus()
