"""Connections without a mouse: where a layer may be connected to, and which connections may go."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.analysis import Analysis
from engine.connecting import ConnectionPreview, connection_previews
from engine.network import INPUT_ID, Network
from engine.row_names import numbered
from gui.searching.search_popup import Entry, SearchPopup
from gui.theme import Theme
from gui.wording import size_text


class ConnectionMenu(SearchPopup):
    """Every layer that a layer can be connected to, and its connections to remove."""

    connection_chosen = Signal(str, str)
    """A layer, and the one that is to read it."""
    removal_chosen = Signal(str, int)
    """A layer, and which of its inputs it is to read no more."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Connect to", theme, parent)
        self.chosen.connect(self._on_chosen)

    def open_for(self, title: str, entries: Sequence[Entry]) -> None:
        """Offer the connections of the layer that the title names."""
        self.field.setPlaceholderText(f"Connect {title} to …")
        self.open_with(entries)

    def _on_chosen(self, target: tuple[str, str, int]) -> None:
        source, reader, place = target
        if place < 0:
            self.connection_chosen.emit(source, reader)
        else:
            self.removal_chosen.emit(reader, place)


def connection_entries(analysis: Analysis, node_id: str, size_order: str) -> Sequence[Entry]:
    """Return an entry per connection that can be made from a layer, and per one that it has.

    First stand the layers that fit, those that merge before the others; then those that would have
    a problem; then what can be removed; last what cannot be connected, with the reason.
    """
    network = Network(tuple(layer.node for layer in analysis.layers.values()))
    shapes = {name: layer.shape for name, layer in analysis.layers.items()}
    offered: dict[int, list[Entry]] = {rank: [] for rank in range(_IMPOSSIBLE + 1)}
    targets = [node.id for node in network if node.id not in (INPUT_ID, node_id)]
    for target, preview in connection_previews(network, shapes, node_id, targets).items():
        rank = _rank(preview, merges=network.node(target).layer.inputs[1] > 1)
        offered[rank].append(_offer(network, node_id, target, preview, size_order))
    refused = offered.pop(_IMPOSSIBLE)
    possible = [entry for entries in offered.values() for entry in entries]
    return (*possible, *_removals(network, node_id), *refused)


_FITS_MERGING, _FITS, _MISFITS, _IMPOSSIBLE = range(4)


def _rank(preview: ConnectionPreview, *, merges: bool) -> int:
    if not preview.possible:
        return _IMPOSSIBLE
    if not preview.fits:
        return _MISFITS
    return _FITS_MERGING if merges else _FITS


def _offer(
    network: Network, source: str, target: str, preview: ConnectionPreview, size_order: str
) -> Entry:
    detail = "does not fit" if preview.possible else "not possible"
    if preview.fits:
        detail = "" if preview.shape is None else size_text(preview.shape, size_order)
    return Entry(
        numbered(network, target),
        (source, target, -1),
        group="Connect to",
        detail=detail,
        icon=network.node(target).layer.kind.id,
        hint=preview.text,
        enabled=preview.possible,
        warns=not preview.fits,
    )


def _removals(network: Network, node_id: str) -> list[Entry]:
    """Return an entry for each connection of a layer, into it and out of it."""
    ends = [(node_id, place) for place in range(len(network.node(node_id).inputs))]
    ends += [
        (reader, place)
        for reader in network.readers(node_id)
        for place, source in enumerate(network.node(reader).inputs)
        if source == node_id
    ]
    return [_removal(network, reader, place) for reader, place in ends]


def _removal(network: Network, reader: str, place: int) -> Entry:
    source = network.node(reader).inputs[place]
    return Entry(
        f"Remove: {numbered(network, source)} → {numbered(network, reader)}",
        (source, reader, place),
        group="Connections",
        icon="disconnect",
        hint=f"{numbered(network, reader)} then reads {numbered(network, source)} no more.",
    )
