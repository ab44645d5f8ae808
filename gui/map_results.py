"""What the worker answers: the maps of layers with what is shown of them, and how it ended."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.shapes import Shape
from engine.sheets.level_range import Range
from engine.sheets.map_sheet import MapSheet
from engine.sheets.map_statistics import LayerStatistics
from engine.side_by_side import Side, SideBySide
from gui.map_requests import SheetWish


@dataclass(frozen=True, eq=False)
class LayerResult:
    """The maps of one layer and what is shown of them; nothing in it is ever written again."""

    node_id: str
    maps: NDArray[np.float32]
    statistics: LayerStatistics
    sheet: MapSheet | None
    wish: SheetWish | None
    cached: bool

    @property
    def shape(self) -> Shape:
        """The array's own shape, which the dimension lines show."""
        return Shape(*self.maps.shape)

    @property
    def range(self) -> Range:
        """The smallest and the largest value; NaN where no value is finite."""
        whole = self.statistics.whole
        return whole.minimum, whole.maximum


@dataclass(frozen=True, eq=False)
class ComparedResult:
    """The maps of two layers; ``sides`` are those of the request, the very objects."""

    sides: tuple[Side, Side]
    found: SideBySide


@dataclass(frozen=True)
class EvaluationReport:
    """How a request ended; ``computed`` are the layers that were not in the cache."""

    generation: int
    seconds: float
    computed: tuple[str, ...]
    bytes: int
