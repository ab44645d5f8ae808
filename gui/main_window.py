"""The main window: it places the panels and connects their signals."""

from dataclasses import replace

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow

from engine.project import Project
from gui.document import Change, Document
from gui.editing import Editing
from gui.evaluator import EvaluationReport, Evaluator, LayerResult
from gui.network_view import FlowState, NetworkView
from gui.row_layout import FlowOptions
from gui.theme import Theme


class MainWindow(QMainWindow):
    """Palette, flow and side panel around one document."""

    def __init__(self, project: Project, theme: Theme, budget: int) -> None:
        super().__init__()
        self.setObjectName("window")
        self.document = Document(project, self)
        self.editing = Editing(self.document, self)
        self.evaluator = Evaluator(budget, self)
        self.theme = theme
        self.options = FlowOptions()
        self.flow = NetworkView(self.editing.preview)
        self.setCentralWidget(self.flow)
        self._connect()
        self._on_project_changed(Change(project, self.document.analysis))
        self.resize(1400, 900)

    def _connect(self) -> None:
        document, flow = self.document, self.flow
        document.project_changed.connect(self._on_project_changed)
        document.selection_changed.connect(self._show_flow)
        self.evaluator.layer_ready.connect(self._on_layer_ready)
        self.evaluator.finished.connect(self._on_finished)
        flow.layer_pressed.connect(document.select)
        flow.sheets_wanted.connect(self._request)
        flow.kind_dropped.connect(self.editing.insert_kind)
        flow.layer_dropped.connect(self.editing.move)
        flow.map_height_changed.connect(self._on_map_height_changed)

    def _on_project_changed(self, change: Change) -> None:
        self._show_flow()
        if not change.only_display:
            self._request()

    def _show_flow(self) -> None:
        document = self.document
        self.flow.show_flow(
            FlowState(document.analysis, self.options, self.theme, document.selected, "HWC")
        )

    def _request(self) -> None:
        self.evaluator.request(self.document.project, self.flow.wanted_sheets())

    def _on_layer_ready(self, result: LayerResult) -> None:
        self.flow.show_result(result)

    def _on_finished(self, report: EvaluationReport) -> None:
        self.statusBar().showMessage(f"Computed in {report.seconds * 1000:.0f} ms")

    def _on_map_height_changed(self, height: int) -> None:
        self.options = replace(self.options, map_height=height)
        self._show_flow()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.evaluator.stop()
        super().closeEvent(event)
