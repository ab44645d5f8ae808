"""The parts of a figure around its sheet: dimension lines, numbers, values, the color bar."""

import numpy as np

from engine.formats.figure_drawing import Drawing, Theme
from engine.formats.figure_text import Font
from engine.opencv import cv2
from engine.rect import Rect
from engine.sheets.color_maps import Colors, Rgb
from engine.sheets.map_sheet import GAP_INDEX, MapSheet, sheet_rgb
from engine.sheets.map_statistics import Maps

NUMBER = Font(14)
DIMENSION = Font(16)
_VALUE = Font(15)

_DIMENSION_GAP = 7
"""Between a map and the ticks of its dimension line."""
_TICK = 9
"""Length of the ticks at a dimension line's ends."""
_LABEL_GAP = 5
"""Between a dimension line, a tile or a bar and its text."""
_LABELED_COLUMNS, _LABELED_ROWS = 10, 5
_BAR_LEFT, _BAR_WIDTH = 40, 16
_SHORTEST_BAR, _LONGEST_BAR = 84, 280

_ON_LIGHT: Rgb = (20, 22, 26)
_ON_DARK: Rgb = (255, 255, 255)


def short(value: float) -> str:
    """Return a number with three digits.

    >>> short(-0.123456), short(1e-5), short(2e30), short(float("inf")), short(float("nan"))
    ('−0.123', '1e−5', '2e30', '∞', 'NaN')
    """
    text = f"{value:.3g}".replace("inf", "∞").replace("nan", "NaN")
    number, e, exponent = text.partition("e")
    return f"{number}{e}{int(exponent) if e else ''}".replace("-", "−")


def draw_sheet(drawing: Drawing, sheet: MapSheet, theme: Theme) -> Rect:
    """Draw the maps at the origin, pixel for pixel, with a line around each; return their box.

    White maps on white paper would have no edge without it.
    """
    indices = cv2.copyMakeBorder(sheet.indices, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(GAP_INDEX,))
    is_map = (indices != GAP_INDEX).astype(np.uint8)
    is_line = cv2.dilate(is_map, np.ones((3, 3), dtype=np.uint8)) > is_map
    rgb = np.empty((*indices.shape, 3), dtype=np.uint8)
    rgb[...] = theme.background
    rgb[1:-1, 1:-1] = sheet_rgb(sheet, theme.background)
    rgb[is_line] = theme.outline
    drawing.picture(rgb, -1, -1)
    height, width = sheet.layout.sheet_size
    return Rect(0, 0, width, height)


def draw_maps(drawing: Drawing, sheet: MapSheet, theme: Theme) -> None:
    """Draw each map's number below it, and the size at the first one."""
    for index in range(sheet.layout.count):
        _draw_number(drawing, Rect(*_left_first(sheet.layout.tile(index))), index, theme)
    _draw_size(drawing, sheet, theme)


def draw_written_values(drawing: Drawing, sheet: MapSheet, maps: Maps, theme: Theme) -> None:
    """Draw a vector's values on their cells, and their numbers below."""
    colors = sheet.table()
    for index in range(sheet.layout.count):
        box = Rect(*_left_first(sheet.layout.tile(index)))
        color = colors[sheet.indices[box.top, box.left]]
        middle = box.left + box.width / 2, box.top + box.height / 2
        value = short(float(maps[index, 0, 0]))
        drawing.centered(value, _VALUE, _readable_on(color), *middle)
        _draw_number(drawing, box, index, theme)
    _draw_size(drawing, sheet, theme)


def written_value_width(maps: Maps) -> int:
    """Return the width of the widest value that would be written."""
    return max(_VALUE.width(short(float(value))) for value in maps.ravel())


def draw_counted_values(drawing: Drawing, sheet: MapSheet, theme: Theme) -> None:
    """Draw what is needed to count cells without numbers: that of a row's first, every tenth."""
    layout = sheet.layout
    is_roomy = layout.tile_size[0] + layout.gap[0] >= NUMBER.height
    for row in range(0, layout.rows, 1 if is_roomy else _LABELED_ROWS):
        first = row * layout.columns
        tile = layout.tile(first)
        text = str(first)
        left = tile.left - 2 * _LABEL_GAP - NUMBER.width(text)
        top = tile.top + (tile.height - NUMBER.height) / 2
        drawing.text(text, NUMBER, theme.muted, left, top)
    for column in range(0, min(layout.columns, layout.count), _LABELED_COLUMNS):
        tile = layout.tile(column)
        middle = tile.left + tile.width / 2, -_LABEL_GAP - NUMBER.height / 2
        drawing.centered(f"+{column}" if column else "0", NUMBER, theme.muted, *middle)


def draw_color_bar(drawing: Drawing, sheet: MapSheet, grid: Rect, theme: Theme) -> None:
    """Draw the colors at the right of the maps, with the values at both ends and at zero."""
    height = min(max(grid.height, _SHORTEST_BAR), _LONGEST_BAR)
    bar = Rect(grid.right + _BAR_LEFT, grid.top, _BAR_WIDTH, height)
    drawing.fill(Rect(bar.left - 1, bar.top - 1, bar.width + 2, bar.height + 2), theme.outline)
    colors = sheet.color_map.at(np.linspace(1.0, 0.0, height))
    drawing.picture(np.repeat(colors[:, None], bar.width, axis=1), bar.left, bar.top)
    left = bar.right + _LABEL_GAP + _TICK
    for text, place in _bar_labels(sheet):
        y = bar.top + round(place * (height - 1))
        drawing.fill(Rect(bar.right + 2, y, _TICK - 3, 1), theme.muted)
        drawing.text(text, NUMBER, theme.muted, left, y - NUMBER.height / 2)
    if sheet.levels.shared is None:
        top = bar.bottom + 2 * _LABEL_GAP
        drawing.text("of each map", NUMBER, theme.muted, bar.left, top)


def _bar_labels(sheet: MapSheet) -> list[tuple[str, float]]:
    """Return texts with their place from the top, 0 to 1."""
    shared, zero = sheet.levels.shared, 0.5 if sheet.levels.signed else 1.0
    if shared == (0.0, 0.0):
        return [("0", zero)]
    if shared is None:
        ends = [("+max", 0.0), ("−max", 1.0)] if sheet.levels.signed else [("max", 0.0)]
    elif sheet.levels.signed:
        ends = [(f"+{short(shared[1])}", 0.0), (short(shared[0]), 1.0)]
    else:
        ends = [(short(shared[1]), 0.0)]
    return [*ends, ("0", zero)]


def _draw_number(drawing: Drawing, box: Rect, index: int, theme: Theme) -> None:
    middle = box.left + box.width / 2, box.bottom + _LABEL_GAP + NUMBER.height / 2
    drawing.centered(str(index), NUMBER, theme.muted, *middle)


def _draw_size(drawing: Drawing, sheet: MapSheet, theme: Theme) -> None:
    """Draw width and height of the maps beside the first one, as dimension lines."""
    box = Rect(*_left_first(sheet.layout.tile(0)))
    color = theme.accent
    y = box.top - _DIMENSION_GAP - _TICK // 2
    drawing.fill(Rect(box.left, y, box.width, 1), color)
    for x in (box.left, box.right - 1):
        drawing.fill(Rect(x, y - _TICK // 2, 1, _TICK), color)
    above = y - _TICK // 2 - DIMENSION.height / 2
    drawing.centered(str(sheet.layout.width), DIMENSION, color, box.left + box.width / 2, above)

    x = box.left - _DIMENSION_GAP - _TICK // 2
    drawing.fill(Rect(x, box.top, 1, box.height), color)
    for y in (box.top, box.bottom - 1):
        drawing.fill(Rect(x - _TICK // 2, y, _TICK, 1), color)
    text = str(sheet.layout.height)
    # Beside a low map a turned number would reach into the line above; one digit needs no turn.
    upwards = len(text) > 1 and DIMENSION.width(text) <= box.height
    breadth = DIMENSION.height if upwards else DIMENSION.width(text) + _LABEL_GAP
    middle = box.top + box.height / 2
    drawing.centered(text, DIMENSION, color, x - _TICK // 2 - breadth / 2, middle, upwards=upwards)


def _readable_on(color: Colors) -> Rgb:
    """Return black or white, whichever is read more easily on a color."""
    red, green, blue = (int(part) for part in color)
    return _ON_LIGHT if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else _ON_DARK


def _left_first(tile: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    top, left, height, width = tile
    return left, top, width, height
