"""Advice in the side panel: what is listed, what pointing shows, and what a click does."""

from functools import partial

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from engine import advice as engine_advice
from engine.advice import advice_for, denser, exact_size, harmless_first, same_size, smaller
from engine.analysis import analyze
from engine.formats.advice_text import advice_words, nothing_words
from engine.row_names import numbered
from engine.saving.examples import open_example
from engine.shapes import Shape
from gui.flow.flow_headings import totals_text
from gui.side import advice_binding
from gui.side.advice_list import AdviceList
from gui.theme import DARK, apply_theme
from tests.gui.panel_harness import focus, press

STRIDED = {"kernel_size": 3, "stride": 2, "out_channels": 4}


@pytest.fixture
def listed(window, qtbot):
    """The list on a convolution with a stride, with a function that waits for its rows."""
    panel = window.side
    conv = next(n for n in window.document.project.network if n.layer.kind.id == "conv2d")
    window.editing.change_settings(conv.id, {"padding": "valid", **STRIDED})
    window.document.undo_stack.clear()
    window.document.select("input")
    window.document.select(conv.id)
    window.resize(1500, 900)
    panel.ensureWidgetVisible(panel.advice.goals)
    shown = panel.advice

    def wait(expected):
        name = partial(numbered, window.document.project.network)
        texts = [found.edit.words(name) for found in expected]
        qtbot.waitUntil(lambda: texts_of(shown) == texts)
        return shown.rows

    shown.wait = wait
    shown.window_ = window
    shown.node_id = conv.id
    wait(found(window, conv.id, denser))
    return shown


def found(window, node_id, function, *size):
    document = window.document
    return function(document.project.network, document.analysis, node_id, *size)


def texts_of(shown):
    return [row.edit.text() for row in shown.rows if not row.isHidden()]


def timers(window):
    """What the search for advice waits with."""
    return window.side.findChild(advice_binding.AdviceBinding).findChildren(QTimer)


def point_at(widget):
    middle = QPointF(widget.rect().center())
    QApplication.sendEvent(widget, QEnterEvent(middle, middle, middle))


def leave(widget):
    QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))


def outlooks(window):
    return {row.node_id: window.flow.item_of(row.node_id).state.outlook
            for row in window.flow.rows if window.flow.item_of(row.node_id)}  # fmt: skip


def test_every_goal_lists_what_the_engine_finds(listed):
    window, node_id = listed.window_, listed.node_id
    layer = window.document.analysis[node_id]
    for name, function in (("smaller", smaller), ("same", same_size), ("denser", denser)):
        QTest.mouseClick(listed.goals.buttons[name], Qt.MouseButton.LeftButton)
        expected = found(window, node_id, function)
        for row, advice in zip(listed.wait(expected), expected, strict=False):
            words = advice_words(advice, layer)
            assert row.size_text.text() == words.size
            assert row.price.text() == words.price
            assert row.accessibleName() == words.line
            assert row.warning.isHidden() == (not words.warning)


def test_a_click_makes_the_edit_in_one_step(listed):
    window = listed.window_
    advice = found(window, listed.node_id, denser)[0]
    assert advice.text == "stride 2 → 1"
    QTest.mouseClick(listed.rows[0], Qt.MouseButton.LeftButton)
    assert window.document.undo_stack.count() == 1
    assert window.document.undo_stack.undoText() == "Change the size: stride 2 → 1"
    assert window.document.analysis[listed.node_id].shape == advice.shape
    assert window.document.selected == listed.node_id
    listed.wait(found(window, listed.node_id, denser))
    window.document.undo_stack.undo()
    listed.wait(found(window, listed.node_id, denser))


def test_enter_makes_the_edit_too(listed):
    focus(listed.rows[0])
    press(Qt.Key.Key_Return)
    assert listed.window_.document.undo_stack.undoText() == "Change the size: stride 2 → 1"
    assert QApplication.focusWidget() is listed.rows[0]


@pytest.mark.parametrize("by_keyboard", [False, True])
def test_pointing_shows_all_sizes_and_changes_nothing(listed, computed, by_keyboard):
    window = listed.window_
    computed()
    before, asked = window.document.project, window.evaluator.newest
    advice = found(window, listed.node_id, denser)[0]
    if by_keyboard:
        focus(listed.rows[0])
    else:
        point_at(listed.rows[0])
    after = engine_advice.outlook(before.network, window.document.analysis, advice.edit)
    shown = outlooks(window)
    assert shown[listed.node_id] == f"▲ {advice.shape}"
    for node_id, text in shown.items():
        now, then = window.document.analysis[node_id].shape, after[node_id].shape
        assert text.endswith(str(then)) if now != then else not text
    assert f"would become ▲ {advice.shape}" in window.flow.description(listed.node_id)
    assert listed.outcome.text().startswith("Whole network: MACs × ")
    assert window.headings.totals.text() == totals_text(after.totals)
    assert (window.document.project, window.document.undo_stack.count()) == (before, 0)
    assert window.evaluator.newest == asked, "no pixel is computed"
    if by_keyboard:
        window.flow.setFocus()
    else:
        leave(listed.rows[0])
    assert not any(outlooks(window).values())
    assert not listed.outcome.text().startswith("Whole network")
    assert window.headings.totals.text() == totals_text(window.document.analysis.totals)


def test_an_edit_ends_the_outlook(listed):
    window = listed.window_
    point_at(listed.rows[0])
    assert any(outlooks(window).values())
    window.editing.change_settings(listed.node_id, {"out_channels": 5})
    assert not any(outlooks(window).values())


def test_another_layer_ends_the_outlook(listed):
    window = listed.window_
    point_at(listed.rows[0])
    window.document.select("relu")
    assert not any(outlooks(window).values())
    leave(listed.rows[0])
    assert not any(outlooks(window).values())


def test_what_would_not_fit_is_said_at_the_row_and_in_the_flow(listed, qtbot):
    window = listed.window_
    last = window.document.project.network.nodes[-1].id
    window.editing.insert_kind("conv2d", last)
    large = window.document.selected
    height = window.document.analysis[last].shape.height
    window.editing.change_settings(large, {"kernel_size": height - 1})
    window.document.select(listed.node_id)
    QTest.mouseClick(listed.goals.buttons["smaller"], Qt.MouseButton.LeftButton)
    expected = found(window, listed.node_id, smaller)
    place = next(n for n, advice in enumerate(expected) if large in advice.broken)
    row = listed.wait(expected)[place]
    name = numbered(window.document.project.network, large)
    assert row.warning.text() == f"⚠ {name} would not fit."
    point_at(row)
    window.flow.scroll_to(large)
    assert outlooks(window)[large] == "⚠ would not fit"
    leave(row)


def test_the_tab_key_goes_through_the_rows_in_their_order(listed):
    focus(listed.goals.buttons["denser"])
    shown = [row for row in listed.rows if not row.isHidden()]
    for row in shown:
        press(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is row
    press(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is listed.window_.side.weights.source_box


def test_advice_for_a_goal_that_was_left_is_dropped(listed, qtbot, monkeypatch):
    window, told, show = listed.window_, [], listed.show_advice

    def noting(advice):
        told.append([found.text for found in advice])
        show(advice)

    monkeypatch.setattr(listed, "show_advice", noting)
    expected = found(window, listed.node_id, smaller)
    listed.goals.buttons["same"].click()
    (pause,) = (timer for timer in timers(window) if timer.isSingleShot())
    with qtbot.waitSignal(pause.timeout):
        pass
    listed.goals.buttons["smaller"].click()
    listed.wait(expected)
    assert told == [[advice.text for advice in expected]]


def test_an_exact_size_is_typed_and_applied(listed):
    window = listed.window_
    focus(listed.goals.buttons["denser"])
    press(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert listed.goals.value == "exact"
    shape = window.document.analysis[listed.node_id].shape
    height, width = listed.fields
    assert (height.value, width.value) == (shape.height, shape.width)
    for field, number in ((height, "7"), (width, "9")):
        focus(field)
        press(number, Qt.Key.Key_Return)
    expected = found(window, listed.node_id, exact_size, 7, 9)
    assert expected
    listed.wait(expected)
    QTest.mouseClick(listed.rows[0], Qt.MouseButton.LeftButton)
    assert window.document.analysis[listed.node_id].shape[1:] == (7, 9)
    assert (height.value, width.value) == (7, 9), "what was typed stays"


def test_where_nothing_fits_a_sentence_says_so(listed, qtbot):
    listed.goals.buttons["exact"].click()
    focus(listed.fields[0])
    press("8000", Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: listed.nothing.isVisible() and not texts_of(listed))
    width = listed.fields[1].value
    assert listed.nothing.text() == f"No setting of this layer gives exactly 8000 × {width}."
    assert not listed.outcome.isVisible()
    for goal in ("denser", "smaller", "same"):
        assert nothing_words(goal)[-1] == "."


def test_nothing_is_sought_while_nobody_sees_it(listed, qtbot, monkeypatch):
    window, asked = listed.window_, []

    def noting(goal, *rest):
        asked.append(goal)
        return advice_for(goal, *rest)

    monkeypatch.setattr(advice_binding, "advice_for", noting)
    listed.fold.click()
    with qtbot.waitSignal(window.evaluator.finished):
        window.editing.change_settings(listed.node_id, {"kernel_size": 5})
    listed.repaint()
    assert not any(timer.isActive() for timer in timers(window))
    assert asked == []
    listed.fold.click()
    listed.wait(found(window, listed.node_id, denser))
    assert asked == ["denser"]


def test_edits_in_a_row_are_waited_for(listed, monkeypatch):
    window, asked = listed.window_, []
    monkeypatch.setattr(advice_binding, "advice_for", lambda *a: asked.append(a) or iter(()))
    for kernel in (5, 7, 9, 3):
        window.editing.change_settings(listed.node_id, {"kernel_size": kernel})
        window.side.advice.repaint()
    assert asked == []
    listed.wait(())
    assert len(asked) == 1


def test_the_layer_that_goes_hands_the_selection_on(listed):
    window = listed.window_
    pool = next(n for n in window.document.project.network if n.layer.kind.id == "max_pool2d")
    window.document.select(pool.id)
    expected = found(window, pool.id, denser)
    rows = listed.wait(expected)
    row = next(row for row in rows if row.edit.text() == "remove it")
    assert row.price.text().startswith("no layer · ")
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert pool.id not in window.document.project.network
    assert window.document.selected == pool.inputs[0]


def test_it_is_left_out_for_the_picture_and_for_what_has_no_size(listed):
    window = listed.window_
    window.document.select("input")
    assert listed.isHidden()
    window.document.select(listed.node_id)
    assert not listed.isHidden()
    window.editing.change_settings(listed.node_id, {"kernel_size": 99})
    assert listed.isHidden()


def test_goal_and_fold_are_kept(listed):
    window = listed.window_
    listed.goals.buttons["same"].click()
    listed.fold.click()
    window.preferences.choose("text_size", "1.25")
    assert window.side.advice is not listed
    assert window.side.advice.goals.value == "same"
    assert window.side.advice.is_folded
    window.preferences.choose("text_size", "1.0")


def test_a_repair_is_looked_at_like_advice(window, qtbot):
    node_id = next(n.id for n in window.document.project.network if n.layer.kind.id == "conv2d")
    window.document.select(node_id)
    window.editing.change_settings(node_id, {"kernel_size": 99, "padding": "valid"})
    chip = window.side.problems.chips[0]
    point_at(chip)
    assert outlooks(window)[node_id].startswith("◆ ")
    leave(chip)
    assert outlooks(window)[node_id] == ""


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_every_row_fits_the_narrowest_panel(qtbot, qapp, scale):
    apply_theme(qapp, DARK, scale)
    try:
        shown = AdviceList()
        qtbot.addWidget(shown)
        project = open_example("resnet-18")
        analysis = analyze(project.network, Shape(3, 224, 224))
        for node_id in ("conv1", "maxpool", "layer4.1.conv2"):
            name = partial(numbered, project.network)
            shown.show_layer(analysis[node_id], name, anew=True)
            for goal in ("denser", "smaller", "same", "exact"):
                shown.show_goal(goal)
                shown.show_advice(
                    harmless_first(advice_for(shown.goal, project.network, analysis, node_id))
                )
                shown.resize(round(262 * scale), 4000)
                shown.show()
                QApplication.processEvents()
                assert shown.minimumSizeHint().width() <= 262 * scale
                for label in shown.findChildren(QLabel):
                    if label.isVisible():
                        words = label.text().split() if label.wordWrap() else [label.text()]
                        widest = max(map(label.fontMetrics().horizontalAdvance, words), default=0)
                        assert label.width() >= widest, label.text()
                        assert label.height() >= label.heightForWidth(label.width())
    finally:
        apply_theme(qapp, DARK)
