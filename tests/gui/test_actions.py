"""Every action can be reached in every way, and its keys do what they say."""

import re
from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu

from gui.action_kinds import ActionState
from gui.action_list import DECLARED, LAYER_MENU, MENU_ORDER
from gui.actions import Actions
from gui.fields.choices import CHOICES
from gui.icons import FOLDER
from gui.routing import routes
from gui.searching.command_search import Found, command_entries
from gui.shortcut_sheet import ShortcutSheet, all_keys
from gui.theme import DARK
from tests.gui.window_harness import press

WITH_KEYS = [
    pytest.param(action.id, key, id=f"{action.id}-{key}")
    for action in DECLARED.values()
    for key in action.keys
]


def test_every_action_stands_in_one_menu():
    listed = Counter(entry for entries in MENU_ORDER.values() for entry in entries)
    single = {action.id for action in DECLARED.values() if not action.choice}
    assert {entry for entry in listed if entry in DECLARED} == single
    assert set(CHOICES) <= set(listed)
    assert all(count == 1 for entry, count in listed.items() if entry != "-")
    assert set(LAYER_MENU) - {"-"} <= set(DECLARED)
    for menu, entries in MENU_ORDER.items():
        assert all(DECLARED[entry].menu == menu for entry in entries if entry in DECLARED)


def test_no_key_means_two_things():
    keys = Counter(
        QKeySequence(key).toString() for action in DECLARED.values() for key in action.keys
    )
    assert "" not in keys
    assert [key for key, count in keys.items() if count > 1] == []


def test_what_one_types_belongs_to_fields():
    """A letter, an arrow or Delete works in the flow alone; with Ctrl or Alt it works anywhere."""
    for action in DECLARED.values():
        for key in action.keys:
            is_free = re.match(r"(Shift\+)?F\d|(Ctrl|Alt)\+", key)
            assert action.flow_only or is_free, f"{action.id}: {key}"


def test_every_icon_is_drawn():
    names = {action.icon for action in DECLARED.values()} | {c.icon for c in CHOICES.values()}
    for name in names - {""}:
        drawing = (FOLDER / f"{name}.svg").read_text()
        assert "currentColor" in drawing
        assert 'viewBox="0 0 24 24"' in drawing


def test_help_is_a_sentence():
    for action in DECLARED.values():
        assert action.help.endswith("."), action.id
        assert action.text.strip() == action.text


def test_every_action_does_something(window):
    assert set(routes(window._parts, window.popups)) == set(DECLARED)


def test_every_action_is_found_by_search(window):
    entries = command_entries(window.commands, window.document.analysis, "HWC")
    found = {entry.target for entry in entries}
    assert {Found("action", name) for name in DECLARED if name != "search"} <= found


def test_every_action_is_in_the_menu_bar(window):
    def leaves(menu):
        for action in menu.actions():
            yield from leaves(action.menu()) if action.menu() else [action]

    shown = [action for top in window.menuBar().actions() for action in leaves(top.menu())]
    names = {action.objectName() for action in shown}
    assert set(DECLARED) <= names


@pytest.fixture
def triggered(window, monkeypatch):
    """What was triggered; it is not carried out."""
    monkeypatch.setattr(window, "_routes", dict.fromkeys(DECLARED, lambda: None))
    monkeypatch.setattr(window, "_show_actions", lambda: None)
    for name in DECLARED:
        window.commands[name].setEnabled(True)
    seen: list[str] = []
    window.commands.triggered.connect(seen.append)
    return seen


@pytest.mark.parametrize(("name", "key"), WITH_KEYS)
def test_key_in_the_flow(window, triggered, name, key):
    window.flow.setFocus()
    QTest.keySequence(window.flow, QKeySequence(key))
    assert triggered == [name]


def test_field_keeps_what_is_typed(window, triggered):
    field = window.palette_panel.filter
    field.setFocus()
    QTest.keyClicks(field, "bim/0")
    assert field.text() == "bim/0"
    for key in ("Ctrl+A", "Ctrl+X", "Ctrl+V", "Ctrl+C", "Home", "End", "Backspace", "Ctrl+Z"):
        QTest.keySequence(field, QKeySequence(key))
    assert triggered == []
    assert "bim/0".startswith(field.text())
    QTest.keySequence(field, QKeySequence("Ctrl+S"))
    assert triggered == ["save"]


def test_marked_text_of_a_label_is_copied(window):
    window.document.select("conv")
    selectable = Qt.TextInteractionFlag.TextSelectableByMouse
    label = next(
        found
        for found in window.side.findChildren(QLabel)
        if found.isVisible() and found.textInteractionFlags() & selectable and len(found.text()) > 3
    )
    label.setFocus(Qt.FocusReason.MouseFocusReason)
    label.setSelection(0, 3)
    press("Ctrl+C")
    assert QGuiApplication.clipboard().text() == label.selectedText() != ""


def test_numbers_of_a_setting_keep_their_arrows(window, triggered):
    editor = window.side.form.editors["out_channels"]
    editor.setFocus()
    press("Up", "End")
    assert triggered == []


def test_picture_cannot_be_deleted(window):
    window.document.select("input")
    off = ["cut", "copy", "duplicate", "delete", "bypass", "move-up", "move-down", "fold"]
    assert [name for name in off if window.commands[name].isEnabled()] == []
    assert not window.commands["select-previous"].isEnabled()
    window.document.select("relu")
    assert [name for name in off if not window.commands[name].isEnabled()] == []


def test_steps_are_named(qapp):
    actions = Actions()
    actions.show_theme(DARK)
    actions.show_state(ActionState(undo="Change kernel size"))
    assert actions["undo"].text() == "Undo Change kernel size"
    assert actions["undo"].isEnabled()
    assert actions["redo"].text() == "Redo"
    assert not actions["redo"].isEnabled()


def test_every_key_is_on_the_sheet(window):
    window.popups.show_shortcuts()
    sheet = window.findChild(ShortcutSheet)
    shown = [label.text() for label in sheet.findChildren(QLabel)]
    sheet.reject()
    for action in DECLARED.values():
        assert not action.keys or all_keys(action) in shown, action.id
    assert {"Comparison", "Large view of a map", "One value", "Mouse"} <= set(shown)


def test_choices_exclude_each_other(window):
    window.commands["color-gray"].trigger()
    assert window.commands["color-gray"].isChecked()
    assert not window.commands["color-auto"].isChecked()
    # Choosing it again must not switch it off.
    window.commands["color-gray"].trigger()
    assert window.commands["color-gray"].isChecked()


def test_a_menu_shows_which_switches_are_on(window):
    """Those with a picture too: it would stand where the mark is."""
    for action_id in ("side-panel", "palette", "fold"):
        action = window.commands[action_id]
        menu = QMenu(window)
        menu.addAction(action)
        menu.ensurePolished()
        shown = []
        for is_on in (False, True):
            action.setChecked(is_on)
            shown.append(menu.grab(menu.actionGeometry(action)).toImage())
        assert shown[0] != shown[1], action_id
