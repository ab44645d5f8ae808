"""Where weights come from: drawn from a seed, kernels with names, a file.

The values here are small recipes, equal when they make the same weights; imported arrays are
compared by their digests.
"""

import itertools
import operator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from engine.problems import WeightsError
from engine.weighting.kernel_bank import KERNELS
from engine.weighting.stored_array import StoredArray
from engine.wording import shown_name

SCHEMES = (("he", "He"), ("glorot", "Glorot"))
"""How seeded weights are scaled, with labels: uniform within ±√(6 / fan in), for layers before a
ReLU (He et al. 2015), or within ±√(6 / (fan in + fan out)) (Glorot and Bengio 2010)."""

MAX_SEED = 2**31 - 1
"""The largest seed; it fits every number field."""


@dataclass(frozen=True)
class Seeded:
    """Weights drawn evenly around 0, the same for the same seed on every machine.

    Raises:
        WeightsError: for a seed out of range or an unknown scheme.
    """

    seed: int = 0
    scheme: str = "he"

    def __post_init__(self) -> None:
        if not is_whole(self.seed) or self.seed > MAX_SEED:
            raise WeightsError(
                f"A seed is a whole number from 0 to {MAX_SEED:,}; received {self.seed!r:.40}."
            )
        object.__setattr__(self, "seed", int(self.seed))
        schemes = [scheme for scheme, _ in SCHEMES]
        if self.scheme not in schemes:
            raise WeightsError(
                f"Weights are scaled by one of {', '.join(schemes)}; received {self.scheme!r:.40}."
            )


@dataclass(frozen=True)
class NamedKernels:
    """Kernels of the bank by id, repeated until every filter has one.

    Each reads the mean of a filter's input channels, so it is divided by their number. A kernel
    relates pixels: arrays of a dense layer and 1 × 1 kernels are drawn from seed 0 instead, or a
    separable layer's Sobel maps would be mixed with nothing but zeros.

    Raises:
        WeightsError: for no name, or one that is not in `engine.weighting.kernel_bank.KERNELS`.
    """

    names: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.names))
        if not self.names:
            raise WeightsError("Name at least one kernel, such as sobel_x.")
        for name in self.names:
            if name not in KERNELS:
                raise WeightsError(
                    f"There is no kernel named {name!r:.40}; there are {', '.join(KERNELS)}."
                )


@dataclass(frozen=True)
class Imported:
    """Arrays from a file, by the names that the layer gives them; ``origin`` says which file.

    Arrays that the layer does not need are kept and ignored, so that its bias can be switched off
    and on again. One that it needs and that is missing starts as in a new layer (a bias is 0);
    where that would be random, the import does not fit.

    Raises:
        WeightsError: when a name occurs twice.
    """

    tensors: tuple[tuple[str, StoredArray], ...]
    origin: str

    def __post_init__(self) -> None:
        # One order, so that equal imports are equal values.
        tensors = tuple(sorted(self.tensors, key=operator.itemgetter(0)))
        object.__setattr__(self, "tensors", tensors)
        object.__setattr__(self, "origin", shown_name(self.origin))
        for (name, _), (following, _) in itertools.pairwise(tensors):
            if name == following:
                raise WeightsError(f"“{self.origin}” gives two arrays for {name!r:.40}.")


Source: TypeAlias = Seeded | NamedKernels | Imported


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number from 0, of Python or of numpy."""
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        return False
    return bool(value >= 0)
