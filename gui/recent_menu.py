"""A menu of the files that were opened last."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from gui.recent_files import RecentFiles


class RecentMenu(QMenu):
    """Lists files, the newest first, each with its folder on hover; follows their list."""

    chosen = Signal(Path)

    def __init__(
        self, title: str, files: RecentFiles, named: Callable[[Path], str], parent: QWidget
    ) -> None:
        """Show the files under ``title``, each as ``named`` says."""
        super().__init__(title, parent)
        self._files = files
        self._named = named
        self.setToolTipsVisible(True)
        files.changed.connect(self._fill)
        self._fill()

    @property
    def paths(self) -> Sequence[Path]:
        """The files, the newest first."""
        return self._files.paths

    def _fill(self) -> None:
        self.clear()
        for path in self._files.paths:
            action = self.addAction(plain(self._named(path)))
            # A tool tip that begins like HTML would be shown as such.
            action.setToolTip(f"{path.parent}".replace("<", "‹"))
            action.triggered.connect(lambda _=False, path=path: self.chosen.emit(path))
        self.setEnabled(not self.isEmpty())


def plain(text: str) -> str:
    """Return a text that a menu shows as it is."""
    return text.replace("&", "&&")
