"""The line over the flow: what its columns are, and what the network costs altogether."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.analysis import Totals
from gui.elided_label import ElidedLabel
from gui.flow.row_lengths import BLOCK_LEFT, lengths
from gui.labels import set_role, text_scale
from gui.wording import bytes_text, count_text


class FlowHeadings(QWidget):
    """The headings of the two columns, and the totals at the right."""

    def __init__(self) -> None:
        super().__init__()
        network, maps = QLabel("NETWORK"), QLabel("FEATURE MAPS")
        for label in (network, maps):
            set_role(label, "heading")
        network.setFixedWidth(lengths(text_scale()).maps_left - BLOCK_LEFT)
        self.totals = ElidedLabel()
        self.totals.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        set_role(self.totals, "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(BLOCK_LEFT, 0, 18, 0)
        row.setSpacing(0)
        row.addWidget(network)
        row.addWidget(maps)
        row.addSpacing(24)
        row.addWidget(self.totals, 1)

    def show_totals(self, totals: Totals) -> None:
        """Show what the network costs."""
        self.totals.setText(totals_text(totals))


def totals_text(totals: Totals) -> str:
    """Return what the network costs altogether, in a line."""
    layers = f"{totals.layers} layer{'s' if totals.layers != 1 else ''}"
    if totals.macs is None:
        return f"{layers} · {totals.problems} problem{'s' if totals.problems != 1 else ''}"
    parts = [
        layers,
        count_text(totals.parameters, "parameters"),
        count_text(totals.macs, "MACs"),
        f"{bytes_text(totals.bytes)} of maps",
    ]
    return " · ".join(parts)
