"""One filter's weights for one input channel, as a table. Without Qt."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.layer import WeightSpec
from engine.weighting.weights import (
    WeightEdit,
    Weights,
    filter_weights,
    filters_first_shape,
    weight_place,
)
from engine.wording import with_article
from gui.fields.number_table import Table

WRAPPED_COLUMNS = 5
"""The weights of a vector, as of a dense unit, go on in the next line after so many."""


@dataclass(frozen=True)
class KernelSlice:
    """Which weights a table shows.

    A convolution's array gives kernel height × width. A dense unit's weights, one per input value,
    are wrapped into lines. An array over whole maps gives their height × width, and its first axis
    is taken for the filter.
    """

    spec: WeightSpec
    filter: int = 0
    channel: int = 0

    @property
    def filters(self) -> int:
        """How many filters the array has."""
        return filters_first_shape(self.spec)[0]

    @property
    def channels(self) -> int:
        """How many input channels a filter reads, 1 where the array has no axis for them."""
        return filters_first_shape(self.spec)[1] if len(self.spec.shape) == 4 else 1

    @property
    def is_wrapped(self) -> bool:
        """Whether the lines go on in each other."""
        return len(self.spec.shape) == 2

    @property
    def size(self) -> int:
        """How many weights the table holds."""
        shape = self.spec.shape
        return shape[1] if self.is_wrapped else shape[-2] * shape[-1]

    @property
    def rows(self) -> int:
        """How many lines the table has."""
        return -(-self.size // WRAPPED_COLUMNS) if self.is_wrapped else self.spec.shape[-2]

    @property
    def columns(self) -> int:
        """How many cells a line has."""
        return min(WRAPPED_COLUMNS, self.size) if self.is_wrapped else self.spec.shape[-1]

    def at(self, filter: int, channel: int) -> "KernelSlice":
        """Return the table of another filter and channel, the nearest that there is."""
        return KernelSlice(
            self.spec,
            min(max(filter, 0), self.filters - 1),
            min(max(channel, 0), self.channels - 1),
        )

    def has_cell(self, row: int, column: int) -> bool:
        """Whether a weight stands there: the last line may be shorter."""
        return not self.is_wrapped or row * WRAPPED_COLUMNS + column < self.size

    def table(self, filter_values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the table (rows, columns) from the filter's weights; NaN where is no cell."""
        if not self.is_wrapped:
            return filter_values[self.channel] if filter_values.ndim == 3 else filter_values
        table = np.full((self.rows, self.columns), np.nan, dtype=np.float32)
        table.reshape(-1)[: self.size] = filter_values
        return table

    def edits(self, values: Table, row: int = 0, column: int = 0) -> tuple[WeightEdit, ...]:
        """Return the edits that put a table there, its first cell at a row and a column.

        Raises:
            ValueError: where it does not fit, with a sentence.
        """
        height, width = len(values), len(values[0])
        if row + height > self.rows or column + width > self.columns:
            raise ValueError(
                f"The clipboard holds {with_article(height)} × {width} table; there is room for "
                f"{self.rows - row} × {self.columns - column}."
            )
        return tuple(
            WeightEdit(self.spec.name, self._index(row + y, column + x), value)
            for y, line in enumerate(values)
            for x, value in enumerate(line)
            if self.has_cell(row + y, column + x)
        )

    def _index(self, row: int, column: int) -> tuple[int, ...]:
        """Return a cell's place in the array."""
        if self.is_wrapped:
            return self.filter, row * WRAPPED_COLUMNS + column
        if len(self.spec.shape) == 3:
            return self.filter, row, column
        return (*weight_place(self.spec, self.filter, self.channel), row, column)


@dataclass(frozen=True, eq=False)
class ShownKernel:
    """A table with its numbers; ``limit`` is the filter's largest magnitude, in all channels."""

    slice: KernelSlice
    values: NDArray[np.float32]
    limit: float


def shown_kernel(weights: Weights, where: KernelSlice) -> ShownKernel:
    """Return the numbers of a table; the weights must fit the layer."""
    values = filter_weights(weights, where.spec, where.filter)
    finite = values[np.isfinite(values)]
    return ShownKernel(where, where.table(values), float(np.abs(finite).max(initial=0.0)))
