"""The line that says which network is pinned for comparison, and lets it go."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.analysis import Analysis
from engine.wording import counted
from gui.elided_label import ElidedLabel
from gui.flow.flow_headings import totals_parts, totals_text
from gui.flow.row_lengths import MARGIN
from gui.labels import set_role


class PinnedBar(QWidget):
    """Shown while a network is pinned."""

    compare_chosen = Signal()
    released = Signal()

    def __init__(self) -> None:
        super().__init__()
        card = QFrame()
        set_role(card, "card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(MARGIN, 0, 2 * MARGIN + 2, MARGIN // 2)
        outer.addWidget(card)
        self.setAccessibleName("Pinned network")
        title = QLabel("PINNED", textFormat=Qt.TextFormat.PlainText)
        set_role(title, "heading")
        self.text = ElidedLabel()
        self.compare = QPushButton("Compare")
        self.compare.setToolTip("Show the pinned network beside the one as it is now (F7)")
        self.release = QPushButton("Let go")
        self.release.setToolTip("Pin no network any more")
        row = QHBoxLayout(card)
        row.setContentsMargins(12, 3, 8, 3)
        row.setSpacing(10)
        row.addWidget(title)
        row.addWidget(self.text, 1)
        row.addWidget(self.compare)
        row.addWidget(self.release)
        self.compare.clicked.connect(lambda: self.compare_chosen.emit())
        self.release.clicked.connect(lambda: self.released.emit())
        self.hide()

    def show_pinned(self, analysis: Analysis | None, differing: int, *, is_compared: bool) -> None:
        """Show what is pinned, and in how many layers the network differs from it now."""
        self.setVisible(analysis is not None)
        if analysis is None:
            return
        differ = f"{counted(differing, 'layer')} differ{'' if differing > 1 else 's'} now"
        now = differ if differing else "no layer differs now"
        costs = " · ".join(totals_parts(analysis.totals)[1:3])
        self.text.shorter = (f"{now} · pinned: {costs}", now)
        self.text.setText(f"{now} · pinned: {totals_text(analysis.totals)}")
        self.compare.setEnabled(not is_compared)
