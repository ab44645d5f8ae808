"""Where a value comes from, and where a pixel goes: through every layer of a network.

Both are derived from the layers' readings. Along a chain the marked rows and columns are exact,
gaps of dilation included; where branches meet, the union of their rows and the union of their
columns are marked, which may hold cells that neither branch reads.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.analysis import Analysis
from engine.problems import NetworkError
from engine.reading import AxisReading, Mask, Reading, pointwise


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


@dataclass(frozen=True, eq=False)
class Area:
    """Cells of a layer's maps: those whose row and column are both marked.

    ``extent`` is their hull, and reaches into the padding where the window does.
    """

    rows: Mask
    columns: Mask
    extent: Extent

    @property
    def cells(self) -> int:
        """How many real cells of one map there are."""
        return int(self.rows.sum()) * int(self.columns.sum())


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
            before = Area(
                reading.rows.read(area.rows),
                reading.columns.read(area.columns),
                _extent_read(reading, area.extent),
            )
            found[source] = _joined(found.get(source), before)
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
            rows = reading.rows.reach(found[source].rows)
            columns = reading.columns.reach(found[source].columns)
            if rows.any() and columns.any():
                after = Area(rows, columns, _hull(rows, columns))
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
    rows, columns = np.arange(shape.height) == row, np.arange(shape.width) == column
    return Area(rows, columns, Extent(row, row, column, column))


def _edges(analysis: Analysis, node_id: str) -> list[tuple[str, Reading]]:
    """Return what a layer reads and how; a bypassed layer hands its first input on."""
    layer = analysis[node_id]
    if layer.facts is None:
        return []
    if layer.node.bypassed:
        shape = layer.facts.shape
        return [(layer.node.inputs[0], pointwise(shape.height, shape.width))]
    return list(zip(layer.node.inputs, layer.facts.readings, strict=True))


def _extent_read(reading: Reading, extent: Extent) -> Extent:
    first_row, last_row = _ends(reading.rows, extent.first_row, extent.last_row)
    first_column, last_column = _ends(reading.columns, extent.first_column, extent.last_column)
    return Extent(first_row, last_row, first_column, last_column)


def _ends(axis: AxisReading, first: int, last: int) -> tuple[int, int]:
    """Return the first and last input that the outputs from ``first`` to ``last`` read."""
    affine = axis.affine
    if affine is not None:
        return (
            first * affine.stride - affine.before,
            last * affine.stride - affine.before + affine.span - 1,
        )
    # A padding of an irregular reading has no place: the nearest real output stands in.
    firsts, lasts = axis.bounds()
    inside = slice(max(first, 0), min(last, axis.output_length - 1) + 1)
    return int(firsts[inside].min()), int(lasts[inside].max())


def _hull(rows: Mask, columns: Mask) -> Extent:
    marked_rows, marked_columns = np.flatnonzero(rows), np.flatnonzero(columns)
    return Extent(
        int(marked_rows[0]), int(marked_rows[-1]), int(marked_columns[0]), int(marked_columns[-1])
    )


def _joined(one: Area | None, other: Area) -> Area:
    if one is None:
        return other
    return Area(one.rows | other.rows, one.columns | other.columns, one.extent.union(other.extent))
