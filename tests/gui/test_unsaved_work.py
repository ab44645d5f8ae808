"""Unsaved changes outlive a crash: they are kept, offered again, and gone when they should be."""

import subprocess
import sys

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from engine.saving.project_file import open_project, save_project
from gui import unsaved_work
from gui.file_dialogs import FileDialogs
from gui.unsaved_work import DISCARD, LATER, RESTORE, UnsavedWork


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "unsaved"


@pytest.fixture
def unsaved(window, folder, monkeypatch):
    """What keeps the window's changes, as soon as they are made."""
    monkeypatch.setattr(unsaved_work, "INTERVAL", 0)
    dialogs = FileDialogs(window, window.preferences)
    kept = UnsavedWork(window.document, window.files, dialogs, folder, window)
    yield kept
    kept.end()


def copies(folder):
    return sorted(folder.glob("*/*.convolens"))


def nothing_is_left(folder):
    return not folder.exists() or not list(folder.iterdir())


def change(window):
    window.editing.insert_kind("relu", "pool")


def change_and_keep(window, folder, qtbot):
    before = copies(folder)
    change(window)
    qtbot.waitUntil(lambda: copies(folder) != before)
    (copy,) = {*copies(folder)} - {*before}
    return copy


@pytest.mark.usefixtures("unsaved")
def test_a_change_is_kept_until_it_is_saved(window, folder, qtbot, tmp_path):
    copy = change_and_keep(window, folder, qtbot)
    assert copy.stem == "Untitled"
    assert open_project(copy) == window.document.project_to_save
    window.files._save(tmp_path / "mine.convolens")
    qtbot.waitUntil(lambda: nothing_is_left(folder))


@pytest.mark.usefixtures("unsaved")
def test_a_change_that_is_undone_is_not_kept(window, folder, qtbot):
    change_and_keep(window, folder, qtbot)
    window.document.undo_stack.undo()
    qtbot.waitUntil(lambda: nothing_is_left(folder))


@pytest.mark.usefixtures("unsaved")
def test_the_latest_change_is_kept_under_the_name_that_the_project_has(window, folder, qtbot):
    copy = change_and_keep(window, folder, qtbot)
    change(window)
    qtbot.waitUntil(lambda: open_project(copy) == window.document.project_to_save)
    window.files._set_name("a/b")
    change(window)
    qtbot.waitUntil(lambda: [copy.stem for copy in copies(folder)] == ["a b"])


@pytest.mark.usefixtures("unsaved")
def test_a_project_of_a_name_too_long_for_a_file_is_kept(window, folder, qtbot):
    window.files._set_name("卷" * 300)
    copy = change_and_keep(window, folder, qtbot)
    assert open_project(copy) == window.document.project_to_save


def test_what_is_only_looked_at_is_not_kept(window, unsaved, folder):
    window.commands["fold"].trigger()
    assert not unsaved._timer.isActive()
    unsaved._writer.submit(lambda: None).result()
    assert nothing_is_left(folder)


def test_a_folder_that_cannot_be_written_is_told_once(window, unsaved, folder, qtbot):
    folder.write_text("no folder")
    told = []
    unsaved.noticed.connect(told.append)
    change(window)
    qtbot.waitUntil(lambda: bool(told))
    change(window)
    qtbot.waitUntil(lambda: not unsaved._timer.isActive())
    unsaved._writer.submit(lambda: None).result()
    QApplication.processEvents()
    (sentence,) = told
    assert sentence.startswith("Unsaved changes would be lost in a crash: “Untitled.convolens”")


# What was left behind

CRASH = """
import sys
from pathlib import Path
from PySide6.QtCore import QLockFile
lock = QLockFile(sys.argv[1])
assert lock.tryLock(0)
if sys.argv[2] == "stays":
    print("locked", flush=True)
    sys.stdin.read()
import os
os._exit(1)
"""


def leave_behind(project, folder, name, ending="crashes"):
    """Let another process keep a project and die, or stay; return its copy, and the process."""
    place = folder / name
    place.mkdir(parents=True)
    copy = place / f"{name}.convolens"
    save_project(project, copy)
    other = subprocess.Popen(
        [sys.executable, "-c", CRASH, str(place / "lock"), ending],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    if ending == "crashes":
        assert other.wait(30) == 1
        assert (place / "lock").exists()
    else:
        assert other.stdout.readline() == "locked\n"
    return copy, other


@pytest.fixture
def changed(window):
    """A project that the window does not show."""
    change(window)
    changed = window.document.project_to_save
    window.document.undo_stack.undo()
    return changed


ESCAPE = "Escape"


@pytest.fixture
def answer(qtbot):
    """Plan how the next questions are answered, and return the list of what they ask."""
    asked, answers, timer = [], [], QTimer(interval=10)

    def look():
        box = QApplication.activeModalWidget()
        if box is None or not answers:
            return
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        label = answers.pop(0)
        if label == ESCAPE:
            QTest.keyClick(box, Qt.Key.Key_Escape)
        else:
            next(b for b in box.buttons() if b.text().strip("&") == label).click()

    def plan(*labels):
        answers.extend(labels)
        return asked

    timer.timeout.connect(look)
    timer.start()
    yield plan
    timer.stop()
    assert not answers, "the question did not come"


def test_what_a_crash_left_is_restored_as_unsaved(window, unsaved, folder, changed, answer):
    copy, _ = leave_behind(changed, folder, "mine")
    asked = answer(RESTORE)
    unsaved.offer()
    assert asked == ["Restore the unsaved changes to “mine”?"]
    assert window.document.project_to_save == changed
    assert window.windowTitle() == "mine[*] – Convolens"
    assert window.isWindowModified()
    assert window.files.path is None, "what it was saved as is not saved over"
    assert not copy.exists()
    (own,) = copies(folder)
    assert open_project(own) == changed, "and kept at any moment"


def test_what_is_restored_is_kept_until_it_is_saved(
    window, unsaved, folder, changed, answer, tmp_path, qtbot
):
    leave_behind(changed, folder, "mine")
    answer(RESTORE)
    unsaved.offer()
    window.files._save(tmp_path / "mine.convolens")
    qtbot.waitUntil(lambda: nothing_is_left(folder))


def test_what_is_discarded_is_gone(window, unsaved, folder, changed, answer):
    leave_behind(changed, folder, "mine")
    answer(DISCARD)
    unsaved.offer()
    assert nothing_is_left(folder)
    assert not window.isWindowModified()


@pytest.mark.parametrize("label", [LATER, ESCAPE])
def test_what_is_left_for_later_is_offered_again(unsaved, folder, changed, answer, label):
    copy, _ = leave_behind(changed, folder, "mine")
    for _ in range(2):
        asked = answer(label)
        unsaved.offer()
        assert copy.exists()
    assert len(asked) == 2


def test_of_several_the_others_wait_for_another_start(unsaved, folder, changed, answer):
    for name in ("one", "two"):
        leave_behind(changed, folder, name)
    asked = answer(RESTORE)
    unsaved.offer()
    assert len(asked) == 1
    assert len(copies(folder)) == 2


def test_what_cannot_be_read_is_told_and_stays(window, unsaved, folder, changed, answer):
    copy, _ = leave_behind(changed, folder, "mine")
    copy.write_bytes(b"PK\x03\x04")
    before = window.document.project
    asked = answer(RESTORE, "OK")
    unsaved.offer()
    assert "cannot be opened" in asked[1]
    assert copy.exists()
    assert window.document.project is before


def test_what_another_window_keeps_is_not_offered(unsaved, folder, changed):
    copy, other = leave_behind(changed, folder, "mine", "stays")
    try:
        unsaved.offer()
        assert copy.exists()
    finally:
        other.kill()
        other.communicate()
