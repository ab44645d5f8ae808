"""The middle of the window, between the palette and the side panel, from top to bottom."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget


def middle_of(above: Sequence[QWidget], pages: QWidget, below: QWidget) -> QWidget:
    """Return what is said above the maps, the maps, and one value taken apart below them."""
    middle = QWidget()
    middle.setObjectName("window")
    middle.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(middle)
    column.setContentsMargins(0, 12, 0, 0)
    column.setSpacing(4)
    for line in above:
        column.addWidget(line)
    column.addWidget(pages, 1)
    column.addWidget(below)
    return middle


def flow_page(headings: QWidget, flow: QWidget) -> QWidget:
    """Return the flow under its headings."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(headings)
    column.addWidget(flow)
    return page
