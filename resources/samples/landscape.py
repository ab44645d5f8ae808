"""A mountain lake under a low sun: a height field of noise, seen column by column."""

from engine.opencv import cv2

# After engine.opencv, which sets the threads of numpy's linear algebra.
# isort: split
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]

HEIGHT, WIDTH = 420, 640
OVERSAMPLING = 3
GRID = 2048
"""Cells of the height field along each side; one cell is 5 m."""

EYE_HEIGHT = 26.0
NEAREST, FARTHEST = 60.0, 9000.0
CELL = 5.0
HORIZON = 0.63
"""Where the horizon lies, as a part of the picture's height from the top."""

SUN_AT = (0.76, 0.20)
"""The sun's place in the picture, as parts of its width and height."""

SUN_DIRECTION = np.array([0.80, 0.46, -0.12]) / np.linalg.norm([0.80, 0.46, -0.12])
"""Right, up, away from the eye."""


def draw_landscape() -> NDArray[np.uint8]:
    """Return the landscape, H × W × 3, RGB."""
    height, width = HEIGHT * OVERSAMPLING, WIDTH * OVERSAMPLING
    heights = _terrain()
    colors = _ground(heights)
    sky = _sky(height, width)
    picture = _with_terrain(sky, heights, colors)
    picture = _with_trees(_with_lake(picture))
    small = cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    # A toe and a shoulder instead of hard black and white (Narkowicz's fit of the ACES curve).
    exposed = small * 0.80
    mapped = exposed * (2.51 * exposed + 0.03) / (exposed * (2.43 * exposed + 0.59) + 0.14)
    return (np.clip(mapped, 0, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8)


def _noise(rng: np.random.Generator, cells: int, size: tuple[int, int]) -> Field:
    """Return smooth noise, 0 to 1, of about ``cells`` bumps along the longer side."""
    rows = max(2, round(cells * size[0] / max(size)))
    columns = max(2, round(cells * size[1] / max(size)))
    lattice = rng.random((rows + 3, columns + 3))
    return np.clip(cv2.resize(lattice, size[::-1], interpolation=cv2.INTER_CUBIC), 0, 1)


def _terrain() -> Field:
    """Return heights in meters, [away, right]; below 0 is lake."""
    rng = np.random.default_rng(11)
    size = (GRID, GRID)
    # Sharp crests are folds of noise; each octave is strongest where the last one was high.
    crests, weight, amplitude = np.zeros(size), np.ones(size), 1.0
    for cells in (5, 10, 21, 43, 87, 175, 350):
        fold = (1 - np.abs(2 * _noise(rng, cells, size) - 1)) ** 1.5 * weight
        crests += fold * amplitude
        weight = np.clip(fold * 1.5, 0, 1)
        amplitude *= 0.47
    away = np.linspace(0, 1, GRID)[:, None]
    right = np.linspace(-1, 1, GRID)[None, :]
    valley = np.clip((np.abs(right + 0.10) - 0.02 - 0.10 * away) * 2.6, 0, 1)
    rise = np.clip((away - 0.12) / 0.55, 0, 1) ** 1.15
    shore = 0.35 + 0.65 * np.clip(away * 2.4, 0, 1)
    return 1150 * crests * (0.15 + 0.85 * rise) * np.maximum(valley * shore, rise**2.2) - 120


def _ground(heights: Field) -> Field:
    """Return the lit color of each cell, linear light."""
    rng = np.random.default_rng(5)
    slope_away, slope_right = np.gradient(heights, CELL)
    normals = np.dstack([-slope_right, np.ones_like(heights), -slope_away])
    normals /= np.linalg.norm(normals, axis=2, keepdims=True)
    patches = np.mean([_noise(rng, cells, (GRID, GRID)) for cells in (60, 240, 900)], axis=0)
    fine = rng.random(heights.shape)

    forest = np.array([0.020, 0.050, 0.022]) + np.array([0.03, 0.045, 0.01]) * fine[..., None]
    meadow = np.array([0.11, 0.15, 0.035]) + np.array([0.05, 0.04, 0.01]) * fine[..., None]
    rock = np.array([0.13, 0.115, 0.105]) * (0.6 + 0.9 * patches[..., None])
    snow = np.array([0.88, 0.90, 0.95])
    flat = normals[..., 1]
    color = np.where((patches > 0.52)[..., None], meadow, forest)
    stony = _step(heights, 380 + 260 * (patches - 0.5), 140) + _step(0.72 - flat, 0, 0.12)
    color = _mix(color, rock, np.clip(stony, 0, 1))
    snowy = _step(heights, 560 + 420 * (patches - 0.5), 120) * _step(flat, 0.60, 0.14)
    color = _mix(color, snow, snowy)

    facing = np.clip(normals @ SUN_DIRECTION, 0, 1) * _sunlit(heights)
    light = facing[..., None] * np.array([1.0, 0.76, 0.48]) * 2.9
    light = light + np.array([0.30, 0.38, 0.58]) * (0.45 + 0.55 * flat[..., None])
    return np.asarray(color * light)


def _sunlit(heights: Field) -> Field:
    """Return 1 where the sun is seen and 0 in shadow: a march toward the sun, cell by cell."""
    right, up, away = SUN_DIRECTION / max(abs(SUN_DIRECTION[0]), abs(SUN_DIRECTION[2]))
    highest = heights.copy()
    for step in range(2, 260, 2):
        shift = np.array([[1, 0, right * step], [0, 1, away * step]])
        ahead = cv2.warpAffine(
            heights, shift, heights.shape[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        )
        highest = np.maximum(highest, ahead - up * step * CELL)
    return 1 - np.clip((highest - heights) / 18, 0, 1)


def _sky(height: int, width: int) -> Field:
    rng = np.random.default_rng(3)
    rows, columns = np.mgrid[0:height, 0:width]
    down = np.clip(rows / (height * HORIZON), 0, 1)[..., None]
    top, middle, bottom = (
        np.array(c) for c in ((0.045, 0.13, 0.40), (0.36, 0.46, 0.62), (1.0, 0.62, 0.34))
    )
    sky = _mix(np.broadcast_to(top, (height, width, 3)), middle, np.clip(down * 1.45, 0, 1)[..., 0])
    sky = _mix(sky, bottom, (np.clip((down - 0.45) / 0.55, 0, 1) ** 1.6)[..., 0])
    distance = np.hypot(columns - SUN_AT[0] * width, rows - SUN_AT[1] * height) / height
    glow = np.exp(-distance / 0.10) * 0.9 + np.exp(-distance / 0.32) * 0.35

    stretched = [
        _noise(rng, cells, (height * 4, width))[: height * 4 : 4] for cells in (9, 18, 36, 72, 144)
    ]
    density = sum(layer / 2**octave for octave, layer in enumerate(stretched)) / 1.94
    clouds = np.clip((density - 0.50) * 3.6, 0, 1) * np.clip(1.25 - down[..., 0], 0, 1)
    lit = np.array([1.25, 0.72, 0.48]) * (0.55 + 1.1 * np.exp(-distance / 0.45))[..., None]
    shade = np.array([0.40, 0.36, 0.46])
    cloud_color = _mix(lit, shade, np.clip((density - 0.60) * 3.0, 0, 0.75))
    sky = _mix(sky, cloud_color, clouds * 0.85)
    disc = 1 - np.clip((distance - 0.026) / 0.004, 0, 1)
    sun = np.array([1.0, 0.80, 0.45])
    return np.asarray(sky + glow[..., None] * sun + disc[..., None] * np.array([3.0, 2.6, 1.9]))


def _with_terrain(sky: Field, heights: Field, colors: Field) -> Field:
    """Draw the height field over the sky: for each pixel, the nearest ground that covers it."""
    height, width = sky.shape[:2]
    horizon = height * HORIZON
    scale = width * 0.86
    away = NEAREST * (FARTHEST / NEAREST) ** np.linspace(0, 1, 2600)
    across = (np.arange(width) + 0.5 - width / 2) / scale
    map_columns = (away[:, None] * across / CELL + GRID / 2).astype(np.float32)
    map_rows = np.broadcast_to((away / CELL)[:, None], map_columns.shape).astype(np.float32)
    ground = cv2.remap(
        heights.astype(np.float32),
        map_columns,
        map_rows,
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT,
    )
    rows = horizon - (np.maximum(ground, 0) - EYE_HEIGHT) * scale / away[:, None]
    highest = np.minimum.accumulate(rows, axis=0)
    picture = sky.copy()
    haze_color = np.array([0.62, 0.60, 0.66])
    for column in range(width):
        first = np.searchsorted(-highest[:, column], -(np.arange(height) + 0.5))
        covered = np.flatnonzero(first < len(away))
        steps = first[covered]
        x = np.clip(map_columns[steps, column].round().astype(int), 0, GRID - 1)
        y = np.clip(map_rows[steps, column].round().astype(int), 0, GRID - 1)
        haze = 1 - np.exp(-away[steps] / 21000)
        seen = _mix(colors[y, x], haze_color * (0.75 + 0.5 * column / width), haze)
        is_land = ground[steps, column] > 0
        picture[covered[is_land], column] = seen[is_land]
        # The lake is marked, and filled with its reflection afterwards.
        picture[covered[~is_land], column] = np.nan
    return picture


def _with_lake(picture: Field) -> Field:
    """Fill the marked pixels with the mirrored picture, moved by ripples."""
    rng = np.random.default_rng(8)
    height, width = picture.shape[:2]
    horizon = height * HORIZON
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    below = np.maximum(rows - horizon, 1)
    # Ripples are rows of noise, finer toward the horizon.
    depth = (np.log(below + 8) * 180).astype(np.float32)
    tall = _noise(rng, 420, (1600, 1600)).astype(np.float32)
    ripple = (
        cv2.remap(tall, (columns * 0.25 + depth) % 1599, (depth * 1.9) % 1599, cv2.INTER_LINEAR)
        - 0.5
    )
    source = np.clip(2 * horizon - rows + ripple * below * 0.16, 0, height - 1).astype(np.float32)
    dry = np.nan_to_num(picture, nan=0.2)
    mirrored = cv2.remap(
        dry, columns + ripple * 6, source, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT
    )
    steep = np.clip(below / (height - horizon), 0, 1)[..., None]
    water = mirrored * (0.86 - 0.45 * steep) + np.array([0.012, 0.035, 0.05]) * (0.4 + steep)
    return np.where(np.isnan(picture), water, picture)


def _with_trees(picture: Field) -> Field:
    """Draw a dark bank with conifers into the lower corners."""
    rng = np.random.default_rng(14)
    height, width = picture.shape[:2]
    columns = np.arange(width) / width
    rough = sum(_noise(rng, cells, (4, width))[1] / cells for cells in (8, 30, 120, 400)) * 0.16
    left = 0.86 + 0.42 * columns**1.3 + rough
    right = 0.93 + 0.55 * (1 - columns) ** 1.2 + rough
    bank = np.minimum(left, right) * height
    trees = []
    for _ in range(34):
        at = rng.random() ** 1.6 * 0.30 if rng.random() < 0.68 else 1 - rng.random() ** 1.5 * 0.16
        size = (0.16 + 0.30 * rng.random()) * (1 - 1.9 * min(at, 1 - at))
        trees.append((bank[int(at * (width - 1))] + 0.01 * height, at * width, size * height))
    picture = picture.copy()
    rows = np.arange(height)[:, None]
    grass = np.array([0.020, 0.030, 0.012]) * (0.4 + 1.2 * rng.random((height, width, 1)))
    below = np.clip(rows - bank, 0, 1)
    picture = _mix(picture, grass, below)
    for base, x, size in sorted(trees):
        _draw_conifer(picture, rng, base, x, size)
    return picture


def _draw_conifer(
    picture: Field, rng: np.random.Generator, base: float, x: float, size: float
) -> None:
    """Draw branches from the top down, those on the sun's side a little lighter."""
    levels = int(size / 5)
    cv2.line(
        picture,
        (int(x), int(base)),
        (int(x), int(base - size)),
        (0.012, 0.010, 0.008),
        max(int(size / 60), 2),
    )
    for level in range(levels):
        part = (level + 1) / levels
        y = base - size * (1 - 0.93 * part)
        for side in (-1, 1):
            reach = size * 0.19 * part**0.85 * (0.65 + 0.5 * rng.random())
            tip = (x + side * reach, y + reach * 0.42)
            shade = (0.6 + 0.8 * rng.random()) * (1.9 if side > 0 else 1.0)
            color = tuple(float(c) for c in np.array([0.0085, 0.0165, 0.0080]) * shade)
            thick = size * 0.020 + reach * 0.12
            corners = [(x, y - thick), tip, (x, y + thick)]
            cv2.fillPoly(picture, [np.round(corners).astype(np.int32)], color)


def _mix(first: Field, second: Field, share: Field) -> Field:
    return first * (1 - share[..., None]) + second * share[..., None]


def _step(values: Field, edge: Field | float, width: float) -> Field:
    part = np.clip((values - edge) / width + 0.5, 0, 1)
    return part * part * (3 - 2 * part)
