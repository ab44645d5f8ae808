"""Four surfaces: bricks, woven cloth, wood and cobblestones."""

from engine.opencv import cv2

# After engine.opencv, which sets the threads of numpy's linear algebra.
# isort: split
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float64]

TILE = 240
OVERSAMPLING = 3
SIZE = TILE * OVERSAMPLING
LIGHT = np.array([-0.5, -0.6, 0.62]) / np.linalg.norm([-0.5, -0.6, 0.62])
"""Right, down, toward the eye."""


def draw_textures() -> NDArray[np.uint8]:
    """Return four textures, 2 × 2, each lit from the upper left."""
    rng = np.random.default_rng(4)
    upper = np.concatenate([_bricks(rng), _cloth(rng)], axis=1)
    lower = np.concatenate([_wood(rng), _cobbles(rng)], axis=1)
    picture = np.concatenate([upper, lower], axis=0)
    small = cv2.resize(picture, (2 * TILE, 2 * TILE), interpolation=cv2.INTER_AREA)
    return (np.clip(small, 0, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8)


def _grid() -> tuple[Field, Field]:
    y, x = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    return y, x


def _noise(rng: np.random.Generator, rows: int, columns: int) -> Field:
    """Return smooth noise, −1 to 1, with about that many bumps down and across."""
    lattice = rng.random((rows + 2, columns + 2)) * 2 - 1
    bumps = cv2.resize(lattice, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
    return np.asarray(bumps, np.float64)


def _rough(rng: np.random.Generator, coarsest: int, octaves: int = 5) -> Field:
    cells = [coarsest * 2**octave for octave in range(octaves)]
    return sum((_noise(rng, n, n) * coarsest / n for n in cells), np.zeros((SIZE, SIZE)))


def _lit(color: Field, height: Field, relief: float) -> Field:
    """Shade a color by the slope of a height map."""
    down, right = np.gradient(height * relief * SIZE)
    normals = np.dstack([-right, -down, np.ones_like(height)])
    normals /= np.linalg.norm(normals, axis=2, keepdims=True)
    facing = np.clip(normals @ LIGHT, 0, 1)[..., None]
    return np.asarray(color * (0.22 + 1.25 * facing))


def _bricks(rng: np.random.Generator) -> Field:
    y, x = _grid()
    y, x = y + 0.004 * _noise(rng, 14, 14), x + 0.004 * _noise(rng, 14, 14)
    rows, columns = 8, 4
    row = np.floor(y * rows)
    across = x * columns + 0.5 * (row % 2)
    inside_y, inside_x = (y * rows) % 1, across % 1
    edge = np.minimum(
        np.minimum(inside_y, 1 - inside_y) / rows, np.minimum(inside_x, 1 - inside_x) / columns
    )
    brick = np.clip((edge - 0.008) / 0.006, 0, 1)
    brick = brick * brick * (3 - 2 * brick)
    shades = rng.random((rows + 2, columns + 3))
    shade = shades[row.astype(int).clip(0, rows), np.floor(across).astype(int).clip(0, columns + 1)]
    grain = _rough(rng, 24)
    red = np.array([0.36, 0.105, 0.06]) * (0.65 + 0.75 * shade + 0.16 * grain)[..., None]
    mortar = np.array([0.46, 0.43, 0.38]) * (0.9 + 0.15 * grain)[..., None]
    color = mortar * (1 - brick[..., None]) + red * brick[..., None]
    return _lit(color, brick * 0.7 + 0.05 * grain, 0.014)


def _cloth(rng: np.random.Generator) -> Field:
    y, x = _grid()
    y, x = y + 0.006 * _noise(rng, 5, 5), x + 0.006 * _noise(rng, 5, 5)
    threads = 30
    row, column = np.floor(y * threads), np.floor(x * threads)
    inside_y, inside_x = (y * threads) % 1 - 0.5, (x * threads) % 1 - 0.5
    # A twill: each weft goes over two and under two, one thread further on each row.
    over = (row + column) % 4 < 2
    height = np.where(
        over,
        np.sqrt(np.clip(1 - (2.1 * inside_y) ** 2, 0, 1)) * (1 - 0.35 * (2 * inside_x) ** 2),
        np.sqrt(np.clip(1 - (2.1 * inside_x) ** 2, 0, 1)) * (1 - 0.35 * (2 * inside_y) ** 2),
    )
    fibers = np.where(over, _noise(rng, 360, 60), _noise(rng, 60, 360))
    weft, warp = np.array([0.045, 0.12, 0.30]), np.array([0.52, 0.50, 0.44])
    color = np.where(over[..., None], weft, warp) * (1 + 0.22 * fibers)[..., None]
    return _lit(color * (0.35 + 0.65 * height[..., None]), height, 0.010)


def _wood(rng: np.random.Generator) -> Field:
    y, x = _grid()
    planks = 3
    plank = np.minimum(np.floor(y * planks), planks - 1)
    picture = np.zeros((SIZE, SIZE, 3))
    seam = np.abs((y * planks) % 1 - 0.5) > 0.488
    for index in range(planks):
        # A board is a slice along a trunk: rings around an axis that leans through it.
        heart = (0.15 + 0.7 * rng.random(), 0.2 + 0.6 * rng.random())
        bend = 0.05 * _noise(rng, 5, 3) + 0.012 * _noise(rng, 24, 6)
        depth = 0.05 + 0.42 * np.abs(x - heart[1]) ** 1.4
        distance = np.hypot((y * planks - index - heart[0]) * 0.34 + bend, depth)
        ring = (distance * 30) % 1
        late = ring**3 * (1 - np.clip((ring - 0.92) / 0.08, 0, 1))
        fibers = 0.5 * _noise(rng, 340, 10) + 0.5 * _noise(rng, 170, 5)
        light, dark = np.array([0.60, 0.36, 0.16]), np.array([0.30, 0.135, 0.045])
        tone = 0.86 + 0.28 * rng.random()
        color = (light * (1 - late[..., None]) + dark * late[..., None]) * tone
        picture += np.where((plank == index)[..., None], color * (1 + 0.13 * fibers)[..., None], 0)
    return np.where(seam[..., None], picture * 0.18, picture)


def _cobbles(rng: np.random.Generator) -> Field:
    y, x = _grid()
    cells = 9
    jitter = rng.random((cells + 4, cells + 4, 2)) * 0.78 + 0.11
    shades = rng.random((cells + 4, cells + 4, 3))
    row, column = np.floor(y * cells).astype(int), np.floor(x * cells).astype(int)
    nearest, second = np.full(y.shape, 9.0), np.full(y.shape, 9.0)
    shade = np.zeros((SIZE, SIZE, 3))
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            r, c = row + down + 2, column + right + 2
            center_y, center_x = r - 2 + jitter[r, c, 0], c - 2 + jitter[r, c, 1]
            distance = np.hypot(y * cells - center_y, x * cells - center_x)
            closer = distance < nearest
            second = np.where(closer, nearest, np.minimum(second, distance))
            shade = np.where(closer[..., None], shades[r, c], shade)
            nearest = np.where(closer, distance, nearest)
    gap = np.clip((second - nearest - 0.04) / 0.5, 0, 1)
    dome = np.sqrt(1 - (1 - gap) ** 2)
    grain = _rough(rng, 40, 4)
    gray = 0.10 + 0.42 * shade[..., :1]
    tint = 1 + 0.34 * (shade[..., 1:2] - 0.5) * np.array([1.0, 0.1, -0.9])
    color = gray * tint * (1 + 0.16 * grain)[..., None]
    return _lit(color * (0.10 + 0.90 * dome[..., None]), dome + 0.03 * grain, 0.035)
