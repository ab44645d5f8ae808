"""Canvases that show one place: moved, zoomed and pointed at together."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from engine.map_alignment import Alignment
from gui.maps.map_canvas import MapCanvas
from gui.maps.map_sight import input_sight


class LinkedCanvases(QObject):
    """Lets all canvases follow the one that a person moves.

    Maps of other sizes lie over each other as wholes; only those of one size share a cell.
    """

    def __init__(self, canvases: Sequence[MapCanvas], parent: QObject) -> None:
        super().__init__(parent)
        self._canvases = canvases
        self._leader = canvases[0]
        for canvas in canvases:
            canvas.sight_changed.connect(lambda canvas=canvas: self._on_sight_changed(canvas))
            canvas.sight_wanted.connect(self.follow)
            canvas.cell_changed.connect(lambda canvas=canvas: self._on_cell_changed(canvas))

    @property
    def leader(self) -> MapCanvas:
        """The canvas that the others follow: the one moved last, or the first that is seen."""
        if not self._leader.isVisible() or self._leader.content is None:
            seen = (c for c in self._canvases if c.isVisible() and c.content is not None)
            self._leader = next(seen, self._leader)
        return self._leader

    def follow(self) -> None:
        """Show the leader's place in all others."""
        leader = self._leader
        if leader.content is None:
            return
        height, width = leader.content.values.shape
        for canvas in self._canvases:
            if canvas is leader or canvas.content is None:
                continue
            rows, columns = (
                Alignment(own / led, 0.0)
                for own, led in zip(canvas.content.values.shape, (height, width), strict=True)
            )
            canvas.show_sight(input_sight(leader.sight, rows, columns, leader.room, canvas.room))

    def _on_sight_changed(self, canvas: MapCanvas) -> None:
        if canvas.isVisible():
            self._leader = canvas
            self.follow()

    def _on_cell_changed(self, canvas: MapCanvas) -> None:
        content, cell = canvas.content, canvas.cell
        if content is None:
            return
        for other in self._canvases:
            is_like = other.content is not None and (
                other.content.values.shape == content.values.shape
            )
            if other is not canvas:
                other.take_cell(cell if is_like else None)
