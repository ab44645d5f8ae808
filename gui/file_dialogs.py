"""Choosing files to open and to save, and saying why one could not be."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from engine.problems import ConvolensError
from engine.wording import shown_name
from gui.preferences import Preferences

ALL_FILES = "All files (*)"

_Result = TypeVar("_Result")


class FileDialogs:
    """Dialogs over a window; they begin in the folder where one chose last for the purpose."""

    def __init__(self, window: QWidget, preferences: Preferences) -> None:
        self._window = window
        self._preferences = preferences

    def file_to_open(self, title: str, purpose: str, filters: Sequence[str]) -> Path | None:
        """Let the person choose a file that is there."""
        dialog = QFileDialog(self._window, title, self._preferences.folder(purpose))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(filters)
        return self._answer(dialog, purpose)

    def file_to_save(
        self, title: str, purpose: str, name: str, filters: Sequence[tuple[str, str]]
    ) -> tuple[Path, str] | None:
        """Let the person choose where to save, and as what; return the path and the filter.

        Args:
            title: of the dialog.
            purpose: as for `Preferences.folder`.
            name: what is proposed, with its ending; a whole path or only a name.
            filters: what can be saved, with the ending that it has.
        """
        dialog = QFileDialog(self._window, title, self._preferences.folder(purpose))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([label for label, _ in filters])
        suffixes = dict(filters)

        def use_suffix(label: str) -> None:
            # The dialog itself adds it, and so asks about a file that is there of the whole name.
            dialog.setDefaultSuffix(suffixes[label].removeprefix("."))
            named = Path(dialog.selectedFiles()[0]) if dialog.selectedFiles() else Path()
            if named.suffix in suffixes.values():
                dialog.selectFile(str(named.with_suffix(suffixes[label])))

        dialog.filterSelected.connect(use_suffix)
        dialog.selectFile(name)
        use_suffix(filters[0][0])
        path = self._answer(dialog, purpose)
        if path is None:
            return None
        label = dialog.selectedNameFilter()
        if path.suffix.lower() not in suffixes.values():
            # Of a name with a dot the dialog took what follows for the ending.
            path = path.with_name(f"{path.name}{suffixes[label]}")
            if path.exists() and not self._may_replace(path):
                return None
        return path, label

    def attempt(self, work: Callable[[], _Result]) -> _Result | None:
        """Return what work gives; a refusal is shown as the sentence that it is, and gives None."""
        result, refusal = outcome_of(work)
        if refusal:
            self.refuse(refusal)
        return result

    def refuse(self, sentence: str) -> None:
        """Show why something could not be done."""
        box = self.message_box(QMessageBox.Icon.Warning, sentence)
        box.exec()
        box.deleteLater()

    def offer(self, sentence: str, way_out: str) -> bool:
        """Show why something could not be done, and a way out; return whether it is taken."""
        box = self.message_box(QMessageBox.Icon.Warning, sentence)
        taken = box.addButton(way_out, QMessageBox.ButtonRole.ActionRole)
        box.setDefaultButton(taken)
        box.setEscapeButton(box.addButton(QMessageBox.StandardButton.Ok))
        give_letters(box)
        box.exec()
        box.deleteLater()
        return box.clickedButton() is taken

    def message_box(self, icon: QMessageBox.Icon, text: str) -> QMessageBox:
        """Return a box over the window; names in its text are shown as they are."""
        box = QMessageBox(self._window)
        box.setWindowModality(Qt.WindowModality.WindowModal)
        box.setWindowTitle("Convolens")
        box.setIcon(icon)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        return box

    def _may_replace(self, path: Path) -> bool:
        """Ask about a file that is there, as the dialog does where it adds the ending itself."""
        question = f"“{shown_name(path.name)}” is there already. Replace it?"
        box = self.message_box(QMessageBox.Icon.Question, question)
        box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
        box.setDefaultButton(QMessageBox.StandardButton.No)
        give_letters(box)
        answer = box.exec()
        box.deleteLater()
        return answer == QMessageBox.StandardButton.Yes

    def _answer(self, dialog: QFileDialog, purpose: str) -> Path | None:
        accepted = dialog.exec()
        chosen = dialog.selectedFiles()
        dialog.deleteLater()
        if not accepted or not chosen:
            return None
        path = Path(chosen[0])
        self._preferences.set_folder(purpose, path.parent)
        return path


def file_name(name: str) -> str:
    """Return a name without what a file's name cannot hold.

    >>> file_name("block/relu:1")
    'block relu 1'
    """
    return "".join(" " if letter in '/\\\\:*?"<>|' else letter for letter in name).strip()


def give_letters(box: QMessageBox) -> None:
    """Let Alt and the first letter press each button: not everywhere do Qt's own words say so."""
    for button in box.buttons():
        button.setText(f"&{button.text().replace('&', '')}")


def outcome_of(work: Callable[[], _Result]) -> tuple[_Result | None, str]:
    """Return what work gives, or else the sentence with which it refuses."""
    try:
        with waiting_pointer():
            return work(), ""
    except ConvolensError as error:
        return None, str(error)
    except MemoryError:
        return None, "There is not enough free memory for this file."


@contextmanager
def waiting_pointer() -> Iterator[None]:
    """Show the waiting pointer for as long as something takes."""
    QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        QApplication.restoreOverrideCursor()
