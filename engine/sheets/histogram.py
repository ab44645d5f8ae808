"""How a map's values are distributed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.sheets.map_statistics import Maps


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many finite values lie in each bin; ``edges`` has one entry more than ``counts``.

    A bin holds its lower edge and not its upper one, except the last, which holds both.
    """

    counts: NDArray[np.int64]
    edges: NDArray[np.float64]


def histogram(values: Maps, bins: int, limits: tuple[float, float] | None = None) -> Histogram:
    """Return how the finite values of a map, or of any float32 array, are distributed.

    Args:
        values: any shape.
        bins: how many, of equal width.
        limits: the lowest and the highest edge; the smallest and the largest value by default.
            Values outside are not counted.
    """
    flat = values.ravel()
    flat = flat[np.isfinite(flat)]
    if limits is None:
        limits = (float(flat.min()), float(flat.max())) if flat.size else (0.0, 1.0)
    low, high = limits
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts, edges = np.histogram(flat, bins, (low, high))
    return Histogram(counts.astype(np.int64), edges.astype(np.float64))
