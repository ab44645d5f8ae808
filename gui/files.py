"""Opening and saving: projects, plain networks, examples and pictures."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.network import stack
from engine.pictures.picture_formats import FORMATS
from engine.project import Project, on_own_picture
from engine.registry import make_layer
from engine.saving.examples import examples, open_example
from engine.saving.project_file import SUFFIX, is_project, open_file, open_project, save_project
from engine.wording import shown_name
from gui.document import Document
from gui.file_dialogs import ALL_FILES, FileDialogs, file_name, give_letters, outcome_of
from gui.preferences import Preferences

PROJECTS = f"Convolens projects (*{SUFFIX})"
NETWORKS = f"Projects and networks (*{SUFFIX} *.json)"

UNTITLED = "Untitled"


class Files(QObject):
    """The file of the document, and the questions and refusals around it."""

    named = Signal(str)
    """What the document is called now."""
    opening = Signal()
    """A network is about to be opened: what was said of anything before it is over."""
    noticed = Signal(str)
    """What was done, in a sentence."""
    picture_named = Signal(Path, bool)
    """A picture's file was named where a network's may be, and whether to start with it."""

    def __init__(self, document: Document, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._preferences = preferences
        self._dialogs = FileDialogs(window, preferences)
        self._path: Path | None = None
        self._name = UNTITLED
        self._shown = document.project
        """What was opened last, as it was."""

    @property
    def name(self) -> str:
        """What the document is called: its file's name, the example's, or "Untitled"."""
        return self._name

    @property
    def given_name(self) -> str:
        """That name, empty where nobody has given one."""
        return "" if self._name == UNTITLED else self._name

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
        path = self._dialogs.file_to_open("Open a network", "network", (NETWORKS, ALL_FILES))
        if path is not None and path.suffix.lower() in FORMATS:
            self.picture_named.emit(path, False)
        elif path is not None:
            self.open_network(path)

    def open_path(self, path: Path, *, at_start: bool = False) -> None:
        """Open what was dropped or named on the command line: a project, network or picture."""
        if path.suffix.lower() in (SUFFIX, ".json") or is_project(path):
            self.open_network(path)
        else:
            self.picture_named.emit(path, at_start)

    def open_network(self, path: Path) -> None:
        """Open a project or a plain network, after the question about unsaved changes."""
        self.opening.emit()
        opened = self._dialogs.attempt(lambda: open_file(path))
        if opened is None:
            self._preferences.recent_projects.forget(path)
            return
        project, name = opened
        if not is_project(path):
            # A plain network's file is not saved over: a project would not be one.
            self._show_on_own_picture(project, name or path.stem)
        elif self.may_discard():
            self._show(project, path, _name_of(path))
            self._preferences.recent_projects.add(path)

    def open_example(self, name: str) -> None:
        """Open an example, after the question about unsaved changes."""
        self.opening.emit()
        project = self._dialogs.attempt(lambda: open_example(name))
        if project is not None:
            label = next(example.label for example in examples() if example.name == name)
            self._show_on_own_picture(project, label)

    def restore(self, copy: Path) -> bool:
        """Show changes that were never saved, as such; return whether they can be read."""
        project = self._dialogs.attempt(lambda: open_project(copy))
        if project is None:
            return False
        self._show(project, None, copy.stem)
        self._document.undo_stack.resetClean()
        return True

    # Saving

    def save(self) -> bool:
        """Save the document where it was; return whether it is saved."""
        return self.save_as() if self._path is None else self._save(self._path)

    def save_as(self) -> bool:
        """Save the document where the person says; return whether it is saved."""
        proposed = str(self._path or f"{file_name(self._name)}{SUFFIX}")
        chosen = self._dialogs.file_to_save(
            "Save the project", "network", proposed, ((PROJECTS, SUFFIX),)
        )
        return chosen is not None and self._save(chosen[0])

    def may_discard(self) -> bool:
        """Ask about unsaved changes; return whether the document may be given up."""
        if self._document.undo_stack.isClean():
            return True
        question = f"Save the changes to “{self._name}”?"
        box = self._dialogs.message_box(QMessageBox.Icon.Question, question)
        box.setInformativeText("They are lost otherwise.")
        save, discard, cancel = (
            QMessageBox.StandardButton.Save,
            QMessageBox.StandardButton.Discard,
            QMessageBox.StandardButton.Cancel,
        )
        box.setStandardButtons(save | discard | cancel)
        box.setDefaultButton(save)
        box.setEscapeButton(cancel)
        give_letters(box)
        answer = box.exec()
        box.deleteLater()
        return answer == discard or (answer == save and self.save())

    def _save(self, path: Path) -> bool:
        _, refusal = outcome_of(lambda: save_project(self._document.project_to_save, path))
        if refusal:
            return self._dialogs.offer(refusal, "Save as …") and self.save_as()
        self._path = path
        self._document.undo_stack.setClean()
        self._set_name(_name_of(path))
        self._preferences.recent_projects.add(path)
        self.noticed.emit(f"Saved “{shown_name(path.name)}”.")
        return True

    # Parts

    def _show_on_own_picture(self, opened: Project, name: str) -> None:
        """Show a network in the place of this one; a picture that goes along is not lost."""
        project = on_own_picture(opened, self._document.project)
        goes_along = replace(self._shown, picture=project.picture) == self._document.project
        if (self._path is None and goes_along) or self.may_discard():
            self._show(project, None, name)

    def _show(self, project: Project, path: Path | None, name: str) -> None:
        self._path, self._shown = path, project
        self._document.open(project)
        self._set_name(name)

    def _set_name(self, name: str) -> None:
        self._name = shown_name(name)
        self.named.emit(self._name)


def _name_of(path: Path) -> str:
    """Return what a project's file is called: without its ending, where it has that of projects."""
    return path.stem if path.suffix.lower() == SUFFIX else path.name
