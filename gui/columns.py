"""Widgets one below the other: the window, and its middle between palette and side panel."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from gui.flow.row_lengths import MARGIN
from gui.shared_room import SharedRoom
from gui.values.value_panel import ValuePanel

_TOP, _SPACING, _BELOW = 12, 4, 4


def column(*widgets: QWidget, growing: QWidget, top: int = 0, spacing: int = 0) -> QWidget:
    """Return a widget that holds others, of which one takes all the room that is left."""
    whole = QWidget()
    _stack(whole, widgets, growing, top, spacing)
    return whole


def _stack(
    whole: QWidget, widgets: Sequence[QWidget], growing: QWidget, top: int, spacing: int
) -> None:
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(0, top, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget, 1 if widget is growing else 0)


class Middle(SharedRoom):
    """What is said above the maps, the maps, and one value taken apart below them.

    Where the page of the maps has too little room, the calculation below it gives way.
    """

    def __init__(self, above: Sequence[QWidget], pages: QStackedWidget, value: ValuePanel) -> None:
        super().__init__()
        self._above, self._pages, self._value = above, pages, value
        framed = column(value, growing=value)
        # Under the rows, which leave a margin and the room of the scroll bar.
        framed.setContentsMargins(MARGIN, 0, 2 * MARGIN + 2, _BELOW)
        _stack(self, (*above, pages, framed), pages, _TOP, _SPACING)
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        pages.currentChanged.connect(self.share_room)

    def share_room(self) -> None:
        """Leave the calculation out where the page could not be as high as it needs to be."""
        above = sum(
            widget.sizeHint().height() + _SPACING for widget in self._above if not widget.isHidden()
        )
        room = self.height() - _TOP - above - _SPACING - _BELOW
        page = self._pages.currentWidget()
        assert page is not None
        needed = page.minimumSizeHint().height() + self._value.whole_height()
        self._value.give_room(needed <= room)
