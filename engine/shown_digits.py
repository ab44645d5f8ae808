"""How many digits of a value are shown: none that the maps could contradict.

Maps are computed by fast paths in float32 and the arithmetic of one value directly in double
precision. They agree within `AGREEMENT` of the map's largest magnitude; a digit finer than that
would promise more than the map beside it holds.
"""

import math
import re

import numpy as np
from numpy.typing import NDArray

from engine.arithmetic import Arithmetic
from engine.explanation import signed

AGREEMENT = 1e-4
"""How far a map and the arithmetic may be apart, of the map's largest magnitude."""

DIGITS = 4
"""At most so many digits are shown, as everywhere in sentences."""


def finest_step(maps: NDArray[np.float32]) -> float:
    """Return the smallest difference that means something among a layer's values, 0 if they are 0.

    Values that are not finite do not count.
    """
    with np.errstate(invalid="ignore"):
        largest = max(float(abs(maps.max(initial=0))), float(abs(maps.min(initial=0))))
    if not math.isfinite(largest):
        largest = float(np.abs(maps[np.isfinite(maps)]).max(initial=0))
    return AGREEMENT * largest


def value_text(value: float, finest: float) -> str:
    """Return a value with at most `DIGITS` digits, none of them finer than ``finest``.

    >>> value_text(0.123456, finest=0.0001), value_text(-0.123456, finest=0.003)
    ('0.1235', '−0.12')
    >>> value_text(0.0004, finest=0.02), value_text(1234.5, finest=20.0)
    ('0', '1200')
    """
    if finest > 0 and math.isfinite(value):
        value = round(value, _places(finest))
    return signed(value)


def sentence_text(arithmetic: Arithmetic, finest: float) -> str:
    """Return the sentence of a value's arithmetic with the result as `value_text` writes it.

    What the result is computed from stands there as it is: weights and parameters are exact.
    """
    shown = value_text(arithmetic.result, finest)
    written = re.escape(signed(arithmetic.result))
    # As a number by itself: no part of a longer one, and not the magnitude of a negative one.
    return re.sub(rf"(?<![\d.−]){written}(?!\d|\.\d|e)", shown, arithmetic.sentence)


def _places(finest: float) -> int:
    """Return the last decimal place that is not finer than a step.

    >>> _places(0.0001), _places(0.003), _places(20.0)
    (4, 2, -2)
    """
    # The tiny part keeps 1e-4, whose logarithm is just below −4, at the fourth place.
    return math.floor(-math.log10(finest) + 1e-9)
