"""Arrays of weights as immutable values, which know themselves by a digest of their content."""

import hashlib
import math
from dataclasses import InitVar, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.problems import WeightsError

WEIGHT_BUDGET = 2_000_000_000
"""The most bytes that the weights of one layer, or of one file, may take as float32.

It is 500 million weights; VGG-16 has 138 million, 103 million of them in one layer.
"""


@dataclass(frozen=True, eq=False)
class StoredArray:
    """A read-only copy of an array, as float32; equal and hashed by its digest alone.

    Values that are not finite are kept, and a float64 beyond float32 becomes one.

    >>> StoredArray([[1, 2]]) == StoredArray(np.array([[1.0, 2.0]]))
    True
    >>> StoredArray([[1, 2]]) == StoredArray([[1], [2]])
    False

    Raises:
        WeightsError: when the values are not real numbers.
    """

    values: InitVar[ArrayLike]
    array: NDArray[np.float32] = field(init=False, repr=False)
    digest: str = field(init=False)
    """256 bits in hexadecimal, of the type, the shape and the bytes."""

    def __post_init__(self, values: ArrayLike) -> None:
        owned = _as_float32(values)
        owned.flags.writeable = False
        # A view of a read-only array cannot be made writable again.
        array = owned.view()
        object.__setattr__(self, "array", array)
        object.__setattr__(self, "digest", _digest(array))

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes."""
        return self.array.shape

    @cached_property
    def has_nonfinite(self) -> bool:
        """Whether some value is infinite or not a number."""
        return not bool(np.isfinite(self.array).all())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoredArray) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def shape_in_words(shape: tuple[int, ...]) -> str:
    """Return a shape as people write it.

    >>> shape_in_words((12, 8, 3, 3)), shape_in_words((12,)), shape_in_words(())
    ('12×8×3×3', '12', 'a single number')
    """
    return "×".join(str(length) for length in shape) or "a single number"


def budget_refusal(values: int) -> str | None:
    """Return how so many float32 values exceed the budget, or None when they do not.

    >>> budget_refusal(20_000_000_000)
    'would take 80,000 MB as float32; at most 2,000 MB are allowed'
    """
    needed = 4 * values
    if needed <= WEIGHT_BUDGET:
        return None
    return (
        f"would take {math.ceil(needed / 1_000_000):,} MB as float32; at most "
        f"{WEIGHT_BUDGET // 1_000_000:,} MB are allowed"
    )


def _as_float32(values: ArrayLike) -> NDArray[np.float32]:
    """Return a new array of the same numbers in C order."""
    try:
        given: NDArray[Any] = np.asarray(values)
    except ValueError as error:
        raise WeightsError(
            "Weights are a rectangular array of numbers; the rows received differ in length."
        ) from error
    if given.dtype.kind not in "buif":
        raise WeightsError(
            f"Weights are real numbers; received values of type {str(given.dtype)[:60]}."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        return np.array(given, dtype=np.float32, order="C", copy=True)


def _digest(array: NDArray[np.float32]) -> str:
    digest = hashlib.sha256(f"float32 {shape_in_words(array.shape)}\n".encode())
    # The same digest on machines of either byte order.
    digest.update(array.astype("<f4", copy=False).data if array.size else b"")
    return digest.hexdigest()
