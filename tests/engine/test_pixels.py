"""Pixels on their way to the input: resized, scaled, made opaque."""

import pytest

from engine.pictures.pixels import apply_policy, opaque, scaled_to_unit, to_maps
from engine.pictures.size_policy import SizePolicy

# After engine.opencv, which engine.pictures.pixels imports and which sets numpy's threads.
# isort: split
import numpy as np

RNG = np.random.default_rng(3)


def noise(shape: tuple[int, ...], dtype: type = np.uint8):
    if dtype is np.float32:
        return RNG.random(shape, np.float32)
    return RNG.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [1, 3, 5, 130])
def test_reducing_by_a_whole_number_is_the_mean_of_blocks(dtype, channels):
    pixels = noise((12, 20, channels), dtype)
    reduced = apply_policy(pixels, SizePolicy("stretch", 3, 4))
    expected = pixels.reshape(3, 4, 4, 5, channels).mean(axis=(1, 3), dtype=np.float64)
    tolerance = 1e-6 if dtype is np.float32 else 0.51
    assert np.abs(reduced - expected).max() <= tolerance


@pytest.mark.parametrize("policy", [SizePolicy("stretch", 7, 31), SizePolicy("stretch", 31, 5)])
def test_each_channel_is_resized_by_itself(policy):
    pixels = noise((16, 17, 6), np.float32)
    together = apply_policy(pixels, policy)
    alone = [apply_policy(pixels[..., c : c + 1], policy) for c in range(6)]
    assert np.array_equal(together, np.concatenate(alone, axis=2))


@pytest.mark.parametrize("mode", ["as_is", "limit", "letterbox", "crop", "stretch"])
def test_a_picture_of_the_wanted_size_is_not_changed(mode):
    pixels = noise((16, 16, 3))
    assert np.array_equal(apply_policy(pixels, SizePolicy(mode, 16, 16)), pixels)


def test_letterbox_is_black_around_and_odd_rows_go_to_the_end():
    framed = apply_policy(np.full((2, 4, 3), 200, np.uint8), SizePolicy("letterbox", 7, 8))
    assert (framed[:, 0, 0] > 0).tolist() == [False, True, True, True, True, False, False]
    assert framed[1:5].min() == 200


def test_crop_takes_the_rectangle():
    pixels = noise((30, 40, 3))
    cut = apply_policy(pixels, SizePolicy("crop", 5, 6, (7, 9, 5, 6)))
    assert np.array_equal(cut, pixels[7:12, 9:15])


def test_a_crop_of_a_reduced_copy_is_the_same_place():
    pixels = np.zeros((80, 80, 1), np.uint8)
    pixels[16:32, 40:56] = 255
    policy = SizePolicy("crop", 2, 2, (16, 40, 16, 16))
    assert apply_policy(pixels, policy).min() == 255
    assert apply_policy(pixels[::4, ::4], policy, (80, 80)).min() == 255


def test_the_source_is_neither_written_nor_locked():
    pixels = noise((16, 16, 3))
    before = pixels.copy()
    for mode in ("as_is", "limit", "letterbox"):
        apply_policy(pixels, SizePolicy(mode, 9, 12))
    to_maps(pixels)
    assert np.array_equal(pixels, before)
    assert pixels.flags.writeable


def test_maps_are_channels_first_and_black_to_white_is_0_to_1():
    pixels = noise((4, 5, 3))
    maps = to_maps(pixels)
    assert maps.shape == (3, 4, 5)
    assert maps.dtype == np.float32
    assert maps.flags.c_contiguous
    assert not maps.flags.writeable
    assert np.array_equal(maps[1, 2, 3], np.float32(pixels[2, 3, 1]) / np.float32(255))
    deep = to_maps(np.array([[[0, 65535, 257]]], np.uint16)).ravel()
    assert deep.tolist() == [0, 1, np.float32(257) / np.float32(65535)]
    values = np.array([[[-3.5, 1e9]]], np.float32)
    assert to_maps(values).ravel().tolist() == [-3.5, 1e9]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_alpha_is_composited_over_white(dtype):
    pixels = noise((9, 9, 4), dtype)
    white = np.iinfo(dtype).max
    share = pixels[..., 3:].astype(np.float64) / white
    expected = pixels[..., :3] * share + white * (1 - share)
    result, was_transparent = opaque(pixels)
    assert was_transparent
    assert np.abs(result - expected).max() <= 0.51
    solid = pixels.copy()
    solid[..., 3] = white
    assert np.array_equal(opaque(solid)[0], pixels[..., :3])
    assert not opaque(solid)[1]


def test_floats_within_0_to_1_stay_and_others_are_scaled_with_a_word():
    inside = noise((4, 4, 3), np.float32)
    assert scaled_to_unit(inside, clip_bright=False) == (inside, None)
    scaled, sentence = scaled_to_unit(np.array([[[-1.0, 0, 3]]], np.float32), clip_bright=False)
    assert scaled.ravel().tolist() == [0, 0.25, 1]
    assert sentence == "Its values reach from -1 to 3; -1 to 3 were scaled to 0 to 1."


def test_the_brightest_hundredth_of_radiance_is_clipped():
    radiance = np.full((100, 100, 3), 2, np.float32)
    radiance[0, 0] = 5000
    scaled, sentence = scaled_to_unit(radiance, clip_bright=True)
    assert scaled[1, 1].tolist() == [1, 1, 1]
    assert sentence is not None
    assert "brighter ones are clipped" in sentence


@pytest.mark.parametrize(
    "values",
    [[7.0, 7.0], [-2.0, -2.0], [-3.4e38, 3.4e38], [0.0, 3.4e38], [-1e-40, 0.0]],
)
def test_extreme_floats_end_within_0_to_1(values):
    pixels = np.array([[values]], np.float32)
    for clip_bright in (False, True):
        scaled, _ = scaled_to_unit(pixels, clip_bright=clip_bright)
        assert scaled.min() >= 0
        assert scaled.max() <= 1
