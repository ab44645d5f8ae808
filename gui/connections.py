"""Connections between layers: what is done with them on the flow, in menus and by keyboard."""

from PySide6.QtCore import QObject, QPointF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from engine.row_names import numbered
from gui.document import Document
from gui.editing import Editing
from gui.flow.connection_menu import ConnectionMenu, connection_entries
from gui.flow.network_view import NetworkView
from gui.searching.quick_menu import QuickMenu, kind_entries
from gui.searching.search_popup import SearchPopup
from gui.theme import Theme
from gui.viewing import Viewing


class Connections(QObject):
    """Turns what is done with connections into edits, and opens their menus."""

    def __init__(
        self,
        window: QWidget,
        theme: Theme,
        document: Document,
        editing: Editing,
        viewing: Viewing,
        flow: NetworkView,
    ) -> None:
        super().__init__(flow)
        self._window = window
        self._theme = theme
        self._document = document
        self._editing = editing
        self._viewing = viewing
        self._flow = flow
        flow.connection_drawn.connect(editing.connect_layers)
        flow.connection_removed.connect(editing.disconnect_input)
        flow.kind_dropped_on_edge.connect(editing.insert_kind_on_edge)
        flow.connection_menu_requested.connect(self.show_edge_menu)

    def show_connect(self) -> None:
        """Offer to connect the selected layer to others, and to remove its connections."""
        node_id = self._document.selected
        menu = ConnectionMenu(self._theme, self._window)
        menu.connection_chosen.connect(self._editing.connect_layers)
        menu.removal_chosen.connect(self._editing.disconnect_input)
        order = self._viewing.view.size_order
        entries = connection_entries(self._document.analysis, node_id, order)
        self._prepare(menu)
        title = numbered(self._document.project.network, node_id)
        menu.open_for(title, entries)

    def show_edge_menu(self, source: str, target: str, point: QPointF) -> None:
        """Show what can be done with a connection, at a point of the screen."""
        network = self._document.project.network
        ends = f"{numbered(network, source)} → {numbered(network, target)}"
        place = network.node(target).inputs.index(source)
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        insert = QAction("Insert a layer on this connection …", menu)
        remove = QAction(f"Remove {ends}", menu)
        insert.triggered.connect(lambda: self.show_insert_on(source, target))
        remove.triggered.connect(lambda: self._editing.disconnect_input(target, place))
        menu.addActions([insert, remove])
        menu.popup(point.toPoint())

    def show_insert_on(self, source: str, target: str) -> None:
        """Offer layers to insert on a connection."""
        quick = QuickMenu(self._theme, self._window)
        quick.kind_chosen.connect(
            lambda kind_id, _: self._editing.insert_kind_on_edge(kind_id, source, target)
        )
        entries = kind_entries(
            lambda kind_id: self._editing.preview_kind(kind_id, source),
            self._document.analysis[source].shape,
            self._viewing.view.size_order,
        )
        self._prepare(quick)
        title = numbered(self._document.project.network, source)
        quick.open_behind(source, title, entries)

    def _prepare(self, popup: SearchPopup) -> None:
        popup.closed.connect(popup.deleteLater)
        # Its entries are of the project as it was.
        self._document.project_changed.connect(popup.close_popup)
