"""All maps of a layer as one tiled 8-bit image, with what is needed to color and to read it.

A pixel of the sheet is an index into 256 colors. Values take 1 to 253, so that zero of a signed
range has an index of its own in the middle; the gaps take 0, NaN and infinity the last two.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from engine.color_maps import COLOR_MAPS, DIVERGING, SEQUENTIAL, ColorMap, Colors, Rgb
from engine.level_range import Levels, LevelScope, Range, find_levels
from engine.map_statistics import LayerStatistics, Maps, layer_statistics
from engine.opencv import cv2
from engine.sheet_layout import SheetLayout

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

_SMALL = 4096
"""Maps below this many values are taken together by numpy; above, one by one by OpenCV."""

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
        layout: from `engine.sheet_layout.arrange`.
        scope: what shares a range of values.
        network_range: the smallest and largest value of the network, for that scope.
        color: a color map's id, or "auto": "diverging" if a value is negative, else "sequential".
        clip: the share of the values that may be clipped at the far ends.
        statistics: those of an earlier sheet of the same maps, to save computing them again.

    Raises:
        ValueError: the layout is for other maps, the color map is unknown, or see `find_levels`.

    >>> from engine.sheet_layout import arrange
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


def _draw(
    maps: Maps, layout: SheetLayout, levels: Levels, statistics: LayerStatistics
) -> Indices:
    """Return the sheet's indices, read-only."""
    height, width = layout.sheet_size
    sheet = np.zeros((height, width), dtype=np.uint8)
    (tile_h, tile_w), (gap_h, gap_w) = layout.tile_size, layout.gap
    tiles = as_strided(
        sheet,
        (layout.rows, layout.columns, tile_h, tile_w),
        ((tile_h + gap_h) * width, tile_w + gap_w, width, 1),
    )
    reduced = _reduced(maps, layout.scale.reduction)
    ...
