"""Painting of a network's size path: on the screen, on a picture and in a drawing alike."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from engine.network import INPUT_ID
from engine.size_path import PathBlock, PathColumns, PathLane, SizePath
from gui.flow.row_painting import write_line
from gui.fonts import number_font, text_font
from gui.labels import text_scale
from gui.theme import Theme, color
from gui.wording import size_text

LEGEND = "Each block is as wide as its maps, in proportion, and the thicker the more channels."


def path_columns(room: float, row_height: float) -> PathColumns:
    """Return columns that fill a width, with room for the usual texts."""
    scale = text_scale()
    words = QFontMetricsF(text_font(9))
    numbers = QFontMetricsF(number_font(9, bold=True))
    widest = QFontMetricsF(text_font(9, bold=True))
    name = widest.horizontalAdvance("888  Transposed convolution")
    size = numbers.horizontalAdvance("8888 × 8888 × 8888")
    badge = words.horizontalAdvance("▼ height halves, less 1; width kept")
    around = 5 * 12.0 + 60
    if room < name + size + badge + around + 200:
        badge = words.horizontalAdvance("▼ halves, rounds down")
    blocks = min(max(room - name - size - badge - around, 120.0), 760.0 * scale)
    return PathColumns(9.0, name, blocks, size, badge, 12.0, row_height)


def row_height_for(count: int, room: float) -> float:
    """Return how high rows are: larger where there are few, never too small to read."""
    smallest, largest = QFontMetricsF(number_font(9)).height() + 4, 44.0 * text_scale()
    return round(min(max(room / max(count, 1), smallest), largest))


def paint_size_path(
    painter: QPainter,
    path: SizePath,
    theme: Theme,
    order: str,
    *,
    selected: str = "",
    hovered: str = "",
    exposed: QRectF | None = None,
) -> None:
    """Paint the rows within a part of the drawing, the whole of it by default."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    row = path.columns.row_height
    top, bottom = (0.0, path.height) if exposed is None else (exposed.top(), exposed.bottom())
    for block in path.blocks:
        if block.node_id in (selected, hovered):
            back = theme.accent_soft if block.node_id == selected else theme.block
            width = path.width if exposed is None else max(path.width, exposed.right() + 1)
            painter.fillRect(QRectF(0, block.top, width, row), color(back))
    for above, below in path.funnels:
        if path.blocks[below].top + row >= top and path.blocks[above].top <= bottom:
            _paint_funnel(painter, path.blocks[above], path.blocks[below], theme)
    for lane in path.lanes:
        if lane.bottom >= top and lane.top <= bottom:
            chosen = selected in (lane.source, lane.target)
            _paint_lane(painter, path, lane, theme, chosen=chosen)
    for block in path.blocks:
        if block.top + row >= top and block.top <= bottom:
            _paint_row(painter, path, block, theme, order, selected=block.node_id == selected)


def _paint_funnel(painter: QPainter, above: PathBlock, below: PathBlock, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(_shade(below.sign, theme), 46))
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(above.left, above.block_bottom),
                QPointF(above.right, above.block_bottom),
                QPointF(below.right, below.block_top),
                QPointF(below.left, below.block_top),
            ]
        )
    )


def _paint_lane(
    painter: QPainter, path: SizePath, lane: PathLane, theme: Theme, *, chosen: bool
) -> None:
    painter.setPen(QPen(color(theme.accent if chosen else theme.faint), 1.8 if chosen else 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    end, top, bottom = path.names_left - 4, lane.top + 3, lane.bottom - 3
    corners = [(end, top), (lane.x, top), (lane.x, bottom), (end, bottom)]
    painter.drawPolyline([QPointF(x, y) for x, y in corners])
    painter.drawPolyline(
        [QPointF(end - 3.5, bottom - 3), QPointF(end, bottom), QPointF(end - 3.5, bottom + 3)]
    )


def _paint_row(
    painter: QPainter, path: SizePath, block: PathBlock, theme: Theme, order: str, *, selected: bool
) -> None:
    columns, row = path.columns, path.columns.row_height
    strong = color(theme.text)
    name = block.title if block.node_id == INPUT_ID else f"{block.number}  {block.title}"
    room = QRectF(path.names_left, block.top, columns.name, row)
    write_line(painter, room, name, text_font(9, bold=selected), strong)
    room = QRectF(path.sizes_left, block.top, columns.size, row)
    if block.shape is None:
        write_line(painter, room, size_text(None), number_font(9, bold=True), color(theme.problem))
        room = QRectF(path.badges_left, block.top, columns.badge, row)
        write_line(painter, room, "✕ no size", text_font(9), color(theme.problem))
        return
    painter.setPen(QPen(color(theme.window), 1))
    painter.setBrush(color(_block_shade(block.sign, theme)))
    painter.drawRect(QRectF(block.left, block.block_top, block.width, block.thickness))
    size = size_text(block.shape, order)
    write_line(painter, room, size, number_font(9, bold=True), color(theme.accent))
    if block.change:
        room = QRectF(path.badges_left, block.top, columns.badge, row)
        badge = f"{block.sign} {block.change}"
        write_line(painter, room, badge, text_font(9), color(_shade(block.sign, theme)))


def _shade(sign: str, theme: Theme) -> str:
    """Return the color of a badge, which is that of the flow."""
    return {"▼": theme.halves, "▲": theme.doubles, "◆": theme.halves}.get(sign, theme.muted)


def _block_shade(sign: str, theme: Theme) -> str:
    return theme.accent if sign in ("", "=") else _shade(sign, theme)
