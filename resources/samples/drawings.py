"""Flat drawings: edges, shapes, gradients, printed text and a handwritten digit."""

import math

from engine.opencv import cv2

# After engine.opencv, which sets the threads of numpy's linear algebra.
# isort: split
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Field = NDArray[np.float64]

OVERSAMPLING = 4


def draw_edges() -> Picture:
    """Return a test chart: a star with edges at every angle, rings, and a grating per corner."""
    size = 480
    y, x = _grid(size, size)
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    star = np.sin(36 * angle) > 0
    # Rings grow outwards from 5 to 13 pixels.
    rings = np.sin(2 * np.pi * 46 * np.log1p((radius - 140) / 170) / np.log(4)) > 0
    gratings = np.select(
        [(x < 0) & (y < 0), (x >= 0) & (y < 0), (x < 0)],
        [np.floor(x / 6) % 2 == 0, np.floor(y / 6) % 2 == 0, np.floor((x + y) / 9) % 2 == 0],
        np.floor(x / 10) % 2 == np.floor(y / 10) % 2,
    )
    ink = np.select(
        [radius < 7, radius < 128, radius < 140, radius < 226, radius < 236],
        [np.zeros_like(star), star, np.zeros_like(star), rings, np.zeros_like(star)],
        gratings,
    )
    paper, black = np.array([250, 249, 246]), np.array([18, 20, 26])
    return _reduced(np.where(ink[..., None], black, paper))


def draw_shapes() -> Picture:
    """Return nine flat shapes, one color each, with straight, curved and concave outlines."""
    cell = 160
    y, x = _grid(cell, cell)
    radius = np.hypot(x, y)
    leaning, tilted = _turned(x, y, 0.3), _turned(x, y, 0.2)
    longer, shorter = np.maximum(*np.abs(tilted)), np.minimum(*np.abs(tilted))
    masks = (
        radius < 52,
        np.maximum(*np.abs(leaning)) < 42,
        _polygon(x, y - 14, 3, 33, -np.pi / 2),
        _star(x, y - 4, 58, 25),
        (radius < 54) & (radius > 30),
        (shorter < 17) & (longer < 52),
        _polygon(x, y, 6, 46, 0.2),
        (radius < 54) & (np.hypot(x - 24, y + 10) > 44),
        _heart(x, y),
    )
    colors = (
        *((226, 58, 54), (38, 96, 216), (28, 152, 82)),
        *((250, 182, 22), (134, 62, 184), (238, 112, 32)),
        *((16, 160, 172), (70, 76, 92), (232, 64, 130)),
    )
    cells = [
        np.where(mask[..., None], color, (246, 243, 236))
        for mask, color in zip(masks, colors, strict=True)
    ]
    rows = [np.concatenate(cells[i : i + 3], axis=1) for i in (0, 3, 6)]
    return _reduced(np.concatenate(rows, axis=0))


def draw_gradients() -> Picture:
    """Return smooth changes: ramps, steps, a hue disc, blobs and waves that meet."""
    cell = 170
    y, x = (axis / cell + 0.5 for axis in _grid(cell, cell))
    radius, angle = np.hypot(x - 0.5, y - 0.5), np.arctan2(y - 0.5, x - 0.5)
    steps = np.floor(x * 8) / 7
    blobs = sum(
        np.exp(-((x - a) ** 2 + (y - b) ** 2) / 0.03)[..., None] * np.array(color)
        for a, b, color in (
            (0.32, 0.34, (1, 0.25, 0.1)),
            (0.68, 0.40, (0.1, 0.85, 0.35)),
            (0.48, 0.70, (0.2, 0.35, 1)),
        )
    )
    waves = 0.5 + 0.25 * np.sin(2 * np.pi * (1 + 5 * x) * x) + 0.25 * np.sin(2 * np.pi * 4 * y)
    disc = _hue(angle / (2 * np.pi), np.clip(radius / 0.46, 0, 1))
    panels = (
        _gray(np.where(y < 0.5, x, steps)),
        np.where((radius < 0.46)[..., None], disc, 0.16),
        _between((0.10, 0.05, 0.35), (1.0, 0.80, 0.35), (x + y) / 2),
        _gray(np.clip(1 - radius / 0.62, 0, 1) ** 1.2),
        np.clip(blobs, 0, 1),
        _between((0.02, 0.25, 0.40), (0.95, 0.97, 0.90), waves),
    )
    rows = [np.concatenate(panels[i : i + 3], axis=1) for i in (0, 3)]
    return _reduced(np.concatenate(rows, axis=0) * 255)


def draw_text() -> Picture:
    """Return a printed page: letters of several sizes, dark on light and light on dark.

    OpenCV 5 draws its Hershey names with letters of its own, OpenCV 4 with single strokes.
    """
    height, width = 400, 560
    page = np.full((height * OVERSAMPLING, width * OVERSAMPLING, 3), (246, 241, 228), np.uint8)
    ink, red, blue = (34, 32, 40), (178, 40, 36), (28, 66, 140)
    plain, serif = cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX

    def write(
        text: str,
        at: tuple[int, int],
        scale: float,
        color: tuple[int, ...],
        weight: float,
        font: int,
    ) -> None:
        place = (at[0] * OVERSAMPLING, at[1] * OVERSAMPLING)
        thickness = round(weight * OVERSAMPLING)
        cv2.putText(page, text, place, font, scale * OVERSAMPLING, color, thickness, cv2.LINE_AA)

    write("Every letter is edges", (30, 62), 1.35, ink, 3, serif)
    lines = (
        "A filter slides over the page and answers,",
        "place by place, how well it fits: strokes that",
        "stand, lie or lean, corners, ends, crossings.",
    )
    for number, line in enumerate(lines):
        write(line, (32, 106 + 30 * number), 0.62, ink, 1.2, plain)
    write("ABCDEFGHIJKLM", (32, 212), 0.95, blue, 2, plain)
    write("NOPQRSTUVWXYZ", (32, 248), 0.95, blue, 2, plain)
    write("0123456789", (32, 292), 1.05, red, 2.4, serif)
    write("+ - = % & ? ! @", (32, 334), 0.9, ink, 2, plain)
    write("small print is where pooling loses most", (32, 374), 0.42, ink, 1, plain)
    top, left = 196 * OVERSAMPLING, 352 * OVERSAMPLING
    page[top : 376 * OVERSAMPLING, left : 532 * OVERSAMPLING] = (30, 38, 58)
    write("a", (381, 341), 7.0, (250, 204, 84), 15, serif)
    return _reduced(page.astype(np.float64))


def draw_digit() -> Picture:
    """Return a handwritten 3, light on dark, 28 × 28 as in the collections of digits."""
    size, scale = 28, 24
    knots = np.array(
        [(8.2, 8.6), (10.2, 6.0), (13.6, 4.9), (17.2, 5.7), (18.8, 8.6), (17.2, 11.6), (13.4, 13.2)]
    )
    lower = np.array(
        [
            (13.4, 13.2),
            (17.4, 13.7),
            (19.8, 16.6),
            (19.0, 20.4),
            (15.4, 22.9),
            (11.2, 22.7),
            (7.8, 20.3),
        ]
    )
    canvas = np.zeros((size * scale, size * scale), np.uint8)
    for stroke in (knots, lower):
        points = _smooth_curve(stroke)
        # The pen presses harder in the middle of a stroke.
        for part, (x, y) in zip(np.linspace(0, 1, len(points)), points, strict=True):
            radius = (0.80 + 0.50 * math.sin(math.pi * part) ** 0.7) * scale
            cv2.circle(canvas, (round(x * scale), round(y * scale)), round(radius), 255, cv2.FILLED)
    soft = cv2.GaussianBlur(canvas, (0, 0), 0.32 * scale)
    small = cv2.resize(soft, (size, size), interpolation=cv2.INTER_AREA)
    return np.repeat(small[..., None], 3, axis=2)


def _smooth_curve(points: Field) -> Field:
    """Return a Catmull-Rom curve through points (x, y)."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 60, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        cubic = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2
        parts.append((cubic + (3 * b - a - 3 * c + d) * t**3) / 2)
    return np.vstack(parts)


def _grid(height: int, width: int) -> tuple[Field, Field]:
    """Return the y and x of each oversampled pixel, in pixels from the center."""
    y, x = np.mgrid[0 : height * OVERSAMPLING, 0 : width * OVERSAMPLING]
    return (y + 0.5) / OVERSAMPLING - height / 2, (x + 0.5) / OVERSAMPLING - width / 2


def _reduced(picture: Field) -> Picture:
    height, width = picture.shape[0] // OVERSAMPLING, picture.shape[1] // OVERSAMPLING
    blocks = picture.reshape(height, OVERSAMPLING, width, OVERSAMPLING, 3)
    return np.asarray(blocks.mean(axis=(1, 3)) + 0.5).astype(np.uint8)


def _turned(x: Field, y: Field, angle: float) -> tuple[Field, Field]:
    return x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)


def _polygon(x: Field, y: Field, sides: int, inner_radius: float, turn: float) -> NDArray[np.bool_]:
    sector = 2 * np.pi / sides
    angle = (np.arctan2(y, x) - turn) % sector - sector / 2
    return np.asarray(np.hypot(x, y) * np.cos(angle) < inner_radius)


def _star(x: Field, y: Field, outer: float, inner: float) -> NDArray[np.bool_]:
    """Five points: the edge runs straight from an outer to an inner corner."""
    sector = np.pi / 5
    angle = np.abs((np.arctan2(y, x) + np.pi / 2) % (2 * sector) - sector)
    angle = sector - angle
    radius = np.hypot(x, y)
    px, py = radius * np.cos(angle), radius * np.sin(angle)
    qx, qy = inner * math.cos(sector), inner * math.sin(sector)
    return np.asarray((px - outer) * qy - py * (qx - outer) < 0)


def _heart(x: Field, y: Field) -> NDArray[np.bool_]:
    u, v = x / 42, -y / 42 + 0.12
    return np.asarray((u**2 + v**2 - 1) ** 3 - u**2 * v**3 < 0)


def _gray(values: Field) -> Field:
    return np.repeat(values[..., None], 3, axis=2)


def _between(first: tuple[float, ...], second: tuple[float, ...], part: Field) -> Field:
    return np.asarray(first) * (1 - part[..., None]) + np.asarray(second) * part[..., None]


def _hue(turn: Field, saturation: Field) -> Field:
    thirds = turn[..., None] - np.array([0, 1 / 3, 2 / 3])
    pure = np.clip(np.abs((thirds % 1) * 6 - 3) - 1, 0, 1)
    return np.asarray(1 - saturation[..., None] * (1 - pure))
