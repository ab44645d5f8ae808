"""What stands in a row in the place of maps: why there are none, and what would mend that."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.flow.row_lengths import WORDS_GAP, lengths
from gui.flow.row_painting import write_line
from gui.flow.row_state import RowState, words_without_maps
from gui.fonts import text_font
from gui.labels import text_scale
from gui.theme import Theme, color


def paint_words(painter: QPainter, state: RowState, zeros: float | None) -> list[QRectF]:
    """Write why a row has no maps, and ways out as buttons; return where these are.

    ``zeros`` is the share of zeros in maps that a row in one line does not show.
    """
    row, theme = state.row, state.theme
    left = float(row.block.right + WORDS_GAP)
    room = QRectF(left, row.card.top, row.card.right - left - 12, row.card.height)
    sentence, ways = _what_is_wrong(state)
    if not sentence:
        words = words_without_maps(state, zeros)
        write_line(painter, room, words, text_font(9.5), color(theme.muted))
        return []
    painter.setFont(text_font(10))
    x = left + painter.fontMetrics().horizontalAdvance(sentence) + 16
    below = room
    sizes = lengths(text_scale())
    if row.card.height > sizes.compact_height:
        x, below = left, room.translated(0, sizes.chips / 2)
        room = room.translated(0, -sizes.chips / 2)
    write_line(painter, room, sentence, text_font(10), color(theme.problem))
    chips = []
    for way in ways:
        chip = paint_chip(painter, x, below, way, theme)
        if chip is None:
            break  # a way out is found by its place
        chips.append(chip)
        x = chip.right() + 8
    return chips


def _what_is_wrong(state: RowState) -> tuple[str, tuple[str, ...]]:
    """Return why a row cannot have maps, in a sentence, and what would mend that."""
    if state.fault:
        return f"⚠ {state.fault}", ("Try again",)
    if state.layer.problems:
        return state.layer.problems[0].message, state.repairs
    return "", ()


def paint_chip(painter: QPainter, x: float, room: QRectF, text: str, theme: Theme) -> QRectF | None:
    """Paint a button of a few words and return where; None where it has no room."""
    painter.setFont(text_font(9))
    height = lengths(text_scale()).chip
    chip = QRectF(x, 0, painter.fontMetrics().horizontalAdvance(text) + height, height)
    chip.moveCenter(QPointF(chip.center().x(), room.center().y()))
    if chip.right() > room.right():
        return None
    painter.setPen(QPen(color(theme.border), 1))
    painter.setBrush(color(theme.chip))
    painter.drawRoundedRect(chip, height / 2, height / 2)
    painter.setPen(color(theme.accent))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
    return chip
