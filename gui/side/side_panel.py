"""The panel at the right: the selected layer's size, settings, weights, cost and values."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.analysis import LayerAnalysis
from engine.edits import Edit
from engine.naming import Naming
from engine.problems import Repair
from engine.sheets.map_sheet import MapSheet
from engine.sheets.map_statistics import LayerStatistics
from engine.weighting.stored_array import StoredArray
from engine.weighting.weights import Weights
from gui.labels import set_role
from gui.maps.map_statistics_view import MapStatisticsView, shown_map
from gui.side.advice_list import AdviceList
from gui.side.cost_table import CostTable
from gui.side.dialect_card import DialectCard
from gui.side.equation_card import EquationCard
from gui.side.kernel_editor import KernelEditor
from gui.side.problem_card import ProblemCard
from gui.side.settings_form import SettingsForm
from gui.side.weights_form import WeightsForm

PANEL_WIDTH = 330
NARROWEST = 300
"""Widths at the usual size of text."""

Section: TypeAlias = EquationCard | AdviceList | DialectCard
"""A part of the panel that can be folded."""


class SidePanel(QScrollArea):
    """Everything about one layer besides its maps."""

    setting_edited = Signal(str, object)
    weights_changed = Signal(Weights, str, object)
    """The layer's new weights, the edit's name, and a key that merges edits in a row, or None."""
    settled = Signal()
    """A drag, or whatever changed a value bit by bit, has ended."""
    repair_chosen = Signal(Repair)
    edit_chosen = Signal(Edit, str)
    """An edit that was proposed, and its name as a step."""
    edit_pointed = Signal(object)
    """An edit that is proposed and looked at, or None."""
    layer_wanted = Signal(str)
    """Another layer is to be selected: the one whose problem this one waits for."""
    weight_file_wanted = Signal()
    """A weight file is to be chosen, read and handed to `show_weight_file`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName("Layer")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._node_id = ""
        self._has_numbers = True
        self._counted: LayerStatistics | None = None
        self._channel = -1
        self.title = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        set_role(self.title, "heading")
        self.problems = ProblemCard()
        self.equation = EquationCard()
        self.form = SettingsForm()
        self.weights = WeightsForm()
        self.kernel = KernelEditor()
        self.costs = CostTable()
        self.advice = AdviceList()
        self.statistics = MapStatisticsView()
        self.statistics.hide()
        self.words = DialectCard()
        content = QWidget()
        content.setObjectName("panel")
        column = QVBoxLayout(content)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(14)
        for part in (
            self.title, self.problems, self.equation, self.form, self.equation.unread, self.costs,
            self.advice, self.weights, self.kernel, self.statistics, self.words,
        ):  # fmt: skip
            column.addWidget(part)
        column.addStretch()
        self.setWidget(content)
        self.setMinimumWidth(_scaled(NARROWEST))
        self.sections: Mapping[str, Section] = {
            "why": self.equation, "advice": self.advice, "words": self.words,
        }  # fmt: skip
        """What can be folded, by the name under which that is kept."""
        self._connect()

    def _connect(self) -> None:
        self.problems.repair_chosen.connect(self.repair_chosen)
        self.problems.layer_wanted.connect(self.layer_wanted)
        self.form.edited.connect(self.setting_edited)
        for source in (self.form, self.weights, self.kernel):
            source.settled.connect(self.settled)
        for source in (self.weights, self.kernel):
            source.weights_changed.connect(self.weights_changed)
        for part in (self.advice, self.words):
            part.edit_chosen.connect(self.edit_chosen)
            part.edit_pointed.connect(self.edit_pointed)
        self.problems.repair_pointed.connect(self.edit_pointed)
        self.weights.file_wanted.connect(self.weight_file_wanted)

    def sizeHint(self) -> QSize:
        return QSize(_scaled(PANEL_WIDTH), 600)

    def show_layer(self, number: int, layer: LayerAnalysis, name: Naming) -> None:
        """Show a layer.

        Args:
            number: its place in the flow, 0 for the picture.
            layer: what is known of it.
            name: what other layers are called.
        """
        node = layer.node
        anew = node.id != self._node_id
        self._node_id = node.id
        label = node.layer.kind.label.upper()
        self.title.setText(f"LAYER {number} · {label}" if number else label)
        self.problems.show_problems(layer, name)
        self.equation.show_layer(layer)
        self.form.setVisible(bool(node.layer.settings))
        wrong = frozenset(problem.setting for problem in layer.problems if problem.setting)
        self.form.show_layer(node.layer, wrong, anew=anew)
        self.weights.show_layer(layer, anew=anew)
        self.kernel.show_layer(layer, anew=anew)
        self.costs.show_layer(layer)
        self.advice.show_layer(layer, name, anew=anew)
        self.words.show_layer(layer, anew=anew)
        if anew:
            self.verticalScrollBar().setValue(0)
        if anew or not layer.computable:
            self.forget_map()
        _settle_layouts()

    def show_weight_file(self, origin: str, arrays: Mapping[str, StoredArray]) -> None:
        """Take the layer's weights from a file that was opened."""
        self.weights.show_file(origin, arrays)

    def set_numbers_elsewhere(self, elsewhere: bool) -> None:
        """Leave out the numbers of the map, which the large view shows, or show them again."""
        self._has_numbers = not elsewhere
        if elsewhere:
            self.forget_map()

    def forget_map(self) -> None:
        """Show no numbers of a map until one is shown again."""
        self.statistics.show_map(None)

    def show_map(
        self,
        maps: NDArray[np.float32],
        statistics: LayerStatistics,
        channel: int,
        sheet: MapSheet | None = None,
    ) -> None:
        """Show the numbers of a map of the layer, and the filter that makes it.

        Args:
            maps: all maps of the layer (C, H, W).
            statistics: of them; those that it does not hold are computed.
            channel: which map.
            sheet: where the maps are drawn, if they are.
        """
        if not 0 <= channel < len(maps):
            return
        is_new = (statistics, channel) != (self._counted, self._channel)
        self._counted, self._channel = statistics, channel
        if self._has_numbers and (is_new or self.statistics.isHidden()):
            self.statistics.show_map(shown_map(maps, statistics, channel))
        self.statistics.show_colors(sheet, channel)
        self.kernel.show_filter(channel)


def _settle_layouts() -> None:
    """Lay out what was changed before it is painted, or a frame shows lines that overlap."""
    # The height of wrapped lines follows from their width, which a first pass gives.
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def _scaled(width: int) -> int:
    """Return a width for the chosen size of text."""
    return round(width * QApplication.font().pointSizeF() / 10)
