"""Between the pin, the flow and the panel of one value: what is looked at is shown in both."""

from functools import partial

from PySide6.QtCore import QObject

from engine.arithmetic import Position
from engine.formats.reach_text import reach_words
from engine.network import INPUT_ID
from gui.document import Document
from gui.flow.network_view import NetworkView
from gui.flow.row_state import numbered_title
from gui.values.pinning import Pinning, origin
from gui.values.value_canvas import ShownValue
from gui.values.value_marks import ValueMarks
from gui.values.value_painting import Origin
from gui.values.value_panel import ValuePanel


class ValueBinding(QObject):
    """Shows the value that is looked at, anew with every edit and with newer maps."""

    def __init__(
        self, pinning: Pinning, document: Document, flow: NetworkView, panel: ValuePanel
    ) -> None:
        super().__init__(panel)
        self._pinning = pinning
        self._document = document
        self._flow = flow
        self._panel = panel
        self._marks = ValueMarks(lambda: flow.rows)
        flow.scene().addItem(self._marks)
        flow.rows_placed.connect(self._marks.follow_rows)
        flow.map_hovered.connect(pinning.hover)
        flow.value_chosen.connect(self._on_value_chosen)
        panel.moved.connect(self._on_moved)
        panel.stepped.connect(self._on_stepped)
        panel.pin_toggled.connect(pinning.toggle)
        panel.released.connect(pinning.release)
        pinning.changed.connect(self.refresh)
        document.opened.connect(self._on_opened)
        self.refresh()

    def refresh(self) -> None:
        """Show the value again: the maps, the network or the pin have changed."""
        analysis = self._document.analysis
        value = self._pinning.value(analysis, self._flow.maps())
        if value is None:
            self._panel.show_value(None)
            self._marks.show_marks({})
            return
        found = origin(value, self._flow.maps().get(INPUT_ID))
        self._panel.show_value(
            ShownValue(
                value.node_id,
                numbered_title(analysis, value.node_id),
                value.position,
                value.arithmetic,
                self._pinning.pinned,
                None if found is None else Origin(*found),
                value.equivalent,
                reach_words(analysis, value, partial(numbered_title, analysis)),
            )
        )
        self._marks.show_marks(self._pinning.marks(analysis, value))

    def refresh_if_shown(self, node_id: str) -> None:
        """Show the value again if a layer's newer maps have to do with it."""
        place = self._pinning.place
        if place is None or place[0] not in self._document.project.network:
            return
        node = self._document.project.network.node(place[0])
        if node_id == node.id or node_id in node.inputs or node_id == INPUT_ID:
            self.refresh()

    def settle(self) -> None:
        """Give up the room of a value that is still missing when all maps are there."""
        if not self._panel.shows_value:
            self._panel.forget()

    def _on_opened(self) -> None:
        self._pinning.release()
        self._panel.forget()

    def _on_value_chosen(self, node_id: str, channel: int, row: int, column: int) -> None:
        self._pinning.pin(node_id, Position(channel, row, column))
        self._panel.setFocus()

    def _on_moved(self, channels: int, rows: int, columns: int) -> None:
        self._pinning.move(self._document.analysis, channels, rows, columns)

    def _on_stepped(self) -> None:
        self._pinning.slide(self._document.analysis)
