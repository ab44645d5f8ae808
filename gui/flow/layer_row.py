"""One row of the flow: a layer's block, its maps with their dimensions, and its problem."""

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QTransform
from PySide6.QtWidgets import (
    QGraphicsSceneContextMenuEvent,
    QGraphicsSceneHoverEvent,
    QGraphicsSceneMouseEvent,
    QStyleOptionGraphicsItem,
    QWidget,
)

from engine.arithmetic import Position
from engine.network import INPUT_ID
from engine.sheets.map_sheet import MapSheet
from gui.flow.block_painting import paint_block
from gui.flow.color_legend import STOPS, legend, legend_tip
from gui.flow.maps_overlay import MapsOverlay, RowOfMaps
from gui.flow.row_lengths import WORDS_GAP
from gui.flow.row_painting import (
    paint_card,
    paint_color_bar,
    paint_dimensions,
    paint_more,
    rectangle,
)
from gui.flow.row_state import RowState, block_text, differs_in_block_only
from gui.flow.row_words import paint_words
from gui.image_item import ImageItem
from gui.map_results import LayerResult
from gui.theme import color, rgb


class LayerRow(RowOfMaps):
    """A row; it shows a state and results, and says what was clicked."""

    pressed = Signal(str)
    map_chosen = Signal(str, int)
    value_chosen = Signal(str, int, int, int)
    """Layer, channel, row, column: clicked with Ctrl, to keep looking at it."""
    map_hovered = Signal(str, int, int, int)
    """Layer, channel, row, column; channel −1 when the pointer leaves."""
    more_clicked = Signal(str)
    fold_clicked = Signal(str)
    repair_clicked = Signal(str, int)
    retry_clicked = Signal()
    """What could not be computed is to be tried once more."""
    menu_requested = Signal(str, QPointF)
    drag_started = Signal(str)

    def __init__(self, state: RowState) -> None:
        super().__init__()
        self.state = state
        self.result: LayerResult | None = None
        self._image = ImageItem(axisOrder="row-major")
        self._image.setParentItem(self)
        self._image.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._image.hide()
        self._sheet: MapSheet | None = None
        self._overlay = MapsOverlay(self)
        self._colors: tuple[QColor, ...] = ()
        self._more = QRectF()
        self.chips: list[QRectF] = []
        self._hovered = False
        self._pointed: int | None = None
        """The map under the pointer."""
        self._press: tuple[QPointF, QPoint] | None = None
        self.setAcceptHoverEvents(True)
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def show_state(self, state: RowState) -> None:
        """Show another state of the layer; its maps stay until newer ones arrive."""
        if state == self.state:
            return
        if state.row != self.state.row:
            self.prepareGeometryChange()
        only_block = differs_in_block_only(self.state, state)
        self.state = state
        self._place_image()
        self.update(rectangle(state.row.block) if only_block else self.boundingRect())

    def show_result(self, result: LayerResult) -> None:
        """Show newly computed maps."""
        if self.result is result:
            return
        self.result = result
        self._place_image()
        self.update()

    def forget_result(self) -> None:
        """Show that there are no maps now."""
        self.result = None
        self._image.hide()
        self.update()

    def _place_image(self) -> None:
        """Lay the sheet over the tiles, if it is the one that they want."""
        tiles, result = self.state.row.tiles, self.result
        is_shown = self.state.shows_maps
        if not is_shown or tiles is None or result is None or result.sheet is None:
            self._image.hide()
            return
        sheet = result.sheet
        if self._sheet is not sheet:
            self._sheet = sheet
            self._image.setImage(sheet.indices, autoLevels=False, levels=(0, 255))
            self._image.setLookupTable(sheet.table(rgb(self.state.theme.card)))
            self._colors = tuple(QColor(*rgb) for rgb in sheet.color_map.at(STOPS).tolist())
        # An older sheet stands in, stretched, until the wanted one is drawn.
        zoom = tiles.zoom * tiles.layout.tile_size[1] / sheet.layout.tile_size[1]
        fits = abs(sheet.layout.tile_size[0] * zoom - tiles.height) < 2
        self._image.setTransform(QTransform.fromScale(zoom, zoom))
        self._image.setPos(tiles.left, tiles.top)
        self._image.setVisible(fits and sheet.layout.columns == tiles.layout.columns)

    def boundingRect(self) -> QRectF:
        return rectangle(self.state.row.card).adjusted(-5, -5, 5, 5)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        state = self.state
        row, theme = state.row, state.theme
        # Without a picture `gui.pictures.picture_row` says in this place how to get one.
        is_empty = row.node_id == INPUT_ID and state.layer.shape is None
        bad = bool(state.layer.problems or state.fault) and not is_empty
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_card(
            painter, row.card, theme, selected=state.selected, focused=state.focused, bad=bad
        )
        paint_block(
            painter,
            row.block,
            block_text(state),
            theme,
            compact=row.compact,
            bad=bad,
            dimmed=state.layer.node.bypassed or state.layer.shape is None,
            hovered=self._hovered,
        )
        if option.exposedRect.right() < row.block.right + WORDS_GAP / 2:
            return  # an edit changed no more than the words on the block
        # Where nothing is painted, nothing can be clicked.
        self.chips, self._more = [], QRectF()
        if is_empty:
            return
        if not state.shows_maps:
            zeros = None if self.result is None else self.result.statistics.whole.zeros
            self.chips = paint_words(painter, state, zeros)
            return
        self._paint_maps(painter)

    def _paint_maps(self, painter: QPainter) -> None:
        state, tiles = self.state, self.state.row.tiles
        shape = state.layer.shape
        assert tiles is not None
        assert shape is not None
        theme = state.theme
        if self.result is None:
            painter.setPen(QPen(color(theme.border), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for index in range(min(tiles.shown, 64)):
                painter.drawRect(rectangle(tiles.rect(index)))
        height, width = self.dimensions() or (0, 0)
        paint_dimensions(painter, tiles, height, width, theme)
        if tiles.shown < tiles.count:
            self._more = paint_more(painter, tiles, theme)
        if self.result is not None and self.result.sheet is not None:
            said = legend(self.result.sheet, self._pointed)
            paint_color_bar(painter, self._color_bar(), self._colors, said, theme)

    def _color_bar(self) -> QRectF:
        """Return where the color bar and its numbers are; they say under it what is clipped."""
        row, tiles = self.state.row, self.state.row.tiles
        assert tiles is not None
        left = row.card.right - row.color_bar + 4
        return QRectF(left, tiles.top, row.color_bar - 8, max(tiles.height, row.color_bar // 2))

    def dimensions(self) -> tuple[int, int] | None:
        """Return the height and width beside the maps: the array's own.

        Between an edit and its maps the predicted ones stand in; so they do where there are none.
        """
        tiles, result = self.state.row.tiles, self.result
        shape = self.state.layer.shape
        if tiles is not None and result is not None and result.wish is not None:
            wanted, drawn = tiles.layout, result.wish.layout
            if (wanted.height, wanted.width) == (drawn.height, drawn.width):
                shape = result.shape
        return None if shape is None else (shape.height, shape.width)

    # What a person does

    def hoverMoveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        point = event.pos()
        over_block = rectangle(self.state.row.block).contains(point)
        if over_block != self._hovered:
            self._hovered = over_block
            self.update(rectangle(self.state.row.block))
        hit = self._cell_at(point)
        clickable = over_block or hit or self._more.contains(point) or self._chip_at(point) >= 0
        self.setCursor(
            Qt.CursorShape.PointingHandCursor if clickable else Qt.CursorShape.ArrowCursor
        )
        self._point_at(None if hit is None else hit.channel)
        self.setToolTip(self.tip_at(point))
        if hit:
            self.map_hovered.emit(self.state.row.node_id, *hit)
        else:
            self.map_hovered.emit(self.state.row.node_id, -1, 0, 0)

    def tip_at(self, point: QPointF) -> str:
        """Return what is said where the pointer rests: at the color bar, what its colors mean."""
        result = self.result
        if self.state.row.tiles is None or result is None or result.sheet is None:
            return ""
        return legend_tip(result.sheet.levels) if self._color_bar().contains(point) else ""

    def _point_at(self, index: int | None) -> None:
        """Let the color bar show the range of a map, or what it shows without one."""
        if index != self._pointed:
            self._pointed = index
            if self.state.row.tiles is not None:
                self.update(self._color_bar().adjusted(-8, -4, 8, 24))

    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent) -> None:
        self._hovered, self._pointed = False, None
        self.update()
        self.map_hovered.emit(self.state.row.node_id, -1, 0, 0)

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        # Selecting a row may scroll it under the pointer: only on the screen it stays where it is.
        self._press = event.pos(), event.screenPos()
        chip = self._chip_at(event.pos())
        if chip >= 0:
            self._press = None
            if self.state.fault:
                self.retry_clicked.emit()
            else:
                self.repair_clicked.emit(self.state.row.node_id, chip)
            return
        self.pressed.emit(self.state.row.node_id)

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if self._press is None or not _has_moved(self._press[1], event):
            return
        if rectangle(self.state.row.block).contains(self._press[0]):
            self._press = None
            self.drag_started.emit(self.state.row.node_id)

    def mouseReleaseEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        press, self._press = self._press, None
        if press is None or _has_moved(press[1], event):
            return
        place, _ = press
        hit = self._cell_at(place)
        if hit and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.value_chosen.emit(self.state.row.node_id, *hit)
        elif hit:
            self.map_chosen.emit(self.state.row.node_id, hit[0])
        elif self._more.contains(place):
            self.more_clicked.emit(self.state.row.node_id)

    def mouseDoubleClickEvent(self, event: QGraphicsSceneMouseEvent) -> None:
        if rectangle(self.state.row.block).contains(event.pos()):
            self.fold_clicked.emit(self.state.row.node_id)

    def contextMenuEvent(self, event: QGraphicsSceneContextMenuEvent) -> None:
        self.pressed.emit(self.state.row.node_id)
        self.menu_requested.emit(self.state.row.node_id, QPointF(event.screenPos()))

    def _chip_at(self, point: QPointF) -> int:
        return next((i for i, chip in enumerate(self.chips) if chip.contains(point)), -1)

    def _cell_at(self, point: QPointF) -> Position | None:
        """Return channel, row and column of the map under a point."""
        tiles, shape = self.state.row.tiles, self.state.layer.shape
        if tiles is None or shape is None or not self.state.shows_maps:
            return None
        return tiles.position_at(point.x(), point.y())


def _has_moved(start: QPoint, event: QGraphicsSceneMouseEvent) -> bool:
    """Return whether the pointer has left where it was pressed, so that it is no click."""
    return (event.screenPos() - start).manhattanLength() >= 8
