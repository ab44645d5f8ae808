"""Between the document and the panel at the right: the selected layer, its edits, its weights."""

from collections.abc import Collection, Hashable
from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.problems import Repair
from engine.row_names import numbered
from engine.weighting.weight_files import read_weight_file
from engine.weighting.weights import Weights
from engine.wording import shown_name
from gui.document import Document
from gui.editing import Editing
from gui.file_dialogs import ALL_FILES, FileDialogs
from gui.flow.network_view import NetworkView
from gui.map_results import LayerResult
from gui.side.advice_binding import AdviceBinding
from gui.side.side_panel import SidePanel

WEIGHT_FILES = "Weights (*.npy *.npz *.safetensors)"


class SideBinding(QObject):
    """Shows the selected layer and its numbers; carries its edits to the document."""

    outlook_changed = Signal(object)
    """The analysis with the edit that is looked at, None where none is."""

    def __init__(
        self,
        document: Document,
        editing: Editing,
        flow: NetworkView,
        side: SidePanel,
        dialogs: FileDialogs,
    ) -> None:
        super().__init__(side)
        self._document = document
        self._editing = editing
        self._flow = flow
        self._side = side
        self._dialogs = dialogs
        self._map = ("", 0)
        self._advice = AdviceBinding(document, flow, side)
        self._advice.outlook_changed.connect(self.outlook_changed)
        side.setting_edited.connect(self._on_setting_edited)
        side.settled.connect(document.end_merge)
        side.repair_chosen.connect(self._on_repair_chosen)
        side.edit_chosen.connect(editing.apply_edit)
        side.weights_changed.connect(self._on_weights_changed)
        side.weight_file_wanted.connect(self._on_weight_file_wanted)
        side.layer_wanted.connect(document.select)
        flow.map_chosen.connect(self.look_at_map)
        flow.value_chosen.connect(self.look_at_map)

    def refresh(self) -> None:
        """Show the selected layer as it is now."""
        document = self._document
        selected = document.selected
        self._advice.forget()
        network, layer = document.project.network, document.analysis[selected]
        self._side.show_layer(network.index(selected), layer, partial(numbered, network))
        result = self._flow.result(selected)
        if result is not None and result.shape == document.analysis[selected].shape:
            self.show_result(result)

    def show_result(self, result: LayerResult) -> None:
        """Show the numbers of the map that is looked at, if it is the selected layer's."""
        if result.node_id != self._document.selected:
            return
        node_id, channel = self._map
        channel = channel if node_id == result.node_id and channel < len(result.maps) else 0
        self._side.show_map(result.maps, result.statistics, channel, result.sheet)

    def keep_results(self, node_ids: Collection[str]) -> None:
        """Show no numbers of the maps of all other layers: they are out of date."""
        if self._document.selected not in node_ids:
            self._side.forget_map()

    def look_at_map(self, node_id: str, channel: int, *_place: int) -> None:
        """Show the numbers of a map, and select its layer."""
        self._map = (node_id, channel)
        if node_id == self._document.selected:
            self.refresh()
        else:
            self._document.select(node_id)

    def _on_repair_chosen(self, repair: Repair) -> None:
        # The button goes with the problem; the keyboard would stay with whatever comes next.
        self._flow.setFocus()
        self._editing.apply_repair(repair)

    def _on_setting_edited(self, name: str, value: object) -> None:
        node_id = self._document.selected
        self._editing.change_settings(node_id, {name: value}, merge=(node_id, name))

    def _on_weights_changed(self, weights: Weights, text: str, merge: Hashable | None) -> None:
        node_id = self._document.selected
        key = None if merge is None else (node_id, merge)
        self._editing.change_weights(node_id, weights, text, key)

    def _on_weight_file_wanted(self) -> None:
        path = self._dialogs.file_to_open("Open weights", "weights", (WEIGHT_FILES, ALL_FILES))
        if path is None:
            return
        arrays = self._dialogs.attempt(lambda: read_weight_file(path))
        if arrays is not None:
            self._side.show_weight_file(shown_name(path.name), arrays)
