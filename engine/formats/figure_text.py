"""Text as masks, in the typeface that comes with Pillow, equal on every machine.

That typeface has the letters of English and lacks most signs of arithmetic. Those are drawn here
as strokes; what is left is spelled with the letters that exist, so that nothing becomes a box.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor, pi, sin
from typing import NamedTuple, TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFont

Point: TypeAlias = tuple[float, float]

_PRESENT = frozenset(map(chr, range(32, 127))) | frozenset("©«°±´·»‘’“”…‹›⁄™")
"""What the typeface of Pillow has."""

_STROKE = 0.062
"""Thickness of the typeface's strokes; this and what follows is in units of the text's size."""
_AXIS = 0.3175
"""Height of the middle of + and = above the baseline."""
_ASCENT, _DESCENT = 0.98, 0.28
_RAISED, _RAISED_SIZE = 0.33, 0.66

_SIDE = 1
"""Room in pixels at both sides of a mask, for strokes that reach over their letter's width."""

_THINNEST = 1.25
"""Thickness in pixels below which a stroke would turn gray."""

_FINE = 8
"""Strokes are drawn so many times larger, then averaged."""


class _Sign(NamedTuple):
    """A sign as strokes through points (right, up) from the baseline's start."""

    advance: float
    strokes: tuple[tuple[Point, ...], ...]


def _wave(middle: float) -> tuple[Point, ...]:
    return tuple((0.07 + 0.44 * t / 12, middle + 0.045 * sin(2 * pi * t / 12)) for t in range(13))


def _loops() -> tuple[Point, ...]:
    turns = [2 * pi * t / 32 for t in range(33)]
    return tuple((0.4 + 0.32 * sin(turn), _AXIS + 0.17 * sin(2 * turn)) for turn in turns)


_SIGNS = {
    # The typeface's own is so narrow that small words run together.
    " ": _Sign(0.28, ()),
    "−": _Sign(0.58, (((0.08, _AXIS), (0.5, _AXIS)),)),
    "–": _Sign(0.56, (((0.03, 0.28), (0.53, 0.28)),)),
    "—": _Sign(1.0, (((0.03, 0.28), (0.97, 0.28)),)),
    "×": _Sign(0.58, (((0.12, 0.15), (0.46, 0.49)), ((0.12, 0.49), (0.46, 0.15)))),
    "⌊": _Sign(0.31, (((0.13, 0.78), (0.13, -0.05), (0.28, -0.05)),)),
    "⌋": _Sign(0.31, (((0.18, 0.78), (0.18, -0.05), (0.03, -0.05)),)),
    "⌈": _Sign(0.31, (((0.13, -0.08), (0.13, 0.75), (0.28, 0.75)),)),
    "⌉": _Sign(0.31, (((0.18, -0.08), (0.18, 0.75), (0.03, 0.75)),)),
    "→": _Sign(
        0.92,
        (
            ((0.08, _AXIS), (0.83, _AXIS)),
            ((0.62, _AXIS + 0.19), (0.83, _AXIS), (0.62, _AXIS - 0.19)),
        ),
    ),
    "≤": _Sign(0.58, (((0.5, 0.53), (0.1, 0.34), (0.5, 0.15)), ((0.1, 0.03), (0.5, 0.03)))),
    "≥": _Sign(0.58, (((0.08, 0.53), (0.48, 0.34), (0.08, 0.15)), ((0.08, 0.03), (0.48, 0.03)))),
    "≈": _Sign(0.58, (_wave(_AXIS + 0.08), _wave(_AXIS - 0.08))),
    "√": _Sign(0.62, (((0.03, 0.3), (0.12, 0.36), (0.26, 0.0), (0.44, 0.76), (0.62, 0.76)),)),
    "∞": _Sign(0.8, (_loops(),)),
}

_Piece: TypeAlias = tuple[str, float, float]
"""A run of letters or one sign, its size, and how far it is raised."""


@dataclass(frozen=True)
class Font:
    """The typeface at a size in pixels; bold is drawn with thicker strokes."""

    size: int
    bold: bool = False

    @property
    def height(self) -> int:
        """The height of every mask, whatever its text."""
        return ceil(_ASCENT * self.size) + ceil(_DESCENT * self.size) + 1

    @property
    def baseline(self) -> int:
        """How far the baseline is below a mask's top."""
        return ceil(_ASCENT * self.size)

    def width(self, text: str) -> int:
        """Return the width of a text's mask."""
        advance = sum(self._advance(piece) for piece in _pieces(text, self.size))
        return ceil(advance) + 2 * _SIDE

    def mask(self, text: str) -> Image.Image:
        """Return the text as coverage, 0 to 255, mode "L"."""
        mask = Image.new("L", (self.width(text), self.height))
        left = float(_SIDE)
        for piece in _pieces(text, self.size):
            self._draw(mask, piece, left)
            left += self._advance(piece)
        return mask

    def _advance(self, piece: _Piece) -> float:
        letters, size, _ = piece
        if letters in _SIGNS:
            return _SIGNS[letters].advance * size
        return _typeface(size).getlength(letters)

    def _draw(self, mask: Image.Image, piece: _Piece, left: float) -> None:
        letters, size, raised = piece
        thicker = 0.024 * size if self.bold else 0.0
        if letters in _SIGNS:
            sign = _SIGNS[letters]
            first = floor(left)
            size_of_box = ceil(sign.advance * size) + 2, mask.height
            start = left - first, self.baseline - raised
            box = first, 0, first + size_of_box[0], mask.height
            drawn = _strokes(sign, size, thicker, size_of_box, start)
            mask.paste(ImageChops.lighter(mask.crop(box), drawn), box)
            return
        place = (left, self.baseline - raised)
        ImageDraw.Draw(mask).text(
            place, letters, 255, _typeface(size), anchor="ls", stroke_width=thicker
        )


def spelled(text: str) -> str:
    """Return the text in characters that can be drawn.

    >>> spelled("3×3 · été · α ≤ ½ · 中")
    '3×3 · ete · alpha ≤ 1⁄2 · ?'
    """
    return "".join(_spelled_character(character) for character in text)


@lru_cache(maxsize=512)
def _spelled_character(character: str) -> str:
    if character in _PRESENT or character in _SIGNS or _is_raised(character):
        return character
    if character.isspace():
        return " "
    name = unicodedata.name(character, "").split()
    if name[:1] == ["GREEK"]:
        # "GREEK CAPITAL LETTER PHI" has its own spelling in its name.
        return name[-1].capitalize() if "CAPITAL" in name else name[-1].lower()
    letters = unicodedata.normalize("NFKD", character)
    kept = "".join(c for c in letters if c in _PRESENT)
    return kept or "?"


def _is_raised(character: str) -> bool:
    """Return whether it is a superscript whose letter can be drawn, as in 5² or 10⁻⁷."""
    parts = unicodedata.decomposition(character).split()
    if len(parts) != 2 or parts[0] != "<super>":
        return False
    lowered = chr(int(parts[1], 16))
    return lowered in _PRESENT or lowered in _SIGNS


def _pieces(text: str, size: int) -> Iterator[_Piece]:
    """Yield runs of letters and single signs, in order."""
    run = ""
    for character in spelled(text):
        is_raised = _is_raised(character)
        if character not in _SIGNS and not is_raised:
            run += character
            continue
        if run:
            yield run, size, 0.0
            run = ""
        if is_raised:
            yield unicodedata.normalize("NFKD", character), _RAISED_SIZE * size, _RAISED * size
        else:
            yield character, size, 0.0
    if run:
        yield run, size, 0.0


@lru_cache(maxsize=32)
def _typeface(size: float) -> ImageFont.FreeTypeFont:
    typeface = ImageFont.load_default(size)
    # Without FreeType there is a bitmap instead; Pillow's wheels have it on every system.
    assert isinstance(typeface, ImageFont.FreeTypeFont)
    return typeface


def _strokes(
    sign: _Sign, size: float, thicker: float, area: tuple[int, int], start: Point
) -> Image.Image:
    """Return a mask of the area's size with a sign that starts there on the baseline."""
    fine = Image.new("L", (area[0] * _FINE, area[1] * _FINE))
    pen = ImageDraw.Draw(fine)
    thickness = _FINE * (max(_STROKE * size, _THINNEST) + 2 * thicker)
    for stroke in sign.strokes:
        points = [
            (_FINE * (start[0] + right * size), _FINE * (start[1] - up * size))
            for right, up in stroke
        ]
        for one, other in pairwise(points):
            pen.line((one, other), 255, round(thickness))
        for x, y in points[1:-1]:
            half = thickness / 2
            pen.ellipse((x - half, y - half, x + half, y + half), 255)
    return fine.reduce(_FINE)
