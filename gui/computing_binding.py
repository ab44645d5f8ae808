"""Between what is computed and what the window says of it: progress, memory, the end."""

from PySide6.QtCore import QObject, Signal

from gui.computing import Computing, ComputingState
from gui.document import Document
from gui.editing import Editing
from gui.flow.network_view import NetworkView
from gui.map_results import EvaluationReport
from gui.memory_notice import memory_notice
from gui.pictures.picture_notice import PictureNotice
from gui.pictures.picture_opening import LIMITED
from gui.progress_strip import ProgressStrip


class ComputingBinding(QObject):
    """Asks for maps when the document or the rows in sight change, and shows how it goes."""

    noticed = Signal(str)
    """What was computed, in a sentence."""

    def __init__(
        self,
        computing: Computing,
        document: Document,
        editing: Editing,
        flow: NetworkView,
        strip: ProgressStrip,
    ) -> None:
        self.notice = PictureNotice()
        super().__init__(self.notice)
        self.notice.setAccessibleName("Notice about memory")
        self._computing = computing
        self._document = document
        self._editing = editing
        self._strip = strip
        self._flow = flow
        flow.sheets_wanted.connect(computing.redraw)
        flow.retry_clicked.connect(computing.go_on)
        computing.kept.connect(flow.keep_results)
        computing.state_changed.connect(self._on_state_changed)
        computing.finished.connect(self._on_finished)
        self.notice.answered.connect(self._on_answered)
        strip.show_state(computing.state)

    def refresh(self) -> None:
        """Ask for the maps of the document as it is now, and say what does not fit."""
        self.notice.show_notice(memory_notice(self._document.project, self._computing.plan))
        self._computing.refresh()

    def _on_state_changed(self, state: ComputingState | None) -> None:
        self._strip.show_state(state)
        self._flow.show_fault(*(state.node_id, state.fault) if state is not None else ("", ""))
        if state is not None:
            self.noticed.emit("")  # what was said of the computation before

    def _on_finished(self, report: EvaluationReport) -> None:
        count = len(report.computed)
        computed = f" · {count} layer{'s' if count != 1 else ''} computed again" if count else ""
        self.noticed.emit(f"Computed in {report.seconds * 1000:.0f} ms{computed}")

    def _on_answered(self) -> None:
        self._editing.change_policy(LIMITED)
