"""Asking for maps: how much of the network fits into memory, how far it is, and stopping it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from engine.analysis import Analysis
from engine.free_memory import free_memory
from engine.memory_plan import MemoryPlan, memory_plan
from engine.pictures.images import Picture
from engine.side_by_side import Side
from gui.document import Document
from gui.evaluator import Evaluator
from gui.map_requests import SheetWish
from gui.map_results import EvaluationReport, LayerResult

Wishes: TypeAlias = tuple[Mapping[str, SheetWish], tuple[Side, Side] | None]

SHOWN_AFTER = 300
"""Milliseconds after which a computation is spoken of."""
SHOWN_AGAIN_AFTER = 80
"""Milliseconds between two words on how far it is; layers may come by the thousand."""


@dataclass(frozen=True)
class ComputingState:
    """How far a computation is: at layer ``number`` of ``count``, or stopped there."""

    node_id: str
    number: int
    count: int
    label: str
    """What the layer is called."""
    stopped: bool = False
    """A person, or a fault, ended it there."""
    fault: str = ""
    """What happened, in a sentence, where it was a fault."""


class Computing(QObject):
    """Asks the evaluator for the maps of the document; a person may stop it and let it go on."""

    kept = Signal(frozenset)
    """The layers whose maps are there; those of all others are out of date."""
    finished = Signal(EvaluationReport)
    """All that was asked for is there."""
    state_changed = Signal(object)
    """A `ComputingState`, or None while nothing takes long."""

    def __init__(
        self,
        document: Document,
        evaluator: Evaluator,
        wishes: Callable[[], Wishes],
        limit: int | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Ask for a document's maps.

        Args:
            document: its network and picture.
            evaluator: computes them.
            wishes: tells how the rows in sight want them drawn, and what is compared.
            limit: bytes that maps and weights may take; half of what is free if None, since the
                maps of the network before may still be there.
            parent: as of any object of Qt.
        """
        super().__init__(parent)
        limit = free_memory() // 2 if limit is None else limit
        self._document = document
        self._evaluator = evaluator
        self._limit = limit
        self._wishes = wishes
        self._analysis: Analysis | None = None
        self._asked: Wishes | None = None
        self._arrived: set[str] = set()
        self._coming = ""
        self._is_running = self._is_stopped = False
        self._fault = ""
        self._shown: ComputingState | None = None
        self._plan = MemoryPlan(0, limit, frozenset(), ())
        self._slow = QTimer(self)
        self._slow.timeout.connect(self._on_slow)
        evaluator.layer_ready.connect(self._on_layer_ready)
        evaluator.progressed.connect(self._on_progressed)
        evaluator.finished.connect(self._on_finished)
        evaluator.failed.connect(self._on_failed)

    @property
    def plan(self) -> MemoryPlan:
        """What the network needs of the memory, and which layers are computed."""
        self._follow()
        return self._plan

    @property
    def state(self) -> ComputingState | None:
        """What is shown of a computation that takes long, or that was stopped."""
        return self._shown

    def expects(self, node_id: str) -> bool:
        """Return whether maps of a layer are of use; late ones of an earlier state are not."""
        return isinstance(self._document.project.picture, Picture) and node_id in self.plan.fitting

    def refresh(self) -> None:
        """Ask for the maps of the document, drawn as the rows in sight want them.

        What was stopped stays stopped until the document changes: then only what is there already
        is drawn again.
        """
        self._follow()
        if not isinstance(self._document.project.picture, Picture):
            # Maps of the picture before would pass for what comes from none.
            self.kept.emit(frozenset())
        wanted = self._arrived if self._is_stopped else self._plan.fitting
        self._asked = sheets, compared = self._wishes()
        self._evaluator.request(self._document.project, sheets, wanted, compared, self._limit)
        if not self._is_stopped and not self._is_running:
            self._is_running = True
            self._slow.start(SHOWN_AFTER)

    def redraw(self) -> None:
        """Ask again if the rows in sight, or what is compared, want something else by now."""
        self._follow()
        sheets, compared = self._wishes()
        if self._asked is None or sheets != self._asked[0] or compared is not self._asked[1]:
            self.refresh()

    def stop(self) -> None:
        """Leave the layers that are not computed yet as they are."""
        if self._is_running:
            self._leave_the_rest()
            self.refresh()

    def go_on(self) -> None:
        """Compute the layers that were left."""
        if self._is_stopped:
            self._is_stopped, self._fault = False, ""
            self.refresh()
            self._show()

    def close(self) -> None:
        """Ask for nothing more: the window closes."""
        self._end()

    def _follow(self) -> None:
        """Begin anew if the document is another: what was stopped is out of date."""
        analysis = self._document.analysis
        if analysis is not self._analysis:
            self._analysis = analysis
            self._plan = memory_plan(analysis, self._limit)
            self._asked = None
            self._arrived.clear()
            nodes = self._document.project.network.nodes
            self._coming = nodes[min(1, len(nodes) - 1)].id
            self._is_stopped, self._fault = False, ""

    def _leave_the_rest(self) -> None:
        self._is_stopped = True
        self._end()
        self.kept.emit(frozenset(self._arrived))
        self._show()

    def _end(self) -> None:
        self._is_running = False
        self._slow.stop()

    def _show(self) -> None:
        state, network = None, self._document.project.network
        if (self._is_running or self._is_stopped) and self._coming in network:
            number = network.index(self._coming)
            label = network.node(self._coming).layer.kind.label
            state = ComputingState(
                self._coming, number, len(network) - 1, label, self._is_stopped, self._fault
            )
        if state != self._shown:
            self._shown = state
            self.state_changed.emit(state)

    def _on_layer_ready(self, result: LayerResult) -> None:
        self._arrived.add(result.node_id)

    def _on_progressed(self, generation: int, node_id: str) -> None:
        if generation == self._evaluator.newest and not self._is_stopped:
            self._coming = node_id

    def _on_slow(self) -> None:
        self._slow.start(SHOWN_AGAIN_AFTER)
        self._show()

    def _on_finished(self, report: EvaluationReport) -> None:
        if report.generation == self._evaluator.newest:
            self._end()
            self._show()
            if not self._is_stopped:
                self.finished.emit(report)

    def _on_failed(self, sentence: str, details: str, generation: int) -> None:
        """Leave what the fault left: the maps behind it are out of date, or were never there."""
        if generation == self._evaluator.newest:
            self._fault = sentence
            self._leave_the_rest()
