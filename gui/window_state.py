"""What the window keeps from one day to the next, and what its frame says of the document."""

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QMainWindow, QStyle
from shiboken6 import isValid

from gui.document import Document
from gui.files import Files
from gui.panel_memory import keep_sections
from gui.panel_space import PanelSpace
from gui.preferences import Preferences
from gui.side.side_panel import SidePanel


class WindowState(QObject):
    """The title with its star, the geometry, and which panels are shown how wide."""

    def __init__(
        self, window: QMainWindow, document: Document, files: Files, preferences: Preferences
    ) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        files.named.connect(self._on_named)
        document.undo_stack.cleanChanged.connect(self._on_clean_changed)
        self._on_named(files.name)

    def restore(self, space: PanelSpace) -> None:
        """Give a new window the geometry that was kept."""
        self._window.restoreGeometry(self._preferences.layout("geometry"))
        space.restore_state(self._preferences.layout("panels"))

    def fit(self, available: QSize) -> None:
        """Give a window whose geometry was never kept no more than the screen has room for."""
        if self._preferences.layout("geometry").isEmpty():
            title = self._window.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
            room = available - QSize(0, title)
            self._window.resize(self._window.size().boundedTo(room))

    def keep(self, space: PanelSpace) -> None:
        """Keep the geometry of a window that closes."""
        self._preferences.set_layout("geometry", self._window.saveGeometry())
        widths = space.save_state()
        if widths is not None:
            self._preferences.set_layout("panels", widths)

    def show_panels(self, space: PanelSpace, side: SidePanel) -> None:
        """Show the panels that were wanted last, and in the side panel what was unfolded."""
        keep_sections(side, self._preferences)
        # All of it first: showing one panel keeps how the others are by then.
        kept = {panel: self._preferences.is_shown(panel) for panel in space.wanted}
        for panel, wanted in kept.items():
            space.set_wanted(panel, wanted)

    def keep_panels(self, space: PanelSpace) -> None:
        """Keep which panels are wanted."""
        for panel, wanted in space.wanted.items():
            self._preferences.set_shown(panel, wanted)

    def _on_named(self, name: str) -> None:
        # "[*]" is where Qt writes the star of unsaved changes.
        self._window.setWindowTitle(f"{name.replace('[*]', '[*][*]')}[*] – Convolens")

    def _on_clean_changed(self, clean: bool) -> None:
        # The document of a window that is deleted without being closed goes after the window.
        if isValid(self._window):
            self._window.setWindowModified(not clean)
