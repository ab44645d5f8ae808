"""How a value is written in a field, and which text can still become a legal value. Without Qt.

A field takes a character only while the text can become legal by typing on, so that an illegal
value cannot be typed; text that is only unfinished is not taken over.
"""

import math
import re
from typing import Any, Protocol

from engine.constraints import IntRange, NumberRange, NumbersOf, PairOf
from gui.fields.number_scale import DecadeScale, number_scale

_LONGEST = 40
"""A longer text for one number means nothing that a shorter one does not."""

_BETWEEN = re.compile(r"\s*[x×*,;]\s*|\s+")
_NUMBER = re.compile(r"[^\sx×*,;()\[\]{}]+")
_AROUND = " \t()[]{}"
"""What stands around numbers that are pasted from code."""


class FieldText(Protocol):
    """The text of one kind of value."""

    def write(self, value: Any) -> str:
        """Return a value as text."""

    def read(self, text: str, shown: Any = None) -> Any | None:
        """Return the legal value that a text means, or None.

        A number whose text is still that of the ``shown`` value keeps digits that are not written.
        """

    def can_become_legal(self, text: str) -> bool:
        """Whether a text is legal, or typing on can make it so."""

    def stepped(self, value: Any, steps: int, part: int | None) -> Any:
        """Return the value after steps of one of its numbers, or of all of them."""


def parts_of(text: str) -> list[tuple[int, int]]:
    """Return where each number of a text begins and ends.

    >>> parts_of("3 × 12")
    [(0, 1), (4, 6)]
    """
    return [match.span() for match in _NUMBER.finditer(text)]


class WholeText:
    """One whole number.

    >>> text = WholeText(IntRange(1, 64, (1, 8)))
    >>> text.read("12"), text.read("0"), text.can_become_legal("0"), text.can_become_legal("65")
    (12, None, False, False)
    """

    def __init__(self, numbers: IntRange) -> None:
        self._numbers = numbers
        self._scale = number_scale(numbers)

    def write(self, value: int) -> str:
        """Return the number's digits."""
        return str(value)

    def read(self, text: str, shown: int | None = None) -> int | None:
        """Return the number if it is in range."""
        value = _whole(text)
        return value if value is not None and self._is_legal(value) else None

    def can_become_legal(self, text: str) -> bool:
        """Whether more digits can bring the text into the range."""
        text = text.strip()
        if not re.fullmatch(r"-?\d*", text, re.ASCII) or len(text) > _LONGEST:
            return False
        if text.startswith("-") and self._numbers.minimum >= 0:
            return False
        value = _whole(text)
        # More digits enlarge a number, unless it is zero.
        return value is None or self._is_legal(value) or 0 < value < self._numbers.minimum

    def stepped(self, value: int, steps: int, part: int | None) -> int:
        """Return the number some steps further, within the range."""
        stepped = round(self._scale.stepped(value, steps))
        return min(max(stepped, self._numbers.minimum), self._numbers.maximum)

    def _is_legal(self, value: int) -> bool:
        return self._numbers.minimum <= value <= self._numbers.maximum


class RealText:
    """One real number, written short.

    >>> text = RealText(NumberRange(0.0, 1.0, (0.0, 1.0)))
    >>> text.write(1 / 6), text.read("0.166667"), text.read("0.166667", shown=1 / 6)
    ('0.166667', 0.166667, 0.16666666666666666)
    >>> text.can_become_legal("1e-"), text.can_become_legal("2"), text.can_become_legal("-")
    (True, False, False)
    """

    def __init__(self, numbers: NumberRange) -> None:
        self._numbers = numbers
        self._scale = number_scale(numbers)

    def write(self, value: float) -> str:
        """Return the number with six digits."""
        return f"{value:.6g}"

    def read(self, text: str, shown: float | None = None) -> float | None:
        """Return the number if it is in range."""
        if shown is not None and text.strip() == self.write(shown):
            return shown
        value = _real(text)
        return value if value is not None and self._is_legal(value) else None

    def can_become_legal(self, text: str) -> bool:
        """Whether more characters can bring the text into the range."""
        text = text.strip()
        if not re.fullmatch(r"-?\d*\.?\d*(e[+-]?\d*)?", text, re.ASCII | re.IGNORECASE):
            return False
        if len(text) > _LONGEST or (text.startswith("-") and self._numbers.minimum >= 0):
            return False
        value = _real(text)
        if value is None or self._is_legal(value):
            return True
        # Digits take a number away from zero, but those of a negative exponent bring it nearer.
        too_small = 0 <= value < self._numbers.minimum or self._numbers.maximum < value <= 0
        if "e-" in text.lower():
            return not too_small
        if too_small or "e" in text.lower():
            return too_small
        # Where there are many decades, people write an exponent.
        return isinstance(self._scale, DecadeScale) and 0 < value < 10

    def stepped(self, value: float, steps: int, part: int | None) -> float:
        """Return the number some steps further, within the range."""
        stepped = float(self._scale.stepped(value, steps))
        return min(max(stepped, self._numbers.minimum), self._numbers.maximum)

    def _is_legal(self, value: float) -> bool:
        return self._numbers.minimum <= value <= self._numbers.maximum


def number_text(numbers: IntRange | NumberRange) -> WholeText | RealText:
    """Return the text of one number of a range."""
    return WholeText(numbers) if isinstance(numbers, IntRange) else RealText(numbers)


class PairText:
    """Height and width; one number stands for both.

    >>> text = PairText(PairOf(IntRange(1, 64, (1, 8))))
    >>> text.write((3, 5)), text.read("3"), text.read("3x5"), text.read("(3, 5)")
    ('3 × 5', (3, 3), (3, 5), (3, 5))
    >>> text.can_become_legal("3 × 0"), text.can_become_legal("3 × 5 ×")
    (False, False)
    """

    def __init__(self, pair: PairOf) -> None:
        self._number = number_text(pair.axis)

    def write(self, value: tuple[Any, Any]) -> str:
        """Return both numbers, even if they are equal."""
        return " × ".join(self._number.write(side) for side in value)

    def read(self, text: str, shown: tuple[Any, Any] | None = None) -> tuple[Any, Any] | None:
        """Return the pair if both numbers are in range."""
        parts = _split(text.strip())
        shown = (None, None) if shown is None else shown
        if len(parts) > 2:
            return None
        first, second = parts[0], parts[-1]
        height, width = self._number.read(first, shown[0]), self._number.read(second, shown[1])
        return None if height is None or width is None else (height, width)

    def can_become_legal(self, text: str) -> bool:
        """Whether each of at most two numbers can."""
        parts = _split(text)
        return len(parts) <= 2 and all(map(self._number.can_become_legal, parts))

    def stepped(self, value: tuple[Any, Any], steps: int, part: int | None) -> tuple[Any, Any]:
        """Return the pair with one side changed, or both."""
        height, width = (
            self._number.stepped(side, steps, None) if part in (None, place) else side
            for place, side in enumerate(value)
        )
        return height, width


class NumbersText:
    """A list of real numbers, with all their digits.

    >>> text = NumbersText(NumbersOf(NumberRange(0.0, 1.0, (0.0, 1.0)), most=3))
    >>> text.write((0.5, 1.0)), text.read("[0.485, 0.456, 0.406]"), text.can_become_legal("0.5, 2")
    ('0.5, 1', (0.485, 0.456, 0.406), False)
    """

    def __init__(self, numbers: NumbersOf) -> None:
        self._number = RealText(numbers.number)
        self._most = numbers.most

    def write(self, value: tuple[float, ...]) -> str:
        """Return the numbers, separated by commas."""
        return ", ".join(repr(number).removesuffix(".0") for number in value)

    def read(self, text: str, shown: tuple[float, ...] | None = None) -> tuple[float, ...] | None:
        """Return the numbers if all are in range and there are not too many."""
        parts = _split(text.strip().rstrip(",;"))
        numbers = [self._number.read(part) for part in parts[: self._most + 1]]
        legal = [number for number in numbers if number is not None]
        return tuple(legal) if len(legal) == len(parts) <= self._most else None

    def can_become_legal(self, text: str) -> bool:
        """Whether each number can, and there are not too many."""
        parts = _split(text)
        # An empty part at the end is a number that is still to be typed.
        return len(parts) <= self._most and all(map(self._number.can_become_legal, parts))

    def stepped(self, value: tuple[float, ...], steps: int, part: int | None) -> tuple[float, ...]:
        """Return the list with one number changed, or all."""
        return tuple(
            self._number.stepped(number, steps, None) if part in (None, place) else number
            for place, number in enumerate(value)
        )


def _split(text: str) -> list[str]:
    """Return the texts of the numbers; at least one, which may be empty.

    Space at the end stays: it separates from the number that is typed next.
    """
    return _BETWEEN.split(text.lstrip(_AROUND).rstrip("()[]{}"))


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if re.fullmatch(r"-?\d{1,40}", text, re.ASCII) else None


def _real(text: str) -> float | None:
    """Return the finite number that a text is, or None."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None
