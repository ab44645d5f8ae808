"""How a value is written in a field, and which text can still become a legal value. Without Qt.

A field keeps whatever is typed, and takes over only what is legal. Text that typing on cannot make
legal is marked at once, text that is only unfinished when it is to be taken over.
"""

import math
import re
from typing import Any, Protocol

from engine.constraints import IntRange, NumberRange
from gui.fields.number_scale import DecadeScale, number_scale

_LONGEST = 40
"""A longer text for one number means nothing that a shorter one does not."""

_UNFINISHED = re.compile(r"-?\d*\.?\d*(e[+-]?\d*)?", re.ASCII | re.IGNORECASE)


class FieldText(Protocol):
    """The text of one kind of value."""

    @property
    def wanted(self) -> str:
        """What is legal, in words that follow "enter"."""

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


class WholeText:
    """One whole number.

    >>> text = WholeText(IntRange(1, 64, (1, 8)))
    >>> text.read("12"), text.read("0"), text.can_become_legal("0"), text.can_become_legal("65")
    (12, None, False, False)
    """

    def __init__(self, numbers: IntRange) -> None:
        self._numbers = numbers
        self._scale = number_scale(numbers)

    @property
    def wanted(self) -> str:
        """The range."""
        return f"a whole number {range_words(self._numbers)}"

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
    """One real number, written short; a decimal comma and a fraction are read too.

    >>> text = RealText(NumberRange(0.0, 1.0, (0.0, 1.0)))
    >>> text.write(1 / 6), text.read("0.166667"), text.read("0.166667", shown=1 / 6)
    ('0.166667', 0.166667, 0.16666666666666666)
    >>> text.read("0,5"), text.read("1/4")
    (0.5, 0.25)
    >>> text.can_become_legal("1e-"), text.can_become_legal("2"), text.can_become_legal("-")
    (True, False, False)
    """

    def __init__(self, numbers: NumberRange) -> None:
        self._numbers = numbers
        self._scale = number_scale(numbers)

    @property
    def wanted(self) -> str:
        """The range."""
        return f"a number {range_words(self._numbers)}"

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
        text = _with_point(text)
        dividend, bar, divisor = text.partition("/")
        if not (_UNFINISHED.fullmatch(dividend) and _UNFINISHED.fullmatch(divisor)):
            return False
        if len(text) > _LONGEST or (text.startswith("-") and self._numbers.minimum >= 0):
            return False
        if bar and _real(dividend) is None:
            return False
        value = _real(text)
        if value is None:
            # What ends with a digit and is no number is too large, unless it divides by a zero.
            return bool(bar) or not text[-1:].isdigit()
        if self._is_legal(value):
            return True
        # Digits take a number away from zero, but those of a negative exponent or of a divisor
        # bring it nearer.
        too_small = 0 <= value < self._numbers.minimum or self._numbers.maximum < value <= 0
        if bar or "e-" in text.lower():
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


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if re.fullmatch(r"-?\d{1,40}", text, re.ASCII) else None


def _real(text: str) -> float | None:
    """Return the finite number that a text is, or None."""
    dividend, bar, divisor = _with_point(text).partition("/")
    try:
        value = float(dividend) / float(divisor) if bar else float(dividend)
    except (ValueError, ZeroDivisionError):
        return None
    return value if math.isfinite(value) and "_" not in text else None


def _with_point(text: str) -> str:
    """Return a real number as Python writes it: with a point, and a hyphen for a minus."""
    return text.strip().replace(",", ".").replace("−", "-")


def range_words(numbers: IntRange | NumberRange) -> str:
    """Return a range in words.

    >>> range_words(IntRange(1, 65536, (1, 8)))
    'from 1 to 65,536'
    """
    ends = (numbers.minimum, numbers.maximum)
    low, high = (f"{end:,}" if isinstance(end, int) else f"{end:g}" for end in ends)
    return f"from {low} to {high}".replace("-", "−")
