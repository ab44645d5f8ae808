"""Painting of one value's arithmetic: grids of cells, signs between them, a list of steps."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication

from engine.sheets.kernel_colors import kernel_colors
from engine.tracing import Extent
from gui.flow.row_painting import write_line
from gui.fonts import number_font, text_font
from gui.theme import Theme, color
from gui.wording import span_text

Numbers = NDArray[np.float64]

# Lengths at the usual size of text; `enlarged` makes them as long as the text needs.
CELL = 40
"""Width of a cell whose number is written."""
GRID_HEIGHT = 118
"""Height that a grid may take."""
TITLE = 22
STEP_WIDTH = 200
STEPS_GAP = 24
STEPS_IN_A_COLUMN = 4
ORIGIN_WIDTH = 190
ORIGIN_TITLE = "receptive field"
_WHOLE_CELL = 20.0
"""Cells of that size have room for a whole number of two digits."""


@dataclass(frozen=True, eq=False)
class Origin:
    """The piece of the picture behind a value: where it is, and its pixels as RGB (H, W, 3)."""

    extent: Extent
    patch: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Grid:
    """Numbers in cells.

    ``signed`` colors them around zero, otherwise from black to white. ``outside`` marks cells of
    the padding, ``winner`` is the cell that is kept, if one is, or that is meant; ``inserted``
    marks zeros between the values. ``whole`` numbers are written without decimals. ``read`` are the
    lines and the cells that a window lies on.
    """

    title: str
    numbers: Numbers
    signed: bool
    outside: NDArray[np.bool_] | None = None
    winner: tuple[int, int] | None = None
    inserted: NDArray[np.bool_] | None = None
    whole: bool = False
    read: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())


def enlarged(length: float) -> float:
    """Return how long a length of the usual size of text is at the size of text that is chosen."""
    return length * QApplication.font().pointSizeF() / 10


def grid_size(grid: Grid) -> tuple[float, float]:
    """Return width and height of a grid's cells in all."""
    cell_w, cell_h = _cell(grid)
    lines, cells = grid.numbers.shape
    return cells * cell_w, lines * cell_h


def grid_width(grid: Grid) -> float:
    """Return the width that a grid takes with its title."""
    title_width = QFontMetricsF(text_font(9)).horizontalAdvance(grid.title)
    return max(grid_size(grid)[0], title_width)


def _cell(grid: Grid) -> tuple[float, float]:
    lines, cells = grid.numbers.shape
    height = min(enlarged(30), enlarged(GRID_HEIGHT) / lines)
    if grid.whole:
        return enlarged(_WHOLE_CELL), enlarged(_WHOLE_CELL)
    if height >= enlarged(18) and cells * CELL <= 360:
        return enlarged(CELL), height
    side = max(min(enlarged(GRID_HEIGHT) / lines, enlarged(360) / cells, enlarged(24)), 1.0)
    return side, side


def paint_grid(painter: QPainter, grid: Grid, left: float, top: float, theme: Theme) -> float:
    """Paint a grid under its title; return the x behind it."""
    width = grid_width(grid)
    room = QRectF(left, top, width + 2, enlarged(TITLE - 4))
    write_line(painter, room, grid.title, text_font(9), color(theme.muted))
    cell_w, cell_h = _cell(grid)
    shades = _shades(grid)
    font = number_font(8.5 if cell_w >= enlarged(CELL) else 7.5)
    is_short = grid.whole and float(grid.numbers.max()) < 100
    written = cell_w >= enlarged(CELL) or is_short
    painter.setFont(font)
    for (line, cell), number in np.ndenumerate(grid.numbers):
        box = QRectF(left + cell * cell_w, top + enlarged(TITLE) + line * cell_h, cell_w, cell_h)
        gap = 1.0 if cell_w >= 12 else 0.0
        box.adjust(0, 0, -gap, -gap)
        shade = QColor(*shades[line, cell].tolist())
        painter.setPen(Qt.PenStyle.NoPen)
        is_outside = grid.outside is not None and bool(grid.outside[line, cell])
        is_inserted = grid.inserted is not None and bool(grid.inserted[line, cell])
        of_theme = is_outside or is_inserted
        painter.setBrush(color(theme.block if is_outside else theme.card) if of_theme else shade)
        painter.drawRect(box)
        if is_outside:
            painter.setPen(QPen(color(theme.faint), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(1, 1, -1, -1))
        if is_inserted:
            painter.fillRect(box, QBrush(color(theme.faint, 130), Qt.BrushStyle.BDiagPattern))
        if written:
            dark = of_theme and theme.name == "dark"
            light_text = dark or (not of_theme and shade.lightnessF() < 0.5)
            painter.setPen(QColor("#f2f3f5" if light_text else "#16181d"))
            text = cell_text(float(number), grid.signed)
            if grid.whole or is_inserted:
                text = f"{number:.0f}"
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    lines, cells = grid.read
    for line, cell in product(lines, cells):
        box = QRectF(left + cell * cell_w, top + enlarged(TITLE) + line * cell_h, cell_w, cell_h)
        painter.setPen(QPen(color(theme.accent), 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(-0.5, -0.5, -0.5, -0.5))
    if grid.winner is not None:
        line, cell = grid.winner
        box = QRectF(left + cell * cell_w, top + enlarged(TITLE) + line * cell_h, cell_w, cell_h)
        painter.setPen(QPen(color(theme.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0, 0, -1, -1))
    return left + width


def paint_sign(
    painter: QPainter, sign: str, x: float, top: float, grid: Grid, theme: Theme
) -> None:
    """Write a sign beside the middle of a grid."""
    _, height = grid_size(grid)
    room = QRectF(x, top + enlarged(TITLE), 24, height)
    painter.setFont(text_font(13))
    painter.setPen(color(theme.muted))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, sign)


def paint_steps(
    painter: QPainter,
    heading: str,
    steps: list[tuple[str, str]],
    result: tuple[str, str],
    left: float,
    top: float,
    theme: Theme,
) -> float:
    """Write the lines of a calculation in columns, the result below a rule; return the x behind."""
    width = steps_width(heading, len(steps))
    write_line(
        painter,
        QRectF(left, top, width, enlarged(TITLE - 4)),
        heading,
        text_font(9),
        color(theme.muted),
    )
    number = number_font(9.5)
    height = QFontMetricsF(number).height() + 3
    columns = [steps[i : i + STEPS_IN_A_COLUMN] for i in range(0, len(steps), STEPS_IN_A_COLUMN)]
    x, y = left, top + enlarged(TITLE)
    for place, column in enumerate(columns or [[]]):
        x, y = left + place * (enlarged(STEP_WIDTH + STEPS_GAP)), top + enlarged(TITLE)
        for label, text in column:
            _paint_step(painter, label, text, QRectF(x, y, enlarged(STEP_WIDTH), height), theme)
            y += height
    painter.setPen(QPen(color(theme.border), 1))
    painter.drawLine(QPointF(x, y + 2), QPointF(x + enlarged(STEP_WIDTH), y + 2))
    line = QRectF(x, y + 5, enlarged(STEP_WIDTH), height)
    write_line(painter, line, result[0], text_font(9.5, bold=True), color(theme.text))
    write_line(
        painter,
        line,
        result[1],
        number_font(10, bold=True),
        color(theme.accent),
        Qt.AlignmentFlag.AlignRight,
    )
    return left + width


def steps_width(heading: str, count: int) -> float:
    """Return the width that so many lines of a calculation take below their heading."""
    columns = max(-(-count // STEPS_IN_A_COLUMN), 1)
    heading_width = QFontMetricsF(text_font(9)).horizontalAdvance(heading) + 2
    return max(columns * (enlarged(STEP_WIDTH + STEPS_GAP)) - enlarged(STEPS_GAP), heading_width)


def origin_width() -> float:
    """Return the width that the piece of the picture takes with its title."""
    lines = QFontMetricsF(number_font(8.5)).horizontalAdvance("columns 1000 to 1000")
    return max(QFontMetricsF(text_font(9)).horizontalAdvance(ORIGIN_TITLE), lines) + 2


def _paint_step(painter: QPainter, label: str, text: str, line: QRectF, theme: Theme) -> None:
    number = number_font(9.5)
    width = QFontMetricsF(number).horizontalAdvance(text) + 8
    room = line.adjusted(0, 0, -width, 0)
    write_line(painter, room, label, text_font(9.5), color(theme.muted))
    write_line(painter, line, text, number, color(theme.text), Qt.AlignmentFlag.AlignRight)


def paint_origin(painter: QPainter, origin: Origin, left: float, top: float, theme: Theme) -> None:
    """Show the piece of the picture behind a value, magnified, and say where it is."""
    room = QRectF(left, top, origin_width(), enlarged(TITLE - 4))
    write_line(painter, room, ORIGIN_TITLE, text_font(9), color(theme.muted))
    height, width, _ = origin.patch.shape
    scale = min(enlarged(GRID_HEIGHT - 34) / height, enlarged(ORIGIN_WIDTH - 4) / width)
    box = QRectF(left, top + enlarged(TITLE), max(width * scale, 2), max(height * scale, 2))
    data = np.ascontiguousarray(origin.patch)
    image = QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
    painter.drawImage(box, image)
    painter.setPen(QPen(color(theme.text), 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)
    extent = origin.extent
    for place, text in enumerate(
        (
            span_text("row", extent.first_row, extent.last_row),
            span_text("column", extent.first_column, extent.last_column),
        )
    ):
        line = QRectF(
            left, box.bottom() + 3 + enlarged(16) * place, enlarged(ORIGIN_WIDTH), enlarged(16)
        )
        write_line(painter, line, text, number_font(8.5), color(theme.text))


def _shades(grid: Grid) -> NDArray[np.uint8]:
    """Return the color of every cell, (lines, cells, 3)."""
    if grid.signed:
        return kernel_colors(grid.numbers)
    finite = np.where(np.isfinite(grid.numbers), grid.numbers, 0.0)
    low, high = min(float(finite.min()), 0.0), max(float(finite.max()), 1e-12)
    gray = np.rint((finite - low) / (high - low) * 235 + 10).astype(np.uint8)
    return np.repeat(gray[..., None], 3, axis=2)


def cell_text(number: float, signed: bool) -> str:
    """Return a number as it stands in a cell: few digits, a true minus sign.

    >>> cell_text(0.254, True), cell_text(-12.34, True), cell_text(0.5, False)
    ('+0.25', '−12.3', '0.50')
    """
    if not np.isfinite(number):
        return "∞" if number > 0 else "−∞" if number < 0 else "NaN"
    size = abs(number)
    text = f"{size:.2f}" if size < 10 else f"{size:.1f}" if size < 100 else f"{size:.0f}"
    if size >= 10000:
        text = f"{size:.0e}".replace("e+0", "e").replace("e+", "e")
    if number < 0 and float(text) != 0:
        return f"−{text}"
    return f"+{text}" if signed else text
