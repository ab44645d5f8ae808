"""What is compared: a network that was pinned with the one that is edited, or two layers of it."""

from dataclasses import dataclass, replace
from enum import Enum

from PySide6.QtCore import QObject, Signal

from engine.analysis import Analysis
from engine.comparison import ComparedRow, compare, compare_layers, compare_totals
from engine.flipped_kernels import FlippedPair, can_flip, flipped_pair
from engine.project import Project, analyze_project
from engine.row_names import numbered
from engine.side_by_side import Side
from gui.document import Document

PINNED, NOW = "Pinned", "Now"


class Subject(Enum):
    """What stands beside what."""

    NETWORKS = "networks"
    LAYERS = "layers"
    FLIPPED = "flipped"


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two sides with their analyses, what they are called, and their sizes and costs by layer."""

    subject: Subject
    sides: tuple[Side, Side]
    analyses: tuple[Analysis, Analysis]
    names: tuple[str, str]
    rows: tuple[ComparedRow, ...]


class Comparing(QObject):
    """Which network is pinned, and whether and what is compared; nothing of it is an edit."""

    changed = Signal()

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._pinned: Project | None = None
        self._pinned_analysis: tuple[Project, Analysis] | None = None
        self._compared: tuple[Analysis, Analysis, tuple[ComparedRow, ...]] | None = None
        self._subject: Subject | None = None
        self._layers = ("", "")
        document.opened.connect(self.stop)
        document.project_changed.connect(self._on_project_changed)

    @property
    def pinned(self) -> Project | None:
        """The network as it was pinned, on the picture that is shown now."""
        if self._pinned is None:
            return None
        return replace(self._pinned, picture=self._document.project.picture)

    @property
    def is_open(self) -> bool:
        """Whether something is compared now."""
        return self._subject is not None

    def pin(self) -> None:
        """Pin the network as it is."""
        self._pinned = self._document.project
        self.changed.emit()

    def release(self) -> None:
        """Let the pinned network go."""
        self._pinned = self._pinned_analysis = self._compared = None
        if self._subject is Subject.NETWORKS:
            self._subject = None
        self.changed.emit()

    def compare_networks(self) -> None:
        """Show the pinned network beside the one that is edited, at the selected layer."""
        if self._pinned is not None:
            self._show(Subject.NETWORKS)

    def compare_layers(self, one: str, other: str) -> None:
        """Show two layers of the network beside each other."""
        self._layers = one, other
        self._show(Subject.LAYERS)

    def compare_flipped(self, node_id: str) -> None:
        """Show a convolution as it is beside the same one with its kernel turned by 180°."""
        self._layers = node_id, node_id
        self._show(Subject.FLIPPED)

    def stop(self) -> None:
        """Compare nothing any more; what is pinned stays."""
        if self._subject is not None:
            self._subject = None
            self.changed.emit()

    def comparison(self) -> Comparison | None:
        """Return what is compared, of the document as it is now; None if that is not there."""
        # The selection may move from a layer that goes before anybody hears of the new project.
        if self._subject is None or self._is_gone:
            return None
        project, analysis = self._document.project, self._document.analysis
        if self._subject is Subject.NETWORKS:
            return self._networks(project, analysis)
        one, other = self._layers
        if self._subject is Subject.FLIPPED:
            pair = flipped_pair(project.network, one)
            return self._flipped(project.with_network(pair.network), pair)
        names = numbered(project.network, one), numbered(project.network, other)
        row = compare_layers(analysis, one, other)
        sides = Side(project, one), Side(project, other)
        return Comparison(Subject.LAYERS, sides, (analysis, analysis), names, (row,))

    def differing_layers(self) -> int:
        """Return in how many layers the pinned network and the edited one differ."""
        pinned = self.pinned
        if pinned is None:
            return 0
        rows = self._rows(self._analysis_of(pinned), self._document.analysis)
        return sum(not row.is_equal for row in rows if row.node_id)

    def pinned_analysis(self) -> Analysis | None:
        """Return the analysis of the pinned network on the picture that is shown now."""
        pinned = self.pinned
        return None if pinned is None else self._analysis_of(pinned)

    def _networks(self, project: Project, analysis: Analysis) -> Comparison:
        pinned = self.pinned
        assert pinned is not None
        before, selected = self._analysis_of(pinned), self._document.selected
        return Comparison(
            Subject.NETWORKS,
            (Side(pinned, selected), Side(project, selected)),
            (before, analysis),
            (PINNED, NOW),
            self._rows(before, analysis),
        )

    def _rows(self, before: Analysis, now: Analysis) -> tuple[ComparedRow, ...]:
        """Return the totals and all layers side by side, made once for each edit."""
        known = self._compared
        if known is None or known[0] is not before or known[1] is not now:
            rows = compare_totals(before, now), *compare(before, now)
            known = self._compared = before, now, rows
        return known[2]

    def _flipped(self, project: Project, pair: FlippedPair) -> Comparison:
        analysis = analyze_project(project)
        return Comparison(
            Subject.FLIPPED,
            (Side(project, pair.correlated), Side(project, pair.convolved)),
            (analysis, analysis),
            ("Cross-correlation", "True convolution"),
            (compare_layers(analysis, pair.correlated, pair.convolved),),
        )

    def _analysis_of(self, pinned: Project) -> Analysis:
        """Return the analysis of a pinned network, made once for each picture."""
        known = self._pinned_analysis
        if known is not None and known[0] == pinned:
            return known[1]
        found = analyze_project(pinned)
        self._pinned_analysis = pinned, found
        return found

    def _show(self, subject: Subject) -> None:
        self._subject = subject
        self.changed.emit()

    @property
    def _is_gone(self) -> bool:
        """Whether a compared layer is gone, or has no kernel to turn any more."""
        network = self._document.project.network
        if self._subject in (None, Subject.NETWORKS):
            return False
        if any(node_id not in network for node_id in self._layers):
            return True
        return self._subject is Subject.FLIPPED and not can_flip(network.node(self._layers[0]))

    def _on_project_changed(self) -> None:
        if self._is_gone:
            self.stop()
