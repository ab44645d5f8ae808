"""What stands in a row in the place of maps: why there are none, and what would mend that."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from gui.flow.row_lengths import WORDS_GAP, lengths
from gui.flow.row_painting import write_line
from gui.flow.row_state import RowState, words_without_maps
from gui.labels import text_scale
from gui.theme import Theme, color, text_font


def paint_words(painter: QPainter, state: RowState, zeros: float | None) -> list[QRectF]:
    """Write why a row has no maps, and its repairs as buttons; return where these are.

    ``zeros`` is the share of zeros in maps that a row in one line does not show.
    """
    row, theme = state.row, state.theme
    left = float(row.block.right + WORDS_GAP)
    room = QRectF(left, row.card.top, row.card.right - left - 12, row.card.height)
    if not state.layer.problems:
        words = words_without_maps(state, zeros)
        write_line(painter, room, words, text_font(9.5), color(theme.muted))
        return []
    problem = state.layer.problems[0]
    painter.setFont(text_font(10))
    x = left + painter.fontMetrics().horizontalAdvance(problem.message) + 16
    below = room
    if row.card.height > lengths(text_scale()).compact_height:
        x, below = left, room.adjusted(0, room.height() / 2 - 4, 0, -4)
        room = room.adjusted(0, 4, 0, -room.height() / 2 + 2)
    write_line(painter, room, problem.message, text_font(10), color(theme.problem))
    chips = []
    for repair in state.repairs:
        chip = paint_chip(painter, x, below, repair, theme)
        if chip is None:
            break  # a repair is found by its place
        chips.append(chip)
        x = chip.right() + 8
    return chips


def paint_chip(painter: QPainter, x: float, room: QRectF, text: str, theme: Theme) -> QRectF | None:
    """Paint a button of a few words and return where; None where it has no room."""
    painter.setFont(text_font(9))
    chip = QRectF(x, room.center().y() - 11, painter.fontMetrics().horizontalAdvance(text) + 22, 22)
    if chip.right() > room.right():
        return None
    painter.setPen(QPen(color(theme.border), 1))
    painter.setBrush(color(theme.chip))
    painter.drawRoundedRect(chip, 11, 11)
    painter.setPen(color(theme.accent))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
    return chip
