"""Two maps and their difference: beside each other, wiped over each other, or the difference."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from gui.compare.compare_contents import CompareContents, CompareState
from gui.compare.wipe_pane import WipePane
from gui.flow.row_state import numbered_title
from gui.labels import text_scale
from gui.maps.linked_canvases import LinkedCanvases
from gui.maps.map_canvas import MapCanvas
from gui.maps.map_pane import MapPane
from gui.theme import Theme
from gui.wording import size_text

BESIDE, WIPE, APART = "beside", "wipe", "difference"

_DIFFERENCE_FROM = {BESIDE: 1000, WIPE: 760, APART: 0}
"""From these widths on, at the usual size of text, the difference stands beside the others too."""


class ComparedMaps(QWidget):
    """Panes of which those are shown that the chosen way needs."""

    ways_changed = Signal()
    """Other ways are possible, or another one is shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._way = BESIDE
        self._fits = self._has_difference = False
        self.one = MapPane("First map", theme)
        self.other = MapPane("Second map", theme)
        self.wipe = WipePane(theme)
        self.apart = MapPane("Difference of both maps", theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for pane in (self.one, self.other, self.wipe, self.apart):
            pane.notes.setFixedHeight(pane.notes.fontMetrics().lineSpacing())
            row.addWidget(pane, 1)
        canvases = [pane.canvas for pane in (self.other, self.wipe, self.apart, self.one)]
        self.linked = LinkedCanvases([*canvases, self.wipe.first], self)
        self._arrange()

    @property
    def way(self) -> str:
        """The way that is shown: the chosen one, where it is possible."""
        return self._way if self._way in self.possible else BESIDE

    @property
    def possible(self) -> frozenset[str]:
        """The ways that make sense of what is compared."""
        ways = {BESIDE: True, WIPE: self._fits, APART: self._has_difference}
        return frozenset(way for way, makes_sense in ways.items() if makes_sense)

    @property
    def active_canvas(self) -> MapCanvas:
        """The canvas that zooming is meant for."""
        return self.linked.leader

    def take_focus(self) -> None:
        """Give the keyboard to the line of the wipe, else to the map, as soon as there is one."""
        taker: QWidget = self.wipe.line if self.way == WIPE else self.active_canvas
        (taker if taker.isVisible() else self).setFocus()

    def choose_way(self, way: str) -> None:
        """Show the maps in another way, at the same place."""
        was_fitted = self.active_canvas.is_fitted
        self._way = way
        self._arrange()
        if was_fitted:
            self.active_canvas.fit()
        self.ways_changed.emit()

    def show_contents(self, state: CompareState, contents: CompareContents) -> None:
        """Show the maps of both sides."""
        names = state.comparison.names
        colors = contents.colors
        for pane, content, name, layer in zip(
            (self.one, self.other),
            (contents.one, contents.other),
            names,
            state.layers,
            strict=True,
        ):
            size = size_text(layer.shape, state.size_order) if layer is not None else ""
            if content is None:
                pane.show_reason(name, _why_none(state, name, contents.reason))
            else:
                pane.show_content(f"{name}:  {size}", content, colors)
                pane.canvas.setAccessibleName(content.name)
        one, other, apart = contents.one, contents.other, contents.apart
        if contents.fits and one is not None and other is not None:
            height, width = one.values.shape
            self.wipe.show_both(f"{height} × {width}", names, one, other, colors)
        if apart is not None:
            first, second = (name.lower() for name in names)
            self.apart.show_content("Difference", apart, f"{second} minus {first}".capitalize())
        before = self.way
        self._fits, self._has_difference = contents.fits, apart is not None
        self._arrange()
        if self.way != before:
            self.active_canvas.fit()
        self.linked.follow()
        if self.hasFocus():
            self.take_focus()
        self.ways_changed.emit()

    def show_waiting(self, state: CompareState) -> None:
        """Say that the maps are being computed."""
        for pane, name in zip((self.one, self.other), state.comparison.names, strict=True):
            pane.show_reason(name, "These maps are not computed yet.")
        self._fits = self._has_difference = False
        self._arrange()
        self.ways_changed.emit()

    def _arrange(self) -> None:
        """Show the panes of the way; the keyboard does not stay in one that is hidden."""
        way, focused = self.way, QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        has_room = self.width() >= _DIFFERENCE_FROM[way] * text_scale()
        self.one.setVisible(way == BESIDE)
        self.other.setVisible(way == BESIDE)
        self.wipe.setVisible(way == WIPE)
        self.apart.setVisible(self._has_difference and has_room)
        if had_focus and focused is not None and not focused.isVisible():
            self.take_focus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def _why_none(state: CompareState, name: str, reason: str) -> str:
    """Return why a side has no map."""
    side = 0 if name == state.comparison.names[0] else 1
    layer = state.layers[side]
    if layer is None:
        where = ("network that is pinned", "network as it is now")[side]
        return f"The {where} has no such layer."
    if layer.problems:
        return layer.problems[0].message
    if layer.waiting_for:
        first = numbered_title(state.comparison.analyses[side], layer.waiting_for)
        return f"These maps wait for {first}."
    return reason or "This layer has no map of that number."
