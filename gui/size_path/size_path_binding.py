"""Between the document and the view of its size path, which takes the flow's place."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from engine.whole_files import file_errors_as_sentences, written_whole
from gui.document import Document
from gui.file_dialogs import FileDialogs
from gui.late_page import LatePage
from gui.maps.map_binding import MapBinding
from gui.preferences import Preferences
from gui.theme import Theme
from gui.viewing import Viewing

if TYPE_CHECKING:
    from gui.size_path.size_path_view import SizePathView


class SizePathBinding(QObject):
    """Opens the size path, keeps it as the document is, and hands it out."""

    noticed = Signal(str)
    """What was done, in a sentence."""

    def __init__(
        self,
        document: Document,
        viewing: Viewing,
        maps: MapBinding,
        preferences: Preferences,
        window: QWidget,
        theme: Theme,
    ) -> None:
        super().__init__(maps.pages)
        self._document = document
        self._viewing = viewing
        self._maps = maps
        self._theme = theme
        self._dialogs = FileDialogs(window, preferences)
        self._page = LatePage(maps.pages, self._make_view)
        document.opened.connect(self.close)
        for changed in (document.project_changed, document.selection_changed):
            changed.connect(self.refresh)

    def _make_view(self) -> "SizePathView":
        from gui.size_path.size_path_view import SizePathView

        view = SizePathView(self._theme)
        view.closed.connect(self.close)
        view.layer_chosen.connect(self._document.select)
        view.layer_opened.connect(self._on_layer_opened)
        view.copy_asked.connect(self.copy)
        view.save_asked.connect(self.save)
        return view

    @property
    def view(self) -> "SizePathView":
        """The size path, which is made if it was never opened."""
        return self._page.view

    @property
    def is_open(self) -> bool:
        """Whether the size path is shown in the place of the flow."""
        return self._page.is_open

    def open(self) -> None:
        """Show the size path."""
        self._page.open()
        self.refresh()
        self.view.setFocus()

    def close(self) -> None:
        """Show the flow again."""
        if self.is_open:
            self._maps.show_flow()

    def refresh(self) -> None:
        """Show the sizes as they are now."""
        if self.is_open:
            order = self._viewing.view.size_order
            self.view.show_analysis(self._document.analysis, self._document.selected, order)

    def copy(self) -> None:
        """Copy the size path as a picture."""
        from gui.size_path.size_path_export import path_image

        image = path_image(self._document.analysis, self._theme, self._viewing.view.size_order)
        QGuiApplication.clipboard().setImage(image)
        size = f"{image.height()} × {image.width()} pixels"
        self.noticed.emit(f"Copied the size path: {size}.")

    def save(self) -> None:
        """Save the size path as PNG or SVG."""
        from gui.size_path.size_path_export import FILES

        filters = [(label, suffix) for suffix, (label, _) in FILES.items()]
        chosen = self._dialogs.file_to_save("Save the size path", "export", "sizes.png", filters)
        if chosen is None:
            return
        path, _ = chosen
        _, draw = FILES.get(path.suffix.lower(), FILES[".png"])
        drawn = draw(self._document.analysis, self._theme, self._viewing.view.size_order)

        def written() -> str:
            with file_errors_as_sentences(path, "saved"), written_whole(path) as stream:
                stream.write(drawn)
            return path.name

        name = self._dialogs.attempt(written)
        if name is not None:
            self.noticed.emit(f"Saved “{name}”.")

    def _on_layer_opened(self, node_id: str) -> None:
        self._document.select(node_id)
        self.close()
