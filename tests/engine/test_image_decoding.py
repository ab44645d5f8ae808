"""Every kind of picture: upright, opaque, in RGB, and with a word on what was changed."""

import io
import warnings

import pytest
from PIL import Image, ImageOps

from engine.pictures.image_decoding import decode_bytes
from engine.pictures.images import Picture, decode
from engine.pictures.pixels import apply_policy
from engine.pictures.size_policy import SizePolicy, output_size
from tests.engine.picture_files import (
    DEEP,
    RGB,
    encoded,
    encoded_by_cv2,
    png,
    smooth,
    with_tiff_orientation,
)

# After engine.opencv, which sets numpy's threads.
# isort: split
import numpy as np


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("WEBP", {"lossless": True}),
        ("JPEG2000", {}),
        ("BMP", {}),
        ("PPM", {}),
    ],
)
def test_lossless_formats_give_the_very_pixels(kind, options):
    decoded = decode_bytes("x", encoded(Image.fromarray(RGB), kind, **options))
    assert np.array_equal(decoded.pixels, RGB)
    assert decoded.warnings == ()
    assert decoded.original_size == (50, 70)
    assert not decoded.pixels.flags.writeable


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 95}),
        ("JPEG", {"quality": 95, "progressive": True}),
        ("WEBP", {"quality": 95}),
        ("AVIF", {"quality": 95}),
        ("MPO", {"quality": 95}),
    ],
)
def test_lossy_formats_give_nearly_the_pixels(kind, options):
    decoded = decode_bytes("x", encoded(Image.fromarray(RGB), kind, **options))
    assert np.abs(decoded.pixels.astype(int) - RGB).mean() < 3
    assert decoded.warnings == ()


@pytest.mark.parametrize("mode", ["1", "L", "P"])
@pytest.mark.parametrize("kind", ["PNG", "GIF", "TIFF", "BMP"])
def test_gray_palette_and_bilevel_become_rgb(mode, kind):
    image = Image.fromarray(RGB).convert(mode)
    decoded = decode_bytes("x", encoded(image, kind))
    assert np.array_equal(decoded.pixels, np.asarray(image.convert("RGB")))


def test_cmyk_becomes_rgb():
    image = Image.fromarray(RGB).convert("CMYK")
    assert np.array_equal(decode_bytes("x", encoded(image, "TIFF")).pixels, RGB)
    jpeg = decode_bytes("x", encoded(image, "JPEG", quality=95)).pixels
    assert np.abs(jpeg.astype(int) - RGB).mean() < 4


def test_a_size_of_one_row_or_column():
    for array in (RGB[:1], RGB[:, :1], RGB[:1, :1]):
        assert np.array_equal(
            decode_bytes("x", encoded(Image.fromarray(array), "PNG")).pixels, array
        )


@pytest.mark.parametrize("extension", [".png", ".tiff", ".ppm"])
def test_16_bit_color_keeps_its_bits_and_order(extension):
    decoded = decode_bytes("x", encoded_by_cv2(extension, DEEP))
    assert decoded.pixels.dtype == np.uint16
    assert np.array_equal(decoded.pixels, DEEP)
    assert decoded.warnings == ()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_16_bit_gray_keeps_its_bits(kind):
    gray = DEEP[..., 2].copy()
    pixels = decode_bytes("x", encoded(Image.fromarray(gray), kind)).pixels
    assert pixels.dtype == np.uint16
    assert np.array_equal(pixels, np.dstack([gray] * 3))


def test_16_bit_alpha_is_composited():
    alpha = np.full((50, 70, 1), 0, np.uint16)
    decoded = decode_bytes("x", encoded_by_cv2(".png", np.dstack([DEEP, alpha])))
    assert decoded.pixels.dtype == np.uint16
    assert decoded.pixels.min() == 65535
    assert decoded.warnings == ("Its transparent parts are shown over white.",)


def test_floating_point_tiff_of_gray_and_color():
    color = DEEP.astype(np.float32) / 65535
    assert np.array_equal(decode_bytes("x", encoded_by_cv2(".tiff", color)).pixels, color)
    gray = decode_bytes("x", encoded(Image.fromarray(color[..., 0].copy()), "TIFF")).pixels
    assert np.array_equal(gray[..., 1], color[..., 0])
    scaled = decode_bytes("x", encoded_by_cv2(".tiff", color * 200 - 50))
    assert (scaled.pixels.min(), scaled.pixels.max()) == (0, 1)
    assert "were scaled to 0 to 1" in scaled.warnings[0]


def test_32_bit_integers():
    large = Image.fromarray(RGB[..., 0].astype(np.int32) * 1000)
    decoded = decode_bytes("x", encoded(large, "TIFF"))
    assert decoded.pixels.dtype == np.float32
    assert decoded.pixels.max() == 1
    assert "255000" in decoded.warnings[0] or "2.55e+05" in decoded.warnings[0]


def test_radiance_is_read_and_scaled_with_a_word():
    radiance = DEEP.astype(np.float32) / 65535 * 8
    radiance[0, 0] = 5000
    decoded = decode_bytes("x", encoded_by_cv2(".hdr", radiance))
    assert decoded.pixels.dtype == np.float32
    assert decoded.pixels.max() == 1
    assert "brighter ones are clipped" in decoded.warnings[0]
    # Red grows to the right, and only red.
    assert decoded.pixels[25, 60, 0] > 4 * decoded.pixels[25, 10, 0]
    radiance = np.minimum(radiance / 16, 0.9)
    dim = decode_bytes("x", encoded_by_cv2(".hdr", radiance))
    assert np.abs(dim.pixels - radiance).max() < 0.004
    assert dim.warnings == ()


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_alpha_is_shown_over_white_with_a_word(mode):
    image = Image.fromarray(RGB).convert("L" if mode == "LA" else "RGB").convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    image = image.convert(mode) if mode != "PA" else image.quantize(64)
    decoded = decode_bytes("x", encoded(image, "PNG"))
    over = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    assert np.abs(decoded.pixels.astype(int) - np.asarray(over)[..., :3]).max() <= 1
    assert decoded.warnings == ("Its transparent parts are shown over white.",)


def test_strips_join_without_a_seam(monkeypatch):
    image = Image.fromarray(RGB).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    data = encoded(image, "PNG")
    at_once = decode_bytes("x", data)
    for module in ("engine.pictures.image_decoding", "engine.pictures.pixels"):
        monkeypatch.setattr(f"{module}.STRIP_PIXELS", 200)
    in_strips = decode_bytes("x", data)
    assert np.array_equal(in_strips.pixels, at_once.pixels)
    assert in_strips.warnings == at_once.warnings


def test_an_opaque_alpha_needs_no_word():
    assert decode_bytes("x", encoded(Image.fromarray(RGB).convert("RGBA"), "PNG")).warnings == ()


def test_a_transparent_color_of_png_and_gif():
    image = Image.new("RGB", (4, 2), "red")
    image.paste("blue", (0, 0, 2, 2))
    png = decode_bytes("x", encoded(image, "PNG", transparency=(255, 0, 0)))
    assert png.pixels[0].tolist() == [[0, 0, 255]] * 2 + [[255] * 3] * 2
    palette = image.quantize(2)
    index = palette.getpixel((3, 0))
    gif = decode_bytes("x", encoded(palette, "GIF", transparency=index))
    assert gif.pixels[0].tolist() == png.pixels[0].tolist()


def test_interlaced_png():
    # Seven passes of a 2 × 2 gray picture: only passes 1, 6 and 7 have pixels.
    raw = b"\0\x0a" + b"\0\x14" + b"\0\x1e\x28"
    data = png(2, 2, bits=8, kind=0, raw=raw, interlaced=1)
    assert decode_bytes("x", data).pixels[..., 0].tolist() == [[10, 20], [30, 40]]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "AVIF"])
def test_pictures_are_upright(kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.fromarray(RGB), kind, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    decoded = decode_bytes("x", data)
    assert np.array_equal(decoded.pixels, np.asarray(upright))
    assert decoded.original_size == decoded.pixels.shape[:2]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_16_bit_tiff_is_upright(orientation):
    turned = [Image.Transpose(t) for t in (0, 3, 1, 5, 4, 6, 2)]
    marker = DEEP[:20, :30]
    data = with_tiff_orientation(encoded_by_cv2(".tiff", marker), orientation)
    expected = Image.fromarray((marker >> 8).astype(np.uint8))
    if orientation > 1:
        expected = expected.transpose(turned[orientation - 2])
    decoded = decode_bytes("x", data).pixels
    assert decoded.dtype == np.uint16
    assert np.array_equal(decoded >> 8, np.asarray(expected))


def test_damaged_exif_leaves_the_picture_as_it_is():
    data = encoded(Image.fromarray(RGB), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Pillow has a word for it that says nothing to a person
        assert decode_bytes("x", data).pixels.shape == RGB.shape


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
def test_the_first_of_several_frames(kind):
    first = Image.new("RGB", (8, 6), "white")
    more = [Image.new("RGB", (8, 6), "black"), Image.new("RGB", (8, 6), "white")]
    decoded = decode_bytes("x", encoded(first, kind, save_all=True, append_images=more))
    assert decoded.pixels.min() > 250
    assert decoded.warnings == ("It holds several frames or pages; the first is used.",)


def test_a_camera_with_two_pictures_in_one_file_needs_no_word():
    image = Image.fromarray(RGB)
    data = encoded(image, "MPO", save_all=True, append_images=[image])
    assert decode_bytes("x", data).warnings == ()


@pytest.mark.parametrize("orientation", [1, 3, 5, 6, 8])
@pytest.mark.parametrize(
    "policy",
    [
        SizePolicy("limit", 64, 64),
        SizePolicy("crop", 32, 24, (401, 203, 600, 450)),
        SizePolicy("letterbox", 60, 90),
        SizePolicy("stretch", 33, 21),
    ],
)
def test_decoding_at_a_reduced_scale_gives_nearly_the_same(policy, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.fromarray(smooth(1401, 2003)), "JPEG", quality=95, exif=exif)
    picture = Picture("x", data)
    full, reduced = decode(picture), decode(picture, policy)
    assert reduced.pixels.size * 3 < full.pixels.size
    assert reduced.original_size == full.original_size == full.pixels.shape[:2]
    from_full = apply_policy(full.pixels, policy)
    from_reduced = apply_policy(reduced.pixels, policy, reduced.original_size)
    assert from_reduced.shape[:2] == output_size(policy, *full.original_size)
    assert np.abs(from_full.astype(int) - from_reduced).mean() < 2.5


def test_as_is_and_other_formats_are_never_reduced():
    image = Image.fromarray(smooth(400, 600))
    jpeg, png_data = encoded(image, "JPEG"), encoded(image, "PNG")
    assert decode(Picture("x", jpeg), SizePolicy("as_is")).pixels.shape == (400, 600, 3)
    small = SizePolicy("limit", 8, 8)
    assert decode(Picture("x", png_data), small).pixels.shape == (400, 600, 3)
