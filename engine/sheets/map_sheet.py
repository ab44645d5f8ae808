"""All maps of a layer as one tiled 8-bit image, with what is needed to color and to read it.

A pixel of the sheet is an index into 256 colors. Values take 1 to 253, so that zero of a signed
range has an index of its own in the middle; the gaps take 0, NaN and infinity the last two.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from engine.opencv import cv2
from engine.sheets.color_maps import COLOR_MAPS, DIVERGING, SEQUENTIAL, ColorMap, Colors, Rgb
from engine.sheets.level_range import Levels, LevelScope, Range, find_levels
from engine.sheets.map_statistics import LayerStatistics, Maps, layer_statistics
from engine.sheets.sheet_layout import Pair, SheetLayout

Indices: TypeAlias = NDArray[np.uint8]

GAP_INDEX = 0
LOWEST_INDEX = 1
ZERO_INDEX = 127
"""The index of zero where values have a sign."""
HIGHEST_INDEX = 253
NAN_INDEX = 254
INFINITY_INDEX = 255

# Colors that no color map comes near, for any sight.
NAN_COLOR: Rgb = (255, 0, 255)
INFINITY_COLOR: Rgb = (120, 0, 200)

_SMALL = 1024
"""Maps below this many values are taken together by numpy; above, one by one by OpenCV."""

_AT_ONCE = 1 << 20
"""How many values of small maps are drawn at once, to bound the memory."""

_LARGEST_FACTOR = float(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class MapSheet:
    """One image of a layer's maps; ``indices`` (H, W) is read-only and refers to `table`.

    ``statistics`` are of the maps on the sheet, and in ``whole`` of all maps.
    """

    indices: Indices
    layout: SheetLayout
    levels: Levels
    statistics: LayerStatistics
    color_map: ColorMap

    def table(self, gap: Rgb = (0, 0, 0)) -> Colors:
        """Return the colors of the 256 indices (256, 3), uint8 RGB, with ``gap`` between maps."""
        table = np.empty((256, 3), dtype=np.uint8)
        fractions = np.linspace(0.0, 1.0, HIGHEST_INDEX - LOWEST_INDEX + 1)
        table[LOWEST_INDEX : HIGHEST_INDEX + 1] = self.color_map.at(fractions)
        table[GAP_INDEX] = gap
        table[NAN_INDEX] = NAN_COLOR
        table[INFINITY_INDEX] = INFINITY_COLOR
        return table


def make_sheet(
    maps: Maps,
    layout: SheetLayout,
    scope: LevelScope = LevelScope.MAP,
    *,
    network_range: Range | None = None,
    color: str = "auto",
    clip: float = 0.0,
    statistics: LayerStatistics | None = None,
) -> MapSheet:
    """Draw the first ``layout.count`` maps.

    Args:
        maps: (C, H, W), float32, C-contiguous, of the layout's size; not kept.
        layout: from `engine.sheets.sheet_layout.arrange`.
        scope: what shares a range of values.
        network_range: the smallest and largest value of the network, for that scope.
        color: a color map's id, or "auto": "diverging" if a value is negative, else "sequential".
        clip: the share of the values that may be clipped at the far ends.
        statistics: of these maps where they are known, at least of those that are drawn.

    Raises:
        ValueError: the layout is for other maps, the color map is unknown, or see `find_levels`.

    >>> from engine.sheets.sheet_layout import arrange
    >>> maps = np.array([[[-1, 0, 1]], [[0, 2, np.nan]]], dtype=np.float32)
    >>> make_sheet(maps, arrange(maps.shape, columns=1, gap=(1, 1))).indices
    array([[  1, 127, 253],
           [  0,   0,   0],
           [127, 253, 254]], dtype=uint8)
    """
    if maps.shape != (layout.total, layout.height, layout.width):
        raise ValueError(
            f"The layout is for {layout.total} maps of {layout.height} × {layout.width}, "
            f"received maps of shape {maps.shape}."
        )
    if statistics is None:
        statistics = layer_statistics(maps, layout.count)
    if len(statistics) < layout.count:
        raise ValueError(
            f"The statistics are of {len(statistics)} maps, and {layout.count} are drawn."
        )
    statistics = statistics.first(layout.count)
    levels = find_levels(maps, statistics, scope, network_range, clip)
    return MapSheet(
        _draw(maps[: layout.count], layout, levels, statistics),
        layout,
        levels,
        statistics,
        _color_map(color, levels.signed),
    )


def sheet_rgb(sheet: MapSheet, gap: Rgb = (0, 0, 0)) -> Colors:
    """Return the sheet in color, uint8 RGB (H, W, 3), with ``gap`` between the maps."""
    # applyColorMap copies the three bytes of an entry as they stand: RGB stays RGB.
    return np.asarray(cv2.applyColorMap(sheet.indices, sheet.table(gap)[:, None]), dtype=np.uint8)


def _color_map(color: str, signed: bool) -> ColorMap:
    if color == "auto":
        return DIVERGING if signed else SEQUENTIAL
    if color not in COLOR_MAPS:
        raise ValueError(f"There is no color map {color!r}; there are {', '.join(COLOR_MAPS)}.")
    return COLOR_MAPS[color]


def _draw(maps: Maps, layout: SheetLayout, levels: Levels, statistics: LayerStatistics) -> Indices:
    """Return the sheet's indices, read-only."""
    height, width = layout.sheet_size
    sheet = np.zeros((height, width), dtype=np.uint8)
    reduced = _reduced(maps, layout.scale.reduction)
    blocks = _blocks(sheet, layout, reduced.shape[1:])
    factors, offset = _index_scale(levels)
    if reduced[0].size < _SMALL:
        _draw_together(reduced, blocks, factors, offset)
    else:
        _draw_one_by_one(reduced, blocks, levels, factors, offset, statistics)
    sheet.flags.writeable = False
    return sheet


def _blocks(sheet: Indices, layout: SheetLayout, size: tuple[int, ...]) -> Indices:
    """Return the sheet by tile row, tile column, and then each value's block of pixels.

    The axes are (rows, columns, height, enlargement, width, enlargement), so that values
    broadcast over their pixels. Every tile lies on the sheet, those that stay empty too.
    """
    (up_h, up_w), (gap_h, gap_w) = layout.scale.enlargement, layout.gap
    tile_h, tile_w = layout.tile_size
    width = sheet.shape[1]
    return as_strided(
        sheet,
        (layout.rows, layout.columns, size[0], up_h, size[1], up_w),
        ((tile_h + gap_h) * width, tile_w + gap_w, up_h * width, width, up_w, 1),
    )


def _reduced(maps: Maps, reduction: Pair) -> Maps:
    """Return the means of blocks; an incomplete block at the end is the mean of what it has."""
    count, height, width = maps.shape
    down_h, down_w = reduction
    if reduction == (1, 1):
        return maps
    if height % down_h == 0 and width % down_w == 0:
        out_h, out_w = height // down_h, width // down_w
        # Above four channels OpenCV refuses, so the maps are stacked; no block crosses a seam.
        stacked = maps.reshape(count * height, width)
        means = cv2.resize(stacked, (out_w, count * out_h), interpolation=cv2.INTER_AREA)
        return np.asarray(means, dtype=np.float32).reshape(count, out_h, out_w)
    out = np.empty((count, -(-height // down_h), -(-width // down_w)), dtype=np.float32)
    for rows, out_rows in _complete_and_rest(height, down_h):
        for columns, out_columns in _complete_and_rest(width, down_w):
            for values, means in zip(
                maps[:, rows, columns], out[:, out_rows, out_columns], strict=True
            ):
                cv2.resize(values, means.shape[::-1], means, interpolation=cv2.INTER_AREA)
    return out


def _complete_and_rest(length: int, down: int) -> list[tuple[slice, slice]]:
    """Return where the complete blocks of an axis are, and the incomplete one: (from, to)."""
    complete = length // down
    found = [
        (slice(0, complete * down), slice(0, complete)),
        (slice(complete * down, length), slice(complete, complete + 1)),
    ]
    return [(source, target) for source, target in found if source.start < source.stop]


def _index_scale(levels: Levels) -> tuple[NDArray[np.float32], int]:
    """Return per map what a value is multiplied by, and the index of zero."""
    offset = ZERO_INDEX if levels.signed else LOWEST_INDEX
    high = levels.ranges[:, 1]
    with np.errstate(divide="ignore", over="ignore"):
        factors = np.minimum((HIGHEST_INDEX - offset) / high, _LARGEST_FACTOR)
    return np.where(high > 0, factors, 0).astype(np.float32), offset


def _draw_together(maps: Maps, blocks: Indices, factors: NDArray[np.float32], offset: int) -> None:
    """Draw small maps, several rows of tiles at a time to bound the memory."""
    columns = blocks.shape[1]
    step = max(1, _AT_ONCE // (columns * maps[0].size)) * columns
    for start in range(0, len(maps), step):
        some = slice(start, start + step)
        part = maps[some]
        with np.errstate(invalid="ignore", over="ignore"):
            scaled = part * factors[some, None, None] + np.float32(offset)
        np.clip(np.rint(scaled, out=scaled), LOWEST_INDEX, HIGHEST_INDEX, out=scaled)
        if not np.isfinite(part).all():
            scaled[np.isnan(part)] = NAN_INDEX
            scaled[np.isinf(part)] = INFINITY_INDEX
        indices = scaled.astype(np.uint8)[:, :, None, :, None]
        row, (full, rest) = start // columns, divmod(len(part), columns)
        complete = indices[: full * columns]
        blocks[row : row + full] = complete.reshape(full, columns, *indices.shape[1:])
        if rest:
            blocks[row + full, :rest] = indices[full * columns :]


def _draw_one_by_one(
    maps: Maps,
    blocks: Indices,
    levels: Levels,
    factors: NDArray[np.float32],
    offset: int,
    statistics: LayerStatistics,
) -> None:
    """Draw large maps straight into the sheet."""
    columns, is_enlarged = blocks.shape[1], blocks.shape[3] * blocks.shape[5] > 1
    low, high = levels.ranges.T
    is_outside = (statistics.minimum < low) | (statistics.maximum > high)
    is_broken = (statistics.nans > 0) | (statistics.infinities > 0)
    for index, values in enumerate(maps):
        block = blocks[divmod(index, columns)]
        pixels = np.empty(values.shape, dtype=np.uint8) if is_enlarged else block[:, 0, :, 0]
        # convertScaleAbs takes the absolute value: below the lowest it would count upwards again.
        drawn = np.clip(values, *levels.ranges[index]) if is_outside[index] else values
        cv2.convertScaleAbs(drawn, pixels, float(factors[index]), offset)
        if is_broken[index]:
            pixels[np.isnan(values)] = NAN_INDEX
            pixels[np.isinf(values)] = INFINITY_INDEX
        if is_enlarged:
            block[...] = pixels[:, None, :, None]
