"""The main window: it places the panels and connects their signals."""

from dataclasses import replace
from typing import cast

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from engine.project import Project
from gui.actions import Actions
from gui.columns import Middle, column
from gui.compare.compare_binding import CompareBinding
from gui.compare.comparing import Comparing
from gui.computing import Computing, Wishes
from gui.computing_binding import ComputingBinding
from gui.connections import Connections
from gui.document import Change, Document
from gui.editing import Editing
from gui.error_dialog import show_unexpected
from gui.evaluator import Evaluator
from gui.exporting import Exporting
from gui.file_dialogs import FileDialogs
from gui.files import Files
from gui.flow.flow_headings import FlowHeadings
from gui.flow.flow_state import FlowState
from gui.flow.network_view import NetworkView
from gui.late_style import styled_at_the_end
from gui.layer_palette import LayerPalette
from gui.map_results import LayerResult
from gui.maps.map_binding import MapBinding
from gui.menus import Menus
from gui.panel_space import PanelSpace
from gui.parts import Parts
from gui.pictures.picture_drops import PictureDrops
from gui.pictures.picture_loader import PictureLoader
from gui.pictures.picture_notice import PictureNotice
from gui.pictures.picture_opening import PictureOpening
from gui.pictures.picture_panels import PicturePanels
from gui.popups import Popups
from gui.preferences import Preferences
from gui.problems.problem_binding import ProblemBinding
from gui.progress_strip import ProgressStrip
from gui.routing import action_state, routes
from gui.side.side_binding import SideBinding
from gui.side.side_panel import SidePanel
from gui.size_path.size_path_binding import SizePathBinding
from gui.theme import Theme, applied_at_the_end
from gui.top_bar import TopBar
from gui.values.pinning import Pinning
from gui.values.value_binding import ValueBinding
from gui.values.value_panel import ValuePanel
from gui.viewing import Viewing
from gui.window_state import WindowState


class MainWindow(QMainWindow):
    """Top bar, palette, flow and side panel around one document.

    The document and what acts on it live as long as the window. The panels hold nothing of it, so
    they are simply made anew when the theme or the size of text changes.
    """

    def __init__(
        self, project: Project, preferences: Preferences, budget: int, limit: int | None = None
    ) -> None:
        """Show a project; the budget and the limit of memory are those of `Computing`."""
        super().__init__()
        self.setObjectName("window")
        self.preferences = preferences
        self.document = Document(project, self)
        self.editing = Editing(self.document, self)
        self.viewing = Viewing(self.document, self)
        self.pinning = Pinning(self)
        self.comparing = Comparing(self.document, self)
        self.evaluator = Evaluator(budget, self)
        self.computing = Computing(self.document, self.evaluator, self._wishes, limit, self)
        self.progress = ProgressStrip(self.statusBar())
        self.files = Files(self.document, preferences, self)
        self.state = WindowState(self, self.document, self.files, preferences)
        self.pictures = PictureOpening(
            self.document, PictureLoader(self), preferences.recent_pictures, self, budget
        )
        self.drops = PictureDrops(self)
        self.exporting = Exporting(
            self.document, self.viewing, preferences, lambda name: self.flow.result(name), self
        )
        self.commands = Actions(self)
        self.menus = Menus(self.commands, preferences, self)
        self.menus.fill_bar(self.menuBar())
        self.addActions(self.commands.with_keys(flow_only=False))
        # First, or the maps that are computed while the panels are made would be lost.
        self._connect()
        self._make_panels()
        self.flow.setFocus()
        self.setMinimumSize(720, 480)
        self.resize(1440, 900)
        self.state.restore(self.space)

    @styled_at_the_end()
    def _make_panels(self) -> None:
        self.theme: Theme = self.preferences.theme
        self.commands.show_theme(self.theme)
        self.palette_panel = LayerPalette(self.theme)
        self.flow = NetworkView(self.editing.preview)
        self.flow.addActions(self.commands.with_keys(flow_only=True))
        self.side = SidePanel()
        self.value_panel = ValuePanel(self.theme)
        dialogs = FileDialogs(self, self.preferences)
        self.side_binding = SideBinding(self.document, self.editing, self.flow, self.side, dialogs)
        self.value = ValueBinding(self.pinning, self.document, self.flow, self.value_panel)
        self.headings = FlowHeadings()
        self.side_binding.outlook_changed.connect(self.headings.show_outlook)
        self.problems = ProblemBinding(self.document, self.editing, self.flow, self.headings)
        self.problems.repair_pointed.connect(self.side.edit_pointed)
        self.notice = PictureNotice()
        self.computed = ComputingBinding(
            self.computing, self.document, self.editing, self.flow, self.progress
        )
        page = column(self.headings, self.flow, growing=self.flow, spacing=4)
        self.maps = MapBinding(
            self.document, self.viewing, self.pinning, self.flow, page, self.theme
        )
        self.maps.map_shown.connect(self.side_binding.look_at_map)
        self.maps.open_changed.connect(self.side.set_numbers_elsewhere)
        self.maps.open_changed.connect(self.side_binding.refresh)
        # The flow has dropped those maps by then.
        for drop in (self.maps.keep_results, self.side_binding.keep_results, self.value.refresh):
            self.computing.kept.connect(drop)
        self.computing.finished.connect(self.value.settle)
        self.compare = CompareBinding(
            self.comparing, self.document, self.viewing, self.evaluator, self.maps, self.theme
        )
        self.size_path = SizePathBinding(
            self.document, self.viewing, self.maps, self.preferences, self, self.theme
        )
        for said in (self.computed.noticed, self.size_path.noticed):
            said.connect(self.statusBar().showMessage)
        above = self.notice, self.computed.notice, self.compare.bar
        middle = Middle(above, self.maps.pages, self.value_panel)
        self.space = PanelSpace(self.palette_panel, middle, self.side)
        self.bar = TopBar(self.commands, self.menus, self.theme)
        self.picture_panels = PicturePanels(
            self.pictures, self.editing, self.document, self.flow, self.theme
        )
        self.bar.add_picture_choice(self.picture_panels.bar)
        self.connections = Connections(
            self, self.theme, self.document, self.editing, self.viewing, self.flow
        )
        self.setCentralWidget(column(self.bar, self.space, growing=self.space))
        self._parts = Parts(
            self, self.document, self.editing, self.viewing, self.computing, self.files,
            self.preferences, self.pictures, self.picture_panels, self.connections,
            self.exporting, self.maps, self.comparing, self.compare, self.size_path,
            self.problems, self.flow, self.space,
        )  # fmt: skip
        self.popups = Popups(self._parts, self.theme, self.commands, self.menus)
        self._routes = routes(self._parts, self.popups)
        self._connect_panels()
        self.state.show_panels(self.space, self.side)
        self._on_project_changed(Change(self.document.project, self.document.analysis))

    def _connect(self) -> None:
        document, files, menus = self.document, self.files, self.menus
        document.opened.connect(self._on_opened)
        document.project_changed.connect(self._on_project_changed)
        document.selection_changed.connect(self._on_selection_changed)
        document.undo_stack.indexChanged.connect(self._show_actions)
        self.comparing.changed.connect(self._show_actions)
        self.evaluator.layer_ready.connect(self._on_layer_ready)
        self.evaluator.failed.connect(self._on_failed)
        self.computing.state_changed.connect(self._show_actions)
        self.progress.stop_asked.connect(self.computing.stop)
        self.progress.go_on_asked.connect(self.computing.go_on)
        for said in (self.editing.refused, files.noticed, self.exporting.noticed):
            said.connect(self.statusBar().showMessage)
        self.commands.triggered.connect(self._on_action_triggered)
        menus.example_chosen.connect(files.open_example)
        menus.recent_projects.chosen.connect(files.open_network)
        menus.recent_pictures.chosen.connect(self.pictures.open_path)
        files.picture_named.connect(self.pictures.open_path)
        files.opening.connect(self.pictures.close_notice)
        self.pictures.failed.connect(self._on_failed)
        self.drops.file_dropped.connect(files.open_path)
        self.drops.picture_dropped.connect(self.pictures.open_source)
        self.drops.refused.connect(self.pictures.refuse)
        self.drops.several_dropped.connect(self.pictures.remark_on_drop)
        self.preferences.appearance_changed.connect(self._on_appearance_changed)

    def _connect_panels(self) -> None:
        document, editing, viewing, flow = self.document, self.editing, self.viewing, self.flow
        flow.layer_pressed.connect(document.select)
        self.compare.maps_wanted.connect(self.computing.refresh)
        flow.kind_dropped.connect(editing.insert_kind)
        flow.layer_dropped.connect(editing.move)
        flow.map_height_changed.connect(viewing.set_map_height)
        flow.repair_clicked.connect(editing.repair)
        flow.more_clicked.connect(viewing.toggle_all_maps)
        flow.fold_clicked.connect(viewing.toggle_folded)
        flow.menu_requested.connect(self._on_menu_requested)
        flow.gap_chosen.connect(self.popups.show_insert)
        self.palette_panel.kind_chosen.connect(editing.insert_behind_selected)
        self.pictures.notice_changed.connect(self.notice.show_notice)
        self.notice.show_notice(self.pictures.notice)
        self.notice.answered.connect(self.pictures.answer)
        self.notice.closed.connect(self.pictures.close_notice)
        self.bar.search_asked.connect(self.popups.show_search)
        self.space.shown_changed.connect(self._on_shown_changed)
        self.popups.action_chosen.connect(self.commands.trigger)
        self.popups.kind_chosen.connect(editing.insert_kind)
        self.popups.layer_chosen.connect(document.select)
        self.popups.example_chosen.connect(self.files.open_example)

    def _on_opened(self) -> None:
        self.evaluator.forget()
        self.flow.forget_results()
        self.flow.verticalScrollBar().setValue(0)
        self.maps.forget()

    def _on_project_changed(self, change: Change) -> None:
        self._show_flow()
        self.headings.show_network(change.analysis.totals, self.flow.rows)
        self.bar.show_choices(self.viewing.view.chosen)
        self._show_actions()
        if not change.only_display:
            self.side_binding.refresh()
            self.value.refresh()
            self.computed.refresh()
            self.problems.refresh()
        self.maps.refresh()

    def _on_selection_changed(self, node_id: str) -> None:
        self._show_flow()
        self.side_binding.refresh()
        self.maps.refresh()
        self._show_actions()
        self.flow.scroll_to(node_id)

    def _show_flow(self) -> None:
        document, view, plan = self.document, self.viewing.view, self.computing.plan
        self.flow.keep_results(plan.fitting)
        self.flow.show_flow(
            FlowState(
                document.analysis,
                replace(view.options, withheld=frozenset(plan.withheld)),
                self.theme,
                document.selected,
                view.size_order,
                view.color,
                view.scope,
                view.clip,
            )
        )

    def _show_actions(self) -> None:
        self.commands.show_state(action_state(self._parts))

    def _wishes(self) -> Wishes:
        return self.flow.wanted_sheets(), self.compare.wanted()

    def _on_layer_ready(self, result: LayerResult) -> None:
        if not self.computing.expects(result.node_id):
            return  # the maps of an earlier state were on their way
        self.flow.show_result(result)
        self.value.refresh_if_shown(result.node_id)
        self.side_binding.show_result(result)
        self.maps.show_result(result)

    def _on_failed(self, sentence: str, details: str) -> None:
        if details:
            show_unexpected(sentence, details)
        else:
            self.statusBar().showMessage(sentence)

    def _on_action_triggered(self, action_id: str) -> None:
        self._routes[action_id]()
        self._show_actions()

    def _on_appearance_changed(self) -> None:
        app = cast(QApplication, QApplication.instance())
        scrolled = self.flow.verticalScrollBar().value()
        large = self.maps.view.index if self.maps.is_open else None
        was_path = self.size_path.is_open
        with applied_at_the_end(app, self.preferences.theme, self.preferences.text_scale):
            self._make_panels()
        # In a window that is open, Qt would do it only later.
        cast(QWidget, self.centralWidget()).show()
        self.flow.setFocus()
        self.flow.verticalScrollBar().setValue(scrolled)
        if large is not None:
            self.maps.open(self.document.selected, large)
        if was_path:
            self.size_path.open()

    def _on_shown_changed(self) -> None:
        self.state.keep_panels(self.space)
        self.bar.show_insert(not self.space.palette_shown)
        self._show_actions()

    def _on_menu_requested(self, node_id: str, point: QPointF) -> None:
        self.document.select(node_id)
        self.popups.show_layer_menu(point.toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # What has the keyboard had no use for it, wherever that is.
        if event.key() == Qt.Key.Key_Escape:
            self.computing.stop()
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_discard():
            event.ignore()
            return
        self.state.keep(self.space)
        self.computing.close()
        self.evaluator.stop()
        self.pictures.stop()
        super().closeEvent(event)
