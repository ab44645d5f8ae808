"""Constraints: which values one setting may have, each wording its own refusal.

A constraint checks a value, brings it into its one canonical form, generates legal and illegal
examples for tests, and describes itself as plain data. It looks at one value by itself.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, Protocol, TypeAlias

from engine.wording import quoted

Pair: TypeAlias = tuple[int, int]
"""Height, then width."""

Padding: TypeAlias = str | tuple[int, int, int, int]
"""A rule's name, or pixels at the top, left, bottom and right."""


class Constraint(Protocol):
    """Which values a setting may have."""

    def check(self, value: Any) -> Any:
        """Return the value in its one canonical form; raise ValueError with what is wrong."""

    def examples(self) -> Iterable[Any]:
        """Return legal values, for tests and the manual."""

    def invalid(self) -> Iterable[Any]:
        """Return values that must be refused, for tests."""

    def describe(self) -> dict[str, Any]:
        """Return type and range as plain data."""


# Python's own first: asking an abstract class takes five times as long.
_WHOLE = (int, Integral)
_REAL = (int, float, Real)


def _is_whole(value: Any) -> bool:
    """Whether it is a whole number, of Python or of numpy."""
    return isinstance(value, _WHOLE) and not isinstance(value, bool)


def _is_real(value: Any) -> bool:
    """Whether it is a real number, of Python or of numpy."""
    return isinstance(value, _REAL) and not isinstance(value, bool)


@dataclass(frozen=True)
class IntRange:
    """A whole number; ``comfortable`` is what a slider covers, the legal range may be wider."""

    minimum: int
    maximum: int
    comfortable: Pair

    def check(self, value: Any) -> int:
        """Return the number, or say the range."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not _is_whole(value):
            raise ValueError(f"must be a whole number, received {quoted(value)}")
        if not self.minimum <= value <= self.maximum:
            allowed = f"from {self.minimum} to {self.maximum:,}"
            raise ValueError(f"must be {allowed}, received {quoted(int(value))}")
        return int(value)

    def examples(self) -> Iterable[int]:
        """Return the ends of the legal and the comfortable range."""
        return sorted({self.minimum, *self.comfortable})

    def invalid(self) -> Iterable[Any]:
        """Return what is just out of range, and other types."""
        return [self.minimum - 1, self.maximum + 1, 1.5, "three", True, None]

    def describe(self) -> dict[str, Any]:
        """Return type and range as plain data."""
        return {
            "type": "integer",
            "minimum": self.minimum,
            "maximum": self.maximum,
            "comfortable": list(self.comfortable),
        }


@dataclass(frozen=True)
class NumberRange:
    """A finite real number."""

    minimum: float
    maximum: float
    comfortable: tuple[float, float]

    def check(self, value: Any) -> float:
        """Return the number, or say the range."""
        if not _is_real(value):
            raise ValueError(f"must be a number, received {quoted(value)}")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not (math.isfinite(number) and self.minimum <= number <= self.maximum):
            allowed = f"from {self.minimum:g} to {self.maximum:g}"
            raise ValueError(f"must be {allowed}, received {quoted(value)}")
        return number

    def examples(self) -> Iterable[float]:
        """Return the ends of the comfortable range."""
        return self.comfortable

    def invalid(self) -> Iterable[Any]:
        """Return what is out of range, not finite, or of another type."""
        beyond = [math.nextafter(self.minimum, -math.inf), math.nextafter(self.maximum, math.inf)]
        return [*beyond, math.nan, math.inf, "half", True, None]

    def describe(self) -> dict[str, Any]:
        """Return type and range as plain data."""
        return {
            "type": "number",
            "minimum": self.minimum,
            "maximum": self.maximum,
            "comfortable": list(self.comfortable),
        }


@dataclass(frozen=True)
class PairOf:
    """Two numbers, height then width; one number stands for both."""

    axis: IntRange | NumberRange

    def check(self, value: Any) -> tuple[Any, Any]:
        """Return (height, width)."""
        is_pair = isinstance(value, tuple | list) and len(value) == 2
        if not is_pair and not _is_real(value):
            raise ValueError(f"must be one number or [height, width], received {quoted(value)}")
        height, width = value if is_pair else (value, value)
        return self.axis.check(height), self.axis.check(width)

    def examples(self) -> Iterable[tuple[Any, Any]]:
        """Return squares and one pair whose sides differ."""
        values: list[Any] = list(self.axis.examples())
        return [*((v, v) for v in values), (values[0], values[-1])]

    def invalid(self) -> Iterable[Any]:
        """Return pairs with one bad side, and other lengths."""
        low = self.axis.minimum
        bad = [v for v in self.axis.invalid() if v is not None]
        return [*bad, *((low, v) for v in bad), (low,), (low, low, low), None, {"height": low}]

    def describe(self) -> dict[str, Any]:
        """Return type and range as plain data."""
        whole = isinstance(self.axis, IntRange)
        return {**self.axis.describe(), "type": "pair" if whole else "number_pair"}


@dataclass(frozen=True)
class Choice:
    """One of a few words; each has a label for people."""

    labels: tuple[tuple[str, str], ...]

    @property
    def values(self) -> tuple[str, ...]:
        """The words, as they are saved."""
        return tuple(value for value, _ in self.labels)

    def check(self, value: Any) -> str:
        """Return the word, or list the words."""
        if not isinstance(value, str) or value not in self.values:
            raise ValueError(f"must be {_one_of(self.values)}, received {quoted(value)}")
        return value

    def examples(self) -> Iterable[str]:
        """Return every word."""
        return self.values

    def invalid(self) -> Iterable[Any]:
        """Return what is none of the words."""
        return ["none of these", 0, None, True]

    def describe(self) -> dict[str, Any]:
        """Return the words with their labels as plain data."""
        return {"type": "choice", "choices": [{"value": v, "label": t} for v, t in self.labels]}


@dataclass(frozen=True)
class Flag:
    """On or off."""

    def check(self, value: Any) -> bool:
        """Return the flag; numbers are refused."""
        if not isinstance(value, bool):
            raise ValueError(f"must be true or false, received {quoted(value)}")
        return value

    def examples(self) -> Iterable[bool]:
        """Return both."""
        return (False, True)

    def invalid(self) -> Iterable[Any]:
        """Return what only looks like a flag."""
        return [0, 1, "true", None]

    def describe(self) -> dict[str, Any]:
        """Return the type as plain data."""
        return {"type": "flag"}


@dataclass(frozen=True)
class PaddingRule:
    """A rule's name, or explicit pixels: one number, [height, width], or all four sides."""

    rules: Choice
    side: IntRange

    def check(self, value: Any) -> Padding:
        """Return a rule's name or (top, left, bottom, right)."""
        if isinstance(value, str):
            if value not in self.rules.values:
                raise self._refused(value)
            return value
        if _is_real(value):
            value = (value,) * 4
        elif isinstance(value, tuple | list) and len(value) == 2:
            value = (*value, *value)
        if not isinstance(value, tuple | list) or len(value) != 4:
            raise self._refused(value)
        top, left, bottom, right = (self.side.check(side) for side in value)
        return top, left, bottom, right

    def _refused(self, value: Any) -> ValueError:
        forms = "pixels as a number, [height, width] or [top, left, bottom, right]"
        if self.rules.values:
            forms = f"{_one_of(self.rules.values)}, or {forms}"
        return ValueError(f"must be {forms}, received {quoted(value)}")

    def examples(self) -> Iterable[Padding]:
        """Return every rule, and explicit sides that differ."""
        low = self.side.minimum
        return [*self.rules.values, (low,) * 4, (low, low + 1, low + 2, low + 1)]

    def invalid(self) -> Iterable[Any]:
        """Return unknown rules, bad sides and other lengths."""
        low = self.side.minimum
        return ["none of these", low - 1, (low, low - 1), (low,) * 3, (low, low, low, 0.5), None]

    def describe(self) -> dict[str, Any]:
        """Return the rules and the range of a side as plain data."""
        return {
            "type": "padding",
            "choices": self.rules.describe()["choices"],
            "side": self.side.describe(),
        }


@dataclass(frozen=True)
class NumbersOf:
    """A list of real numbers, one per channel or one for all."""

    number: NumberRange
    most: int

    def check(self, value: Any) -> tuple[float, ...]:
        """Return the numbers as a tuple."""
        if _is_real(value):
            value = (value,)
        if not isinstance(value, tuple | list) or not 1 <= len(value) <= self.most:
            raise ValueError(f"must be 1 to {self.most:,} numbers, received {quoted(value)}")
        return tuple(self.number.check(item) for item in value)

    def examples(self) -> Iterable[tuple[float, ...]]:
        """Return one number."""
        return [(value,) for value in self.number.examples()]

    def invalid(self) -> Iterable[Any]:
        """Return an empty list, bad numbers, too many."""
        legal = next(iter(self.number.examples()))
        return [(), (math.nan,), "half", None, (legal,) * (self.most + 1)]

    def describe(self) -> dict[str, Any]:
        """Return type and range as plain data."""
        return {**self.number.describe(), "type": "numbers", "most": self.most}


@dataclass(frozen=True)
class Optional:
    """Another constraint, or None, which has a meaning in words."""

    constraint: Constraint
    meaning: str

    def check(self, value: Any) -> Any:
        """Return None or the checked value."""
        return None if value is None else self.constraint.check(value)

    def examples(self) -> Iterable[Any]:
        """Return None and the examples of the other."""
        return [None, *self.constraint.examples()]

    def invalid(self) -> Iterable[Any]:
        """Return what the other refuses, None aside."""
        return [value for value in self.constraint.invalid() if value is not None]

    def describe(self) -> dict[str, Any]:
        """Return the other's description, and what leaving it out means."""
        return {**self.constraint.describe(), "optional": self.meaning}


def _one_of(words: tuple[str, ...]) -> str:
    quoted = [f'"{word}"' for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
