"""The line over the flow: what its columns are, and what the network costs altogether."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from engine.analysis import Analysis, Totals
from engine.wording import counted
from gui.action_list import DECLARED
from gui.actions import tool_tip
from gui.elided_label import ElidedLabel
from gui.flow.row_layout import Row
from gui.flow.row_lengths import WORDS_GAP
from gui.labels import set_role
from gui.wording import bytes_text, count_text

_RIGHT = 18
"""Where the rows end, at the left of the scroll bar."""


class FlowHeadings(QWidget):
    """The headings of the two columns, and the totals at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._now: Totals | None = None
        network, maps = QLabel("NETWORK"), QLabel("FEATURE MAPS")
        for label in (network, maps):
            set_role(label, "heading")
        self._network = network
        self.totals = ElidedLabel()
        self.totals.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        set_role(self.totals, "muted")
        self.problems = QPushButton()
        # A click leaves the keyboard where it is; Tab reaches the button.
        self.problems.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.problems.setAutoDefault(True)
        set_role(self.problems, "problems")
        row = QHBoxLayout(self)
        row.setSpacing(0)
        row.addWidget(network)
        row.addWidget(maps)
        row.addSpacing(12)
        row.addWidget(self.totals, 1)
        row.addSpacing(10)
        row.addWidget(self.problems)

    def show_network(self, totals: Totals, rows: Sequence[Row]) -> None:
        """Show what the network costs, over the blocks and maps."""
        self._now = totals
        self._show_totals(totals)
        self._show_problems(totals.problems)
        first = rows[0]
        maps = first.block.right + WORDS_GAP if first.tiles is None else first.tiles.left
        self._network.setFixedWidth(maps - first.block.left)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(first.block.left, 0, _RIGHT, 0)

    def show_outlook(self, after: Analysis | None) -> None:
        """Show what the network would cost with an edit that is looked at."""
        set_role(self.totals, "muted" if after is None else "accent")
        if after is not None:
            self._show_totals(after.totals)
        elif self._now is not None:
            self._show_totals(self._now)

    def _show_problems(self, count: int) -> None:
        """Offer the list of problems, where there are some."""
        words = counted(count, "problem")
        self.problems.setText(f"{words} ▾")
        self.problems.setAccessibleName(words)
        self.problems.setToolTip(tool_tip(DECLARED["problems"]))
        self.problems.setVisible(count > 0)

    def _show_totals(self, totals: Totals) -> None:
        """Show the sums, in little room fewer of them."""
        parts = totals_parts(totals)
        if totals is self._now and totals.macs is None:
            parts = parts[:1]  # the button beside it counts the problems
        # That many layers are there can be seen; the other sums cannot. A number is shown with its
        # unit, or not at all.
        fewer = tuple(" · ".join(some) for some in (parts[1:], parts[1:3], parts[2:3]) if some)
        self.totals.shorter = (*fewer, "")
        self.totals.setText(" · ".join(parts))


def totals_text(totals: Totals) -> str:
    """Return what the network costs altogether, in a line."""
    return " · ".join(totals_parts(totals))


def totals_parts(totals: Totals) -> tuple[str, ...]:
    """Return what the network costs altogether."""
    layers = counted(totals.layers, "layer")
    if not totals.layers:
        return "no layers", f"{bytes_text(totals.bytes or 0)} of maps"
    if totals.macs is None:
        return layers, counted(totals.problems, "problem")
    return (
        layers,
        count_text(totals.parameters, "parameters"),
        count_text(totals.macs, "MACs"),
        f"{bytes_text(totals.bytes)} of maps",
    )
