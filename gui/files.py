"""Opening and saving: projects, plain networks, examples and pictures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from engine.examples import examples, open_example
from engine.network import stack
from engine.problems import ConvolensError
from engine.project import Project
from engine.project_file import SUFFIX, open_network_or_project, save_project
from engine.registry import make_layer
from gui.document import Document
from gui.preferences import Preferences

PROJECTS = f"Convolens projects (*{SUFFIX})"
NETWORKS = f"Projects and networks (*{SUFFIX} *.json)"
ALL_FILES = "All files (*)"

UNTITLED = "Untitled"

_Result = TypeVar("_Result")


class Files(QObject):
    """The file of the document, and the questions and refusals around it."""

    named = Signal(str)
    """What the document is called now."""
    noticed = Signal(str)
    """What was done, in a sentence."""
    picture_named = Signal(Path)
    """A picture's file was named where a network's may be."""

    def __init__(self, document: Document, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._preferences = preferences
        self._window = window
        self._path: Path | None = None
        self._name = UNTITLED

    @property
    def name(self) -> str:
        """What the document is called: its file's name, the example's, or "Untitled"."""
        return self._name

    @property
    def path(self) -> Path | None:
        """Where the document is saved."""
        return self._path

    # Opening

    def new(self) -> None:
        """Begin with the picture and no layer, after the question about unsaved changes."""
        if self.may_discard():
            project = replace(self._document.project, network=stack((), make_layer("input")))
            self._show(project, None, UNTITLED)

    def ask_for_network(self) -> None:
        """Let the person choose a project or a plain network."""
        path = self._chosen_file("Open a network", "network", (NETWORKS, ALL_FILES))
        if path is not None:
            self.open_network(path)

    def open_path(self, path: Path) -> None:
        """Open what was dropped or named on the command line: a project, network or picture."""
        if path.suffix.lower() in (SUFFIX, ".json"):
            self.open_network(path)
        else:
            self.picture_named.emit(path)

    def open_network(self, path: Path) -> None:
        """Open a project or a plain network, after the question about unsaved changes."""
        if not self.may_discard():
            return
        # As an absolute path, it cannot be taken for the name of an example.
        project = self._attempt(lambda: open_network_or_project(str(path.absolute())))
        if project is None:
            self._preferences.recent_projects.forget(path)
        elif path.suffix.lower() == SUFFIX:
            self._show(project, path, path.stem)
            self._preferences.recent_projects.add(path)
        else:
            # A plain network's file is not saved over: a project would not be one.
            self._show(project, None, path.stem)

    def open_example(self, name: str) -> None:
        """Open an example, after the question about unsaved changes."""
        if not self.may_discard():
            return
        project = self._attempt(lambda: open_example(name))
        if project is not None:
            label = next(example.label for example in examples() if example.name == name)
            self._show(project, None, label)

    # Saving

    def save(self) -> bool:
        """Save the document where it was; return whether it is saved."""
        return self.save_as() if self._path is None else self._save(self._path)

    def save_as(self) -> bool:
        """Save the document where the person says; return whether it is saved."""
        path = self._chosen_place()
        return path is not None and self._save(path)

    def may_discard(self) -> bool:
        """Ask about unsaved changes; return whether the document may be given up."""
        if self._document.undo_stack.isClean():
            return True
        question = f"Save the changes to “{self._name}”?"
        box = self._message_box(QMessageBox.Icon.Question, question)
        box.setInformativeText("They are lost otherwise.")
        save, discard, cancel = (
            QMessageBox.StandardButton.Save,
            QMessageBox.StandardButton.Discard,
            QMessageBox.StandardButton.Cancel,
        )
        box.setStandardButtons(save | discard | cancel)
        box.setDefaultButton(save)
        box.setEscapeButton(cancel)
        answer = box.exec()
        box.deleteLater()
        return answer == discard or (answer == save and self.save())

    def _save(self, path: Path) -> bool:
        def saved() -> Path:
            save_project(self._document.project, path)
            return path

        if self._attempt(saved) is None:
            return False
        self._path = path
        self._document.undo_stack.setClean()
        self._set_name(path.stem)
        self._preferences.recent_projects.add(path)
        self.noticed.emit(f"Saved “{path.name}”.")
        return True

    # Parts

    def _show(self, project: Project, path: Path | None, name: str) -> None:
        self._path = path
        self._document.open(project)
        self._set_name(name)

    def _set_name(self, name: str) -> None:
        self._name = name
        self.named.emit(name)

    def _attempt(self, work: Callable[[], _Result]) -> _Result | None:
        """Return what work gives; a refusal is shown as the sentence that it is, and gives None."""
        try:
            with _waiting_pointer():
                return work()
        except ConvolensError as error:
            sentence = str(error)
        except MemoryError:
            sentence = "There is not enough free memory for this file."
        box = self._message_box(QMessageBox.Icon.Warning, sentence)
        box.exec()
        box.deleteLater()
        return None

    def _message_box(self, icon: QMessageBox.Icon, text: str) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setWindowTitle("Convolens")
        box.setIcon(icon)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        return box

    def _chosen_file(self, title: str, purpose: str, filters: tuple[str, ...]) -> Path | None:
        dialog = QFileDialog(self._window, title, self._preferences.folder(purpose))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(filters)
        return self._answer(dialog, purpose)

    def _chosen_place(self) -> Path | None:
        dialog = QFileDialog(self._window, "Save the project", self._preferences.folder("network"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters((PROJECTS,))
        # The dialog itself adds it, and so asks about a file that is there under the whole name.
        dialog.setDefaultSuffix(SUFFIX.removeprefix("."))
        dialog.selectFile(str(self._path or f"{_file_name(self._name)}{SUFFIX}"))
        return self._answer(dialog, "network")

    def _answer(self, dialog: QFileDialog, purpose: str) -> Path | None:
        accepted = dialog.exec()
        chosen = dialog.selectedFiles()
        dialog.deleteLater()
        if not accepted or not chosen:
            return None
        path = Path(chosen[0])
        self._preferences.set_folder(purpose, path.parent)
        return path


def _file_name(name: str) -> str:
    """Return a name without what a file's name cannot hold."""
    return "".join(" " if letter in '/\\:*?"<>|' else letter for letter in name).strip()


@contextmanager
def _waiting_pointer() -> Iterator[None]:
    QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        QApplication.restoreOverrideCursor()
