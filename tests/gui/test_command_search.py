"""Ctrl+K: type to find, with the keyboard alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QToolButton

from engine.pictures.images import SAMPLES_FOLDER
from engine.registry import all_kinds
from engine.saving.examples import examples
from gui.action_kinds import ActionState
from gui.action_list import DECLARED
from gui.searching.command_search import CommandSearch, Found, command_entries
from gui.searching.matching import best, match
from gui.searching.search_popup import Entry, SearchPopup
from gui.theme import DARK, apply_theme
from tests.gui.window_harness import focused, press, write


@pytest.fixture
def search(window):
    """The search, opened as a person does."""
    QTest.keyClick(window.flow, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    opened = window.findChild(CommandSearch)
    assert opened.isVisible()
    assert focused() is opened.field
    return opened


def type_and_enter(text):
    write(text)
    press("Return")


def test_everything_can_be_found(window):
    entries = command_entries(window.commands, window.document.analysis, "HWC")
    found = {entry.target for entry in entries}
    assert {Found("layer", node.id) for node in window.document.project.network} <= found
    assert {Found("kind", kind_id) for kind_id in all_kinds() if kind_id != "input"} <= found
    assert {Found("example", example.name) for example in examples()} <= found


def test_recent_files_are_found_and_opened(window, qtbot, tmp_path):
    project, picture = tmp_path / "lesson <1>.convolens", tmp_path / "fish.png"
    picture.write_bytes((SAMPLES_FOLDER / "digit.png").read_bytes())
    window.files._save(project)
    window.preferences.recent_pictures.add(picture)
    press("Ctrl+K")
    type_and_enter("open fish.png")
    qtbot.waitUntil(lambda: window.document.project.picture.path == picture)
    window.document.undo_stack.setClean()
    window.files.open_example("lenet-5")
    press("Ctrl+K")
    write("lesson")
    entry = window.findChildren(CommandSearch)[-1].current
    assert (entry.text, entry.group) == ("Open lesson <1>", "Recent projects")
    press("Return")
    assert window.files.path == project


def test_a_recent_picture_that_is_gone_is_said_to_be(window, qtbot, tmp_path):
    window.preferences.recent_pictures.add(tmp_path / "gone.png")
    press("Ctrl+K")
    type_and_enter("gone")
    qtbot.waitUntil(lambda: window.pictures.notice is not None)
    assert "gone.png" in window.pictures.notice.text
    assert window.preferences.recent_pictures.paths == ()


@pytest.mark.parametrize("key", ["Ctrl+K", "I", "C"])
def test_a_search_closes_when_the_project_changes_under_it(window, key):
    window.editing.insert_kind("tanh", "relu")
    window.flow.setFocus()
    press(key)
    (popup,) = (popup for popup in window.findChildren(SearchPopup) if popup.isVisible())
    buttons = window.bar.findChildren(QToolButton)
    undo = next(b for b in buttons if b.defaultAction() is window.commands["undo"])
    QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert not popup.isVisible()
    assert focused() is window.flow


def test_insert_by_typing(window, search):
    window.document.select("relu")
    type_and_enter("insert max pool")
    assert [node.id for node in window.document.project.network][3] == "max_pool2d_1"
    assert window.document.selected == "max_pool2d_1"


def test_keyboard_returns_to_the_flow(window, search):
    QTest.keyClick(search.field, Qt.Key.Key_Escape)
    assert not search.isVisible()
    assert window.flow.hasFocus()
    assert not window.document.undo_stack.canUndo()


def test_go_to_a_layer(window, search):
    type_and_enter("go max pooling")
    assert window.document.selected == "pool"


def test_go_to_a_layer_by_its_id(window, search):
    type_and_enter("many")
    assert window.document.selected == "many"


def test_action_by_initials(window, search):
    type_and_enter("color gray")
    assert window.viewing.view.color == "gray"


def test_example(window, search):
    type_and_enter("open lenet")
    assert window.files.name == "LeNet-5"


def test_every_example_is_found_by_its_id(window, search):
    for example in examples():
        search.field.setText(example.name)
        assert search.current.target == Found("example", example.name)


def test_a_kind_is_found_by_what_it_is_called_elsewhere(window, search):
    write("insert linear")
    assert search.current.target == Found("kind", "dense")


def test_what_makes_no_sense_now_is_not_carried_out(window, search):
    type_and_enter("undo")
    assert search.isVisible()
    assert search.current.hint.endswith("Not now: there is no step to take back.")


def test_what_makes_no_sense_now_comes_after_what_answers_as_well(window, search):
    write("compare")
    shown = [entry.text for entry in search.shown]
    disabled, enabled = "Compare with the pinned network", "Compare layer with …"
    assert not search.shown[shown.index(disabled)].enabled
    assert shown.index(enabled) < shown.index(disabled)
    assert search.current.text == enabled


def test_every_action_that_may_make_no_sense_says_why():
    for declared in DECLARED.values():
        if not declared.when.holds(ActionState(has_room_for_palette=False)):
            assert declared.when.otherwise.endswith("."), declared.id


def test_arrows_move_and_come_round(window, search):
    first = search.current
    QTest.keyClick(search.field, Qt.Key.Key_Up)
    assert search.current == search.shown[-1]
    QTest.keyClick(search.field, Qt.Key.Key_Down)
    assert search.current == first
    QTest.keyClick(search.field, Qt.Key.Key_PageDown)
    assert search.shown.index(search.current) == 10


def test_nothing_found(window, search):
    type_and_enter("xyzzy")
    assert search.shown == ()
    assert search.isVisible()


def test_click(window, search, qtbot):
    QTest.keyClicks(search.field, "insert relu6")
    index = search.list.model().index(0, 0)
    point = search.list.visualRect(index).center()
    qtbot.mouseClick(search.list.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert window.document.selected == "relu6_1"


def test_click_elsewhere_closes(window, search):
    window.palette_panel.filter.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not search.isVisible()


def test_what_is_clicked_keeps_the_keyboard(window, search, qtbot):
    field = window.palette_panel.filter
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    assert field.hasFocus()
    assert not search.isVisible()


def test_a_second_search_closes_the_first(window, search):
    write("aaa")
    press("Ctrl+K")
    assert not search.isVisible()
    second = focused().parentWidget()
    assert isinstance(second, CommandSearch)
    press("Esc")
    assert not second.isVisible()
    assert window.flow.hasFocus()


def test_it_closes_for_what_opens_over_the_window(window, search):
    """As a panel under a button does, which takes the keyboard as a menu would."""
    window.palette_panel.filter.setFocus(Qt.FocusReason.PopupFocusReason)
    assert not search.isVisible()


def test_it_stays_open_below_the_menu_of_its_field(window, search):
    menu = QMenu(search.field)
    menu.addAction("Paste")
    menu.popup(QPoint(10, 10))
    menu.hide()
    assert search.isVisible()


def test_a_field_of_a_value_is_left_for_it(window):
    window.document.select("conv")
    field = window.side.form.editors["out_channels"].field
    field.setFocus()
    field.selectAll()
    write("7")
    press("Ctrl+K")
    assert window.document.project.network.node("conv").layer.out_channels == 7


def test_keyboard_returns_to_a_field(window):
    field = window.palette_panel.filter
    field.setFocus()
    window.commands["search"].trigger()
    press("Esc")
    assert field.hasFocus()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_long_hint_is_whole_below_the_list(window, qapp, scale):
    apply_theme(qapp, DARK, scale)
    popup = SearchPopup("Find", DARK, window)
    popup.open_with([Entry("one", 1, hint="word " * 60), Entry("two", 2)])
    (foot,) = popup.findChildren(QLabel)
    popup.layout().activate()
    assert foot.heightForWidth(foot.width()) <= foot.height()
    assert not foot.geometry().intersects(popup.list.geometry())
    assert popup.rect().contains(foot.geometry())


@pytest.mark.parametrize("size", [(1440, 900), (720, 480)])
def test_it_lies_within_the_window(window, qtbot, size):
    window.resize(*size)
    window.commands["search"].trigger()
    opened = window.findChild(CommandSearch)
    assert window.rect().contains(opened.geometry())


def test_screen_reader_hears_the_current_entry(window, search):
    QTest.keyClicks(search.field, "save as")
    assert search.field.accessibleDescription() == "Save as …, File, Ctrl+Shift+S"


@pytest.mark.parametrize(
    ("query", "texts", "winner"),
    [
        ("pool", ["Spool", "Max pooling"], 1),
        ("gap", ["Global average pooling", "Gaping"], 1),
        ("gap", ["Global average pooling", "Pooling"], 0),
        ("max conv", ["Max pooling", "Convolution after Max pooling"], 1),
        ("add", ["Zero padding", "Add"], 1),
    ],
)
def test_best_answer(query, texts, winner):
    assert best(query, texts)[0][0] == winner


@given(st.text(max_size=12), st.text(max_size=40))
def test_found_letters_are_those_of_the_query(query, text):
    found = match(query, text)
    if found is not None:
        assert all(0 <= place < len(text) for place in found.places)
        letters = {letter.casefold() for letter in query} | set(query)
        marked = {text[place] for place in found.places}
        assert {letter.casefold() for letter in marked} | marked <= letters | marked
        assert bool(found.places) == bool(query.split())


@given(st.text(min_size=1, max_size=40).filter(str.strip))
def test_a_text_finds_itself(text):
    assert match(text, text) is not None
