"""Files that were opened last, the newest first, remembered on this computer."""

import os
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal

MOST_RECENT = 10
"""So many files are remembered."""


class RecentFiles(QObject):
    """A list of files under one key of a settings store."""

    changed = Signal()

    def __init__(self, settings: QSettings, key: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._key = key

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files, whether they are still there or not."""
        value = self._settings.value(self._key, [])
        # A list of one is stored as a text.
        paths = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return tuple(Path(path) for path in paths if isinstance(path, str) and path)[:MOST_RECENT]

    def add(self, path: Path) -> None:
        """Put a file at the front."""
        path = Path(os.path.abspath(path))
        self._set([path, *(other for other in self.paths if other != path)])

    def forget(self, path: Path) -> None:
        """Take a file out, because it cannot be opened any more."""
        path = Path(os.path.abspath(path))
        if path in self.paths:
            self._set([other for other in self.paths if other != path])

    def _set(self, paths: list[Path]) -> None:
        self._settings.setValue(self._key, [str(path) for path in paths[:MOST_RECENT]])
        self.changed.emit()
