"""A layer's block in its row: title, settings, size and costs, one below the other."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from engine.analysis import Analysis
from engine.rect import Rect
from gui.flow.row_painting import badge_shade, rectangle, write_line
from gui.fonts import number_font, text_font
from gui.theme import Theme, color

TEXT_MARGINS = 22
"""What a block leaves free at the left and the right of its texts."""
LEADING = 2.0
"""Between two lines of a block."""


@dataclass(frozen=True)
class BlockText:
    """What is written on a block, from top to bottom."""

    title: str
    summary: str
    size: str
    costs: str
    field: str
    outlook: str = ""
    """What the size would become, after a sign; it stands in the place of costs and field."""


def paint_block(
    painter: QPainter,
    rect: Rect,
    text: BlockText,
    theme: Theme,
    *,
    compact: bool,
    bad: bool,
    dimmed: bool,
    hovered: bool,
) -> None:
    """Paint a layer's block with its texts; the summary takes two lines where there is room."""
    painter.setPen(Qt.PenStyle.NoPen)
    fill = theme.problem_block if bad else theme.block_hover if hovered else theme.block
    painter.setBrush(color(fill))
    painter.drawRoundedRect(rectangle(rect), 6, 6)
    left, width = rect.left + 12.0, float(rect.width - TEXT_MARGINS)
    strong = color(theme.problem if bad else theme.muted if dimmed else theme.text)
    size_color = color(theme.problem if bad else theme.accent)
    title_font, size_font = title_font_for(text.title, width), number_font(10, bold=True)
    outlook_color = color(badge_shade(text.outlook, theme))
    if compact:
        title_font, size_font = text_font(10, bold=True), number_font(9.5, bold=True)
        size = text.outlook or text.size
        size_color = outlook_color if text.outlook else size_color
        size_width = QFontMetricsF(size_font).horizontalAdvance(size)
        middle = QRectF(left, rect.top, width, rect.height)
        write_line(
            painter, middle.adjusted(0, 0, -size_width - 10, 0), text.title, title_font, strong
        )
        write_line(painter, middle, size, size_font, size_color, Qt.AlignmentFlag.AlignRight)
        return
    small, muted = text_font(9), color(theme.muted)
    lines = [
        (text.title, title_font, strong),
        (text.summary, summary_font(), muted),
        (text.size, size_font, size_color),
        (text.outlook, number_font(9, bold=True), outlook_color),
        # What it costs and sees now would be mistaken for what it then does.
        ("" if text.outlook else text.costs, small, muted),
        ("" if text.outlook else text.field, small, muted),
    ]
    lines = [line for line in lines if line[0]]
    metrics, y = QFontMetricsF(summary_font()), rect.top + 6.0
    high = sum(_line_height(font) for _, font, _ in lines) + _line_height(summary_font())
    if y + high - LEADING <= rect.bottom:
        first, second = two_lines(text.summary, lambda t: metrics.horizontalAdvance(t) <= width)
        if second:
            lines[1:2] = [(part, summary_font(), muted) for part in (first, second)]
    for line, font, pen in lines:
        height = _line_height(font)
        write_line(painter, QRectF(left, y, width, height), line, font, pen)
        y += height


def title_font_for(title: str, room: float) -> QFont:
    """Return the font of a title: a long one is written a little smaller rather than cut off."""
    fonts = [text_font(size, bold=True) for size in (10.5, 9.5, 9)]
    fitting = (font for font in fonts if QFontMetricsF(font).horizontalAdvance(title) <= room)
    return next(fitting, fonts[-1])


def _line_height(font: QFont) -> float:
    return QFontMetricsF(font).height() + LEADING


def summary_font() -> QFont:
    """Return the font of a layer's settings in a few words."""
    return text_font(9.5)


def long_summaries(analysis: Analysis, block_width: int) -> frozenset[str]:
    """Return the layers whose settings in a few words take two lines of a block."""
    metrics, room = QFontMetricsF(summary_font()), block_width - TEXT_MARGINS
    return frozenset(
        node_id
        for node_id, layer in analysis.layers.items()
        if metrics.horizontalAdvance(layer.node.layer.summary()) > room
    )


def two_lines(text: str, fits: Callable[[str], bool]) -> tuple[str, str]:
    """Break a text that does not fit in one line: between two settings rather than within one.

    >>> two_lines("7×7 · stride 2 · padding 3", lambda part: len(part) < 18)
    ('7×7 · stride 2', 'padding 3')
    >>> two_lines("RGB − (0.485, 0.456)", lambda part: len(part) < 18)
    ('RGB − (0.485,', '0.456)')
    """
    if fits(text):
        return text, ""
    for mark in (" · ", " "):
        parts = text.split(mark)
        firsts = (mark.join(parts[:count]) for count in range(len(parts) - 1, 0, -1))
        first = next(filter(fits, firsts), "")
        if first:
            return first, text[len(first) + len(mark) :]
    return text, ""
