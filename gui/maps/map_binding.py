"""Between the document, the flow and the large view of one map, which takes the flow's place."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from engine.arithmetic import Position
from gui.document import Document
from gui.flow.network_view import NetworkView
from gui.late_page import LatePage
from gui.map_results import LayerResult
from gui.maps.map_contents import MapViewState
from gui.theme import Theme
from gui.values.pinning import Pinning
from gui.viewing import Viewing

if TYPE_CHECKING:
    from gui.maps.map_view import MapView


class MapBinding(QObject):
    """Opens the large view where a map is chosen, and keeps it as the document is."""

    open_changed = Signal(bool)
    """The large view was opened, or the flow is shown again."""
    map_shown = Signal(str, int)
    """A layer and which of its maps is shown large."""

    def __init__(
        self,
        document: Document,
        viewing: Viewing,
        pinning: Pinning,
        flow: NetworkView,
        flow_page: QWidget,
        theme: Theme,
    ) -> None:
        self.pages = QStackedWidget()
        super().__init__(self.pages)
        self._document = document
        self._viewing = viewing
        self._pinning = pinning
        self._flow = flow
        self._theme = theme
        self.pages.addWidget(flow_page)
        self._page = LatePage(self.pages, self._make_view)
        self.pages.currentChanged.connect(lambda _place: self.open_changed.emit(self.is_open))
        flow.map_chosen.connect(self.open)

    def _make_view(self) -> "MapView":
        from gui.maps.map_view import MapView

        view = MapView(self._theme)
        view.closed.connect(self.close)
        view.layer_chosen.connect(self._document.select)
        view.choice_made.connect(self._viewing.choose)
        view.map_shown.connect(self.map_shown)
        view.map_hovered.connect(self._pinning.hover)
        view.value_chosen.connect(self._on_value_chosen)
        for result in map(self._flow.result, self._document.analysis.layers):
            if result is not None:
                view.show_result(result)
        return view

    @property
    def view(self) -> "MapView":
        """The large view, which is made if it was never opened."""
        return self._page.view

    @property
    def is_open(self) -> bool:
        """Whether the large view is shown in the place of the flow."""
        return self._page.is_open

    def index_of(self, node_id: str) -> int:
        """Return which map of a layer was looked at last; the first if none was."""
        shown, index = self._page.made.shown if self._page.made is not None else ("", 0)
        return index if shown == node_id else 0

    def open(self, node_id: str, index: int) -> None:
        """Show a map of a layer large."""
        self._document.select(node_id)
        self._page.open()
        self.refresh()
        self.view.show_map(index)
        self.view.setFocus()

    def close(self) -> None:
        """Show the flow again, at the layer that was looked at."""
        if self.is_open:
            self.show_flow()

    def show_flow(self) -> None:
        """Show the flow instead of any large view, at the selected layer."""
        self.pages.setCurrentIndex(0)
        self._flow.scroll_to(self._document.selected)
        self._flow.setFocus()

    def forget(self) -> None:
        """Show the flow, and drop all maps: another project is about to be shown."""
        self.close()
        self.keep_results(())

    def keep_results(self, node_ids: Collection[str]) -> None:
        """Drop the maps of all other layers: they are out of date."""
        if self._page.made is not None:
            self._page.made.keep_results(node_ids)

    def refresh(self) -> None:
        """Show the document and the choices of the view as they are now."""
        if self._page.made is None:
            return
        view = self._viewing.view
        self._page.made.show_state(
            MapViewState(
                self._document.analysis,
                self._theme,
                self._document.selected,
                view.size_order,
                view.color,
                view.scope,
                view.clip,
            )
        )

    def show_result(self, result: LayerResult) -> None:
        """Show a layer's newest maps."""
        if self._page.made is not None:
            self._page.made.show_result(result)

    def _on_value_chosen(self, node_id: str, channel: int, row: int, column: int) -> None:
        self._pinning.pin(node_id, Position(channel, row, column))
