"""The kernels that have names: edges, lines, blurs and stripes, at any size.

Networks compute cross-correlation: a kernel is laid on the picture as it is printed here, rows
from top to bottom. At 3 × 3 each is the one of the textbooks. Other sizes follow one rule,
`_resampling`: a larger kernel is the 3 × 3 one after a binomial blur that spreads it over the
window, so its answer to a flat area and to a ramp stays the same.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Doubles: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class BankKernel:
    """A kernel with a name; ``make`` returns it at a height and width of at least 1."""

    label: str
    help: str
    make: Callable[[int, int], Doubles]


def _binomial(length: int) -> Doubles:
    """Return the row of Pascal's triangle of that length, divided by its sum.

    >>> _binomial(5) * 16
    array([1., 4., 6., 4., 1.])
    """
    row, entry = [], 1
    for place in range(length):
        row.append(entry / 2 ** (length - 1))
        entry = entry * (length - 1 - place) // (place + 1)
    return np.array(row)


def _resampling(length: int) -> Doubles:
    """Return the length × 3 matrix that brings three taps to another length.

    From three taps on it convolves them with the binomial of the remaining length: [−1, 0, 1]
    becomes OpenCV's longer Sobel derivatives, [1, 2, 1] the longer binomials, both divided by a
    power of two. Two taps have the same sum and slope as the three, one tap the same sum; so the
    difference of a single cell is 0.
    """
    if length == 1:
        return np.ones((1, 3))
    if length == 2:
        return np.array([[1.5, 0.5, -0.5], [-0.5, 0.5, 1.5]])
    blur = _binomial(length - 2)
    matrix = np.zeros((length, 3))
    for tap in range(3):
        matrix[tap : tap + len(blur), tap] = blur
    return matrix


def _spread(textbook: Doubles, height: int, width: int) -> Doubles:
    return _resampling(height) @ textbook @ _resampling(width).T


def _rows(*rows: tuple[int, int, int]) -> Doubles:
    return np.array(rows, dtype=np.float64)


def _resized(*rows: tuple[int, int, int]) -> Callable[[int, int], Doubles]:
    """Return the function for a kernel that is its 3 × 3 form, spread."""
    textbook = _rows(*rows)
    return lambda height, width: _spread(textbook, height, width)


def _identity(height: int, width: int) -> Doubles:
    """Return a single 1 where padding "same" puts the window's own pixel."""
    kernel = np.zeros((height, width))
    kernel[(height - 1) // 2, (width - 1) // 2] = 1
    return kernel


def _over_identity(*rows: tuple[int, int, int]) -> Callable[[int, int], Doubles]:
    """Return the function for the picture itself plus a kernel; only that is spread."""
    added = _rows(*rows)
    return lambda height, width: _identity(height, width) + _spread(added, height, width)


def _gaussian(height: int, width: int) -> Doubles:
    return np.outer(_binomial(height), _binomial(width))


def _box(height: int, width: int) -> Doubles:
    return np.full((height, width), 1 / (height * width))


def _gabor(degrees: int) -> Callable[[int, int], Doubles]:
    """Return the function for stripes whose wave runs in a direction, counter-clockwise from right.

    A cosine under a Gaussian. With n the size along the wave, its length is (n + 3) / 2 pixels
    and the deviation n / 4: one bright stripe with a dark one at either side. Part of the Gaussian
    is subtracted so that a flat area gives 0; then the positive cells sum to 1. Where the window
    is too short for a wave, 1 or 2 pixels along it, the kernel is 0.
    """
    cosine, sine = (round(f(math.radians(degrees)), 15) for f in (math.cos, math.sin))

    def make(height: int, width: int) -> Doubles:
        size = width * cosine**2 + height * sine**2
        # Rows count downwards, angles upwards.
        up = (height - 1) / 2 - np.arange(height)[:, None]
        right = np.arange(width)[None, :] - (width - 1) / 2
        envelope = np.exp(-(up**2 + right**2) / (2 * (size / 4) ** 2))
        wave = np.cos(2 * np.pi * (right * cosine + up * sine) / ((size + 3) / 2))
        kernel = envelope * (wave - (envelope * wave).sum() / envelope.sum())
        positive = float(kernel[kernel > 0].sum())
        # What is left of a constant wave is rounding.
        return kernel / positive if positive > 1e-9 else np.zeros((height, width))

    return make


KERNELS: Mapping[str, BankKernel] = MappingProxyType(
    {
        "identity": BankKernel(
            "Identity", "A single 1: the picture as it is.", _identity
        ),
        "sobel_x": BankKernel(
            "Sobel x", "Change from left to right: vertical edges. Smooths along the edge.",
            _resized((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
        ),
        "sobel_y": BankKernel(
            "Sobel y", "Change from top to bottom: horizontal edges. Smooths along the edge.",
            _resized((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
        ),
        "scharr_x": BankKernel(
            "Scharr x", "Like Sobel x; the direction of slanted edges comes out truer.",
            _resized((-3, 0, 3), (-10, 0, 10), (-3, 0, 3)),
        ),
        "scharr_y": BankKernel(
            "Scharr y", "Like Sobel y; the direction of slanted edges comes out truer.",
            _resized((-3, -10, -3), (0, 0, 0), (3, 10, 3)),
        ),
        "prewitt_x": BankKernel(
            "Prewitt x", "Change from left to right, all rows counting alike.",
            _resized((-1, 0, 1), (-1, 0, 1), (-1, 0, 1)),
        ),
        "prewitt_y": BankKernel(
            "Prewitt y", "Change from top to bottom, all columns counting alike.",
            _resized((-1, -1, -1), (0, 0, 0), (1, 1, 1)),
        ),
        "laplacian": BankKernel(
            "Laplacian", "Pixels that differ from their four neighbors, whatever the direction.",
            _resized((0, 1, 0), (1, -4, 1), (0, 1, 0)),
        ),
        "laplacian_8": BankKernel(
            "Laplacian, 8 neighbors", "Pixels that differ from all their neighbors.",
            _resized((1, 1, 1), (1, -8, 1), (1, 1, 1)),
        ),
        "gaussian": BankKernel(
            "Gaussian blur", "A mean that counts near pixels more: binomial weights.", _gaussian
        ),
        "box": BankKernel(
            "Box blur", "The mean of all pixels of the window.", _box
        ),
        "sharpen": BankKernel(
            "Sharpen", "The picture minus its Laplacian: edges come out stronger.",
            _over_identity((0, -1, 0), (-1, 4, -1), (0, -1, 0)),
        ),
        "emboss": BankKernel(
            "Emboss", "The picture as a relief, lit from the upper left.",
            _over_identity((-2, -1, 0), (-1, 0, 1), (0, 1, 2)),
        ),
        "line_horizontal": BankKernel(
            "Horizontal lines", "Bright lines from left to right.",
            _resized((-1, -1, -1), (2, 2, 2), (-1, -1, -1)),
        ),
        "line_rising": BankKernel(
            "Rising lines", "Bright lines that rise to the right, like /.",
            _resized((-1, -1, 2), (-1, 2, -1), (2, -1, -1)),
        ),
        "line_vertical": BankKernel(
            "Vertical lines", "Bright lines from top to bottom.",
            _resized((-1, 2, -1), (-1, 2, -1), (-1, 2, -1)),
        ),
        "line_falling": BankKernel(
            "Falling lines", "Bright lines that fall to the right, like \\.",
            _resized((2, -1, -1), (-1, 2, -1), (-1, -1, 2)),
        ),
        "gabor_0": BankKernel(
            "Gabor 0°", "Vertical stripes: the wave runs from left to right.", _gabor(0)
        ),
        "gabor_45": BankKernel(
            "Gabor 45°", "Stripes like \\: the wave runs to the upper right.", _gabor(45)
        ),
        "gabor_90": BankKernel(
            "Gabor 90°", "Horizontal stripes: the wave runs upwards.", _gabor(90)
        ),
        "gabor_135": BankKernel(
            "Gabor 135°", "Stripes like /: the wave runs to the upper left.", _gabor(135)
        ),
    }
)  # fmt: skip
"""The kernels by id; an id is never changed, files hold it."""
