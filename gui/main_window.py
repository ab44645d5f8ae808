"""The main window: it places the panels and connects their signals."""

from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QMainWindow, QVBoxLayout, QWidget

from engine.analysis import Totals
from engine.project import Project
from gui.actions import Actions
from gui.document import Change, Document
from gui.editing import Editing
from gui.elided_label import ElidedLabel
from gui.error_dialog import show_unexpected
from gui.evaluator import EvaluationReport, Evaluator, LayerResult
from gui.files import Files
from gui.layer_palette import LayerPalette
from gui.menus import Menus
from gui.network_view import FlowState, NetworkView
from gui.panel_space import PanelSpace
from gui.popups import Popups
from gui.preferences import Preferences
from gui.routing import Parts, action_state, routes
from gui.row_layout import BLOCK_LEFT, MAPS_LEFT
from gui.side_panel import SidePanel
from gui.theme import Theme, apply_theme
from gui.top_bar import TopBar
from gui.viewing import Viewing
from gui.wording import bytes_text, count_text


class MainWindow(QMainWindow):
    """Top bar, palette, flow and side panel around one document.

    The document and what acts on it live as long as the window. The panels hold nothing of it, so
    they are simply made anew when the theme or the size of text changes.
    """

    def __init__(self, project: Project, preferences: Preferences, budget: int) -> None:
        super().__init__()
        self.setObjectName("window")
        self.preferences = preferences
        self.document = Document(project, self)
        self.editing = Editing(self.document, self)
        self.viewing = Viewing(self.document, self)
        self.evaluator = Evaluator(budget, self)
        self.files = Files(self.document, self.editing, preferences, self)
        self.commands = Actions(self)
        self.menus = Menus(self.commands, self)
        self.menus.fill_bar(self.menuBar())
        self.addActions(self.commands.with_keys(flow_only=False))
        self._make_panels()
        self._connect()
        self.files.show_name()
        self.setMinimumSize(720, 480)
        self.setAcceptDrops(True)
        self.resize(1440, 900)
        self.restoreGeometry(preferences.layout("geometry"))
        self.space.restore_state(preferences.layout("panels"))

    def _make_panels(self) -> None:
        self.theme: Theme = self.preferences.theme
        self.commands.show_theme(self.theme)
        self.palette_panel = LayerPalette(self.theme)
        self.flow = NetworkView(self.editing.preview)
        self.flow.addActions(self.commands.with_keys(flow_only=True))
        self.side = SidePanel()
        self.totals = ElidedLabel()
        self.space = PanelSpace(self.palette_panel, self._middle(), self.side)
        self.bar = TopBar(self.commands, self.menus, self.theme)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.space, 1)
        self.setCentralWidget(central)
        self.popups = Popups(
            self,
            self.theme,
            self.commands,
            self.menus,
            self.document,
            self.editing,
            self.viewing,
            self.flow,
        )
        self._parts = Parts(
            self,
            self.document,
            self.editing,
            self.viewing,
            self.files,
            self.preferences,
            self.flow,
            self.space,
            self.popups,
        )
        self._routes = routes(self._parts)
        self._connect_panels()
        self._show_panels_wanted()
        self._on_project_changed(Change(self.document.project, self.document.analysis))
        self.flow.setFocus()

    def _middle(self) -> QWidget:
        middle = QWidget()
        middle.setObjectName("window")
        middle.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._headings())
        column.addWidget(self.flow)
        return middle

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
        self.totals.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(24)
        row.addWidget(self.totals, 1)
        row.setSpacing(0)
        return row

    def _connect(self) -> None:
        document, files, menus = self.document, self.files, self.menus
        document.opened.connect(self._on_opened)
        document.project_changed.connect(self._on_project_changed)
        document.selection_changed.connect(self._on_selection_changed)
        document.undo_stack.indexChanged.connect(self._show_actions)
        document.undo_stack.cleanChanged.connect(self._on_clean_changed)
        self.evaluator.layer_ready.connect(self._on_layer_ready)
        self.evaluator.finished.connect(self._on_finished)
        self.evaluator.failed.connect(self._on_failed)
        self.editing.refused.connect(self.statusBar().showMessage)
        self.commands.triggered.connect(self._on_action_triggered)
        files.named.connect(self._on_named)
        files.noticed.connect(self.statusBar().showMessage)
        menus.example_chosen.connect(files.open_example)
        menus.recent_chosen.connect(files.open_network)
        self.preferences.recent_changed.connect(self._on_recent_changed)
        self.preferences.appearance_changed.connect(self._on_appearance_changed)
        self._on_recent_changed()

    def _connect_panels(self) -> None:
        document, editing, viewing, flow = self.document, self.editing, self.viewing, self.flow
        flow.layer_pressed.connect(document.select)
        flow.sheets_wanted.connect(self._request)
        flow.kind_dropped.connect(editing.insert_kind)
        flow.layer_dropped.connect(editing.move)
        flow.map_height_changed.connect(viewing.set_map_height)
        flow.repair_clicked.connect(self._on_repair_clicked)
        flow.more_clicked.connect(viewing.toggle_all_maps)
        flow.fold_clicked.connect(viewing.toggle_folded)
        flow.menu_requested.connect(self._on_menu_requested)
        flow.gap_chosen.connect(self.popups.show_insert)
        self.palette_panel.kind_chosen.connect(self._on_kind_chosen)
        self.side.setting_edited.connect(self._on_setting_edited)
        self.side.settled.connect(document.end_merge)
        self.side.repair_chosen.connect(editing.apply_repair)
        self.bar.search_asked.connect(self.popups.show_search)
        self.space.shown_changed.connect(self._on_shown_changed)
        self.popups.action_chosen.connect(self._on_action_found)
        self.popups.kind_chosen.connect(editing.insert_kind)
        self.popups.layer_chosen.connect(document.select)
        self.popups.example_chosen.connect(self.files.open_example)

    # From the document and the evaluator

    def _on_opened(self) -> None:
        self.evaluator.cancel()
        self.flow.forget_results()

    def _on_project_changed(self, change: Change) -> None:
        self._show_flow()
        self.bar.show_choices(self.viewing.view.chosen)
        self._show_actions()
        if not change.only_display:
            self._show_side()
            self.totals.setText(totals_text(change.analysis.totals))
            self._request()

    def _on_selection_changed(self, node_id: str) -> None:
        self._show_flow()
        self._show_side()
        self._show_actions()
        self.flow.scroll_to(node_id)

    def _show_flow(self) -> None:
        document, view = self.document, self.viewing.view
        self.flow.show_flow(
            FlowState(
                document.analysis,
                view.options,
                self.theme,
                document.selected,
                view.size_order,
                view.color,
                view.scope,
            )
        )

    def _show_actions(self) -> None:
        self.commands.show_state(action_state(self._parts))

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
        if details:
            show_unexpected(sentence, details)
        else:
            self.statusBar().showMessage(sentence)

    # From actions, files and preferences

    def _on_action_triggered(self, action_id: str) -> None:
        self._routes[action_id]()
        self._show_actions()

    def _on_action_found(self, action_id: str) -> None:
        self.commands[action_id].trigger()

    def _on_named(self, name: str) -> None:
        # "[*]" is where Qt writes the star of unsaved changes.
        self.setWindowTitle(f"{name.replace('[*]', '[*][*]')}[*] – Convolens")

    def _on_clean_changed(self, clean: bool) -> None:
        self.setWindowModified(not clean)

    def _on_recent_changed(self) -> None:
        self.menus.show_recent(self.preferences.recent)

    def _on_appearance_changed(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, self.preferences.theme, self.preferences.text_scale)
        scrolled = self.flow.verticalScrollBar().value()
        self._make_panels()
        self.flow.verticalScrollBar().setValue(scrolled)

    def _show_panels_wanted(self) -> None:
        for panel in self.space.wanted:
            self.space.set_wanted(panel, self.preferences.is_shown(panel))

    def _on_shown_changed(self) -> None:
        for panel, wanted in self.space.wanted.items():
            self.preferences.set_shown(panel, wanted)
        self.bar.show_insert(not self.space.palette_shown)
        self._show_actions()

    # From the panels

    def _on_menu_requested(self, node_id: str, point: QPointF) -> None:
        self.document.select(node_id)
        self.popups.show_layer_menu(point.toPoint())

    def _on_kind_chosen(self, kind_id: str) -> None:
        self.editing.insert_kind(kind_id, self.document.selected)

    def _on_setting_edited(self, name: str, value: object) -> None:
        node_id = self.document.selected
        self.editing.change_settings(node_id, {name: value}, merge=(node_id, name))

    def _on_repair_clicked(self, node_id: str, place: int) -> None:
        problem = self.document.analysis[node_id].problems[0]
        self.editing.apply_repair(problem.repairs[place])

    # Qt's events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.files.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_discard():
            event.ignore()
            return
        self.preferences.set_layout("geometry", self.saveGeometry())
        widths = self.space.save_state()
        if widths is not None:
            self.preferences.set_layout("panels", widths)
        self.evaluator.stop()
        super().closeEvent(event)


def dropped_file(event: QDropEvent) -> Path | None:
    """Return the file that is dragged over the window or dropped on it, if it is one."""
    urls = event.mimeData().urls()
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None


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
