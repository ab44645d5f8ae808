"""A drawing whose canvas grows to what is drawn: nothing is ever clipped."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image

from engine.formats.figure_text import Font
from engine.rect import Rect
from engine.sheets.color_maps import Colors, Rgb


@dataclass(frozen=True)
class Theme:
    """Colors of a figure."""

    background: Rgb
    text: Rgb
    muted: Rgb
    accent: Rgb
    """Dimension lines and sizes."""
    outline: Rgb


THEMES = {
    "dark": Theme(
        background=(25, 28, 34),
        text=(232, 235, 240),
        muted=(150, 158, 171),
        accent=(96, 165, 250),
        outline=(56, 62, 74),
    ),
    "light": Theme(
        background=(255, 255, 255),
        text=(27, 31, 38),
        muted=(92, 100, 113),
        accent=(23, 98, 190),
        outline=(198, 204, 213),
    ),
}


class _Part(NamedTuple):
    left: int
    top: int
    picture: Image.Image
    color: Rgb | None
    """What a mask is filled with; None for a picture with colors of its own."""


class Drawing:
    """Texts, filled rectangles and pictures, later ones over earlier ones.

    ``texts`` are the texts drawn so far with their boxes.
    """

    def __init__(self) -> None:
        self._parts: list[_Part] = []
        self.texts: list[tuple[str, Rect]] = []

    def text(
        self,
        text: str,
        font: Font,
        color: Rgb,
        left: float,
        top: float,
        *,
        upwards: bool = False,
    ) -> Rect:
        """Draw a text from its upper left corner, or turned so that it reads upwards."""
        mask = font.mask(text)
        if upwards:
            mask = mask.transpose(Image.Transpose.ROTATE_90)
        box = self._add(round(left), round(top), mask, color)
        self.texts.append((text, box))
        return box

    def centered(
        self, text: str, font: Font, color: Rgb, x: float, y: float, *, upwards: bool = False
    ) -> Rect:
        """Draw a text around a point."""
        width, height = font.width(text), font.height
        if upwards:
            width, height = height, width
        return self.text(text, font, color, x - width / 2, y - height / 2, upwards=upwards)

    def fill(self, box: Rect, color: Rgb) -> None:
        """Draw a filled rectangle."""
        self._add(box.left, box.top, Image.new("L", (box.width, box.height), 255), color)

    def picture(self, rgb: Colors, left: int, top: int) -> Rect:
        """Draw an RGB array (H, W, 3), pixel for pixel."""
        return self._add(left, top, Image.fromarray(rgb), None)

    def extent(self) -> Rect:
        """Return the smallest rectangle around everything drawn so far."""
        left = min(part.left for part in self._parts)
        top = min(part.top for part in self._parts)
        right = max(part.left + part.picture.width for part in self._parts)
        bottom = max(part.top + part.picture.height for part in self._parts)
        return Rect(left, top, right - left, bottom - top)

    def image(self, background: Rgb, margin: int) -> Colors:
        """Return everything drawn, uint8 RGB (H, W, 3), with a margin around it."""
        extent = self.extent()
        size = extent.width + 2 * margin, extent.height + 2 * margin
        canvas = Image.new("RGB", size, background)
        for part in self._parts:
            left, top = part.left - extent.left + margin, part.top - extent.top + margin
            if part.color is None:
                canvas.paste(part.picture, (left, top))
            else:
                box = (left, top, left + part.picture.width, top + part.picture.height)
                canvas.paste(part.color, box, part.picture)
        return np.array(canvas)

    def _add(self, left: int, top: int, picture: Image.Image, color: Rgb | None) -> Rect:
        self._parts.append(_Part(left, top, picture, color))
        return Rect(left, top, picture.width, picture.height)
