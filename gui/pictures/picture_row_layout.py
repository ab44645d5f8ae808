"""Where texts, picture and chips stand right of the picture's maps; numbers, no painting."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from engine.pictures.size_policy import Size
from gui.flow.row_layout import Row
from gui.flow.row_lengths import WORDS_GAP
from gui.flow.row_painting import more_room
from gui.fonts import text_font
from gui.labels import text_scale
from gui.pictures.crop_canvas import CropCanvas
from gui.pictures.picture_state import Offer, PictureState, headline, instead_of_picture

NARROWEST = 110.0
"""A narrower room has no words; the picture's button in the top bar says the same."""

_GAP = 8.0
_MARGIN = 10.0
_SMALLEST_PICTURE = 36.0
_GOOD_PICTURE = 60.0
"""A picture that is lower than this takes the room of the second text."""
_NARROWEST_TEXT = 120.0
_MOST_LINES = 3
"""A longer text ends in an ellipsis, and is whole in the tool tip and in the button's panel."""
_ONE_LINE = 60.0
"""A room that is lower has only one line."""

WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True)
class Line:
    """A text in its room, of a role of the style sheet."""

    text: str
    room: QRectF
    role: str


@dataclass(frozen=True)
class RowParts:
    """Everything that stands in the room."""

    lines: tuple[Line, ...] = ()
    canvas: CropCanvas | None = None
    chips: tuple[tuple[Offer, QRectF], ...] = ()


def line_font() -> QFont:
    """Return the font of the texts."""
    return text_font(9.5)


def chip_font() -> QFont:
    """Return the font of the chips."""
    return text_font(9)


def room_beside(row: Row) -> QRectF:
    """Return the room that the picture's row leaves at its right; one line where it has no maps."""
    tiles, card = row.tiles, row.card
    if tiles is None:
        left = float(row.block.right + WORDS_GAP)
        return QRectF(left, card.top, card.right - 12.0 - left, card.height)
    last = tiles.rect(min(tiles.layout.columns, tiles.shown) - 1)
    left = last.right + 24.0
    if tiles.shown < tiles.count:
        left = max(left, more_room(tiles).right() + _GAP)
    right = card.right - row.color_bar - _MARGIN
    return QRectF(left, card.top + _MARGIN, right - left, card.height - 2 * _MARGIN)


def row_parts(state: PictureState, room: QRectF) -> RowParts:
    """Return what stands in a room for the project's picture."""
    instead = instead_of_picture(state)
    if room.width() < NARROWEST * text_scale() and instead is None:
        return _picture_alone(state, room)
    if room.width() < NARROWEST * text_scale():
        return RowParts()
    if room.height() < _ONE_LINE:
        return _in_one_line(state, room)
    if instead is None:
        return _with_picture(state, room)
    lines, bottom = _lines([(instead.text, instead.role)], room)
    return RowParts(lines, None, _chips(instead.offers, room, bottom + _GAP))


def _picture_alone(state: PictureState, room: QRectF) -> RowParts:
    """Return the picture; a warning has one line that is cut off, and is whole in the tool tip."""
    assert state.size is not None
    lines: tuple[Line, ...] = ()
    if state.warnings:
        line = QRectF(room.topLeft(), QSizeF(room.width(), QFontMetricsF(line_font()).height()))
        lines = (Line(f"⚠ {state.warnings}", line, "warning"),)
        room = room.adjusted(0, line.height() + _GAP, 0, 0)
    high = min(room.width() / state.size[1] * state.size[0], room.height())
    middle = QRectF(room.left(), room.center().y() - high / 2, room.width(), high)
    parts = _over_picture([], state.size, middle, _SMALLEST_PICTURE)
    return RowParts() if parts is None else RowParts(lines, parts.canvas)


def _with_picture(state: PictureState, room: QRectF) -> RowParts:
    """Return the texts over the picture; in a low room the second one beside it, or left out.

    A warning may be cut off; what can be done is said whole, or not at all.
    """
    assert state.size is not None
    first = (headline(state), "text")
    second = (state.warnings, "warning") if state.warnings else (_hint(state), "muted")
    parts = _over_picture([first, second], state.size, room, _GOOD_PICTURE)
    if parts is not None:
        return parts
    parts = _over_picture([first], state.size, room, _SMALLEST_PICTURE)
    if parts is not None and parts.canvas is not None:
        beside = parts.canvas.room.adjusted(parts.canvas.room.width() + 12.0, 0, 0, 0)
        beside.setRight(room.right())
        lines, bottom = _lines([second], beside)
        has_room = state.warnings or bottom <= room.bottom()
        if beside.width() >= _NARROWEST_TEXT * text_scale() and has_room:
            return RowParts((*parts.lines, *lines), parts.canvas)
    if state.warnings:
        return _with_warning(state.size, first, second, room)
    # Without a picture there is no frame to drag.
    return parts or RowParts(_lines([first], room)[0])


def _with_warning(
    size: Size, first: tuple[str, str], warning: tuple[str, str], room: QRectF
) -> RowParts:
    """Return the warning, and what else has room: the picture before the other text."""
    for texts in ([first, warning], [warning]):
        parts = _over_picture(texts, size, room, _SMALLEST_PICTURE)
        if parts is not None:
            return parts
    lines, bottom = _lines([first, warning], room)
    return RowParts(lines if bottom <= room.bottom() else _lines([warning], room)[0])


def _over_picture(
    texts: Sequence[tuple[str, str]], size: Size, room: QRectF, least: float
) -> RowParts | None:
    """Return texts and the picture below them, None where it would be lower than the least."""
    lines, bottom = _lines(texts, room)
    top = bottom + _GAP if texts else bottom
    scale = min((room.bottom() - top) / size[0], room.width() / size[1])
    if size[0] * scale < least:
        return None
    picture = QRectF(room.left(), top, size[1] * scale, size[0] * scale)
    return RowParts(lines, CropCanvas(picture, size))


def _hint(state: PictureState) -> str:
    if state.size == (1, 1):
        return "one pixel, no part to choose"
    if state.frame is None:
        return "click the picture to choose a part"
    return "drag the frame to choose the part"


def _in_one_line(state: PictureState, room: QRectF) -> RowParts:
    """Return words and chips in a row that has no maps; one that is only folded says nothing."""
    instead = instead_of_picture(state)
    if instead is None:
        return RowParts()
    metrics = QFontMetricsF(line_font())
    high = metrics.height()
    # The chips come first: they lead to what the words say.
    chips_wide = sum(_chip_size(offer.label).width() + _GAP for offer in instead.offers)
    wide = max(room.width() - chips_wide - _MARGIN, NARROWEST)
    wide = min(metrics.horizontalAdvance(instead.text) + 2, wide)
    line = QRectF(room.left(), room.center().y() - high / 2, wide, high)
    beside = room.adjusted(wide + _MARGIN, 0, 0, 0)
    chips = _chips(instead.offers, beside, room.center().y() - _chip_size("").height() / 2)
    return RowParts((Line(instead.text, line, instead.role),), None, chips)


def _lines(texts: Sequence[tuple[str, str]], room: QRectF) -> tuple[tuple[Line, ...], float]:
    """Return texts one below the other, wrapped, and where they end."""
    metrics = QFontMetricsF(line_font())
    lines = []
    top = room.top()
    for text, role in texts:
        # A size is not torn apart.
        text = text.replace(" × ", "\u00a0×\u00a0")
        bounds = QRectF(room.left(), top, room.width(), 1000.0)
        high = metrics.boundingRect(bounds, WRAPPED.value, text).height()
        high = min(high, _MOST_LINES * metrics.height())
        lines.append(Line(text, QRectF(room.left(), top, room.width(), high), role))
        top += high
    return tuple(lines), top


def _chip_size(label: str) -> QSizeF:
    metrics = QFontMetricsF(chip_font())
    return QSizeF(metrics.horizontalAdvance(label) + 22.0, metrics.height() + 8.0)


def _chips(offers: Sequence[Offer], room: QRectF, top: float) -> tuple[tuple[Offer, QRectF], ...]:
    """Return chips beside each other, in as many rows as they need; those that have room."""
    chips = []
    point = QPointF(room.left(), top)
    for offer in offers:
        size = _chip_size(offer.label)
        if point.x() + size.width() > room.right() and point.x() > room.left():
            point = QPointF(room.left(), point.y() + size.height() + 6.0)
        chips.append((offer, QRectF(point, size)))
        point.setX(point.x() + size.width() + _GAP)
    return tuple(
        (offer, rect)
        for offer, rect in chips
        if rect.right() <= room.right() + 1 and rect.bottom() <= room.bottom() + 1
    )
