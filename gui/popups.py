"""What is opened over the window: searches, menus at a place, and the sheets of the help."""

from PySide6.QtCore import QObject, QPoint, QRect, Signal
from PySide6.QtWidgets import QDialog, QMenu

from gui.action_list import LAYER_MENU
from gui.actions import Actions
from gui.menus import Menus
from gui.parts import Parts
from gui.searching.command_search import CommandSearch, command_entries
from gui.searching.quick_menu import QuickMenu, kind_entries
from gui.searching.search_popup import SearchPopup
from gui.theme import Theme


class Popups(QObject):
    """Opens popups anew each time, of the document as it is, and passes on what they say.

    The sheets of the help are imported when they are opened: hardly anybody does at the start.
    """

    action_chosen = Signal(str)
    kind_chosen = Signal(str, str)
    """A kind, and the layer behind which it goes."""
    layer_chosen = Signal(str)
    example_chosen = Signal(str)

    def __init__(self, parts: Parts, theme: Theme, actions: Actions, menus: Menus) -> None:
        super().__init__(parts.flow)
        self._window = parts.window
        self._document = parts.document
        self._editing = parts.editing
        self._viewing = parts.viewing
        self._flow = parts.flow
        self._theme = theme
        self._actions = actions
        self._menus = menus

    def show_search(self) -> None:
        """Open the search of commands, layers, files and examples."""
        search = CommandSearch(self._theme, self._window)
        search.action_chosen.connect(self.action_chosen)
        search.kind_chosen.connect(self._on_kind_found)
        search.layer_chosen.connect(self.layer_chosen)
        search.example_chosen.connect(self.example_chosen)
        projects, pictures = self._menus.recent_projects, self._menus.recent_pictures
        search.project_chosen.connect(projects.chosen)
        search.picture_chosen.connect(pictures.chosen)
        entries = command_entries(
            self._actions,
            self._document.analysis,
            self._viewing.view.size_order,
            projects.paths,
            pictures.paths,
        )
        self._prepare(search)
        search.open_with(entries)

    def show_insert(self, after: str | None = None) -> None:
        """Offer layers to insert behind a layer, the selected one by default."""
        after = after or self._document.selected
        self._flow.scroll_to(after)
        layer = self._document.analysis[after]
        quick = QuickMenu(self._theme, self._window)
        quick.kind_chosen.connect(self.kind_chosen)
        entries = kind_entries(
            lambda kind_id: self._editing.preview_kind(kind_id, after),
            layer.shape,
            self._viewing.view.size_order,
        )
        self._prepare(quick)
        corner = self._block_of(after).bottomLeft() + QPoint(48, 12)
        quick.open_behind(after, layer.node.layer.kind.label, entries, corner)

    def show_layer_menu(self, point: QPoint | None = None) -> None:
        """Show what can be done with the selected layer, at a point of the screen or its block."""
        menu: QMenu = self._menus.menu_of(LAYER_MENU, self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        block = self._block_of(self._document.selected)
        menu.popup(point or self._window.mapToGlobal(block.center()))

    def show_shortcuts(self) -> None:
        """Open the sheet of all keys."""
        from gui.shortcut_sheet import ShortcutSheet

        self._open(ShortcutSheet(self._window))

    def show_glossary(self) -> None:
        """Open the words explained."""
        from gui.glossary_dialog import GlossaryDialog

        self._open(GlossaryDialog(self._window))

    def show_about(self) -> None:
        """Open what the program is."""
        from gui.about_dialog import AboutDialog

        self._open(AboutDialog(self._window))

    def _prepare(self, popup: SearchPopup) -> None:
        popup.closed.connect(popup.deleteLater)
        # Its entries are of the project as it was.
        self._document.project_changed.connect(popup.close_popup)

    def _open(self, dialog: QDialog) -> None:
        fitting = dialog.size().boundedTo(self._window.screen().availableSize() * 0.9)
        if fitting != dialog.size():
            dialog.resize(fitting)
        dialog.open()

    def _block_of(self, node_id: str) -> QRect:
        """Return where a layer's block is in the window, or the edge of the flow next to it."""
        inside = self._flow.viewport().rect()
        block = self._flow.place_of(node_id)
        top = min(max(block.top(), inside.top()), max(inside.bottom() - block.height(), 0))
        block.moveTop(top)
        return QRect(self._flow.viewport().mapTo(self._window, block.topLeft()), block.size())

    def _on_kind_found(self, kind_id: str) -> None:
        self.kind_chosen.emit(kind_id, self._document.selected)
