"""Color maps: values between the lowest and the highest become colors.

Each map is a path through CIE L*a*b* (D65, 2°). Lightness is linear along it, so that equal steps
of the value are equal steps of lightness; hue and chroma follow a quadratic Bézier curve. Signed
maps are equally light on both sides of zero and go from blue to orange, which people with a
red-green deficiency tell apart; the sequential one goes from blue to yellow for the same reason.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import cos, radians, sin
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rgb: TypeAlias = tuple[int, int, int]
Colors: TypeAlias = NDArray[np.uint8]
_Numbers: TypeAlias = NDArray[np.float64]
_Curve: TypeAlias = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]

_NEUTRAL = (0.0, 0.0)


@dataclass(frozen=True, eq=False)
class ColorMap:
    """Colors by fraction: 0 is the lowest value, 1 the highest, with ``signed`` one half is zero.

    >>> COLOR_MAPS["gray"].at([0.0, 0.5, 1.0]).tolist()
    [[0, 0, 0], [128, 128, 128], [255, 255, 255]]
    """

    id: str
    label: str
    signed: bool
    _srgb: Callable[[_Numbers], _Numbers]

    def at(self, fractions: ArrayLike) -> Colors:
        """Return the colors (..., 3), uint8 RGB, of fractions (...); those outside are clipped."""
        clipped = np.clip(np.asarray(fractions, dtype=np.float64), 0.0, 1.0)
        return np.rint(255.0 * np.clip(self._srgb(clipped), 0.0, 1.0)).astype(np.uint8)

    @cached_property
    def colors(self) -> Colors:
        """The lookup table (256, 3), uint8 RGB, read-only; entry 0 is the lowest value."""
        table = self.at(np.linspace(0.0, 1.0, 256))
        table.flags.writeable = False
        return table


def _diverging(
    zero: float, end: float, negative: _Curve, positive: _Curve
) -> Callable[[_Numbers], _Numbers]:
    """Return a path from the negative curve's end over zero to the positive one's.

    ``zero`` and ``end`` are lightnesses; a curve holds (a*, b*) at zero, its control point, its
    end.
    """

    def srgb(fractions: _Numbers) -> _Numbers:
        signed = 2.0 * fractions - 1.0
        size = np.abs(signed)
        hues = np.where(signed[..., None] < 0, _bezier(size, negative), _bezier(size, positive))
        return _lab_to_srgb(zero + (end - zero) * size, hues)

    return srgb


def _sequential(lowest: float, highest: float, curve: _Curve) -> Callable[[_Numbers], _Numbers]:
    """Return a path along one curve, from the lightness ``lowest`` to ``highest``."""

    def srgb(fractions: _Numbers) -> _Numbers:
        return _lab_to_srgb(lowest + (highest - lowest) * fractions, _bezier(fractions, curve))

    return srgb


def _gray(fractions: _Numbers) -> _Numbers:
    """Return equal parts of red, green and blue: a picture's channel as it is stored."""
    return np.repeat(fractions[..., None], 3, axis=-1)


def _hue(chroma: float, degrees: float) -> tuple[float, float]:
    """Return (a*, b*) of a chroma and a hue angle."""
    return chroma * cos(radians(degrees)), chroma * sin(radians(degrees))


def _bezier(fractions: _Numbers, curve: _Curve) -> _Numbers:
    """Return the points (..., 2) of a quadratic Bézier curve."""
    start, control, end = (np.array(point) for point in curve)
    t = fractions[..., None]
    return np.asarray((1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end)


# IEC 61966-2-1: linear RGB to XYZ, whose rows sum to the white D65.
_XYZ_OF_RGB = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = _XYZ_OF_RGB.sum(axis=1)
_RGB_OF_XYZ = np.linalg.inv(_XYZ_OF_RGB)


def _lab_to_srgb(lightness: _Numbers, hues: _Numbers) -> _Numbers:
    """Return sRGB (..., 3), 0 to 1 where it can be displayed, of L* (...) and a*, b* (..., 2).

    CIE 15:2004, 8.2.1, inverted, and the transfer curve of IEC 61966-2-1.
    """
    y = (lightness + 16.0) / 116.0
    roots = np.stack([y + hues[..., 0] / 500.0, y, y - hues[..., 1] / 200.0], axis=-1)
    linear_part = 3.0 * (6.0 / 29.0) ** 2 * (roots - 4.0 / 29.0)
    xyz = _WHITE * np.where(roots > 6.0 / 29.0, roots**3, linear_part)
    linear = np.clip(xyz @ _RGB_OF_XYZ.T, 0.0, None)
    curved = 1.055 * linear ** (1 / 2.4) - 0.055
    return np.asarray(np.where(linear <= 0.0031308, 12.92 * linear, curved))


DIVERGING = ColorMap(
    "diverging",
    "Signed, zero white",
    signed=True,
    _srgb=_diverging(
        zero=96.0,
        end=48.0,
        negative=(_NEUTRAL, _hue(30.0, 250.0), _hue(47.0, 273.0)),
        positive=(_NEUTRAL, _hue(66.0, 70.0), _hue(72.0, 54.0)),
    ),
)
DIVERGING_DARK = ColorMap(
    "diverging_dark",
    "Signed, zero black",
    signed=True,
    _srgb=_diverging(
        zero=10.0,
        end=78.0,
        negative=(_NEUTRAL, _hue(50.0, 280.0), _hue(36.0, 250.0)),
        positive=(_NEUTRAL, _hue(64.0, 52.0), _hue(62.0, 70.0)),
    ),
)
SEQUENTIAL = ColorMap(
    "sequential",
    "From zero, blue to yellow",
    signed=False,
    _srgb=_sequential(lowest=14.0, highest=92.0, curve=((7.0, -30.0), (0.5, -22.0), (-9.0, 80.0))),
)
GRAY = ColorMap("gray", "Gray", signed=False, _srgb=_gray)

COLOR_MAPS: Mapping[str, ColorMap] = MappingProxyType(
    {color_map.id: color_map for color_map in (DIVERGING, DIVERGING_DARK, SEQUENTIAL, GRAY)}
)
"""All color maps by id, in the order in which they are offered."""
