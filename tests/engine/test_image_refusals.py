"""Files that are damaged, too large, or something else: a sentence, never a traceback."""

import struct
import warnings
from contextlib import suppress

import pytest
from PIL import Image

from engine.pictures.image_decoding import decode_bytes
from engine.problems import PictureError
from tests.engine.picture_files import (
    DEEP,
    RGB,
    encoded,
    encoded_by_cv2,
    png,
    refusal,
    saved_array,
    smooth,
)

# After engine.opencv, which sets numpy's threads.
# isort: split
import numpy as np


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
    decoded = decode_bytes("x", whole[: len(whole) // 2], reduction=4)
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
    assert "holds 1 value not finite" in refusal(encoded_by_cv2(".tiff", color))
    gray = refusal(encoded(Image.fromarray(color[..., 0].copy()), "TIFF"))
    assert "holds 1 value not finite in float32, the first at [2, 1]" in gray


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


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("m.onnx", b"\x08\x0e:\xa1", True),
        ("m.py", b"import keras", True),
        ("m.H5", b"\x89HDF\r\n", True),
        ("m.pt", b"PK\x03\x04rest", True),
        ("photo.JPG", b"\x08\x0e:\xa1", False),
        ("words.png", b"only words", False),
        ("paper.pdf", b"%PDF-1.7", False),
    ],
)
def test_what_may_have_been_meant_as_a_network_says_what_networks_are(name, data, says):
    with pytest.raises(PictureError) as refused:
        decode_bytes(name, data)
    assert ("Networks are “.convolens” and “.json” files." in str(refused.value)) == says


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
