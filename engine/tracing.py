"""Where a value comes from, and where a pixel goes: through every layer of a network.

Both are derived from the layers' readings, and hold for channels together: a cell is marked when a
value of any channel there is read. Gaps of dilation and of strides stay gaps. Where branches meet
that read different rows and columns, as 1 × 7 beside 7 × 1, the cells of both are marked and no
others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis
from engine.problems import NetworkError
from engine.reading import AxisReading, Mask, Reading, pointwise

MOST_PARTS = 16
"""So many crossings of rows and columns are kept apart; more are joined into one."""


@dataclass(frozen=True)
class Extent:
    """The rows and columns that a value depends on, from first to last, padding included.

    Rows and columns below 0, or at the map's height or width and beyond, are padding.
    """

    first_row: int
    last_row: int
    first_column: int
    last_column: int

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.last_row - self.first_row + 1

    @property
    def width(self) -> int:
        """How many columns there are."""
        return self.last_column - self.first_column + 1

    def union(self, other: "Extent") -> "Extent":
        """Return the smallest extent that holds both."""
        return Extent(
            min(self.first_row, other.first_row),
            max(self.last_row, other.last_row),
            min(self.first_column, other.first_column),
            max(self.last_column, other.last_column),
        )


class Part(NamedTuple):
    """The cells where marked rows and marked columns cross."""

    rows: Mask
    columns: Mask


class Between(NamedTuple):
    """Which cells of a map are not marked, (rows, columns) from ``top`` and ``left`` on."""

    top: int
    left: int
    cells: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Area:
    """Cells of a layer's maps, of ``height`` × ``width``: those of any of its parts.

    Without parts no cell is marked, as for a value of bias alone. ``extent`` is where the windows
    lie, from end to end, padding included, and None where nothing is read; what stands in padding
    that mirrors or repeats is marked where it was taken from, which may be elsewhere.
    ``exact`` is False where too many parts were joined, and cells between them marked with them.
    """

    height: int
    width: int
    parts: tuple[Part, ...]
    extent: Extent | None
    exact: bool = True

    @property
    def rows(self) -> Mask:
        """The rows with a marked cell."""
        return _any((part.rows for part in self.parts), self.height)

    @property
    def columns(self) -> Mask:
        """The columns with a marked cell."""
        return _any((part.columns for part in self.parts), self.width)

    @property
    def mask(self) -> NDArray[np.bool_]:
        """The marked cells, (height, width)."""
        mask = np.zeros((self.height, self.width), np.bool_)
        for rows, columns in self.parts:
            mask[np.ix_(rows, columns)] = True
        return mask

    @property
    def cells(self) -> int:
        """How many real cells of one map are marked."""
        if len(self.parts) == 1:
            return int(self.parts[0].rows.sum()) * int(self.parts[0].columns.sum())
        return int(self.mask.sum())

    def between(self) -> Between | None:
        """Return the cells within the extent, padding left out, that are not marked, if any."""
        if self.extent is None:
            return None
        top, left = max(self.extent.first_row, 0), max(self.extent.first_column, 0)
        rows = slice(top, max(self.extent.last_row + 1, 0))
        columns = slice(left, max(self.extent.last_column + 1, 0))
        if any(part.rows[rows].all() and part.columns[columns].all() for part in self.parts):
            return None
        cells = ~self.mask[rows, columns]
        return Between(top, left, cells) if cells.any() else None

    def __contains__(self, place: tuple[int, int]) -> bool:
        row, column = place
        return any(part.rows[row] and part.columns[column] for part in self.parts)


def sources(analysis: Analysis, node_id: str, row: int, column: int) -> Mapping[str, Area]:
    """Return, for a layer's value and every layer before it, the cells that it depends on.

    Raises:
        NetworkError: the layer's size is not known, or it has no such row and column.
    """
    found = {node_id: _cell(analysis, node_id, row, column)}
    for reader in reversed(list(analysis.layers.values())):
        area = found.get(reader.node.id)
        if area is None:
            continue
        for source, reading in _edges(analysis, reader.node.id):
            found[source] = _joined(found.get(source), _area_read(reading, area))
    return {name: found[name] for name in analysis.layers if name in found}


def reached(analysis: Analysis, node_id: str, row: int, column: int) -> Mapping[str, Area]:
    """Return, for a pixel of a layer and every layer behind it, the cells that depend on it.

    Layers that no path leads to, or whose size is not known, are left out; so are those behind
    which nothing of the pixel is read.

    Raises:
        NetworkError: the layer's size is not known, or it has no such row and column.
    """
    found = {node_id: _cell(analysis, node_id, row, column)}
    for reader in analysis.layers.values():
        for source, reading in _edges(analysis, reader.node.id):
            if source not in found:
                continue
            after = _area_reached(reading, found[source])
            if after.parts:
                found[reader.node.id] = _joined(found.get(reader.node.id), after)
    return found


def _cell(analysis: Analysis, node_id: str, row: int, column: int) -> Area:
    shape = analysis[node_id].shape if node_id in analysis.layers else None
    if shape is None:
        raise NetworkError(f'The size of "{node_id}" is not known, so it has no values yet.')
    if not (0 <= row < shape.height and 0 <= column < shape.width):
        raise NetworkError(
            f'"{node_id}" has {shape.height} rows and {shape.width} columns, counted from 0; '
            f"received row {row}, column {column}."
        )
    part = Part(np.arange(shape.height) == row, np.arange(shape.width) == column)
    return Area(shape.height, shape.width, (part,), Extent(row, row, column, column))


def _edges(analysis: Analysis, node_id: str) -> list[tuple[str, Reading]]:
    """Return what a layer reads and how; a bypassed layer hands its first input on."""
    layer = analysis[node_id]
    if layer.facts is None:
        return []
    if layer.node.bypassed:
        shape = layer.facts.shape
        return [(layer.node.inputs[0], pointwise(shape.height, shape.width))]
    return list(zip(layer.node.inputs, layer.facts.readings, strict=True))


def _area_read(reading: Reading, area: Area) -> Area:
    """Return what a layer reads of one input for an area of its output."""
    parts = [
        Part(reading.rows.read(part.rows), reading.columns.read(part.columns))
        for part in area.parts
    ]
    extent = None if area.extent is None else _extent_read(reading, area.extent)
    height, width = reading.rows.input_length, reading.columns.input_length
    return _area(height, width, parts, extent, area.exact)


def _area_reached(reading: Reading, area: Area) -> Area:
    """Return which of a layer's output reads an area of one input."""
    parts = [
        Part(reading.rows.reach(part.rows), reading.columns.reach(part.columns))
        for part in area.parts
    ]
    height, width = reading.rows.output_length, reading.columns.output_length
    found = _area(height, width, parts, None, area.exact)
    return Area(height, width, found.parts, _hull(found), found.exact)


def _joined(one: Area | None, other: Area) -> Area:
    if one is None:
        return other
    extents = [area.extent for area in (one, other) if area.extent is not None]
    extent = extents[0].union(extents[-1]) if extents else None
    parts, exact = (*one.parts, *other.parts), one.exact and other.exact
    return _area(one.height, one.width, parts, extent, exact)


def _area(
    height: int, width: int, parts: Iterable[Part], extent: Extent | None, exact: bool
) -> Area:
    """Return the area of the parts, with as few of them as hold the same cells."""
    kept: list[Part] = []
    for part in parts:
        if not (part.rows.any() and part.columns.any()):
            continue
        if any(_holds(other, part) for other in kept):
            continue
        kept = [other for other in kept if not _holds(part, other)]
        kept.append(part)
    if len(kept) > MOST_PARTS:
        rows = _any((part.rows for part in kept), height)
        kept, exact = [Part(rows, _any((part.columns for part in kept), width))], False
    return Area(height, width, tuple(kept), extent, exact)


def _holds(part: Part, other: Part) -> bool:
    """Whether every cell of the other is one of the part's."""
    return not (other.rows & ~part.rows).any() and not (other.columns & ~part.columns).any()


def _any(masks: Iterable[Mask], length: int) -> Mask:
    found = np.zeros(length, np.bool_)
    for mask in masks:
        found |= mask
    return found


def _extent_read(reading: Reading, extent: Extent) -> Extent | None:
    rows = _ends(reading.rows, extent.first_row, extent.last_row)
    columns = _ends(reading.columns, extent.first_column, extent.last_column)
    return None if rows is None or columns is None else Extent(*rows, *columns)


def _ends(axis: AxisReading, first: int, last: int) -> tuple[int, int] | None:
    """Return the first and last input that the outputs from ``first`` to ``last`` read."""
    affine = axis.affine
    if affine is not None:
        return (
            first * affine.stride - affine.before,
            last * affine.stride - affine.before + affine.span - 1,
        )
    # A padding of an irregular reading has no place: the nearest real output stands in.
    first, last = (min(max(end, 0), axis.output_length - 1) for end in (first, last))
    firsts, lasts = (ends[first : last + 1] for ends in axis.bounds())
    reads = firsts <= lasts
    return (int(firsts[reads].min()), int(lasts[reads].max())) if reads.any() else None


def _hull(area: Area) -> Extent | None:
    """Return the extent of the marked cells alone."""
    if not area.parts:
        return None
    rows, columns = np.flatnonzero(area.rows), np.flatnonzero(area.columns)
    return Extent(int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1]))
