"""Widgets one below the other: the window, and its middle between palette and side panel."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.flow.row_lengths import MARGIN


def column(*widgets: QWidget, growing: QWidget, top: int = 0, spacing: int = 0) -> QWidget:
    """Return a widget that holds others, of which one takes all the room that is left."""
    whole = QWidget()
    layout = QVBoxLayout(whole)
    layout.setContentsMargins(0, top, 0, 0)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget, 1 if widget is growing else 0)
    return whole


def middle_of(above: Sequence[QWidget], pages: QWidget, below: QWidget) -> QWidget:
    """Return what is said above the maps, the maps, and one value taken apart below them."""
    framed = column(below, growing=below)
    layout = framed.layout()
    assert layout is not None
    # Under the rows, which leave a margin and the room of the scroll bar.
    layout.setContentsMargins(MARGIN, 0, 2 * MARGIN + 2, 4)
    middle = column(*above, pages, framed, growing=pages, top=12, spacing=4)
    middle.setObjectName("window")
    middle.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return middle
