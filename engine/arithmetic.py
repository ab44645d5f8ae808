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

    ``rows`` and ``columns`` give the input position of each line of ``values``; −1 means padding.
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
class Arithmetic:
    """How one output value comes about.

    ``operation`` is what joins the terms: "sum", "maximum", "mean", "product", "copy" or
    "function". ``sentence`` says it in words with the real numbers.
    """

    operation: str
    patches: tuple[Patch, ...]
    steps: tuple[Step, ...]
    result: float
    sentence: str

    def terms(self) -> Iterator[dict[str, Any]]:
        """Yield every term as plain data, one input value each."""
        for patch in self.patches:
            for line, cell in np.ndindex(patch.values.shape):
                yield patch.term(line, cell)
