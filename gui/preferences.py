"""What a person prefers on this computer: theme, text size, window, recent projects."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QApplication

from gui.fields.choices import CHOICES
from gui.recent_files import RecentFiles
from gui.theme import Theme, chosen_theme


class Preferences(QObject):
    """Preferences in a settings store; what cannot be meant there gives the usual value."""

    appearance_changed = Signal()
    """The theme or the size of text, chosen here or, for the theme, by the system."""

    def __init__(self, settings: QSettings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.recent_projects = RecentFiles(settings, "recent/projects", self)
        self.recent_pictures = RecentFiles(settings, "recent/pictures", self)
        QApplication.styleHints().colorSchemeChanged.connect(self._on_color_scheme_changed)

    @property
    def theme_choice(self) -> str:
        """The chosen theme: "system", "light" or "dark"."""
        return self._chosen("theme", "system")

    @property
    def theme(self) -> Theme:
        """The theme to show."""
        return chosen_theme(self.theme_choice)

    @property
    def text_size(self) -> str:
        """The chosen size of text, as `gui.fields.choices` names it."""
        return self._chosen("text_size", "1.0")

    @property
    def text_scale(self) -> float:
        """By how much text is larger than usual."""
        return float(self.text_size)

    def choose(self, name: str, value: str) -> None:
        """Choose "theme" or "text_size"."""
        if self._settings.value(name) != value:
            self._settings.setValue(name, value)
            self.appearance_changed.emit()

    # The window

    def layout(self, name: str) -> QByteArray:
        """Return a layout that `set_layout` kept, empty if none."""
        value = self._settings.value(f"window/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_layout(self, name: str, state: QByteArray) -> None:
        """Keep the geometry of the window, or where its panels stand."""
        self._settings.setValue(f"window/{name}", state)

    def is_shown(self, panel: str) -> bool:
        """Return whether a panel is wanted where there is room for it; yes unless it was hidden."""
        return str(self._settings.value(f"panels/{panel}", "true")).lower() != "false"

    def set_shown(self, panel: str, shown: bool) -> None:
        """Keep whether a panel is wanted."""
        self._settings.setValue(f"panels/{panel}", "true" if shown else "false")

    def is_folded(self, section: str, usual: bool) -> bool:
        """Return whether a section of the side panel is folded; as usual until it was chosen."""
        kept = self._settings.value(f"folded/{section}", "true" if usual else "false")
        return str(kept).lower() == "true"

    def set_folded(self, section: str, folded: bool) -> None:
        """Keep whether a section is folded."""
        self._settings.setValue(f"folded/{section}", "true" if folded else "false")

    def tab(self, section: str) -> str:
        """Return which part of a section was looked at last, empty before it was chosen."""
        value = self._settings.value(f"tabs/{section}", "")
        return value if isinstance(value, str) else ""

    def set_tab(self, section: str, tab: str) -> None:
        """Keep which part of a section is looked at."""
        self._settings.setValue(f"tabs/{section}", tab)

    # Files

    def folder(self, purpose: str) -> str:
        """Return the folder in which a file was chosen last for a purpose."""
        value = self._settings.value(f"folders/{purpose}", "")
        return value if isinstance(value, str) else ""

    def set_folder(self, purpose: str, folder: Path) -> None:
        """Keep the folder in which a file was chosen."""
        self._settings.setValue(f"folders/{purpose}", str(folder))

    def _chosen(self, name: str, usual: str) -> str:
        value = self._settings.value(name, usual)
        return value if isinstance(value, str) and value in CHOICES[name].options else usual

    def _on_color_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        if self.theme_choice == "system":
            self.appearance_changed.emit()
