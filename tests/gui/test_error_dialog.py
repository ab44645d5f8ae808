"""What nobody expected is shown, can be copied, and neither ends the program nor repeats itself."""

import sys
import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from gui import application, error_dialog
from gui.error_dialog import LONGEST, ErrorDialog, show_unexpected


def dialogs():
    return [w for w in QApplication.topLevelWidgets() if isinstance(w, ErrorDialog)]


@pytest.fixture(autouse=True)
def closed_afterwards(qapp):
    yield
    for dialog in dialogs():
        dialog.close()


def test_sentence_and_details(qtbot):
    show_unexpected("It failed <b>here</b>.", "Traceback …")
    (dialog,) = dialogs()
    assert dialog.isVisible()
    assert not dialog.isModal()
    # Plain text: a file's name may look like HTML.
    assert dialog.sentence.text() == "It failed <b>here</b>."
    dialog.copy.click()
    assert QGuiApplication.clipboard().text() == "It failed <b>here</b>.\n\nTraceback …"
    assert dialog.copy.text() == "Copied"
    show_unexpected("It failed again.", "Another …")
    assert dialog.copy.text() == "Copy details"


def test_one_dialog_for_many_errors(qtbot):
    show_unexpected("First.", "one")
    show_unexpected("Second.", "two")
    for _ in range(1000):
        show_unexpected("Second.", "two")
    (dialog,) = dialogs()
    assert dialog.details.toPlainText() == "one\n\nSecond.\ntwo"


def test_long_details_are_shortened(qtbot):
    show_unexpected("It failed.", "a" * 10 * LONGEST + "the end")
    shown = dialogs()[0].details.toPlainText()
    assert len(shown) < LONGEST + 10
    assert shown.endswith("the end")


def test_error_of_the_dialog_itself_is_printed(qtbot, monkeypatch, capsys):
    def broken(*arguments):
        raise RuntimeError("no dialog today")

    monkeypatch.setattr(error_dialog, "ErrorDialog", broken)
    show_unexpected("It failed.", "details")
    printed = capsys.readouterr().err
    assert "It failed." in printed
    assert "isinstance" in printed or "no dialog today" in printed


def test_another_thread_prints(qtbot, capsys):
    thread = threading.Thread(target=show_unexpected, args=("It failed.", "details"))
    thread.start()
    thread.join()
    assert dialogs() == []
    assert capsys.readouterr().err == "It failed.\ndetails\n"


def test_without_a_standard_error(qtbot, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    application.on_unexpected(ValueError, ValueError("odd"), None)
    assert "ValueError: odd" in dialogs()[0].details.toPlainText()


@pytest.mark.qt_no_exception_capture
def test_error_in_an_event_leaves_the_window_open(window, qtbot, monkeypatch, capsys):
    monkeypatch.setattr(sys, "excepthook", application.on_unexpected)

    def broken():
        raise RuntimeError("a slot failed")

    QTimer.singleShot(0, broken)
    qtbot.waitUntil(lambda: bool(dialogs()))
    assert "a slot failed" in dialogs()[0].details.toPlainText()
    assert window.isVisible()
    window.commands["duplicate"].trigger()
    assert window.document.undo_stack.canUndo()


def test_failed_evaluation_shows_its_details(window):
    window.evaluator.failed.emit("Something went wrong while computing the maps.", "Traceback …", 0)
    assert dialogs()[0].details.toPlainText() == "Traceback …"
    assert window.isVisible()


def test_refusal_is_no_error(window):
    window.evaluator.failed.emit("There is not enough memory for these maps.", "", 0)
    assert dialogs() == []
    assert "memory" in window.statusBar().currentMessage()


def test_ctrl_c_in_a_terminal_closes(window):
    application.on_unexpected(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert dialogs() == []
    assert not window.isVisible()
