"""Changes that are not saved, kept on the disk in case the program ends by itself.

While there are such, a copy of the project lies in a folder of this computer, which goes when they
are saved or given up. A lock beside it says whose it is: where its process is gone, the copy was
left behind, and the next start offers it.
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QDateTime, QLocale, QLockFile, QObject, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QMessageBox

from engine.problems import ProjectFileError
from engine.project import Project
from engine.saving.project_file import SUFFIX, save_project
from engine.whole_files import file_errors_as_sentences
from gui.document import Document
from gui.file_dialogs import FileDialogs, file_name, give_letters
from gui.files import UNTITLED, Files

INTERVAL = 3000
"""Milliseconds from a change until it is kept, with what follows meanwhile."""

RESTORE, DISCARD, LATER = "Restore", "Discard", "Later"

_LOCK = "lock"

_LONGEST_NAME = 60
"""Letters of a copy's name: a file's may have 255 bytes, and a letter takes up to four."""


def usual_folder() -> Path:
    """Return where copies lie, of all that the system lets a program keep for a person."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(place) / "unsaved"


class UnsavedWork(QObject):
    """Keeps a copy of a document's unsaved changes, and offers those that were left behind.

    A project never changes, so that a thread of its own writes it while a person goes on.
    """

    noticed = Signal(str)
    """That nothing can be kept, and why; once."""
    _failed = Signal(str)

    def __init__(
        self, document: Document, files: Files, dialogs: FileDialogs, folder: Path, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._files, self._dialogs = document, files, dialogs
        self._folder, self._own = folder, folder / uuid4().hex
        self._lock = _lock_in(self._own)
        self._has_copy = self._has_failed = False
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="unsaved work")
        self._timer = QTimer(self, singleShot=True, interval=INTERVAL)
        self._timer.timeout.connect(self._keep)
        self._failed.connect(self._on_failed)
        document.project_changed.connect(self._on_changed)
        document.undo_stack.cleanChanged.connect(self._on_changed)

    def offer(self) -> None:
        """Ask what is to become of what was left behind, until something is restored."""
        for copy, lock in self._left_behind():
            answer = self._answer_about(copy)
            is_restored = answer == RESTORE and self._restore(copy)
            lock.unlock()
            if is_restored or answer == DISCARD:
                shutil.rmtree(copy.parent, ignore_errors=True)
            if is_restored:
                return

    def end(self) -> None:
        """Keep nothing any more: what is not saved by now was given up."""
        self._document.project_changed.disconnect(self._on_changed)
        self._document.undo_stack.cleanChanged.disconnect(self._on_changed)
        self._timer.stop()
        self._writer.submit(self._remove)
        self._writer.shutdown()

    def _on_changed(self) -> None:
        if self._document.undo_stack.isClean():
            self._timer.stop()
            if self._has_copy:
                self._has_copy = False
                self._writer.submit(self._remove)
        elif not self._timer.isActive():
            self._timer.start()

    def _keep(self) -> None:
        self._has_copy = True
        project = self._document.project_to_save
        name = file_name(self._files.name)[:_LONGEST_NAME] or UNTITLED
        self._writer.submit(self._write, project, name)

    def _on_failed(self, reason: str) -> None:
        if not self._has_failed:
            self._has_failed = True
            self.noticed.emit(f"Unsaved changes would be lost in a crash: {reason}")

    # What was left behind

    def _left_behind(self) -> Iterator[tuple[Path, QLockFile]]:
        """Yield the copies whose process is gone, the newest first, each with its lock taken."""
        copies = [copy for place in self._places() for copy in place.glob(f"*{SUFFIX}")]
        for copy in sorted(copies, key=_time_of, reverse=True):
            lock = _lock_in(copy.parent)
            if lock.tryLock(0):
                yield copy, lock

    def _places(self) -> list[Path]:
        try:
            return [place for place in self._folder.iterdir() if place != self._own]
        except OSError:
            return []

    def _answer_about(self, copy: Path) -> str:
        time = QDateTime.fromSecsSinceEpoch(int(_time_of(copy)))
        box = self._dialogs.message_box(
            QMessageBox.Icon.Question, f"Restore the unsaved changes to “{copy.stem}”?"
        )
        box.setInformativeText(
            "Convolens ended without being closed. The last of them were made on "
            f"{QLocale().toString(time, 'd MMMM, HH:mm')}."
        )
        restore = box.addButton(RESTORE, QMessageBox.ButtonRole.AcceptRole)
        box.addButton(DISCARD, QMessageBox.ButtonRole.DestructiveRole)
        box.setEscapeButton(box.addButton(LATER, QMessageBox.ButtonRole.RejectRole))
        box.setDefaultButton(restore)
        answers = {button: button.text() for button in box.buttons()}
        give_letters(box)
        box.exec()
        box.deleteLater()
        return answers.get(box.clickedButton(), LATER)

    def _restore(self, copy: Path) -> bool:
        if not self._files.restore(copy):
            return False
        # Theirs no longer, and ours already: at no moment is it nobody's.
        self._has_copy = True
        with suppress(OSError):
            self._begin()
            copy.replace(self._own / copy.name)
        return True

    # On the thread that writes

    def _write(self, project: Project, name: str) -> None:
        place = self._own / f"{name}{SUFFIX}"
        try:
            with file_errors_as_sentences(place, "kept"):
                self._begin()
                save_project(project, place)
                for other in {*self._own.glob(f"*{SUFFIX}")} - {place}:
                    other.unlink()
        except ProjectFileError as error:
            self._failed.emit(str(error))

    def _begin(self) -> None:
        self._own.mkdir(parents=True, exist_ok=True)
        if not self._lock.isLocked():
            self._lock.tryLock(0)

    def _remove(self) -> None:
        self._lock.unlock()
        shutil.rmtree(self._own, ignore_errors=True)


def _lock_in(place: Path) -> QLockFile:
    lock = QLockFile(str(place / _LOCK))
    # However old: only the end of its process frees it.
    lock.setStaleLockTime(0)
    return lock


def _time_of(copy: Path) -> float:
    try:
        return copy.stat().st_mtime
    except OSError:
        return 0.0
