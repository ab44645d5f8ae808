"""Between the document, the flow and the large view of one map, which takes the flow's place."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from engine.arithmetic import Position
from gui.document import Document
from gui.evaluator import LayerResult
from gui.flow.network_view import NetworkView
from gui.maps.map_contents import MapViewState
from gui.maps.map_view import MapView
from gui.theme import Theme
from gui.values.pinning import Pinning
from gui.viewing import Viewing


class MapBinding(QObject):
    """Opens the large view where a map is chosen, and keeps it as the document is."""

    open_changed = Signal(bool)
    """The large view was opened, or the flow is shown again."""

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
        self.view = MapView(theme)
        self.pages.addWidget(flow_page)
        self.pages.addWidget(self.view)
        self.pages.currentChanged.connect(lambda place: self.open_changed.emit(place == 1))
        flow.map_chosen.connect(self.open)
        self.view.closed.connect(self.close)
        self.view.layer_chosen.connect(document.select)
        self.view.choice_made.connect(viewing.choose)
        self.view.map_hovered.connect(pinning.hover)
        self.view.value_chosen.connect(self._on_value_chosen)

    @property
    def is_open(self) -> bool:
        """Whether the large view is shown in the place of the flow."""
        return self.pages.currentWidget() is self.view

    def index_of(self, node_id: str) -> int:
        """Return which map of a layer was looked at last; the first if none was."""
        shown, index = self.view.shown
        return index if shown == node_id else 0

    def open(self, node_id: str, index: int) -> None:
        """Show a map of a layer large."""
        self._document.select(node_id)
        self.pages.setCurrentWidget(self.view)
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
        self.view.forget_results()

    def refresh(self) -> None:
        """Show the document and the choices of the view as they are now."""
        view = self._viewing.view
        self.view.show_state(
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
        self.view.show_result(result)

    def _on_value_chosen(self, node_id: str, channel: int, row: int, column: int) -> None:
        self._pinning.pin(node_id, Position(channel, row, column))
