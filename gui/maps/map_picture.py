"""One map as large as wanted: its pixels, its numbers where there is room, and its sizes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isnan

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QTransform
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QWidget

from engine.analysis import Ranges
from engine.rect import Rect
from engine.shapes import Shape
from engine.sheets.map_sheet import MapSheet
from engine.sheets.sheet_layout import TileScale
from engine.sides import Sides
from engine.tracing import Extent
from gui.cell_numbers import cell_text
from gui.flow.row_painting import paint_unread
from gui.image_item import ImageItem
from gui.maps.map_marks import (
    Span,
    cell_letters,
    cells_rect,
    paint_frame,
    paint_grid,
    paint_numbers,
    paint_padding,
    paint_rulers,
    rulers,
    visible_cells,
)
from gui.maps.map_sight import NO_MARGINS, Extents, Margins, Room, Sight, centered, fitting
from gui.theme import Theme, color, rgb

_EDGE = 12.0
"""Between a fitted map and the end of the picture."""
_WHOLE_FROM = 3
"""A fitted cell of at least so many pixels of the screen is a whole number of them."""

Cell = tuple[int, int]
"""Row and column; outside the map in the padding."""


@dataclass(frozen=True, eq=False)
class MapContent:
    """A map (H, W) and how it is drawn; ``around`` is what is shown with the whole map."""

    name: str
    values: NDArray[np.float32]
    draw: Callable[[TileScale], MapSheet]
    padding: Sides = field(default_factory=Sides)
    unread: tuple[Ranges, Ranges] = ((), ())
    around: Margins = NO_MARGINS

    @property
    def extents(self) -> Extents:
        """The array's own height and width, with what is shown around."""
        height, width = self.values.shape
        return Extents(height, width, self.around)

    def holds(self, row: int, column: int) -> bool:
        """Whether the map has such a cell; one of the padding is none."""
        height, width = self.values.shape
        return 0 <= row < int(height) and 0 <= column < int(width)


class MapPicture(QGraphicsView):
    """Shows a map where it is told to."""

    cell_changed = Signal()
    """Another cell is taken, or none, or the map is another one."""

    # pyqtgraph's items look for these on the view that they come into.
    sigDeviceRangeChanged = Signal(object, object)  # noqa: N815
    sigDeviceTransformChanged = Signal(object)  # noqa: N815

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setScene(QGraphicsScene(self))
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setBackgroundBrush(color(theme.card))
        # The scene would take everything that is dragged over it, and refuse it when it is dropped.
        self.setAcceptDrops(False)
        self.setMinimumSize(120, 120)
        self._image = ImageItem(axisOrder="row-major")
        self.scene().addItem(self._image)
        self._content: MapContent | None = None
        self._sheet: MapSheet | None = None
        self._wants_dark_ink: NDArray[np.bool_] | None = None
        self._sight = Sight(1.0, 0.0, 0.0)
        self._is_fitted = True
        self._is_led = False
        self._cell: Cell | None = None
        self._window: Extent | None = None

    # What is shown

    @property
    def content(self) -> MapContent | None:
        """What is shown."""
        return self._content

    @property
    def sheet(self) -> MapSheet | None:
        """How it is drawn: colors, levels and what was clipped."""
        return self._sheet

    @property
    def sight(self) -> Sight:
        """Where the map lies."""
        return self._sight

    @property
    def is_fitted(self) -> bool:
        """Whether the whole map is shown, until it is moved or zoomed."""
        return self._is_fitted

    @property
    def cell(self) -> Cell | None:
        """The cell under the pointer, of the map or its padding."""
        return self._cell

    @property
    def dimensions(self) -> tuple[int, int] | None:
        """The height and the width at the dimension lines: the array's own."""
        if self._content is None:
            return None
        extents = self._content.extents
        return extents.height, extents.width

    @property
    def room(self) -> Room:
        """Where the map is seen."""
        size = self.viewport().size()
        top, left = rulers()
        return Room(left, top, max(size.width() - left, 1), max(size.height() - top, 1))

    def show_content(self, content: MapContent) -> None:
        """Show a map; the sight stays if it is as large as the one before."""
        before = self._content
        self._content, self._sheet = content, None
        if self._is_fitted or before is None or before.extents != content.extents:
            self._fit()
        self._place()
        if self._cell is not None and not self._holds(self._cell):
            self._cell = None
        self.cell_changed.emit()

    def show_sight(self, sight: Sight) -> None:
        """Move the map as another canvas was moved."""
        self._is_fitted, self._is_led = False, True
        self._sight = sight
        self._place()

    def show_window(self, window: Extent | None) -> None:
        """Mark the cells that a value of another map reads."""
        if window != self._window:
            self._window = window
            self.viewport().update()

    def _holds(self, cell: Cell) -> bool:
        """Whether there is such a cell, in the map or its padding."""
        content = self._content
        if content is None:
            return False
        (row, column), pad, extents = cell, content.padding, content.extents
        in_rows = -pad.top <= row < extents.height + pad.bottom
        return in_rows and -pad.left <= column < extents.width + pad.right

    # Drawing

    def _fit(self) -> None:
        assert self._content is not None
        room = self.room
        inside = Room(room.left, room.top, room.width - _EDGE, room.height - _EDGE)
        extents = self._content.extents
        sight = fitting(extents, inside)
        per_pixel = sight.zoom * self.devicePixelRatioF()
        if per_pixel >= _WHOLE_FROM:
            sight = centered(extents, inside, int(per_pixel) / self.devicePixelRatioF())
        self._sight = sight

    def _place(self) -> None:
        """Draw the map at the scale of its sight, and put it there."""
        content = self._content
        if content is None:
            return
        per_pixel = self._sight.zoom * self.devicePixelRatioF()
        reduction = max(int(1 / per_pixel + 1e-6), 1)
        scale = TileScale((reduction, reduction))
        if self._sheet is None or self._sheet.layout.scale != scale:
            self._sheet = content.draw(scale)
            colors = self._sheet.table(rgb(self._theme.card))
            self._image.setImage(self._sheet.indices, autoLevels=False, levels=(0, 255))
            self._image.setLookupTable(colors)
            # Rec. 709 weights: what is written on a light color is dark.
            self._wants_dark_ink = colors @ np.array([0.2126, 0.7152, 0.0722]) > 128
        self.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, per_pixel * reduction < 1 - 1e-6
        )
        zoom = self._sight.zoom * reduction
        self._image.setTransform(QTransform.fromScale(zoom, zoom))
        self._image.setPos(self._sight.left, self._sight.top)
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        content, sheet, theme = self._content, self._sheet, self._theme
        if content is None or sheet is None or self.dimensions is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sight, room = self._sight, self.room
        height, width = self.dimensions
        rows, columns = visible_cells(sight, room, height, width)
        area = cells_rect(sight, (0, height), (0, width)).toAlignedRect()
        paint_grid(painter, sight, rows, columns, theme)
        if any(content.unread):
            tile = Rect(area.left(), area.top(), area.width(), area.height())
            paint_unread(painter, tile, Shape(1, height, width), content.unread, theme)
        self._paint_numbers(painter, content, sheet, rows, columns)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color(theme.border), 1))
        painter.drawRect(QRectF(area).adjusted(-0.5, -0.5, 0.5, 0.5))
        paint_padding(painter, sight, height, width, content.padding, theme)
        if self._window is not None:
            paint_frame(painter, _extent_rect(sight, self._window), dashed=True)
        if self._cell is not None:
            row, column = self._cell
            paint_frame(painter, cells_rect(sight, (row, row + 1), (column, column + 1)))
        paint_rulers(painter, sight, room, height, width, theme)
        if self.hasFocus():
            painter.setPen(color(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.viewport().rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_numbers(
        self,
        painter: QPainter,
        content: MapContent,
        sheet: MapSheet,
        rows: Span,
        columns: Span,
    ) -> None:
        letters, size = cell_letters(self._sight.zoom)
        if not letters or self._wants_dark_ink is None or sheet.layout.scale != TileScale():
            return
        found = sheet.statistics[0]
        largest = 0.0 if isnan(found.maximum) else max(-found.minimum, found.maximum)
        text = cell_text(largest, letters, signed=sheet.levels.signed)
        is_light, indices = self._wants_dark_ink, sheet.indices
        dark, light = QColor(20, 22, 26), QColor(255, 255, 255)
        paint_numbers(
            painter,
            self._sight,
            self.room,
            rows,
            columns,
            content.values,
            lambda row, column: dark if is_light[indices[row, column]] else light,
            text,
            size,
        )


def _extent_rect(sight: Sight, extent: Extent) -> QRectF:
    rows = extent.first_row, extent.last_row + 1
    return cells_rect(sight, rows, (extent.first_column, extent.last_column + 1))
