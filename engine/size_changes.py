"""What a layer does to height and width, in a few words: the badge on every edge.

A layer that moves a window divides by its stride and loses or gains a few positions at the ends; of
others only the sizes say what was meant.
"""

from engine.reading import AxisReading, Reading
from engine.shapes import Shape

_DOWN = {2: "halves", 3: "thirds", 4: "quarters"}
_UP = {2: "doubles", 3: "triples", 4: "quadruples"}

_FEW = 12
"""Differences up to this are said as such, larger ones by both lengths."""


def change_text(before: Shape, after: Shape, reading: Reading | None = None) -> tuple[str, str]:
    """Return what a layer does to height and width, and the sign that goes with it.

    Args:
        before: the size of what it reads.
        after: its own size.
        reading: how it reads that, which decides between words that fit the same sizes.

    >>> change_text(Shape(3, 28, 28), Shape(8, 14, 14))
    ('halves', '▼')
    >>> change_text(Shape(3, 28, 28), Shape(8, 26, 26))
    ('shrinks by 2', '▼')
    >>> change_text(Shape(8, 112, 111), Shape(12, 55, 55))
    ('height halves, less 1; width halves, rounds down', '▼')
    """
    if (before.height, before.width) == (after.height, after.width):
        return "keeps the size", "="
    rows, columns = (_stride(reading.rows), _stride(reading.columns)) if reading else (0, 0)
    down = _length_words(before.height, after.height, rows)
    across = _length_words(before.width, after.width, columns)
    larger = after.height >= before.height and after.width >= before.width
    smaller = after.height <= before.height and after.width <= before.width
    sign = "▲" if larger else "▼" if smaller else "◆"
    if after.height == 1 and after.width == 1:
        return f"{before.height} × {before.width} becomes one value per channel", sign
    if down == across:
        return down, sign
    return f"height {down}; width {across}", sign


def _stride(axis: AxisReading) -> int:
    """Return how far apart the windows along an axis begin; 0 where it reads otherwise."""
    return axis.affine.stride if axis.affine else 0


def _length_words(before: int, after: int, stride: int = 0) -> str:
    """Return what happens to one length.

    >>> [_length_words(28, n, stride=1) for n in (28, 56, 30, 26, 7)]
    ['kept', 'grows by 28', 'grows by 2', 'shrinks by 2', 'shrinks by 21']
    >>> [_length_words(7, n, stride=2) for n in (5, 4, 3, 2, 1)]
    ['halves, plus 2', 'halves, rounds up', 'halves, rounds down', 'halves, less 1', '7 to 1']
    """
    if before == after:
        return "kept"
    if stride > 1 and after < before:
        return _divided(before, after, stride)
    if stride:
        return f"{'grows' if after > before else 'shrinks'} by {abs(after - before)}"
    return _guessed(before, after)


def _divided(before: int, after: int, stride: int) -> str:
    """Return what a window that moves by more than one makes of a longer length."""
    word = _DOWN.get(stride, f"divides by {stride}")
    quotient, rest = divmod(before, stride)
    more = after - quotient
    if more == 0:
        return f"{word}, rounds down" if rest else word
    if more == 1 and rest:
        return f"{word}, rounds up"
    # Where the ends cost or add more than is left, the stride explains nothing.
    if abs(more) > min(after, quotient):
        return f"{before} to {after}"
    return f"{word}, {'plus' if more > 0 else 'less'} {abs(more)}"


def _guessed(before: int, after: int) -> str:
    """Return what seems to happen to a length, by the lengths alone.

    >>> [_guessed(28, n) for n in (56, 140, 30)]
    ['doubles', 'grows 5-fold', 'grows by 2']
    >>> [_guessed(28, n) for n in (14, 13, 7, 26, 1)]
    ['halves', 'halves, less 1', 'quarters', 'shrinks by 2', 'divides by 28']
    """
    if after > before:
        if after % before == 0:
            return _UP.get(after // before, f"grows {after // before}-fold")
        return f"grows by {after - before}"
    for factor in _DOWN:
        # The larger the length, the surer a quotient was meant and no difference. A window without
        # padding loses up to one position more than the division.
        near = before > 4 * factor and abs(after - before // factor) <= 1
        if after * factor == before or near:
            return _divided(before, after, factor)
    if before % after == 0:
        return f"divides by {before // after}"
    if before - after <= _FEW:
        return f"shrinks by {before - after}"
    return f"{before} to {after}"
