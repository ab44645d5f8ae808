"""The color maps: measured in CIE L*a*b* with formulas of the tests' own."""

import numpy as np
import pytest

from engine.sheets.color_maps import COLOR_MAPS, DIVERGING, DIVERGING_DARK, GRAY, SEQUENTIAL
from engine.sheets.map_sheet import INFINITY_COLOR, NAN_COLOR

SIGNED = [DIVERGING, DIVERGING_DARK]

# Viénot, Brettel, Mollon 1999: linear RGB to cone responses, and the two deficiencies.
LMS = np.array(
    [[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]]
)
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array([[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]]),
    "deuteranopia": np.array([[1, 0, 0], [0.494207, 0, 1.24827], [0, 0, 1]]),
}


def linear(rgb):
    share = np.asarray(rgb) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def lab(rgb, sight="normal"):
    """CIE L*a*b* of sRGB bytes as seen with a sight."""
    seen = np.clip(linear(rgb) @ LMS.T @ SIGHTS[sight].T @ np.linalg.inv(LMS).T, 0, 1)
    matrix = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    share = seen @ matrix.T / matrix.sum(axis=1)
    roots = np.where(share > (6 / 29) ** 3, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(roots, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def distances(some, others, sight):
    """The difference (CIE 1976) between every color and every other one."""
    return np.linalg.norm(lab(some, sight)[:, None] - lab(others, sight)[None], axis=-1)


@pytest.mark.parametrize("color_map", COLOR_MAPS.values(), ids=lambda m: m.id)
def test_a_table_is_256_colors_that_nobody_can_change(color_map):
    table = color_map.colors
    assert table.shape == (256, 3)
    assert table.dtype == np.uint8
    assert table is color_map.colors
    with pytest.raises(ValueError, match="read-only"):
        table[0] = 0
    assert len(np.unique(table, axis=0)) > 200


def test_ids_are_those_in_the_mapping_and_labels_differ():
    assert list(COLOR_MAPS) == ["diverging", "diverging_dark", "sequential", "gray"]
    assert len({color_map.label for color_map in COLOR_MAPS.values()}) == len(COLOR_MAPS)


def test_colors_are_looked_up_by_fraction_and_clipped():
    found = GRAY.at([[-1.0, 0.0], [0.2, 7.0]])
    assert found.tolist() == [[[0] * 3, [0] * 3], [[51] * 3, [255] * 3]]
    assert DIVERGING.at(0.5).shape == (3,)


@pytest.mark.parametrize("sight", SIGHTS)
def test_sequential_rises_in_equal_steps_of_lightness(sight):
    lightness = lab(SEQUENTIAL.colors, sight)[:, 0]
    steps = np.diff(lightness)
    assert (np.diff(lightness[::2]) > 0).all()
    # Bytes round a lightness by up to about 0.2; over eight entries that no longer shows.
    even = np.diff(lightness[::8])
    assert even.max() / even.min() < (1.4 if sight == "normal" else 2.0)
    assert steps.sum() > 70


def test_sequential_goes_from_dark_blue_to_yellow():
    low, high = SEQUENTIAL.colors[0].astype(int), SEQUENTIAL.colors[255].astype(int)
    assert low[2] > 2 * low[1] > 2 * low[0]
    assert high[0] > 230
    assert high[1] > 210
    assert high[2] < 90


@pytest.mark.parametrize("color_map", SIGNED, ids=lambda m: m.id)
def test_signed_maps_are_equally_light_on_both_sides(color_map):
    lightness = lab(color_map.colors)[:, 0]
    assert np.abs(lightness - lightness[::-1]).max() < 1.0
    towards_zero = np.diff(lightness[:128:4])
    assert (towards_zero > 0).all() or (towards_zero < 0).all()


@pytest.mark.parametrize("color_map", SIGNED, ids=lambda m: m.id)
def test_zero_has_no_hue(color_map):
    assert np.abs(lab(color_map.at(0.5))[1:]).max() < 1.0


def test_diverging_is_blue_white_orange():
    low, zero, high = DIVERGING.at([0.0, 0.5, 1.0]).astype(int)
    assert low[2] > low[1] > low[0]
    assert zero.min() > 240
    assert high[0] > high[1] > high[2]


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("color_map", SIGNED, ids=lambda m: m.id)
def test_opposite_values_are_told_apart_by_every_sight(color_map, sight):
    seen = lab(color_map.colors, sight)
    apart = np.linalg.norm(seen - seen[::-1], axis=1)
    share = np.abs(np.linspace(-1, 1, 256))
    # About 2.3 is just noticeable; a twentieth of the range already is.
    assert apart[share > 0.05].min() > 5
    assert apart[share > 0.5].min() > 60


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("color_map", COLOR_MAPS.values(), ids=lambda m: m.id)
def test_what_is_no_number_never_looks_like_one(color_map, sight):
    assert distances(np.array([NAN_COLOR, INFINITY_COLOR]), color_map.colors, sight).min() > 12
    assert distances(np.array([NAN_COLOR]), np.array([INFINITY_COLOR]), sight).min() > 12
