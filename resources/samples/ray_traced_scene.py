"""Glossy spheres on a checkerboard, ray-traced: shadows, reflections, highlights, a sky."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float64]
"""N × 3: points, directions or colors in linear light."""

HEIGHT, WIDTH = 480, 640
SAMPLES_PER_SIDE = 5
BOUNCES = 4

SUN = np.array([-0.72, 0.60, -0.22]) / np.linalg.norm([-0.72, 0.60, -0.22])
SUN_COLOR = np.array([1.0, 0.92, 0.78]) * 2.6
SUN_SPREAD = 0.045
EYE = np.array([0.0, 1.75, -6.6])
TARGET = np.array([0.0, 0.72, 0.0])
FOCAL_LENGTH = 1.62
LATTICE = np.random.default_rng(7).random((64, 64))


@dataclass(frozen=True)
class Sphere:
    """A ball; ``mirror`` is how much it reflects when looked at straight on."""

    center: tuple[float, float, float]
    radius: float
    color: tuple[float, float, float]
    mirror: float = 0.06


SPHERES = (
    Sphere((-0.05, 1.05, 0.75), 1.05, (0.93, 0.94, 0.96), mirror=0.82),
    Sphere((-2.05, 0.72, 0.15), 0.72, (0.86, 0.07, 0.06)),
    Sphere((1.92, 0.66, -0.15), 0.66, (0.05, 0.22, 0.80)),
    Sphere((0.92, 0.42, -1.35), 0.42, (0.98, 0.62, 0.05)),
    Sphere((-0.98, 0.36, -1.45), 0.36, (0.06, 0.55, 0.16)),
    Sphere((0.02, 0.24, -2.05), 0.24, (0.55, 0.10, 0.62)),
    Sphere((-2.0, 0.26, -1.55), 0.26, (0.03, 0.62, 0.66)),
    Sphere((2.05, 0.27, -1.75), 0.27, (0.92, 0.20, 0.42)),
    Sphere((-3.9, 0.85, 3.2), 0.85, (0.95, 0.72, 0.30), mirror=0.45),
    Sphere((3.6, 0.95, 2.9), 0.95, (0.22, 0.66, 0.30)),
    Sphere((1.7, 0.6, 4.6), 0.6, (0.90, 0.36, 0.05)),
    Sphere((-1.75, 0.55, 5.2), 0.55, (0.25, 0.30, 0.85)),
)


def draw_scene() -> NDArray[np.uint8]:
    """Return the scene, H × W × 3, RGB."""
    rng = np.random.default_rng(20)
    total = np.zeros((HEIGHT * WIDTH, 3))
    for row in range(SAMPLES_PER_SIDE):
        for column in range(SAMPLES_PER_SIDE):
            directions = _camera_rays((np.array([row, column]) + 0.5) / SAMPLES_PER_SIDE)
            # A slightly different sun for each ray makes the edges of the shadows soft.
            suns = SUN + rng.normal(0, SUN_SPREAD, directions.shape)
            total += _trace(
                np.broadcast_to(EYE, directions.shape), directions, _unit(suns), BOUNCES
            )
    linear = total / SAMPLES_PER_SIDE**2
    # A toe and a shoulder instead of hard black and white (Narkowicz's fit of the ACES curve),
    # then the sRGB curve, nearly.
    exposed = linear * 0.62
    mapped = exposed * (2.51 * exposed + 0.03) / (exposed * (2.43 * exposed + 0.59) + 0.14)
    encoded = np.clip(mapped, 0, 1) ** (1 / 2.2)
    return (encoded.reshape(HEIGHT, WIDTH, 3) * 255 + 0.5).astype(np.uint8)


def _camera_rays(offset: NDArray[np.float64]) -> Vectors:
    forward = _unit(TARGET - EYE)
    right = _unit(np.cross(np.array([0.0, 1.0, 0.0]), forward))
    up = np.cross(forward, right)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].reshape(2, -1, 1)
    x = (2 * (columns + offset[1]) - WIDTH) / HEIGHT
    y = (HEIGHT - 2 * (rows + offset[0])) / HEIGHT
    return _unit(FOCAL_LENGTH * forward * 1.35 + x * right + y * up)


def _trace(origins: Vectors, directions: Vectors, suns: Vectors, bounces: int) -> Vectors:
    distance, which = _nearest(origins, directions)
    colors = _sky(directions)
    hit = which >= 0
    if not hit.any():
        return colors
    origins, directions, suns = origins[hit], directions[hit], suns[hit]
    distance, which = distance[hit], which[hit]
    points = origins + distance[:, None] * directions
    normals, albedo, mirror = _surface(points, which)
    points = points + normals * 1e-4

    facing = np.clip((normals * suns).sum(axis=1), 0, None)
    lit = facing * ~_is_shadowed(points, suns)
    sky_light = 0.30 + 0.24 * normals[:, 1]
    # The floor's light from below, and darkness where a ball touches it.
    openness = _openness(points, normals)
    ambient = (
        np.array([0.62, 0.78, 1.0]) * sky_light[:, None]
        + np.array([0.30, 0.26, 0.22]) * np.clip(-normals[:, 1:2], 0, None)
    ) * openness[:, None]
    shaded = albedo * (lit[:, None] * SUN_COLOR + ambient)

    reflected = directions - 2 * (directions * normals).sum(axis=1, keepdims=True) * normals
    grazing = np.clip(1 + (directions * normals).sum(axis=1), 0, 1)
    share = (mirror + (1 - mirror) * grazing**5 * 0.85)[:, None]
    tint = np.where(mirror[:, None] > 0.3, albedo, 1.0)
    seen = _trace(points, reflected, suns, bounces - 1) if bounces > 0 else _sky(reflected)
    gloss = np.clip((reflected * suns).sum(axis=1), 0, None)
    highlight = (gloss**420 * 9 + gloss**60 * 0.35) * (lit > 0) * (which < len(SPHERES))
    surface = shaded * (1 - share) + seen * share * tint + highlight[:, None] * SUN_COLOR
    # Haze hides the floor's far squares, which no number of samples would resolve.
    haze = 1 - np.exp(-((np.maximum(distance - 11, 0) / 30) ** 1.3))
    colors[hit] = surface * (1 - haze[:, None]) + _sky(directions, sun=False) * haze[:, None]
    return colors


def _nearest(
    origins: Vectors, directions: Vectors
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the distance to what each ray meets, and which: a sphere, the floor, or -1."""
    best = np.full(len(origins), np.inf)
    which = np.full(len(origins), -1)
    for index, sphere in enumerate(SPHERES):
        distance = _to_sphere(origins, directions, sphere)
        nearer = distance < best
        best[nearer], which[nearer] = distance[nearer], index
    with np.errstate(divide="ignore"):
        floor = -origins[:, 1] / directions[:, 1]
    nearer = (directions[:, 1] < -1e-6) & (floor > 1e-6) & (floor < best)
    best[nearer], which[nearer] = floor[nearer], len(SPHERES)
    return best, which


def _to_sphere(origins: Vectors, directions: Vectors, sphere: Sphere) -> NDArray[np.float64]:
    offset = origins - np.array(sphere.center)
    half = (offset * directions).sum(axis=1)
    room = half**2 - (offset**2).sum(axis=1) + sphere.radius**2
    distance = -half - np.sqrt(np.maximum(room, 0))
    return np.where((room > 0) & (distance > 1e-5), distance, np.inf)


def _is_shadowed(points: Vectors, suns: Vectors) -> NDArray[np.bool_]:
    shadowed = np.zeros(len(points), bool)
    for sphere in SPHERES:
        shadowed |= np.isfinite(_to_sphere(points, suns, sphere))
    return shadowed


def _openness(points: Vectors, normals: Vectors) -> NDArray[np.float64]:
    """Return how much of the sky is left by the balls: an estimate from their solid angles."""
    left = np.ones(len(points))
    for sphere in SPHERES:
        offset = np.array(sphere.center) - points
        distance = np.linalg.norm(offset, axis=1)
        toward = np.clip((offset * normals).sum(axis=1) / distance, 0, 1)
        outside = distance > sphere.radius * 1.01
        left *= (
            1 - 0.85 * toward * (sphere.radius / np.maximum(distance, sphere.radius)) ** 2 * outside
        )
    return left


def _surface(
    points: Vectors, which: NDArray[np.int64]
) -> tuple[Vectors, Vectors, NDArray[np.float64]]:
    """Return the normal, color and mirror share at each point."""
    dark = (np.floor(points[:, 0]) + np.floor(points[:, 2])) % 2 < 1
    normals = np.tile([0.0, 1.0, 0.0], (len(points), 1))
    albedo = np.where(dark[:, None], [0.055, 0.065, 0.10], [0.80, 0.78, 0.73])
    mirror = np.full(len(points), 0.07)
    for index, sphere in enumerate(SPHERES):
        here = which == index
        normals[here] = (points[here] - np.array(sphere.center)) / sphere.radius
        albedo[here] = sphere.color
        mirror[here] = sphere.mirror
    return normals, albedo, mirror


def _sky(directions: Vectors, *, sun: bool = True) -> Vectors:
    height = np.clip(directions[:, 1:2], 0, 1)
    zenith, horizon = np.array([0.04, 0.19, 0.66]), np.array([0.80, 0.88, 0.96])
    blend = 1 - (1 - height) ** 5.5
    colors = horizon * (1 - blend) + zenith * blend
    clouds = _clouds(directions)[:, None] * np.clip(height * 5, 0, 1)
    colors = colors * (1 - clouds) + np.array([1.05, 1.03, 1.0]) * clouds
    if sun:
        near = np.clip((directions * SUN).sum(axis=1, keepdims=True), 0, 1)
        colors = colors + SUN_COLOR * (near**8 * 0.10 + near**1200 * 6)
    return colors


def _clouds(directions: Vectors) -> NDArray[np.float64]:
    """Return how much cloud covers each direction: noise of five octaves on a flat layer."""
    layer = directions[:, ::2] / (np.maximum(directions[:, 1:2], 0) + 0.12)
    octaves = [_noise(layer * 0.55 * 2.03**octave) / 2**octave for octave in range(5)]
    density = np.sum(octaves, axis=0)
    return np.asarray(np.clip((density - 1.02) * 2.1, 0, 1) * 0.85)


def _noise(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return smooth noise, 0 to 1, at points N × 2, from a lattice that repeats."""
    cell = np.floor(points).astype(np.int64)
    part = points - cell
    part = part * part * (3 - 2 * part)
    (row, column), (down, across) = cell.T % LATTICE.shape[0], part.T
    below, beside = (row + 1) % LATTICE.shape[0], (column + 1) % LATTICE.shape[0]
    upper = LATTICE[row, column] * (1 - across) + LATTICE[row, beside] * across
    lower = LATTICE[below, column] * (1 - across) + LATTICE[below, beside] * across
    return np.asarray(upper * (1 - down) + lower * down)


def _unit(vectors: Vectors) -> Vectors:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))
