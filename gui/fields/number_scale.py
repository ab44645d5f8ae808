"""Where a slider's handle stands for a number, and what one step changes. Without Qt."""

import math
from typing import Protocol

from engine.constraints import IntRange, NumberRange

_LOGARITHMIC_FROM = 1000
"""From this ratio of the comfortable range on, a slider goes by decades."""

_FEWEST_PLACES = 200
"""A slider over real numbers has at least so many places."""

_NICE = (1, 2, 5)


class NumberScale(Protocol):
    """A slider's places, from 0 to ``places``, and the numbers at them."""

    places: int

    def place(self, value: float) -> int:
        """Return the place nearest to a number, an end where the number lies outside."""

    def value(self, place: int) -> float:
        """Return the number at a place."""

    def stepped(self, value: float, steps: int) -> float:
        """Return the number some steps away, which may be beyond the slider's ends."""


class WholeScale:
    """Whole numbers, one by one."""

    def __init__(self, numbers: IntRange) -> None:
        self._low, high = numbers.comfortable
        self.places = high - self._low

    def place(self, value: float) -> int:
        """Return how far the number is from the first."""
        return min(max(round(value) - self._low, 0), self.places)

    def value(self, place: int) -> int:
        """Return the number at a place."""
        return self._low + place

    def stepped(self, value: float, steps: int) -> int:
        """Return the number so much larger."""
        return round(value) + steps


class EvenScale:
    """Real numbers at equal distances, all multiples of a round one.

    >>> scale = EvenScale(NumberRange(0.01, 256.0, comfortable=(0.25, 8.0)))
    >>> scale.value(scale.place(2.0)), scale.stepped(2.0, 1), scale.value(0)
    (2.0, 2.2, 0.25)
    """

    def __init__(self, numbers: NumberRange) -> None:
        self._low, self._high = numbers.comfortable
        finest = (self._high - self._low) / _FEWEST_PLACES
        decade = 10.0 ** math.floor(math.log10(finest))
        self._distance = max(n * decade for n in _NICE if n * decade <= finest * 1.0001)
        self._first = math.floor(self._low / self._distance + 1e-9)
        self.places = math.ceil(self._high / self._distance - 1e-9) - self._first

    def place(self, value: float) -> int:
        """Return the place nearest to a number."""
        return min(max(round(value / self._distance) - self._first, 0), self.places)

    def value(self, place: int) -> float:
        """Return the multiple at a place; the ends are the range's own."""
        return min(
            max(self._rounded((self._first + place) * self._distance), self._low), self._high
        )

    def stepped(self, value: float, steps: int) -> float:
        """Return the number ten places further for each step."""
        return self._rounded(value + steps * 10 * self._distance)

    def _rounded(self, value: float) -> float:
        """Return the number without the noise of the multiplication."""
        return round(value, 3 - math.floor(math.log10(self._distance)))


class DecadeScale:
    """Positive real numbers over many decades: 1, 2 and 5 of each.

    >>> scale = DecadeScale(NumberRange(1e-12, 1.0, comfortable=(1e-6, 1e-2)))
    >>> scale.value(0), scale.value(1), scale.stepped(1e-5, 1), scale.stepped(1e-6, -1)
    (1e-06, 2e-06, 2e-05, 5e-07)
    """

    def __init__(self, numbers: NumberRange) -> None:
        low, high = numbers.comfortable
        self._first = self._number(low)
        self.places = self._number(high) - self._first

    def place(self, value: float) -> int:
        """Return the place nearest to a number."""
        return min(max(self._number(value) - self._first, 0), self.places)

    def value(self, place: int) -> float:
        """Return the number at a place."""
        return self._at(self._first + place)

    def stepped(self, value: float, steps: int) -> float:
        """Return the number so many of the series further."""
        return self._at(self._number(value) + steps)

    def _number(self, value: float) -> int:
        """Return which of the series 1, 2, 5, 10, … is nearest, 1 being number 0."""
        decades = math.log10(value)
        return min(
            (3 * math.floor(decades) + n for n in range(4)),
            key=lambda number: abs(math.log10(self._at(number)) - decades),
        )

    def _at(self, number: int) -> float:
        decade, place = divmod(number, 3)
        return float(f"{_NICE[place]}e{decade}")


def number_scale(numbers: IntRange | NumberRange) -> NumberScale:
    """Return the scale that suits a range."""
    if isinstance(numbers, IntRange):
        return WholeScale(numbers)
    low, high = numbers.comfortable
    if numbers.minimum > 0 and high >= low * _LOGARITHMIC_FROM:
        return DecadeScale(numbers)
    return EvenScale(numbers)
