"""The main window: it places the panels and connects their signals."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMainWindow, QSplitter, QVBoxLayout, QWidget

from engine.analysis import Totals
from engine.project import Project
from gui.document import Change, Document
from gui.editing import Editing
from gui.evaluator import EvaluationReport, Evaluator, LayerResult
from gui.layer_palette import LayerPalette
from gui.network_view import FlowState, NetworkView
from gui.row_layout import BLOCK_LEFT, MAPS_LEFT, FlowOptions
from gui.side_panel import SidePanel
from gui.theme import Theme
from gui.wording import bytes_text, count_text

PALETTE_FROM = 1280
"""Below this width the palette gives way to the quick menu."""
SIDE_FROM = 1100
"""Below this width the side panel is a drawer."""


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
        self.palette_panel = LayerPalette(theme)
        self.flow = NetworkView(self.editing.preview)
        self.side = SidePanel()
        self.totals = QLabel()
        self._place_panels()
        self._connect()
        self._on_project_changed(Change(project, self.document.analysis))
        self.resize(1440, 900)
        self.setMinimumSize(720, 480)

    def _place_panels(self) -> None:
        middle = QWidget()
        middle.setObjectName("window")
        middle.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._headings())
        column.addWidget(self.flow)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for panel in (self.palette_panel, middle, self.side):
            self.splitter.addWidget(panel)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([180, 930, 340])
        self.splitter.setHandleWidth(3)
        self.splitter.setChildrenCollapsible(False)
        self.setCentralWidget(self.splitter)

    def _headings(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(BLOCK_LEFT, 0, 18, 0)
        network, maps = QLabel("NETWORK"), QLabel("FEATURE MAPS")
        for label in (network, maps):
            label.setProperty("role", "heading")
        network.setFixedWidth(MAPS_LEFT - BLOCK_LEFT)
        self.totals.setProperty("role", "muted")
        row.addWidget(network)
        row.addWidget(maps)
        row.addStretch()
        row.addWidget(self.totals)
        row.setSpacing(0)
        return row

    def _connect(self) -> None:
        document, editing, flow = self.document, self.editing, self.flow
        document.project_changed.connect(self._on_project_changed)
        document.selection_changed.connect(self._on_selection_changed)
        self.evaluator.layer_ready.connect(self._on_layer_ready)
        self.evaluator.finished.connect(self._on_finished)
        self.evaluator.failed.connect(self._on_failed)
        editing.refused.connect(self.statusBar().showMessage)
        flow.layer_pressed.connect(document.select)
        flow.sheets_wanted.connect(self._request)
        flow.kind_dropped.connect(editing.insert_kind)
        flow.layer_dropped.connect(editing.move)
        flow.map_height_changed.connect(self._on_map_height_changed)
        flow.repair_clicked.connect(self._on_repair_clicked)
        flow.more_clicked.connect(self._on_more_clicked)
        flow.fold_clicked.connect(self._on_fold_clicked)
        self.palette_panel.kind_chosen.connect(self._on_kind_chosen)
        self.side.setting_edited.connect(self._on_setting_edited)
        self.side.settled.connect(document.end_merge)
        self.side.repair_chosen.connect(editing.apply_repair)

    # From the document and the evaluator

    def _on_project_changed(self, change: Change) -> None:
        self._show_flow()
        self._show_side()
        self.totals.setText(totals_text(change.analysis.totals))
        if not change.only_display:
            self._request()

    def _on_selection_changed(self, node_id: str) -> None:
        self._show_flow()
        self._show_side()
        self.flow.scroll_to(node_id)

    def _show_flow(self) -> None:
        document = self.document
        self.flow.show_flow(
            FlowState(document.analysis, self.options, self.theme, document.selected, "HWC")
        )

    def _show_side(self) -> None:
        document = self.document
        number = document.project.network.index(document.selected)
        self.side.show_layer(number, document.analysis[document.selected])

    def _request(self) -> None:
        self.evaluator.request(self.document.project, self.flow.wanted_sheets())

    def _on_layer_ready(self, result: LayerResult) -> None:
        self.flow.show_result(result)

    def _on_finished(self, report: EvaluationReport) -> None:
        count = len(report.computed)
        computed = f" · {count} layer{'s' if count != 1 else ''} computed again" if count else ""
        self.statusBar().showMessage(f"Computed in {report.seconds * 1000:.0f} ms{computed}")

    def _on_failed(self, sentence: str, details: str) -> None:
        self.statusBar().showMessage(sentence)

    # From the panels

    def _on_kind_chosen(self, kind_id: str) -> None:
        self.editing.insert_kind(kind_id, self.document.selected)

    def _on_setting_edited(self, name: str, value: object) -> None:
        node_id = self.document.selected
        self.editing.change_settings(node_id, {name: value}, merge=(node_id, name))

    def _on_repair_clicked(self, node_id: str, place: int) -> None:
        problem = self.document.analysis[node_id].problems[0]
        self.editing.apply_repair(problem.repairs[place])

    def _on_more_clicked(self, node_id: str) -> None:
        self._change_options(expanded=self.options.expanded ^ {node_id})

    def _on_fold_clicked(self, node_id: str) -> None:
        self._change_options(folded=self.options.folded ^ {node_id})

    def _on_map_height_changed(self, height: int) -> None:
        self._change_options(map_height=height)

    def _change_options(self, **changes: object) -> None:
        self.options = replace(self.options, **changes)  # type: ignore[arg-type]
        self._show_flow()

    # Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.palette_panel.setVisible(self.width() >= PALETTE_FROM)
        self.side.setVisible(self.width() >= SIDE_FROM)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.evaluator.stop()
        super().closeEvent(event)


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
