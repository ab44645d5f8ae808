"""What a person does to the network, as edits of the document with a name each.

Every method either makes one undoable step or refuses with a sentence; none of them raises.
"""

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from PySide6.QtCore import QMimeData, QObject, Signal

from engine.advice import Preview, insertion_preview
from engine.applied_edits import applied
from engine.edits import Edit
from engine.network import INPUT_ID, Network, Node
from engine.pictures.size_policy import SizePolicy
from engine.problems import ConvolensError, Repair
from engine.registry import kind_by_id, make_layer
from engine.row_names import numbered
from engine.weighting.weights import Weights
from gui.document import Document
from gui.flow.drop_guide import KIND_MIME, LAYER_MIME

_Given = ParamSpec("_Given")


def _or_refused(
    edit: Callable[Concatenate["Editing", _Given], None],
) -> Callable[Concatenate["Editing", _Given], None]:
    """Let an edit say why it is not made, whatever in it raises."""

    @wraps(edit)
    def make(editing: "Editing", /, *args: _Given.args, **named: _Given.kwargs) -> None:
        try:
            edit(editing, *args, **named)
        except ConvolensError as error:
            editing.refused.emit(error.words(editing._name))

    return make


class Editing(QObject):
    """Edits of the document's network, picture and weights."""

    refused = Signal(str)
    """Why an edit was not made."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._copied: Node | None = None

    @property
    def _network(self) -> Network:
        return self._document.project.network

    def _apply(self, text: str, network: Network, select: str | None = None) -> None:
        """Make a step of a changed network."""
        self._document.edit(text, self._document.project.with_network(network))
        if select is not None:
            self._document.select(select)

    # Layers

    @_or_refused
    def insert_kind(self, kind_id: str, after: str) -> None:
        """Insert a new layer of a kind behind another."""
        node_id = self._network.unused_id(kind_id)
        label = kind_by_id(kind_id).kind.label
        self._apply(
            f"Insert {label}",
            self._network.insert_after(after, make_layer(kind_id), node_id),
            node_id,
        )

    def insert_behind_selected(self, kind_id: str) -> None:
        """Insert a new layer of a kind behind the selected one."""
        self.insert_kind(kind_id, self._document.selected)

    @_or_refused
    def insert_kind_on_edge(self, kind_id: str, source: str, target: str) -> None:
        """Insert a new layer on the connection between two others."""
        node_id = self._network.unused_id(kind_id)
        label = kind_by_id(kind_id).kind.label
        self._apply(
            f"Insert {label}",
            self._network.insert_on_edge(source, target, make_layer(kind_id), node_id),
            node_id,
        )

    @_or_refused
    def move(self, node_id: str, after: str) -> None:
        """Move a layer behind another."""
        self._apply(f"Move {self._label(node_id)}", self._network.move_after(node_id, after))

    @_or_refused
    def move_up(self, node_id: str) -> None:
        """Move a layer before the one that it reads."""
        inputs = self._network.node(node_id).inputs
        before = self._network.node(inputs[0]).inputs if inputs else ()
        if before:
            self.move(node_id, before[0])

    @_or_refused
    def move_down(self, node_id: str) -> None:
        """Move a layer behind the one that reads it."""
        readers = self._network.readers(node_id)
        if readers and node_id != INPUT_ID:
            self.move(node_id, readers[0])

    @_or_refused
    def remove(self, node_id: str) -> None:
        """Remove a layer; the one that it read is selected."""
        inputs = self._network.node(node_id).inputs
        self._apply(
            f"Delete {self._label(node_id)}",
            self._network.remove(node_id),
            inputs[0] if inputs else None,
        )

    @_or_refused
    def duplicate(self, node_id: str) -> None:
        """Insert a copy of a layer behind it."""
        copy = self._network.unused_id(self._network.node(node_id).layer.kind.id)
        self._apply(f"Duplicate {self._label(node_id)}", self._network.duplicate(node_id), copy)

    @_or_refused
    def toggle_bypass(self, node_id: str) -> None:
        """Switch a layer off or on."""
        off = not self._network.node(node_id).bypassed
        verb = "Switch off" if off else "Switch on"
        self._apply(f"{verb} {self._label(node_id)}", self._network.bypass(node_id, off))

    @_or_refused
    def copy(self, node_id: str) -> None:
        """Remember a layer with its weights, for `paste`."""
        if node_id != INPUT_ID:
            self._copied = self._network.node(node_id)

    @_or_refused
    def paste(self, after: str) -> None:
        """Insert the remembered layer behind another."""
        if self._copied is None:
            self.refused.emit(
                "Only layers that were copied here can be pasted: select one and copy it first."
            )
            return
        copied = self._copied
        node_id = self._network.unused_id(copied.layer.kind.id)
        self._apply(
            f"Paste {copied.layer.kind.label}",
            self._network.insert_node(after, replace(copied, id=node_id, inputs=(after,))),
            node_id,
        )

    # Connections

    @_or_refused
    def connect_layers(self, source: str, target: str, place: int | None = None) -> None:
        """Connect a layer to another's input."""
        self._apply(
            f"Connect {self._label(source)} to {self._label(target)}",
            self._network.connect(source, target, place),
            target,
        )

    @_or_refused
    def disconnect_input(self, target: str, place: int) -> None:
        """Remove a connection."""
        self._apply(f"Disconnect {self._label(target)}", self._network.disconnect(target, place))

    # Settings and weights

    @_or_refused
    def change_settings(
        self, node_id: str, changes: dict[str, Any], merge: Hashable | None = None
    ) -> None:
        """Change settings of a layer; changes in a row with the same ``merge`` are one step."""
        layer = self._network.node(node_id).layer
        changed = layer.replace(**changes)
        labels = {setting.name: setting.label for setting in layer.settings}
        names = ", ".join(labels.get(name, name).lower() for name in changes)
        network = self._network.with_layer(node_id, changed)
        self._document.edit(f"Change {names}", self._document.project.with_network(network), merge)

    @_or_refused
    def change_weights(
        self, node_id: str, weights: Weights, text: str = "Change weights",
        merge: Hashable | None = None,
    ) -> None:  # fmt: skip
        """Replace where a layer's weights come from."""
        network = self._network.with_weights(node_id, weights)
        self._document.edit(text, self._document.project.with_network(network), merge)

    def repair(self, node_id: str, place: int) -> None:
        """Make one of the repairs that a layer's row offers."""
        self.apply_repair(self._document.analysis[node_id].problems[0].repairs[place])

    @_or_refused
    def apply_repair(self, repair: Repair) -> None:
        """Make a repair that a problem offers."""
        self.apply_edit(repair, f"Repair: {repair.words(self._name)}")

    @_or_refused
    def apply_edit(self, edit: Edit, text: str) -> None:
        """Carry out an edit that was proposed."""
        kept: str | None = edit.node
        if edit.remove:
            # Where the selected layer goes, the one that it read is shown in its place.
            inputs = self._network.node(edit.node).inputs if edit.node in self._network else ()
            kept = inputs[0] if inputs and edit.node == self._document.selected else None
        self._apply(text, applied(self._network, edit), kept)

    def change_policy(self, policy: SizePolicy, merge: Hashable | None = None) -> None:
        """Change how the picture is brought to size."""
        project = replace(self._document.project, policy=policy)
        self._document.edit("Change picture size", project, merge)

    def toggle_picture_kept(self) -> None:
        """Let a saved project hold the picture itself, or only where its file lies."""
        keep = not self._document.project.embed_picture
        text = "Keep the picture in the project" if keep else "Keep only the picture's path"
        self._document.edit(text, replace(self._document.project, embed_picture=keep))

    # What a drop would do

    def preview(self, data: QMimeData, after: str) -> Preview:
        """Return what dropping a kind or a layer behind a layer would do."""
        before = self._document.analysis[after].shape
        if data.hasFormat(KIND_MIME):
            return self.preview_kind(bytes(data.data(KIND_MIME).data()).decode(), after)
        node_id = bytes(data.data(LAYER_MIME).data()).decode()
        try:
            moved = self._network.move_after(node_id, after)
        except ConvolensError as error:
            return Preview(error.words(self._name), False)
        if moved is self._network:
            return Preview("It stays where it is", True)
        return insertion_preview(self._network.node(node_id).layer, before)

    def preview_kind(self, kind_id: str, after: str) -> Preview:
        """Return what a new layer of a kind would do behind a layer."""
        return insertion_preview(make_layer(kind_id), self._document.analysis[after].shape)

    def _name(self, node_id: str) -> str:
        return numbered(self._network, node_id)

    def _label(self, node_id: str) -> str:
        return self._network.node(node_id).layer.kind.label
