"""The value that is looked at: hovered, pinned, moved by keys, or sliding over its map."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.analysis import Analysis
from engine.arithmetic import Position
from engine.network import INPUT_ID
from engine.pinned_value import PinnedValue, picture_patch, pinned_value
from engine.tracing import Extent
from gui.values.value_marks import Mark

Maps = NDArray[np.float32]


class Pinning(QObject):
    """Which value is taken apart; what is shown of it is derived from the newest maps.

    While nothing is pinned the value under the pointer is shown.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place: tuple[str, Position] | None = None
        self._filled: int | None = None
        self.pinned = False

    @property
    def place(self) -> tuple[str, Position] | None:
        """The layer and the position of the value."""
        return self._place

    def hover(self, node_id: str, channel: int, row: int, column: int) -> None:
        """Look at the value under the pointer, unless one is pinned."""
        if not self.pinned and channel >= 0:
            self._look_at(node_id, Position(channel, row, column))

    def pin(self, node_id: str, position: Position) -> None:
        """Keep looking at a value."""
        self.pinned = True
        self._filled = None
        self._look_at(node_id, position, again=True)

    def toggle(self) -> None:
        """Pin the value that is looked at, or let it go."""
        if self._place is not None:
            self.pinned = not self.pinned
            self._filled = None
            self.changed.emit()

    def release(self) -> None:
        """Look at nothing."""
        if self._place is not None:
            self._place, self.pinned, self._filled = None, False, None
            self.changed.emit()

    def move(self, analysis: Analysis, channels: int, rows: int, columns: int) -> None:
        """Pin the value beside this one, as far as the maps reach."""
        if self._place is None:
            return
        node_id, (channel, row, column) = self._place
        shape = analysis[node_id].shape if node_id in analysis.layers else None
        if shape is not None:
            self.pin(
                node_id,
                Position(
                    min(max(channel + channels, 0), shape.channels - 1),
                    min(max(row + rows, 0), shape.height - 1),
                    min(max(column + columns, 0), shape.width - 1),
                ),
            )

    def slide(self, analysis: Analysis) -> None:
        """Go on to the next value: to the right edge, then down; from the end to the start."""
        if self._place is None:
            return
        node_id, (channel, row, column) = self._place
        shape = analysis[node_id].shape if node_id in analysis.layers else None
        if shape is None:
            return
        following = (row * shape.width + column + 1) % (shape.height * shape.width)
        self.pinned = True
        self._filled = following + 1
        row, column = divmod(following, shape.width)
        self._look_at(node_id, Position(channel, row, column))

    def value(self, analysis: Analysis, maps: Mapping[str, Maps]) -> PinnedValue | None:
        """Return the value taken apart, from the newest maps; None where there are none."""
        if self._place is None:
            return None
        node_id, position = self._place
        return pinned_value(analysis, maps, node_id, position)

    def marks(self, analysis: Analysis, value: PinnedValue) -> Mapping[str, Mark]:
        """Return what is marked on each layer's maps."""
        marks = {}
        for areas in (value.reached, value.sources):
            for node_id, area in areas.items():
                shape = analysis[node_id].shape
                if shape is not None and area.extent is not None:
                    own = node_id == value.node_id
                    marks[node_id] = Mark(
                        shape,
                        area.extent,
                        value.position.channel if own else None,
                        self._filled if own else None,
                        area.between(),
                    )
        return marks

    def _look_at(self, node_id: str, position: Position, *, again: bool = False) -> None:
        if again or self._place != (node_id, position):
            self._place = node_id, position
            self.changed.emit()


def origin(value: PinnedValue, picture: Maps | None) -> tuple[Extent, NDArray[np.uint8]] | None:
    """Return the piece of the picture behind a value, and where it is."""
    area = value.sources.get(INPUT_ID)
    if area is None or area.extent is None or picture is None:
        return None
    return area.extent, picture_patch(picture, area.extent)
