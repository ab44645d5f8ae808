"""Between the document and what proposes edits: advice is found bit by bit, and looked at."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from engine.advice import Advice, Goal, advice_for, harmless_first, outlook
from engine.edits import Edit
from engine.formats.advice_text import totals_words
from gui.document import Document
from gui.flow.network_view import NetworkView
from gui.side.side_panel import SidePanel

PAUSE_MS = 60
"""Advice is sought when no edit has come for so long: a drag is not held up by it."""


class AdviceBinding(QObject):
    """Seeks the advice that the side panel wants; shows in the flow what an edit would do.

    Every proposal takes an analysis of the whole network, so the window gets its turn between two
    of them, and the next edit ends the search.
    """

    outlook_changed = Signal(object)
    """The analysis with the edit that is looked at, None where none is."""

    def __init__(self, document: Document, flow: NetworkView, side: SidePanel) -> None:
        super().__init__(side)
        self._document = document
        self._flow = flow
        self._side = side
        self._search: Iterator[Advice | None] = iter(())
        self._goal: Goal = "denser"
        self._found: list[Advice | None] = []
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._turn = QTimer(self, interval=0)
        self._pause.timeout.connect(self._on_paused)
        self._turn.timeout.connect(self._on_turn)
        side.advice.wanted.connect(self._on_wanted)
        side.edit_pointed.connect(self._on_edit_pointed)

    def forget(self) -> None:
        """Forget what was sought: it is about a state that has passed."""
        self._pause.stop()
        self._turn.stop()

    def _on_wanted(self) -> None:
        self._turn.stop()
        self._pause.start()

    def _on_paused(self) -> None:
        document, self._goal = self._document, self._side.advice.goal
        network, analysis = document.project.network, document.analysis
        self._search = advice_for(self._goal, network, analysis, document.selected)
        self._found = []
        self._turn.start()

    def _on_turn(self) -> None:
        try:
            self._found.append(next(self._search))
        except StopIteration:
            self._turn.stop()
            # Another goal may have been chosen that nobody has painted yet.
            if self._goal == self._side.advice.goal:
                self._side.advice.show_advice(harmless_first(self._found))

    def _on_edit_pointed(self, edit: Edit | None) -> None:
        document = self._document
        after = None
        if edit is not None:
            after = outlook(document.project.network, document.analysis, edit)
        self._flow.show_outlook(after)
        self.outlook_changed.emit(after)
        words = "" if after is None else totals_words(document.analysis.totals, after.totals)
        self._side.advice.show_outcome(words)
