"""A picture of one layer to print or to paste: its maps, their size, numbers and colors."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.formats.figure_drawing import THEMES, Drawing, Theme
from engine.formats.figure_grid import MOST_WRITTEN_VALUES, cell_grid, map_grid
from engine.formats.figure_maps import (
    NUMBER,
    draw_color_bar,
    draw_counted_values,
    draw_maps,
    draw_sheet,
    draw_written_values,
    short,
    written_value_width,
)
from engine.formats.figure_text import Font
from engine.opencv import cv2
from engine.rect import Rect
from engine.shapes import Shape
from engine.sheets.color_maps import Colors, Rgb
from engine.sheets.level_range import LevelScope, Range
from engine.sheets.map_sheet import INFINITY_COLOR, NAN_COLOR, MapSheet, make_sheet
from engine.sheets.map_statistics import Maps, MapStatistics
from engine.whole_files import file_errors_as_sentences, written_whole
from engine.wording import counted

_TITLE = Font(26, bold=True)
_BODY = Font(17)
_NOTE = Font(15)

_MARGIN = 32
_HEADER_GAP, _NOTES_GAP = 26, 22
_LINE_GAP = 4
_NARROWEST = 720
"""Lines wider than the maps are broken, but not below this width."""
_SWATCH = 11
_LISTED_VALUES = 5


@dataclass(frozen=True, eq=False)
class LayerFigure:
    """What a figure shows.

    ``maps`` are (C, H, W), float32, C-contiguous; every size written comes from them. ``name`` is
    the layer's, ``kind`` what it is called. ``facts`` (settings, parameters, MACs, receptive
    field) and ``equation`` are text of one or more lines, left out where empty. ``theme`` is
    "dark" or "light"; the rest is as for `engine.sheets.map_sheet.make_sheet`.
    """

    maps: Maps
    name: str
    kind: str
    facts: str = ""
    equation: str = ""
    theme: str = "dark"
    scope: LevelScope = LevelScope.LAYER
    network_range: Range | None = None
    color: str = "auto"
    clip: float = 0.0


def layer_figure(figure: LayerFigure) -> Colors:
    """Return the figure, uint8 RGB (H, W, 3), as large as its content needs."""
    return draw_figure(figure).image(THEMES[figure.theme].background, _MARGIN)


def draw_figure(figure: LayerFigure) -> Drawing:
    """Return the figure before it becomes pixels."""
    theme = THEMES[figure.theme]
    sheet = _sheet(figure)
    drawing = Drawing()
    grid = draw_sheet(drawing, sheet, theme)
    if not Shape(*figure.maps.shape).is_vector:
        draw_maps(drawing, sheet, theme)
    elif sheet.layout.count <= MOST_WRITTEN_VALUES:
        draw_written_values(drawing, sheet, figure.maps, theme)
    else:
        draw_counted_values(drawing, sheet, theme)
    draw_color_bar(drawing, sheet, grid, theme)
    area = drawing.extent()
    _draw_header(drawing, figure, area, theme)
    _draw_notes(drawing, sheet, figure.maps, area, theme)
    return drawing


def write_png(path: Path, rgb: Colors) -> None:
    """Write an RGB array (H, W, 3) as a PNG file, whole or not at all.

    Raises:
        ProjectFileError: it cannot be written; the text names the file and why.
    """
    with file_errors_as_sentences(path, "saved"):
        _, encoded = cv2.imencode(".png", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
        with written_whole(path) as stream:
            stream.write(encoded.tobytes())


def _sheet(figure: LayerFigure) -> MapSheet:
    shape = Shape(*figure.maps.shape)
    if shape.is_vector:
        few = figure.maps[:MOST_WRITTEN_VALUES]
        layout = cell_grid(shape.channels, written_value_width(few), NUMBER.height)
    else:
        layout = map_grid(shape, NUMBER.width(str(shape.channels - 1)), NUMBER.height)
    return make_sheet(
        figure.maps,
        layout,
        figure.scope,
        network_range=figure.network_range,
        color=figure.color,
        clip=figure.clip,
    )


def _draw_header(drawing: Drawing, figure: LayerFigure, area: Rect, theme: Theme) -> None:
    """Draw the title, the facts and the equation above the maps."""
    width = max(area.width, _NARROWEST)
    size = str(Shape(*figure.maps.shape))
    title = _broken(f"{figure.name} · {figure.kind} · {size}", _TITLE, width)
    lines: list[tuple[str, Font, Rgb]] = [(line, _TITLE, theme.text) for line in title]
    for text, color in ((figure.facts, theme.muted), (figure.equation, theme.text)):
        for line in text.splitlines():
            lines.extend((part, _BODY, color) for part in _broken(line, _BODY, width))
    top = area.top - _HEADER_GAP - sum(font.height + _LINE_GAP for _, font, _ in lines)
    for line, font, color in lines:
        if font is _TITLE and line.endswith(size):
            rest = line.removesuffix(size)
            after = drawing.text(rest, font, color, area.left, top).right if rest else area.left
            drawing.text(size, font, theme.accent, after, top)
        else:
            drawing.text(line, font, color, area.left, top)
        top += font.height + _LINE_GAP


def _draw_notes(drawing: Drawing, sheet: MapSheet, maps: Maps, area: Rect, theme: Theme) -> None:
    """Draw what the maps' values are like, and what was left out or changed, below the maps."""
    whole = sheet.statistics.whole
    width, top = max(area.width, _NARROWEST), area.bottom + _NOTES_GAP
    notes = [_values_note(whole), _largest_note(sheet, maps), _drawing_note(sheet)]
    for note in notes:
        for line in _broken(note, _NOTE, width) if note else ():
            top = drawing.text(line, _NOTE, theme.muted, area.left, top).bottom + _LINE_GAP
    for count, what, color in (
        (whole.nans, "NaN", NAN_COLOR),
        (whole.infinities, "infinite", INFINITY_COLOR),
    ):
        if count:
            swatch = Rect(area.left, top + (_NOTE.height - _SWATCH) // 2, _SWATCH, _SWATCH)
            drawing.fill(swatch, color)
            text = f"{counted(count, 'value')} {'is' if count == 1 else 'are'} {what}"
            left = swatch.right + 8
            top = drawing.text(text, _NOTE, theme.text, left, top).bottom + _LINE_GAP


def _values_note(whole: MapStatistics) -> str:
    if not whole.finite:
        return "no value is a number"
    if whole.minimum == whole.maximum:
        return f"every value is {short(whole.minimum)}"
    zeros = f"{_percent(whole.zeros)} zeros" if whole.zeros else "no zeros"
    return (
        f"values {short(whole.minimum)} to {short(whole.maximum)} · mean {short(whole.mean)} · "
        f"deviation {short(whole.deviation)} · {zeros}"
    )


def _largest_note(sheet: MapSheet, maps: Maps) -> str:
    """Return the largest values of a vector whose cells have none written on them."""
    if not Shape(*maps.shape).is_vector or sheet.layout.count <= MOST_WRITTEN_VALUES:
        return ""
    values = maps.ravel()
    finite = np.flatnonzero(np.isfinite(values))
    largest = finite[np.argsort(-values[finite], kind="stable")[:_LISTED_VALUES]]
    listed = " · ".join(f"{index}: {short(float(values[index]))}" for index in largest)
    return f"largest · {listed}" if listed else ""


def _drawing_note(sheet: MapSheet) -> str:
    clipped = sheet.levels.clipped
    beyond = f"{_percent(clipped)} of the values lie beyond the colors' range" if clipped else ""
    layout = sheet.layout
    if sheet.statistics.values > 1:
        drawn = str(layout)
    else:
        drawn = f"first {layout.count} of {layout.total} values" * (layout.count < layout.total)
    return " · ".join(note for note in (drawn, beyond) if note)


def _percent(share: float) -> str:
    """Return a share that is neither none nor all, and does not look as if it were.

    >>> _percent(0.331), _percent(0.00001), _percent(0.99999), _percent(1.0)
    ('33.1 %', 'under 0.1 %', 'over 99.9 %', '100 %')
    """
    if share < 0.001:
        return "under 0.1 %"
    return "over 99.9 %" if 0.999 < share < 1.0 else f"{100 * share:.3g} %"


def _broken(
    text: str, font: Font, width: int, separators: Sequence[str] = (" · ", " ")
) -> list[str]:
    """Return the text in lines of at most a width, where it can be broken."""
    if not separators or font.width(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for part in text.split(separators[0]):
        joined = f"{line}{separators[0]}{part}" if line else part
        if font.width(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *complete, line = _broken(part, font, width, separators[1:])
        lines.extend(complete)
    return [*lines, line]
