"""The terms of one value that are worth listing, and the sum of the others."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arithmetic import LISTED_TERMS, Arithmetic, Doubles


class Rest(NamedTuple):
    """Terms that are not listed: how many, and their sum; for a maximum, the largest of them."""

    terms: int
    total: float


def listed_terms(
    arithmetic: Arithmetic, most: int = LISTED_TERMS
) -> tuple[list[dict[str, Any]], Rest]:
    """Return the largest terms in the order in which they are read, and the rest.

    The largest are those of the largest products, whatever their sign; of a maximum, the largest
    values. A step that sums up terms belongs to the rest. The members of a term are those of
    `Arithmetic.terms`.
    """
    products = [patch.products.ravel() for patch in arithmetic.patches]
    every: Doubles = np.concatenate(products) if products else np.zeros(0)
    is_maximum = arithmetic.operation == "maximum"
    weighty = np.nan_to_num(every if is_maximum else abs(every), nan=np.inf, posinf=np.inf)
    chosen = np.sort(np.argsort(-weighty, kind="stable")[:most])
    left = np.delete(every, chosen)
    summed = [step for step in arithmetic.steps if step.terms]
    if is_maximum:
        total = float(left.max(initial=-np.inf))
    else:
        total = float(left.sum()) + sum(step.value for step in summed)
    rest = Rest(len(left) + sum(step.terms for step in summed), total)
    return _terms(arithmetic, chosen), rest


def _terms(arithmetic: Arithmetic, chosen: NDArray[np.intp]) -> list[dict[str, Any]]:
    """Return the terms at some places, counted through all patches."""
    terms = []
    first = 0
    for patch in arithmetic.patches:
        inside = chosen[(chosen >= first) & (chosen < first + patch.values.size)] - first
        terms += [patch.term(*divmod(int(place), len(patch.columns))) for place in inside]
        first += patch.values.size
    return terms
