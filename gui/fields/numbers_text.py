"""How several numbers are written in one field: a pair, or a list. Without Qt."""

import re
from typing import Any

from engine.constraints import NumbersOf, PairOf
from gui.fields.field_text import RealText, number_text, range_words

_BETWEEN = re.compile(r"\s*[x×*,;]\s*|\s+")
_NUMBER = re.compile(r"[^\sx×*,;()\[\]{}]+")
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_AROUND = " \t()[]{}"
"""What stands around numbers that are pasted from code."""


def parts_of(text: str) -> list[tuple[int, int]]:
    """Return where each number of a text begins and ends.

    >>> parts_of("3 × 12")
    [(0, 1), (4, 6)]
    """
    return [match.span() for match in _NUMBER.finditer(text)]


class PairText:
    """Height and width; one number stands for both.

    >>> from engine.constraints import IntRange
    >>> text = PairText(PairOf(IntRange(1, 64, (1, 8))))
    >>> text.write((3, 5)), text.read("3"), text.read("3x5"), text.read("(3, 5)")
    ('3 × 5', (3, 3), (3, 5), (3, 5))
    >>> text.can_become_legal("3 × 0"), text.can_become_legal("3 × 5 ×")
    (False, False)
    """

    def __init__(self, pair: PairOf) -> None:
        self._number = number_text(pair.axis)

    @property
    def wanted(self) -> str:
        """The range of both, and how they are written."""
        return f"height × width, each {self._number.wanted}"

    def write(self, value: tuple[Any, Any]) -> str:
        """Return both numbers, even if they are equal."""
        return " × ".join(self._number.write(side) for side in value)

    def read(self, text: str, shown: tuple[Any, Any] | None = None) -> tuple[Any, Any] | None:
        """Return the pair if both numbers are in range."""
        parts = self._split(text.strip())
        shown = (None, None) if shown is None else shown
        if len(parts) > 2:
            return None
        first, second = parts[0], parts[-1]
        height, width = self._number.read(first, shown[0]), self._number.read(second, shown[1])
        return None if height is None or width is None else (height, width)

    def can_become_legal(self, text: str) -> bool:
        """Whether each of at most two numbers can."""
        parts = self._split(text)
        return len(parts) <= 2 and all(map(self._number.can_become_legal, parts))

    def stepped(self, value: tuple[Any, Any], steps: int, part: int | None) -> tuple[Any, Any]:
        """Return the pair with one side changed, or both."""
        height, width = (
            self._number.stepped(side, steps, None) if part in (None, place) else side
            for place, side in enumerate(value)
        )
        return height, width

    def _split(self, text: str) -> list[str]:
        return _split(_with_points(text) if isinstance(self._number, RealText) else text)


class NumbersText:
    """A list of real numbers, with all their digits.

    >>> from engine.constraints import NumberRange
    >>> text = NumbersText(NumbersOf(NumberRange(0.0, 1.0, (0.0, 1.0)), most=3))
    >>> text.write((0.5, 1.0)), text.read("[0.485, 0.456, 0.406]"), text.can_become_legal("0.5, 2")
    ('0.5, 1', (0.485, 0.456, 0.406), False)
    """

    def __init__(self, numbers: NumbersOf) -> None:
        self._number = RealText(numbers.number)
        self._range = range_words(numbers.number)
        self._most = numbers.most

    @property
    def wanted(self) -> str:
        """How many there may be, and the range of each."""
        return f"up to {self._most:,} numbers {self._range}, separated by commas"

    def write(self, value: tuple[float, ...]) -> str:
        """Return the numbers, separated by commas."""
        return ", ".join(repr(number).removesuffix(".0") for number in value)

    def read(self, text: str, shown: tuple[float, ...] | None = None) -> tuple[float, ...] | None:
        """Return the numbers if all are in range and there are not too many."""
        parts = _split(_with_points(text.strip().rstrip(",;")))
        numbers = [self._number.read(part) for part in parts[: self._most + 1]]
        legal = [number for number in numbers if number is not None]
        return tuple(legal) if len(legal) == len(parts) <= self._most else None

    def can_become_legal(self, text: str) -> bool:
        """Whether each number can, and there are not too many."""
        parts = _split(_with_points(text))
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


def _with_points(text: str) -> str:
    """Return several real numbers with points for their decimal commas.

    A comma between two digits is one where something else separates the numbers, or where it is
    the only comma; behind a bracket, or beside a point, commas separate, as in code.

    >>> [_with_points(text) for text in ("0,5", "0,5 × 1,5", "0,5; 1", "1,2,3", "[1,2]", "0.5,1")]
    ['0.5', '0.5 × 1.5', '0.5; 1', '1,2,3', '[1,2]', '0.5,1']
    """
    if "." in text or text.lstrip()[:1] in "([{":
        return text
    separated = re.search(r"[x×*;\s]", text.strip())
    return _DECIMAL_COMMA.sub(".", text) if separated or text.count(",") == 1 else text
