"""Between the document and the list of its problems, which opens under the flow's heading."""

from PySide6.QtCore import QObject, Qt, Signal

from engine.problems import Repair
from gui.document import Document
from gui.editing import Editing
from gui.flow.flow_headings import FlowHeadings
from gui.flow.network_view import NetworkView
from gui.popover import Popover
from gui.problems.problem_list import ProblemList


class ProblemBinding(QObject):
    """Opens the list, lets it follow the document, and does what is chosen in it."""

    repair_pointed = Signal(object)
    """The repair that is looked at, or None."""

    def __init__(
        self, document: Document, editing: Editing, flow: NetworkView, headings: FlowHeadings
    ) -> None:
        super().__init__(flow)
        self._document = document
        self._editing = editing
        self._flow = flow
        self._button = headings.problems
        self._popover: Popover | None = None
        self._list: ProblemList | None = None
        headings.problems.clicked.connect(self.toggle)

    def toggle(self) -> None:
        """Open the list, or close it."""
        if self._popover is not None:
            self._popover.close_popover()
        elif self._document.analysis.problems:
            self._open()

    def go_to_next(self) -> None:
        """Select the next layer below that has a problem; behind the last, the first."""
        analysis = self._document.analysis
        behind = analysis.places[self._document.selected] + 1
        order = analysis.ids[behind:] + analysis.ids[:behind]
        following = next((node_id for node_id in order if analysis[node_id].problems), None)
        if following is not None:
            self._go_to(following)

    def refresh(self) -> None:
        """Show the problems as they are now; without any the list closes."""
        if self._list is None or self._popover is None:
            return
        if not self._document.analysis.problems:
            self._popover.close_popover()
            self._flow.setFocus(Qt.FocusReason.PopupFocusReason)
            return
        self._list.show_analysis(self._document.analysis)

    def _open(self) -> None:
        shown = ProblemList()
        shown.layer_chosen.connect(self._go_to)
        shown.repair_chosen.connect(self._on_repair_chosen)
        shown.repair_pointed.connect(self.repair_pointed)
        shown.show_analysis(self._document.analysis)
        self._list = shown
        self._popover = Popover(shown, self._flow.window())
        self._popover.setAccessibleName("Problems")
        self._popover.closed.connect(self._on_closed)
        self.destroyed.connect(self._popover.deleteLater)
        self._popover.open_under(self._button, shown)
        shown.focus_layer(self._document.selected)

    def _go_to(self, node_id: str) -> None:
        if self._popover is not None:
            self._popover.close_popover()
        self._flow.setFocus(Qt.FocusReason.PopupFocusReason)
        self._document.select(node_id)
        self._flow.scroll_to(node_id)

    def _on_repair_chosen(self, repair: Repair) -> None:
        self.repair_pointed.emit(None)
        self._editing.apply_repair(repair)

    def _on_closed(self) -> None:
        self.repair_pointed.emit(None)
        if self._popover is not None:
            self._popover.deleteLater()
        self._popover = self._list = None
