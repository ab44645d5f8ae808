"""Which values get the lowest and the highest color of a map.

Values with a sign keep it: their range lies symmetrically around zero, so that zero always has
the color in the middle. Values without one start at zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from math import ceil, isnan
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.sheets.map_statistics import LayerStatistics, Maps

Range: TypeAlias = tuple[float, float]

_SAMPLE = 1 << 22
"""The most values among which a percentile is looked for."""

_AT_ONCE = 1 << 20
"""How many values are compared at once, to bound the memory."""


class LevelScope(Enum):
    """What shares one range: each map has its own, all maps of a layer, or of the network."""

    MAP = "map"
    LAYER = "layer"
    NETWORK = "network"


@dataclass(frozen=True, eq=False)
class Levels:
    """The lowest and the highest value drawn, per map (count, 2), float64, read-only.

    ``clipped`` is the share of the finite values of these maps that lie outside and are drawn as
    if they did not, and ``clipped_per_map`` that of each (count,), read-only; 0 unless clipping was
    asked for or a range was given.
    """

    ranges: NDArray[np.float64]
    signed: bool
    clipped: float
    clipped_per_map: NDArray[np.float64]

    @property
    def shared(self) -> Range | None:
        """The range of all maps, or None if they have several."""
        first = self.ranges[0]
        return (float(first[0]), float(first[1])) if (self.ranges == first).all() else None


def level_range(minimum: float, maximum: float, *, signed: bool | None = None) -> Range:
    """Return the levels for values from ``minimum`` to ``maximum``.

    ``signed`` says that zero belongs in the middle; by default, if any value is negative. Zeros
    alone, or no number at all (NaN), give (0, 0).

    >>> level_range(-0.5, 2.0), level_range(1.0, 3.0), level_range(1.0, 3.0, signed=True)
    ((-2.0, 2.0), (0.0, 3.0), (-3.0, 3.0))
    """
    if isnan(minimum) or isnan(maximum):
        return 0.0, 0.0
    if signed is None:
        signed = minimum < 0
    high = max(abs(minimum), abs(maximum)) if signed else max(maximum, 0.0)
    return (-high if signed and high else 0.0), high


def joined_range(ranges: Iterable[Range]) -> Range:
    """Return the range that holds all others; those of no number (NaN) hold nothing.

    >>> joined_range([(-1.0, 0.5), (float("nan"), float("nan")), (0.0, 2.0)])
    (-1.0, 2.0)
    >>> joined_range([])
    (0.0, 0.0)
    """
    known = [(low, high) for low, high in ranges if not isnan(low)]
    if not known:
        return 0.0, 0.0
    return min(low for low, _ in known), max(high for _, high in known)


def find_levels(
    maps: Maps,
    statistics: LayerStatistics,
    scope: LevelScope,
    network_range: Range | None = None,
    clip: float = 0.0,
) -> Levels:
    """Return the levels of the first ``len(statistics)`` maps (C, H, W).

    Args:
        maps: the maps.
        statistics: of them; ``whole`` decides about the sign.
        scope: what shares a range. A map of one value has no range of its own and takes the
            layer's.
        network_range: the smallest and the largest value of the network, for that scope.
        clip: the share of the values, counted by size, that may be clipped at the far ends, so
            that a few large ones do not make the rest invisible. 0.01 ignores the largest
            hundredth. Not used with a given range.

    Raises:
        ValueError: the network's range is missing, or ``clip`` is not in 0 to below 1.
    """
    if not 0.0 <= clip < 1.0:
        raise ValueError(f"The share to clip is 0 or more and below 1, received {clip}.")
    if scope is LevelScope.NETWORK:
        if network_range is None:
            raise ValueError("The levels of the network need its range; give network_range.")
        ranges = _repeated(level_range(*network_range), len(statistics))
        signed = network_range[0] < 0
    else:
        signed = statistics.whole.minimum < 0
        if scope is LevelScope.LAYER or statistics.values == 1:
            whole = statistics.whole
            limit = _limited(maps, level_range(whole.minimum, whole.maximum), clip)
            ranges = _repeated(limit, len(statistics))
        else:
            ranges = _ranges_per_map(maps, statistics, signed, clip)
    outside = _clipped_counts(maps, statistics, ranges)
    finite = statistics.values - statistics.nans - statistics.infinities
    per_map = outside / np.maximum(finite, 1)
    ranges.flags.writeable = per_map.flags.writeable = False
    return Levels(ranges, signed, float(outside.sum() / max(finite.sum(), 1)), per_map)


def _repeated(limits: Range, count: int) -> NDArray[np.float64]:
    return np.tile(np.array(limits, dtype=np.float64), (count, 1))


def _ranges_per_map(
    maps: Maps, statistics: LayerStatistics, signed: bool, clip: float
) -> NDArray[np.float64]:
    low_and_high = zip(statistics.minimum.tolist(), statistics.maximum.tolist(), strict=True)
    found = [level_range(low, high, signed=signed) for low, high in low_and_high]
    if clip:
        found = [
            _limited(values, limits, clip)
            for values, limits in zip(maps[: len(found)], found, strict=True)
        ]
    return np.array(found, dtype=np.float64)


def _limited(values: Maps, limits: Range, clip: float) -> Range:
    """Return the limits without the share ``clip`` of the largest values, counted by size."""
    if not clip or limits[1] == 0.0:
        return limits
    flat = values.ravel()
    sizes = np.abs(flat[:: -(-flat.size // _SAMPLE)])
    finite = np.count_nonzero(np.isfinite(sizes))
    if not finite:
        return limits
    place = ceil((1.0 - clip) * finite) - 1
    # Infinity and NaN are ordered after every number.
    high = float(np.partition(sizes, place)[place])
    # Where nearly all values are zero, the percentile is too: then nothing is clipped.
    if high == 0.0:
        return limits
    return (-high if limits[0] < 0 else 0.0), high


def _clipped_counts(
    maps: Maps, statistics: LayerStatistics, ranges: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return how many finite values of each map lie outside its range."""
    low, high = ranges[:, 0], ranges[:, 1]
    outside = np.flatnonzero((statistics.minimum < low) | (statistics.maximum > high))
    counts = np.zeros(len(statistics), dtype=np.int64)
    step = max(1, _AT_ONCE // statistics.values)
    for start in range(0, len(outside), step):
        some = outside[start : start + step]
        values = maps[some].reshape(len(some), -1)
        beyond = (values < low[some, None]) | (values > high[some, None])
        counts[some] = np.count_nonzero(beyond & np.isfinite(values), axis=1)
    return counts
