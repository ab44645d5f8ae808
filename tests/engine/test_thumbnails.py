"""Small color pictures of every kind of pixels."""

import pytest
from PIL import Image

from engine.pictures.image_decoding import DecodedPicture
from engine.pictures.images import Picture, open_sample
from engine.pictures.thumbnails import colors_of, thumbnail, thumbnail_levels
from engine.problems import PictureError
from tests.engine.picture_files import encoded, saved_array, smooth

# After engine.opencv, which sets numpy's threads.
# isort: split
import numpy as np

SMOOTH = smooth(300, 450)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize(("side", "size"), [(150, (100, 150)), (2000, (300, 450)), (2, (1, 2))])
def test_the_whole_picture_at_the_size_that_fits(kind, side, size):
    options = {"quality": 95} if kind == "JPEG" else {}
    colors = thumbnail(Picture("x", encoded(Image.fromarray(SMOOTH), kind, **options)), side)
    assert colors.shape == (*size, 3)
    assert colors.dtype == np.uint8
    assert colors.flags.c_contiguous
    assert not colors.flags.writeable


def test_a_jpeg_at_a_part_of_its_scale_looks_the_same():
    data = encoded(Image.fromarray(smooth(1600, 2400)), "JPEG", quality=95)
    expected = smooth(1600, 2400).reshape(64, 25, 96, 25, 3).mean(axis=(1, 3))
    assert np.abs(thumbnail(Picture("x", data), 96) - expected).mean() < 2


def test_pixels_at_hand_are_used_if_they_are_enough():
    picture = Picture("x", encoded(Image.fromarray(smooth(1600, 2400)), "JPEG"))
    black = np.zeros((400, 600, 3), np.uint8)
    decoded = DecodedPicture(black, (), (1600, 2400))
    assert thumbnail(picture, 600, decoded).max() == 0
    assert thumbnail(picture, 601, decoded).max() > 0


def test_levels_are_halves_down_to_the_smallest():
    levels = thumbnail_levels(Picture("x", encoded(Image.fromarray(SMOOTH), "PNG")), 1024)
    assert [level.shape for level in levels] == [(300, 450, 3), (150, 225, 3), (75, 112, 3)]
    halved = SMOOTH.reshape(150, 2, 225, 2, 3).mean(axis=(1, 3))
    assert np.abs(levels[1] - halved).max() <= 0.5
    assert all(level.flags.c_contiguous and not level.flags.writeable for level in levels)


def test_pixels_of_every_type_have_the_same_colors():
    assert np.array_equal(colors_of(SMOOTH), SMOOTH)
    assert np.array_equal(colors_of(SMOOTH.astype(np.uint16) * 257), SMOOTH)
    assert np.array_equal(colors_of(SMOOTH.astype(np.float32) / 255), SMOOTH)


@pytest.mark.parametrize(("channels", "shown"), [(1, [0, 0, 0]), (2, [0, 0, 0]), (5, [0, 1, 2])])
def test_an_array_of_other_channels_shows_three_or_one(channels, shown):
    pixels = np.random.default_rng(1).integers(0, 256, (4, 5, channels)).astype(np.uint8)
    assert np.array_equal(colors_of(pixels), pixels[..., shown])


@pytest.mark.parametrize("scale", [1e-3, 1.0, 3e38])
def test_numbers_of_any_range_are_stretched(scale):
    values = np.array([[[-1.0], [0.0], [1.0]]], np.float32) * np.float32(scale)
    assert colors_of(values)[0, :, 0].tolist() == [0, 128, 255]


def test_a_constant_array_is_black():
    constant = Picture("x.npy", saved_array(np.full((3, 4), 7.0, np.float32)))
    assert thumbnail(constant, 8).max() == 0


def test_samples_have_thumbnails():
    assert thumbnail(open_sample("digit.png"), 64).shape[2] == 3


def test_a_file_that_is_no_picture_says_so():
    with pytest.raises(PictureError, match="text"):
        thumbnail(Picture("notes.txt", b"only words, no picture at all"), 64)
