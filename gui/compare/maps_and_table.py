"""The compared maps, and below them the table of sizes and costs."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.compare.compare_table import CompareTable
from gui.compare.compared_maps import ComparedMaps
from gui.labels import set_role
from gui.shared_room import SharedRoom

_UNLIMITED = (1 << 24) - 1
"""Qt's largest height of a widget."""


class MapsAndTable(SharedRoom):
    """Both, one below the other; the table has the place of the maps where only one has room."""

    def __init__(self, maps: ComparedMaps, table: CompareTable, narrowing: QToolButton) -> None:
        """Place the parts; ``narrowing`` leaves lines of the table out."""
        super().__init__()
        self._table = table
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._wants_table = False
        self._maps_part, self._table_part = QWidget(), QWidget()
        title = QLabel("SIZES AND COSTS")
        set_role(title, "heading")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(narrowing)
        below = QVBoxLayout(self._table_part)
        below.setContentsMargins(8, 2, 18, 8)
        below.setSpacing(4)
        below.addLayout(head)
        below.addWidget(table, 1)
        around = QVBoxLayout(self._maps_part)
        around.setContentsMargins(8, 0, 18, 4)
        around.addWidget(maps)
        for part, stretch in ((self._maps_part, 3), (self._table_part, 1)):
            self._split.addWidget(part)
            self._split.setStretchFactor(self._split.indexOf(part), stretch)
        self._split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._split)
        self.share_room()

    def show_table(self, wanted: bool) -> None:
        """Show the table, or the maps alone."""
        self._wants_table = wanted
        self.share_room()
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        # Of both, also while only one is shown: what is below gives way before they do.
        width = super().minimumSizeHint().width()
        height = self._maps_part.minimumSizeHint().height()
        if self._wants_table:
            height += self._split.handleWidth() + self._table_part.minimumSizeHint().height()
        return QSize(width, height)

    def share_room(self) -> None:
        has_room = self.height() >= self.minimumSizeHint().height()
        has_maps = has_room or not self._wants_table
        self._table_part.setVisible(self._wants_table)
        self._maps_part.setVisible(has_maps)
        # What few lines leave is the maps'.
        around = self._table_part.sizeHint().height() - self._table.sizeHint().height()
        most = self._table.whole_height() + around if has_maps else _UNLIMITED
        self._table_part.setMaximumHeight(most)
