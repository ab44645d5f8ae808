"""The arithmetic behind one output value: what was read, what it was multiplied by, what came out.

A layer kind answers `explain` with one of these. The numbers are computed directly in double
precision from the input maps, whatever fast path produced the maps that are shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Doubles: TypeAlias = NDArray[np.float64]

PADDING, INSERTED = -1, -2
"""What stands for a row or a column where the input has none: around it, or between two."""

LISTED_TERMS = 256
"""At most so many terms are listed; the rest are summed."""


class Position(NamedTuple):
    """Where a value is in a layer's maps; all from zero."""

    channel: int
    row: int
    column: int


@dataclass(frozen=True, eq=False)
class Patch:
    """The part of one input channel that a value reads.

    ``rows`` and ``columns`` give the input position of each line of ``values``, or `PADDING`, or
    `INSERTED`.
    ``weights`` has the shape of ``values`` and is None where nothing is multiplied.
    ``result`` is what the patch contributes: its sum, its maximum, its mean.
    """

    input_index: int
    channel: int
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    values: Doubles
    weights: Doubles | None
    result: float

    @property
    def products(self) -> Doubles:
        """The values times their weights."""
        return self.values if self.weights is None else self.values * self.weights

    def term(self, line: int, cell: int) -> dict[str, Any]:
        """Return one term as plain data: a value, and what it is multiplied by."""
        value = float(self.values[line, cell])
        weight = None if self.weights is None else float(self.weights[line, cell])
        return {
            "input": self.input_index,
            "channel": self.channel,
            "row": self.rows[line],
            "column": self.columns[cell],
            "padding": self.rows[line] < 0 or self.columns[cell] < 0,
            "value": value,
            "weight": weight,
            "product": value if weight is None else value * weight,
        }


class Step(NamedTuple):
    """One line of the calculation after the patches: a label, and the value it adds or leads to.

    ``terms`` says how many terms the line sums up that no patch lists.
    """

    label: str
    value: float
    terms: int = 0


@dataclass(frozen=True, eq=False)
class Overlaps:
    """How many input positions reach each output near a value, and where the first of these is."""

    first_row: int
    first_column: int
    counts: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What lies under a window and near it, for each patch: ``values`` is (patches, lines, cells).

    ``rows`` and ``columns`` are as in `Patch`; ``window_lines`` and ``window_cells`` are the
    places of those that the window reads.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    values: Doubles
    window_lines: tuple[int, ...]
    window_cells: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Arithmetic:
    """How one output value comes about.

    ``operation`` is what joins the terms: "sum", "maximum", "mean", "product", "copy" or
    "function". ``sentence`` says it in words with the real numbers. ``overlaps`` is there where
    kernels are scattered, ``surroundings`` where the window lies on more than the input itself.
    """

    operation: str
    patches: tuple[Patch, ...]
    steps: tuple[Step, ...]
    result: float
    sentence: str
    weights_name: str = "weights"
    overlaps: Overlaps | None = None
    surroundings: Surroundings | None = None

    def terms(self) -> Iterator[dict[str, Any]]:
        """Yield every term as plain data, one input value each."""
        for patch in self.patches:
            for line, cell in np.ndindex(patch.values.shape):
                yield patch.term(line, cell)
