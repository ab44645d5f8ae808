"""Between what is compared, the document, the worker and the views of it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from engine.row_names import numbered
from engine.side_by_side import Side
from gui.compare.compare_chooser import compare_entries
from gui.compare.compare_contents import CompareState
from gui.compare.comparing import Comparing
from gui.compare.pinned_bar import PinnedBar
from gui.document import Document
from gui.evaluator import Evaluator
from gui.late_page import LatePage
from gui.map_results import ComparedResult
from gui.maps.map_binding import MapBinding
from gui.searching.search_popup import SearchPopup
from gui.theme import Theme
from gui.viewing import Viewing

if TYPE_CHECKING:
    from gui.compare.compare_view import CompareView


class CompareBinding(QObject):
    """Opens the comparison in the place of the flow, and keeps it as the document is."""

    maps_wanted = Signal()
    """The maps of other layers are to be computed."""

    def __init__(
        self,
        comparing: Comparing,
        document: Document,
        viewing: Viewing,
        evaluator: Evaluator,
        maps: MapBinding,
        theme: Theme,
    ) -> None:
        super().__init__(maps.pages)
        self._comparing = comparing
        self._document = document
        self._viewing = viewing
        self._maps = maps
        self._theme = theme
        self._sides: tuple[Side, Side] | None = None
        self.bar = PinnedBar()
        self._page = LatePage(maps.pages, self._make_view)
        maps.pages.currentChanged.connect(self._on_page_changed)
        self.bar.compare_chosen.connect(comparing.compare_networks)
        self.bar.released.connect(comparing.release)
        evaluator.compared.connect(self._on_compared)
        for changed in (document.project_changed, document.selection_changed, comparing.changed):
            changed.connect(self.refresh)
        self.refresh()

    def _make_view(self) -> "CompareView":
        from gui.compare.compare_view import CompareView

        view = CompareView(self._theme)
        view.closed.connect(self._comparing.stop)
        view.layer_chosen.connect(self._document.select)
        return view

    @property
    def view(self) -> "CompareView":
        """The comparison, which is made if it was never opened."""
        return self._page.view

    def wanted(self) -> tuple[Side, Side] | None:
        """Return the layers whose maps are to be computed besides those of the document."""
        comparison = self._comparing.comparison()
        self._sides = None if comparison is None else comparison.sides
        return self._sides

    def choose_layer(self, window: QWidget) -> None:
        """Offer the layers with which the selected one can be compared."""
        one = self._document.selected
        search = SearchPopup("Compare with", self._theme, window)
        search.chosen.connect(lambda other: self._comparing.compare_layers(one, other))
        search.closed.connect(search.deleteLater)
        title = numbered(self._document.project.network, one)
        search.field.setPlaceholderText(f"Compare {title} with …")
        order = self._viewing.view.size_order
        search.open_with(compare_entries(self._document.analysis, one, order))

    def refresh(self) -> None:
        """Show what is pinned and what is compared, as they are now."""
        comparing, view = self._comparing, self._viewing.view
        self.bar.show_pinned(
            comparing.pinned_analysis(),
            comparing.differing_layers(),
            is_compared=comparing.is_open,
        )
        comparison = comparing.comparison()
        if comparison is None:
            self._sides = None
            if self._page.is_open:
                self.view.forget()
                self._maps.show_flow()
            return
        self.view.show_state(
            CompareState(
                comparison,
                self._theme,
                self._document.selected,
                view.size_order,
                view.color,
                view.scope,
            )
        )
        if not self._page.is_open:
            self._page.open()
            self.view.maps.take_focus()
        if self._sides is None or not _are_same(self._sides, comparison.sides):
            self.maps_wanted.emit()

    def _on_page_changed(self) -> None:
        if not self._page.is_open:
            self._comparing.stop()

    def _on_compared(self, result: ComparedResult) -> None:
        # Newer maps are on their way where the sides are others.
        if result.sides is self._sides and self._page.is_open:
            self.view.show_found(result.found)


def _are_same(one: tuple[Side, Side], other: tuple[Side, Side]) -> bool:
    """Return whether two pairs are of the same networks, pictures and layers."""
    return all(
        a.node_id == b.node_id
        and a.project.network == b.project.network
        and a.project.picture is b.project.picture
        and a.project.policy == b.project.policy
        for a, b in zip(one, other, strict=True)
    )
