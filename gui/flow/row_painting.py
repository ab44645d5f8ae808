"""Painting of a row's parts: card, dimension lines, color bar, connector, unread rows.

Functions on a painter; they hold nothing and decide nothing about the network.
"""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPen

from engine.analysis import Ranges
from engine.rect import Rect
from engine.shapes import Shape
from gui.flow.color_legend import Legend
from gui.flow.row_layout import Tiles
from gui.fonts import number_font, text_font
from gui.theme import Theme, color


def rectangle(rect: Rect) -> QRectF:
    """Return a layout's rectangle as Qt's."""
    return QRectF(rect.left, rect.top, rect.width, rect.height)


def paint_card(
    painter: QPainter, rect: Rect, theme: Theme, *, selected: bool, focused: bool, bad: bool
) -> None:
    """Paint a row's card with its edge, and around it a soft one where it has the keyboard."""
    around = rectangle(rect)
    edge = theme.problem if bad else theme.accent if selected else theme.border
    painter.setPen(QPen(color(edge), 1.6 if selected or bad else 1))
    painter.setBrush(color(theme.problem_card if bad else theme.card))
    painter.drawRoundedRect(around, 8, 8)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if focused:
        painter.setPen(QPen(color(theme.accent, 110), 3))
        painter.drawRoundedRect(around.adjusted(-2.5, -2.5, 2.5, 2.5), 10, 10)
    elif selected and bad:
        # Its own edge says that it does not fit.
        painter.setPen(QPen(color(theme.accent), 1))
        painter.drawRoundedRect(around.adjusted(-2.5, -2.5, 2.5, 2.5), 10, 10)


def paint_dimensions(
    painter: QPainter, tiles: Tiles, height: int, width: int, theme: Theme
) -> None:
    """Paint the dimension lines of the first map: width above it, height at its left."""
    first = tiles.rect(0)
    pen = QPen(color(theme.accent), 1.2)
    font = number_font(9)
    painter.setPen(pen)
    y, x = first.top - 5.5, first.left - 5.5
    for a, b in (
        (QPointF(first.left, y), QPointF(first.right, y)),
        (QPointF(first.left, y - 3), QPointF(first.left, y + 3)),
        (QPointF(first.right, y - 3), QPointF(first.right, y + 3)),
        (QPointF(x, first.top), QPointF(x, first.bottom)),
        (QPointF(x - 3, first.top), QPointF(x + 3, first.top)),
        (QPointF(x - 3, first.bottom), QPointF(x + 3, first.bottom)),
    ):
        painter.drawLine(a, b)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    label = f"{width}"
    advance = metrics.horizontalAdvance(label)
    # Centered, but a narrow map's number must not run into the height's.
    label_x = max(first.left + (first.width - advance) / 2, first.left)
    painter.drawText(QPointF(label_x, y - 5), label)
    label = f"{height}"
    advance = metrics.horizontalAdvance(label)
    painter.save()
    painter.translate(x - 6, first.top + (first.height + advance) / 2)
    painter.rotate(-90)
    painter.drawText(QPointF(0, 0), label)
    painter.restore()


def paint_labels(
    painter: QPainter, tiles: Tiles, names: tuple[str, ...], theme: Theme, exposed: QRectF
) -> None:
    """Write the number of each visible map under it."""
    font = number_font(8.5)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(color(theme.muted))
    every, height = 1, metrics.height() + 2
    widest = metrics.horizontalAdvance(str(max(tiles.count - 1, 0))) + 4
    while (tiles.width + 10) * every < widest:
        every *= 2
    for index in range(0, tiles.shown, every):
        rect = tiles.rect(index)
        if rect.bottom + height < exposed.top() or rect.top > exposed.bottom():
            continue
        name = names[index] if index < len(names) else str(index)
        room = QRectF(rect.left - 20, rect.bottom + 2, rect.width + 40, height)
        painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, name)


def paint_more(painter: QPainter, tiles: Tiles, theme: Theme) -> QRectF:
    """Write how many maps are not shown, right of the last; return where."""
    room = more_room(tiles)
    write_line(painter, room, _more_text(tiles), _more_font(), color(theme.muted))
    return room


def more_room(tiles: Tiles) -> QRectF:
    """Return where it is written how many maps are not shown."""
    last = tiles.rect(tiles.shown - 1)
    width = QFontMetricsF(_more_font()).horizontalAdvance(_more_text(tiles)) + 12
    return QRectF(last.right + 8, last.top, max(width, 34), last.height)


def _more_text(tiles: Tiles) -> str:
    return f"+{tiles.count - tiles.shown}"


def _more_font() -> QFont:
    return text_font(10, bold=True)


def paint_color_bar(
    painter: QPainter,
    rect: QRectF,
    colors: tuple[QColor, ...],
    labels: Legend,
    theme: Theme,
) -> None:
    """Paint a color bar with its numbers; what is clipped is said under it."""
    bar = QRectF(rect.left(), rect.top(), 8, rect.height())
    gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
    for place, shade in enumerate(colors):
        gradient.setColorAt(place / (len(colors) - 1), shade)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(gradient)
    painter.drawRect(bar)
    left = bar.right() + 5
    fonts = [number_font(size) for size in (8, 7)]
    fitting = (
        font
        for font in fonts
        if max(map(QFontMetricsF(font).horizontalAdvance, labels[:3])) <= rect.right() - left
    )
    font = next(fitting, fonts[-1])
    height = QFontMetricsF(font).height()
    painter.setFont(font)
    painter.setPen(color(theme.muted))
    places = [(labels.top, bar.top() - 1), (labels.bottom, bar.bottom() - height + 1)]
    if rect.height() > 3.2 * height or not labels.top:
        places.append((labels.middle, bar.center().y() - height / 2))
    for text, y in places:
        painter.drawText(
            QRectF(left, y, rect.right() - left, height),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            text,
        )
    if labels.clipped:
        paint_clipped(painter, rect, labels.clipped, theme)


def paint_clipped(painter: QPainter, bar: QRectF, text: str, theme: Theme) -> None:
    """Write under a color bar what share of the values it does not hold."""
    font = text_font(8)
    metrics = QFontMetricsF(font)
    width = max(metrics.horizontalAdvance(text) + 1, bar.width())
    room = QRectF(bar.right() - width, bar.bottom() + 3, width, metrics.height())
    write_line(painter, room, text, font, color(theme.muted))


def paint_connector(painter: QPainter, x: float, gap: QRectF, badge: str, theme: Theme) -> None:
    """Paint the arrow through the gap from a row to the next and what that does to the size."""
    top, bottom = gap.top(), gap.bottom()
    painter.setPen(QPen(color(theme.muted), 1.4))
    painter.drawLine(QPointF(x, top + 1), QPointF(x, bottom - 2))
    for side in (-4, 4):
        painter.drawLine(QPointF(x + side, bottom - 7), QPointF(x, bottom - 2))
    if not badge:
        return
    room = gap.adjusted(x + 12 - gap.left(), 0, 0, 0)
    shade = badge_shade(badge, theme)
    write_line(painter, room, badge, text_font(9, bold=True), color(shade))


def badge_shade(badge: str, theme: Theme) -> str:
    """Return the color that goes with the sign at the beginning of a badge."""
    shades = {"▼": theme.halves, "▲": theme.doubles, "◆": theme.halves}
    shades |= {"⚠": theme.problem, "✕": theme.problem}
    return shades.get(badge[:1], theme.muted)


def paint_unread(
    painter: QPainter, tile: Rect, shape: Shape, unread: tuple[Ranges, Ranges], theme: Theme
) -> None:
    """Hatch the rows and columns of a map that the next layer never reads."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(color(theme.warning), Qt.BrushStyle.BDiagPattern))
    rows, columns = unread
    for start, thick in _bands(rows, shape.height, tile.height):
        painter.drawRect(QRectF(tile.left, tile.top + start, tile.width, thick))
    for start, thick in _bands(columns, shape.width, tile.width):
        painter.drawRect(QRectF(tile.left + start, tile.top, thick, tile.height))


def _bands(ranges: Ranges, cells: int, length: int) -> Iterator[tuple[float, float]]:
    """Yield where ranges of cells lie on a length and how thick they are, at least 3 px.

    Those that then touch are one: every second row of a large map would be a hundred rectangles.
    """
    begin = end = None
    for start, stop in ranges:
        low = length * start / cells
        high = max(length * stop / cells, low + 3)
        if begin is not None and end is not None and low <= end:
            end = high
            continue
        if begin is not None and end is not None:
            yield begin, end - begin
        begin, end = low, high
    if begin is not None and end is not None:
        yield begin, end - begin


def write_line(
    painter: QPainter,
    room: QRectF,
    text: str,
    font: QFont,
    pen: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Write one line, shortened with an ellipsis where it does not fit."""
    painter.setFont(font)
    painter.setPen(pen)
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, shown)
