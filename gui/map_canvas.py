"""One map as large as wanted: its pixels, its numbers where there is room, and its sizes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isnan

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QWidget

from engine.analysis import Ranges
from engine.map_sheet import MapSheet
from engine.shapes import Shape
from engine.sheet_layout import TileScale
from engine.sides import Sides
from engine.tracing import Extent
from gui.cell_numbers import cell_text
from gui.map_marks import (
    LEFT_RULER,
    TOP_RULER,
    cell_letters,
    cells_rect,
    paint_frame,
    paint_grid,
    paint_numbers,
    paint_padding,
    paint_rulers,
    smallest_cell_with_numbers,
    visible_cells,
)
from gui.map_sight import (
    NO_MARGINS,
    STEP,
    Extents,
    Margins,
    Room,
    Sight,
    bounded,
    centered,
    fitting,
)
from gui.row_layout import Rect
from gui.row_painting import paint_unread
from gui.theme import Theme, color

_EDGE = 12.0
"""Between a fitted map and the end of the canvas."""

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


class MapCanvas(QGraphicsView):
    """Shows a map; the wheel zooms, a drag moves, and the pointer or the arrow keys take a cell."""

    sight_changed = Signal()
    """The map was moved or zoomed by the person here, or anew to fit."""
    cell_changed = Signal()
    """Another cell is under the pointer, or none."""

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
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 120)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self._image = pg.ImageItem(axisOrder="row-major")
        self.scene().addItem(self._image)
        self._content: MapContent | None = None
        self._sheet: MapSheet | None = None
        self._inks: NDArray[np.bool_] | None = None
        self._sight = Sight(1.0, 0.0, 0.0)
        self._is_fitted = True
        self._cell: Cell | None = None
        self._window: Extent | None = None
        self._dragged_from: QPointF | None = None

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
    def room(self) -> Room:
        """Where the map is seen."""
        size = self.viewport().size()
        width, height = size.width() - LEFT_RULER, size.height() - TOP_RULER
        return Room(LEFT_RULER, TOP_RULER, max(width, 1), max(height, 1))

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
        self._is_fitted = False
        self._sight = sight
        self._place()

    def show_window(self, window: Extent | None) -> None:
        """Mark the cells that a value of another map reads."""
        if window != self._window:
            self._window = window
            self.viewport().update()

    # What a person does

    def fit(self) -> None:
        """Show the whole map."""
        self._is_fitted = True
        if self._content is not None:
            self._fit()
            self._place()
            self.sight_changed.emit()

    def one_to_one(self) -> None:
        """Draw each value as one pixel of the screen."""
        self._look(1 / self.devicePixelRatioF())

    def show_numbers(self) -> None:
        """Draw the cells large enough for their numbers."""
        self._look(max(smallest_cell_with_numbers() + 6, self._sight.zoom))

    def zoom(self, steps: float) -> None:
        """Enlarge by some steps, around the cell under the pointer if there is one."""
        self._look(self._sight.zoom * STEP**steps)

    def move_cell(self, down: int, right: int) -> None:
        """Take another cell, the middle one at first, and bring it into sight."""
        if self._content is None:
            return
        extents = self._content.extents
        row, column = self._cell or self._sight.cell(*self.room.middle)
        if self._cell is not None:
            row, column = row + down, column + right
        row = min(max(row, 0), extents.height - 1)
        column = min(max(column, 0), extents.width - 1)
        self._set_cell((row, column))
        self._bring_into_sight(row, column)

    def _look(self, zoom: float) -> None:
        """Zoom around the cell that is taken, or the middle of the canvas."""
        x, y = self.room.middle
        if self._cell is not None:
            row, column = self._cell
            here = QPointF(self._sight.x(column + 0.5), self._sight.y(row + 0.5))
            room = self.room
            if room.left <= here.x() <= room.right and room.top <= here.y() <= room.bottom:
                x, y = here.x(), here.y()
        self._change(self._sight.zoomed(zoom, x, y))

    def _bring_into_sight(self, row: int, column: int) -> None:
        room, frame = self.room, cells_rect(self._sight, (row, row + 1), (column, column + 1))
        right = max(room.left - frame.left(), 0) + min(room.right - frame.right(), 0)
        down = max(room.top - frame.top(), 0) + min(room.bottom - frame.bottom(), 0)
        if right or down:
            self._change(self._sight.moved(right, down))

    def _change(self, sight: Sight) -> None:
        if self._content is None:
            return
        self._is_fitted = False
        self._sight = bounded(sight, self._content.extents, self.room)
        self._place()
        self.sight_changed.emit()

    # Drawing

    def _fit(self) -> None:
        assert self._content is not None
        room = self.room
        inside = Room(room.left, room.top, room.width - _EDGE, room.height - _EDGE)
        extents = self._content.extents
        sight = fitting(extents, inside)
        per_pixel = sight.zoom * self.devicePixelRatioF()
        if per_pixel > 1:
            # Whole pixels of the screen per cell: all cells look equally large.
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
            colors = self._sheet.table(_rgb(self._theme.card))
            self._image.setImage(self._sheet.indices, autoLevels=False, levels=(0, 255))
            self._image.setLookupTable(colors)
            # Rec. 709 weights: what is written on a light color is dark.
            self._inks = colors @ np.array([0.2126, 0.7152, 0.0722]) > 128
        self.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, per_pixel * reduction < 1 - 1e-6
        )
        zoom = self._sight.zoom * reduction
        self._image.setTransform(QTransform.fromScale(zoom, zoom))
        self._image.setPos(self._sight.left, self._sight.top)
        self.viewport().update()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        content, sheet, theme = self._content, self._sheet, self._theme
        if content is None or sheet is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sight, room = self._sight, self.room
        height, width = content.values.shape
        rows, columns = visible_cells(sight, room, height, width)
        area = cells_rect(sight, (0, height), (0, width)).toAlignedRect()
        paint_grid(painter, sight, rows, columns, theme)
        self._paint_numbers(painter, content, sheet, rows, columns)
        if any(content.unread):
            tile = Rect(area.left(), area.top(), area.width(), area.height())
            paint_unread(painter, tile, Shape(1, height, width), content.unread, theme)
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
        rows: tuple[int, int],
        columns: tuple[int, int],
    ) -> None:
        letters, size = cell_letters(self._sight.zoom)
        if not letters or self._inks is None or sheet.layout.scale != TileScale():
            return
        found = sheet.statistics[0]
        largest = 0.0 if isnan(found.maximum) else max(-found.minimum, found.maximum)
        text = cell_text(largest, letters, signed=sheet.levels.signed)
        inks, indices = self._inks, sheet.indices
        dark, light = QColor(20, 22, 26), QColor(255, 255, 255)
        paint_numbers(
            painter,
            self._sight,
            rows,
            columns,
            content.values,
            lambda row, column: dark if inks[indices[row, column]] else light,
            text,
            size,
        )

    # Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The scene is the canvas: nothing is ever scrolled.
        self.scene().setSceneRect(QRectF(self.viewport().rect()))
        if self._content is None:
            return
        if self._is_fitted:
            self.fit()
        else:
            before = event.oldSize()
            grown = (self.width() - before.width()) / 2, (self.height() - before.height()) / 2
            self._change(self._sight.moved(*grown))

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps:
            place = event.position()
            self._change(
                self._sight.zoomed(self._sight.zoom * STEP**steps, place.x(), place.y())
            )
            self._take_cell_at(place)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._dragged_from = event.position()
            event.accept()
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._dragged_from
        if start is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._dragged_from = event.position()
            moved = event.position() - start
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self._change(self._sight.moved(moved.x(), moved.y()))
        else:
            self._take_cell_at(event.position())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._take_cell_at(event.position())
        if cell_letters(self._sight.zoom)[0]:
            self.fit()
        else:
            self.show_numbers()
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._set_cell(None)
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        moves = {
            Qt.Key.Key_Up: (-far, 0),
            Qt.Key.Key_Down: (far, 0),
            Qt.Key.Key_Left: (0, -far),
            Qt.Key.Key_Right: (0, far),
        }
        plain = event.modifiers() & ~(
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        )
        move = moves.get(Qt.Key(event.key())) if not plain else None
        if move is None:
            event.ignore()  # the large view's keys
        else:
            self.move_cell(*move)

    def _take_cell_at(self, point: QPointF) -> None:
        cell = self._sight.cell(point.x(), point.y())
        is_in_room = point.x() >= LEFT_RULER and point.y() >= TOP_RULER
        self._set_cell(cell if is_in_room and self._holds(cell) else None)

    def _holds(self, cell: Cell) -> bool:
        if self._content is None:
            return False
        (row, column), pad = cell, self._content.padding
        height, width = self._content.values.shape
        in_rows = -pad.top <= row < height + pad.bottom
        return in_rows and -pad.left <= column < width + pad.right

    def _set_cell(self, cell: Cell | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.viewport().update()
            self.cell_changed.emit()


def _extent_rect(sight: Sight, extent: Extent) -> QRectF:
    rows = extent.first_row, extent.last_row + 1
    return cells_rect(sight, rows, (extent.first_column, extent.last_column + 1))


def _rgb(value: str) -> tuple[int, int, int]:
    shade = QColor(value)
    return shade.red(), shade.green(), shade.blue()
