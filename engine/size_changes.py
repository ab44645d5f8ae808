"""What a layer does to height and width, in a few words: the badge on every edge."""

from engine.shapes import Shape

_DOWN = {2: "halves", 3: "thirds", 4: "quarters"}
_UP = {2: "doubles", 3: "triples", 4: "quadruples"}

_FEW = 12
"""Differences up to this are said as such, larger ones by both lengths."""


def change_text(before: Shape, after: Shape) -> tuple[str, str]:
    """Return what a layer does to height and width, and the sign that goes with it.

    >>> change_text(Shape(3, 28, 28), Shape(8, 14, 14))
    ('halves', '▼')
    >>> change_text(Shape(3, 28, 28), Shape(8, 26, 26))
    ('shrinks by 2', '▼')
    >>> change_text(Shape(8, 112, 111), Shape(12, 55, 55))
    ('height halves, less 1; width halves, rounds down', '▼')
    """
    if (before.height, before.width) == (after.height, after.width):
        return "keeps the size", "="
    down, across = (
        _length_words(before.height, after.height),
        _length_words(before.width, after.width),
    )
    larger = after.height >= before.height and after.width >= before.width
    smaller = after.height <= before.height and after.width <= before.width
    sign = "▲" if larger else "▼" if smaller else "◆"
    if after.height == 1 and after.width == 1:
        return f"{before.height} × {before.width} becomes one value per channel", sign
    if down == across:
        return down, sign
    return f"height {down}; width {across}", sign


def _length_words(before: int, after: int) -> str:
    """Return what happens to one length.

    >>> [_length_words(28, n) for n in (28, 56, 140, 30)]
    ['kept', 'doubles', 'grows 5-fold', 'grows by 2']
    >>> [_length_words(28, n) for n in (14, 13, 7, 26, 1)]
    ['halves', 'halves, less 1', 'quarters', 'shrinks by 2', 'divides by 28']
    """
    if before == after:
        return "kept"
    if after > before:
        if after % before == 0:
            return _UP.get(after // before, f"grows {after // before}-fold")
        return f"grows by {after - before}"
    for factor, word in _DOWN.items():
        if after * factor == before:
            return word
        # The larger the length, the surer a quotient was meant and no difference.
        if before > 4 * factor:
            quotient = before // factor
            if after == quotient:
                return f"{word}, rounds down"
            if after == quotient + 1:
                return f"{word}, rounds up" if before % factor else f"{word}, plus 1"
            # A window without padding loses up to one position more than the division.
            if after == quotient - 1:
                return f"{word}, less 1"
    if before % after == 0:
        return f"divides by {before // after}"
    if before - after <= _FEW:
        return f"shrinks by {before - after}"
    return f"{before} to {after}"
