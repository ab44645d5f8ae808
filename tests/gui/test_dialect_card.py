"""A layer's code in the side panel, and reading its words as another dialect does."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from engine.dialects import DIALECTS, read_as, spell
from engine.registry import all_kinds
from engine.shapes import Shape
from gui.side.dialect_card import DialectCard
from gui.theme import DARK, apply_theme
from tests.gui.panel_harness import analyzed, focus, key_of, press

POOL = {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}


@pytest.fixture
def card(window):
    """The card on a pooling that every dialect takes otherwise."""
    window.resize(1500, 900)
    window.editing.change_settings("pool", POOL)
    window.document.undo_stack.clear()
    window.document.select("pool")
    window.side.ensureWidgetVisible(window.side.words.dialects)
    return window.side.words


def choose(card, dialect):
    QTest.mouseClick(card.dialects.buttons[dialect], Qt.MouseButton.LeftButton)


def joined(text):
    return "".join(text.split())


def wait(qtbot, window, condition):
    """Wait for what is shown after an edit's frame, if the card is in sight."""

    def is_so():
        window.side.ensureWidgetVisible(window.side.words.dialects)
        return condition()

    qtbot.waitUntil(is_so)


def layer_of(window):
    found = window.document.analysis["pool"]
    return found.node.layer, found.input_shapes


def test_every_dialect_has_its_code_and_its_notes(card, window):
    layer, shapes = layer_of(window)
    for dialect in DIALECTS:
        choose(card, dialect)
        spelling = spell(layer, dialect, shapes)
        assert joined(card.code.toPlainText()) == joined(spelling.code)
        assert card.notes.text().replace("• ", "").splitlines() == list(spelling.notes)
        assert card.status.text().startswith("Same size" if spelling.exact else "⚠")
    assert not spell(layer, "keras", shapes).exact


def test_the_code_is_all_in_sight_and_can_be_copied(card):
    choose(card, "keras")
    view = card.code
    assert view.verticalScrollBar().maximum() == 0
    bottom = view.cursorRect(view.textCursor()).bottom()
    view.moveCursor(view.textCursor().MoveOperation.End)
    assert bottom < view.cursorRect().bottom() < view.viewport().height()
    QTest.mouseClick(card.copy_button, Qt.MouseButton.LeftButton)
    copied = QApplication.clipboard().text()
    assert copied == view.toPlainText()
    compile(copied, "keras", "eval")
    QApplication.clipboard().clear()
    focus(view)
    QTest.keyClick(view, *key_of(QKeySequence.StandardKey.SelectAll))
    QTest.keyClick(view, *key_of(QKeySequence.StandardKey.Copy))
    assert QApplication.clipboard().text() == copied


def test_the_card_takes_no_more_height_than_it_needs(card, window, qtbot):
    window.document.select("relu")
    window.side.advice.fold.click()
    window.resize(1500, 2400)
    qtbot.waitUntil(lambda: window.side.verticalScrollBar().maximum() == 0)
    QApplication.processEvents()
    assert card.height() <= card.sizeHint().height() + 2 * card.fontMetrics().height()


def test_the_wheel_over_the_code_scrolls_the_panel(card, window):
    panel, view = window.side, card.code
    panel.verticalScrollBar().setValue(0)
    panel.ensureWidgetVisible(view)
    start = panel.verticalScrollBar().value()
    place = QPointF(view.mapTo(window, QPoint(8, 8)))
    QTest.wheelEvent(window.windowHandle(), place, QPoint(0, 120))
    assert panel.verticalScrollBar().value() < start


def test_reading_in_another_dialect_is_looked_at_and_then_one_step(card, window, qtbot):
    layer, shapes = layer_of(window)
    choose(card, "keras")
    reading = read_as(layer, "keras", shapes)
    for sentence in reading.consequences:
        assert sentence in card.meaning.text() + card.notes.text()
    middle = QPointF(card.read_button.rect().center())
    QApplication.sendEvent(card.read_button, QEnterEvent(middle, middle, middle))
    after = reading.layer.output_shape(shapes)
    assert window.flow.item_of("pool").state.outlook.endswith(str(after))
    assert window.document.undo_stack.count() == 0
    QApplication.sendEvent(card.read_button, QEvent(QEvent.Type.Leave))
    assert window.flow.item_of("pool").state.outlook == ""
    focus(card.read_button)
    press(Qt.Key.Key_Return)
    assert window.document.project.network.node("pool").layer == reading.layer
    assert window.document.undo_stack.count() == 1
    assert window.document.undo_stack.undoText() == "Read as Keras"
    wait(qtbot, window, lambda: not card.read_button.isVisible())
    assert card.meaning.text() == "In Keras the same words mean the same."
    window.document.undo_stack.undo()
    wait(qtbot, window, card.read_button.isVisible)


def test_caffe_is_offered_where_it_rounds_otherwise(card, window, qtbot):
    assert card.dialects.buttons["caffe"].isHidden()
    window.editing.change_settings("pool", {"ceil_mode": False})
    wait(qtbot, window, card.dialects.buttons["caffe"].isVisible)
    choose(card, "caffe")
    assert not card.code.isVisible()
    assert "Caffe rounds up." in card.meaning.text()
    window.editing.change_settings("pool", {"ceil_mode": True})
    wait(qtbot, window, lambda: card.dialects.value == "torch")
    assert card.code.isVisible()


def test_dialect_and_fold_are_kept(card, window):
    choose(card, "onnx")
    focus(card.fold)
    press(Qt.Key.Key_Space)
    assert not card.code.isVisible()
    window.preferences.choose("text_size", "1.25")
    assert window.side.words is not card
    assert window.side.words.dialects.value == "onnx"
    assert window.side.words.is_folded
    window.preferences.choose("text_size", "1.0")


def test_it_is_left_out_for_the_picture_and_for_what_has_no_size(card, window):
    window.document.select("input")
    assert card.isHidden()
    window.document.select("pool")
    window.editing.change_settings("pool", {"kernel_size": 99, "padding": "valid"})
    assert card.isHidden()
    window.editing.toggle_bypass("pool")
    assert window.document.analysis["pool"].facts is not None
    assert card.isHidden(), "what it would need is not what it is handed"


def test_what_is_selected_in_the_equation_is_copied_and_not_the_layer(window):
    window.document.select("conv")
    window.resize(1500, 900)
    label = window.side.equation.symbols
    QTest.mouseDClick(label, Qt.MouseButton.LeftButton, pos=QPoint(20, label.height() // 2))
    assert label.hasSelectedText()
    QTest.keyClick(label, *key_of(QKeySequence.StandardKey.Copy))
    assert QApplication.clipboard().text() == label.selectedText()


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("kind_id", sorted(set(all_kinds()) - {"input"}))
def test_every_kind_fits_the_narrowest_panel(qtbot, qapp, kind_id, scale):
    apply_theme(qapp, DARK, scale)
    try:
        shown, width = DialectCard(), round(262 * scale)
        qtbot.addWidget(shown)
        layer = analyzed(kind_id, Shape(600, 1, 1) if kind_id == "dense" else Shape(64, 28, 28))
        if kind_id in ("add", "multiply", "concatenate"):
            assert layer.facts is None
            return
        shown.show_layer(layer, anew=True)
        shown.resize(width, 2000)
        shown.show()
        for dialect in DIALECTS:
            shown.dialects.buttons[dialect].click()
            QApplication.processEvents()
            assert shown.minimumSizeHint().width() <= width
            view = shown.code
            assert view.isHidden() or view.verticalScrollBar().maximum() == 0
            assert view.isHidden() == (not view.toPlainText())
            for label in shown.findChildren(QLabel):
                if label.isVisible():
                    words = label.text().split() if label.wordWrap() else [label.text()]
                    widest = max(map(label.fontMetrics().horizontalAdvance, words), default=0)
                    assert label.width() >= widest, label.text()
    finally:
        apply_theme(qapp, DARK)


def test_what_the_notes_say_is_not_said_again(qtbot):
    shown = DialectCard()
    qtbot.addWidget(shown)
    shown.show_layer(analyzed("local_response_norm", Shape(8, 9, 9)), anew=True)
    shown.dialects.buttons["torch"].click()
    assert not shown.meaning.isHidden()
    shown.dialects.buttons["keras"].click()
    assert "Keras has no such layer" in shown.notes.text()
    assert shown.meaning.isHidden()
    assert shown.read_button.isHidden()
