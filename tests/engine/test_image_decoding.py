"""Every kind of picture, upright and opaque, and every kind of file that is none."""

import io
import struct
import warnings
import zlib
from contextlib import suppress

import pytest
from PIL import Image, ImageOps

from engine.image_decoding import decode_bytes
from engine.opencv import cv2
from engine.pixels import apply_policy
from engine.problems import PictureError
from engine.size_policy import SizePolicy, output_size

# After engine.opencv, which sets numpy's threads.
# isort: split
import numpy as np


def smooth(height: int = 50, width: int = 70) -> np.ndarray:
    """A picture without hard edges, which lossy formats keep nearly as it is."""
    y, x = np.mgrid[0:height, 0:width]
    waves = 0.5 + 0.4 * np.sin(8 * x / width + 4 * y / height)
    channels = (x / (width - 1), y / (height - 1), waves)
    return np.dstack([np.round(channel * 255) for channel in channels]).astype(np.uint8)


RGB = smooth()
DEEP = RGB.astype(np.uint16) * 251 + 7


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def encoded_by_cv2(extension: str, pixels: np.ndarray) -> bytes:
    order = {3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(pixels, order[pixels.shape[2]])
    return cv2.imencode(extension, pixels)[1].tobytes()


def saved_array(array: np.ndarray, **options) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(PictureError) as caught:
        decode_bytes("my file", data)
    message = str(caught.value)
    assert message.startswith("“my file” ")
    assert "\n" not in message
    return message


# --- What is read ---


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


# --- A JPEG at a reduced scale ---


@pytest.mark.parametrize("orientation", [1, 3, 6, 7])
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
    full, reduced = decode_bytes("x", data), decode_bytes("x", data, policy)
    assert reduced.pixels.size * 3 < full.pixels.size
    assert reduced.original_size == full.original_size == full.pixels.shape[:2]
    from_full = apply_policy(full.pixels, policy)
    from_reduced = apply_policy(reduced.pixels, policy, reduced.original_size)
    assert from_reduced.shape[:2] == output_size(policy, *full.original_size)
    assert np.abs(from_full.astype(int) - from_reduced).mean() < 2.5


def test_as_is_and_other_formats_are_never_reduced():
    image = Image.fromarray(smooth(400, 600))
    jpeg, png_data = encoded(image, "JPEG"), encoded(image, "PNG")
    assert decode_bytes("x", jpeg, SizePolicy("as_is")).pixels.shape == (400, 600, 3)
    assert decode_bytes("x", png_data, SizePolicy("limit", 8, 8)).pixels.shape == (400, 600, 3)


# --- Arrays ---


@pytest.mark.parametrize(
    "dtype", ["u1", "<u2", ">u2", "f4", ">f4", "f8", "f2", "i1", "i4", "u8", "?"]
)
@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (4, 5, 7), (1, 1), (2, 2, 300)])
def test_arrays_keep_their_numbers_and_channels(dtype, shape):
    array = (np.arange(np.prod(shape)).reshape(shape) % 100).astype(dtype)
    decoded = decode_bytes("x.npy", saved_array(array))
    assert decoded.pixels.shape == (*shape, 1)[:3]
    assert decoded.pixels.dtype in (np.uint8, np.uint16, np.float32)
    assert decoded.pixels.dtype.isnative
    assert np.array_equal(decoded.pixels, array.reshape(decoded.pixels.shape))


def test_floating_point_arrays_are_never_scaled():
    array = np.array([[-1000.5, 3e8]], np.float32)
    decoded = decode_bytes("x.npy", saved_array(array))
    assert decoded.pixels.ravel().tolist() == array.ravel().tolist()
    assert decoded.warnings == ()


def test_fortran_order_and_later_versions_of_the_file():
    array = np.asfortranarray(np.arange(24, dtype=np.float32).reshape(2, 3, 4))
    assert np.array_equal(decode_bytes("x", saved_array(array)).pixels, array)
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=(2, 0))
    assert np.array_equal(decode_bytes("x", stream.getvalue()).pixels, array)


def test_channels_first_is_suspected_and_integers_are_explained():
    assert "transpose(1, 2, 0)" in decode_bytes("x", saved_array(np.zeros((3, 64, 64)))).warnings[0]
    assert "int64" in decode_bytes("x", saved_array(np.zeros((8, 8), np.int64))).warnings[0]
    assert decode_bytes("x", saved_array(np.zeros((64, 64, 3)))).warnings == ()


def test_arrays_that_are_no_picture_are_refused():
    assert "shape (4,)" in refusal(saved_array(np.zeros(4)))
    assert "array[0]" in refusal(saved_array(np.zeros((1, 2, 2, 3))))
    assert "has no pixels" in refusal(saved_array(np.zeros((0, 5))))
    assert "complex64" in refusal(saved_array(np.zeros((2, 2), np.complex64)))
    assert "real numbers" in refusal(saved_array(np.zeros((2, 2), "U3")))
    assert "real numbers" in refusal(saved_array(np.zeros((2, 2), [("a", "f4")])))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_values_that_are_not_finite_are_refused_with_their_place(value):
    array = np.zeros((4, 5, 2))
    array[1, 2, 1] = value
    message = refusal(saved_array(array))
    assert "1 values that are not finite" in message
    assert "[1, 2, 1]" in message


def test_python_objects_never_run():
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("code in a file was run",))

    array = np.array([[Trap(), 1]], dtype=object)
    assert "could run code" in refusal(saved_array(array, allow_pickle=True))


def npy_header(text: str) -> bytes:
    body = text.encode("latin-1").ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(body)) + body


def test_arrays_that_lie_about_their_size():
    whole = saved_array(np.zeros((40, 50), np.float32))
    assert "takes 8,000 bytes, and 7,900 are there" in refusal(whole[:-100])
    bomb = npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (100000, 100000, 3)}")
    assert "120,000 MB; a picture may take 600 MB" in refusal(bomb)
    negative = npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, -2)}")
    assert "“my file”" in refusal(negative)
    for text in ("", "{'descr': '<f4'}", "[" * 110, "__import__('os')"):
        assert "header cannot be read" in refusal(npy_header(text))
    assert "header cannot be read" in refusal(b"\x93NUMPY")
    assert "header cannot be read" in refusal(b"\x93NUMPY\x07\x00abc")


# --- What is damaged, too large, or something else ---


def png(width, height, *, bits=8, kind=2, raw=b"", interlaced=0) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, interlaced)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def with_tiff_orientation(data: bytes, orientation: int) -> bytes:
    """Return the little-endian TIFF with its directory copied to the end and the tag added."""
    at = struct.unpack("<I", data[4:8])[0]
    count = struct.unpack("<H", data[at : at + 2])[0]
    entries = [data[at + 2 + 12 * i : at + 14 + 12 * i] for i in range(count)]
    entries.append(struct.pack("<HHIHH", 274, 3, 1, orientation, 0))
    entries.sort(key=lambda entry: struct.unpack("<H", entry[:2]))
    data += b"\0" * (len(data) % 2)
    directory = struct.pack("<H", len(entries)) + b"".join(entries) + bytes(4)
    return data[:4] + struct.pack("<I", len(data)) + data[8:] + directory


@pytest.mark.parametrize(
    "data",
    [
        png(30_000, 30_000),
        png(2**31 - 1, 2**31 - 1),
        b"GIF89a\xff\xff\xff\xff\x00\x00\x00,\0\0\0\0\xff\xff\xff\xff\0\x02\0;",
        b"P6 40000 40000 255\n",
        b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 99999 +X 99999\n",
    ],
    ids=["png", "largest png", "gif", "ppm", "hdr"],
)
def test_a_bomb_is_refused_by_its_header(data):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        message = refusal(data)
    assert "pixels (height × width)" in message
    assert "a picture may take 600 MB" in message


def test_floating_point_tiff_is_held_to_the_budget():
    data = bytearray(encoded_by_cv2(".tiff", np.zeros((4, 4, 3), np.float32)))
    at = struct.unpack("<I", data[4:8])[0]
    for entry in (at + 2, at + 14):
        data[entry + 2 : entry + 12] = struct.pack("<HII", 4, 1, 60_000)
    assert "60,000 × 60,000" in refusal(bytes(data))


def test_pillows_own_limit_is_left_as_it_was(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decode_bytes("x", encoded(Image.fromarray(RGB), "PNG")).pixels.shape == RGB.shape
        refusal(b"nothing")
    assert Image.MAX_IMAGE_PIXELS == 10


@pytest.mark.parametrize("kind", ["JPEG", "progressive", "PNG", "TIFF", "BMP", "PPM", "GIF"])
def test_a_file_that_ends_early_is_shown_in_part_with_a_word(kind):
    options = {"progressive": True} if kind == "progressive" else {}
    whole = encoded(Image.fromarray(RGB), "JPEG" if options else kind, **options)
    decoded = decode_bytes("x", whole[: int(len(whole) * 0.8)])
    assert decoded.pixels.shape == RGB.shape
    assert decoded.warnings == (
        "The file is damaged or ends early: a part of the picture is missing.",
    )
    # BMP starts at the bottom.
    rows = slice(-4, None) if kind == "BMP" else slice(4)
    start = decode_bytes("x", whole).pixels[rows].astype(int)
    assert np.abs(decoded.pixels[rows] - start).mean() < 40


def test_a_truncated_16_bit_png_falls_back_to_8_bits():
    whole = encoded_by_cv2(".png", DEEP)
    decoded = decode_bytes("x", whole[: int(len(whole) * 0.8)])
    assert decoded.pixels.dtype == np.uint8
    assert len(decoded.warnings) == 2


def test_a_truncated_jpeg_at_a_reduced_scale():
    whole = encoded(Image.fromarray(smooth(400, 600)), "JPEG")
    decoded = decode_bytes("x", whole[: len(whole) // 2], SizePolicy("limit", 30, 30))
    assert decoded.pixels.shape == (100, 150, 3)
    assert "missing" in decoded.warnings[0]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (png(50, 50), "nothing of it can be decoded"),
        (b"\xff\xd8\xff\xe0", "a damaged JPEG"),
        (encoded(Image.fromarray(RGB), "WEBP")[:200], "cannot be decoded"),
        (encoded(Image.fromarray(RGB), "AVIF")[:-40], "cannot be decoded"),
        (encoded_by_cv2(".tiff", DEEP)[:-500], "its size is missing"),
        (encoded_by_cv2(".hdr", DEEP.astype(np.float32))[:-500], "ends early"),
        (b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n", "its size is missing"),
        (b"#?RGBE\nFORMAT=32-bit_rle_rgbe\n\n+X 9 -Y 9\n", "rotated"),
        (b"", "is empty"),
    ],
)
def test_what_cannot_be_decoded_says_why(data, words):
    assert words in refusal(data)


def test_floating_point_pictures_with_nan_are_refused():
    color = np.zeros((4, 4, 3), np.float32)
    color[2, 1, 0] = np.nan
    assert "not finite" in refusal(encoded_by_cv2(".tiff", color))
    assert "not finite" in refusal(encoded(Image.fromarray(color[..., 0].copy()), "TIFF"))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"just some words", "text"),
        ("Grüße, 写真".encode(), "text"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC picture"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "a video"),
        (b"%PDF-1.7", "a PDF document"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "a PostScript document"),
        (b"<?xml version='1.0'?><svg xmlns='x'/>", "an SVG drawing"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"PK\x03\x04rest", "an archive"),
        (b"\x80\x04\x95rest", "a Python pickle"),
        (
            b"II*\0\x08\0\0\0\x02\0" + struct.pack("<HHIIHHIII", 256, 4, 1, 9, 257, 4, 1, 9, 0),
            "a TIFF",
        ),
        (b"\xd7\xcd\xc6\x9a\x01\x02\x03\x04", "begins with d7 cd c6 9a 01 02 03 04"),
    ],
)
def test_other_files_are_called_by_their_name(data, kind):
    message = refusal(data)
    assert kind in message
    assert "cannot be read as a picture" in message


def test_damaged_bytes_never_raise_anything_else():
    rng = np.random.default_rng(8)
    image = Image.fromarray(RGB[:20, :20])
    kinds = ("JPEG", "PNG", "TIFF", "WEBP", "AVIF", "BMP", "PPM", "GIF")
    whole = [encoded(image, kind) for kind in kinds]
    whole += [encoded_by_cv2(".tiff", DEEP[:20, :20]), encoded_by_cv2(".png", DEEP[:20, :20])]
    whole += [encoded_by_cv2(".hdr", DEEP[:20, :20].astype(np.float32)), saved_array(RGB[:20])]
    with warnings.catch_warnings():
        # Pillow warns of damaged tags.
        warnings.simplefilter("ignore")
        for data in whole:
            for count in (1, 2, 5, 20) * 6:
                damaged = np.frombuffer(data, np.uint8).copy()
                # Above the sizes in the headers of most formats, which only make it slow.
                places = rng.integers(26, len(damaged), count)
                damaged[places] = rng.integers(0, 256, count)
                with suppress(PictureError):
                    assert decode_bytes("x", damaged.tobytes()).pixels.ndim == 3
