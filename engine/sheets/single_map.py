"""One map of a layer drawn alone, in the colors that it has among the others."""

from dataclasses import replace

from engine.sheets.level_range import LevelScope, Range, find_levels
from engine.sheets.map_sheet import MapSheet, make_sheet
from engine.sheets.map_statistics import LayerStatistics, Maps, layer_statistics
from engine.sheets.sheet_layout import SheetLayout, TileScale


def single_map_sheet(
    maps: Maps,
    index: int,
    statistics: LayerStatistics,
    *,
    scope: LevelScope = LevelScope.MAP,
    network_range: Range | None = None,
    color: str = "auto",
    clip: float = 0.0,
    scale: TileScale | None = None,
) -> MapSheet:
    """Draw one map of a layer.

    Args:
        maps: all maps of the layer (C, H, W), float32, C-contiguous; not kept.
        index: which of them.
        statistics: of the layer; those of the map are computed where they are not among them.
        scope: what shares a range of values.
        network_range: the smallest and largest value of the network, for that scope.
        color: a color map's id, or "auto".
        clip: the share of the values that may be clipped at the far ends.
        scale: how many pixels a value takes, or how many values a pixel; one to one by default.

    >>> import numpy as np
    >>> maps = np.array([[[0.0, 1.0]], [[0.0, -4.0]]], dtype=np.float32)
    >>> sheet = single_map_sheet(maps, 0, layer_statistics(maps), scope=LevelScope.LAYER)
    >>> sheet.indices.tolist(), sheet.levels.shared
    ([[127, 158]], (-4.0, 4.0))
    """
    _, height, width = maps.shape
    layout = SheetLayout(1, 1, height, width, 1, scale or TileScale())
    if scope is LevelScope.LAYER and clip:
        # The far ends are those of the layer, not of this map.
        low, high = find_levels(maps, statistics.first(1), scope, clip=clip).ranges[0]
        scope, network_range = LevelScope.NETWORK, (float(low), float(high))
    return make_sheet(
        maps[index : index + 1],
        layout,
        scope,
        network_range=network_range,
        color=color,
        clip=clip,
        statistics=statistics_of(maps, index, statistics),
    )


def statistics_of(maps: Maps, index: int, statistics: LayerStatistics) -> LayerStatistics:
    """Return the statistics of one map, with those of its layer as ``whole``."""
    if index < len(statistics):
        return statistics.only(index)
    return replace(layer_statistics(maps[index : index + 1]), whole=statistics.whole)
