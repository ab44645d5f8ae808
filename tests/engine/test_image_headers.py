"""What a header declares is what decoding gives, and reading it decodes nothing."""

import io
import struct
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from engine import project as engine_project
from engine.network import stack
from engine.pictures.image_decoding import decode_bytes
from engine.pictures.image_headers import quiet_pillow, read_header
from engine.pictures.images import Picture, reduction_for
from engine.pictures.size_policy import SizePolicy
from engine.problems import PictureError
from engine.project import (
    Project,
    analyze_project,
    declared_input,
    decoded_picture,
    input_maps,
    picture_header,
    project_input,
)
from engine.registry import make_layer
from engine.shapes import Shape
from tests.engine.picture_files import (
    DEEP,
    RGB,
    encoded,
    encoded_by_cv2,
    saved_array,
    smooth,
    with_tiff_orientation,
)

# After engine.opencv, which sets numpy's threads.
# isort: split
import numpy as np

EMPTY = stack([], make_layer("input"))
PHOTO = encoded(Image.fromarray(smooth(600, 900)), "JPEG")


def turned(kind: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(Image.fromarray(RGB), kind, exif=exif)


def turned_behind_its_pixels(orientation: int) -> bytes:
    """A PNG whose orientation stands behind the picture, as some programs write it."""
    exif = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01" + struct.pack(">HHI", orientation, 0, 0)
    whole = encoded(Image.fromarray(RGB), "PNG")
    chunk = b"eXIf" + exif
    late = struct.pack(">I", len(exif)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return whole[:-12] + late + whole[-12:]


FILES = {
    **{
        f"{kind} {orientation}": turned(kind, orientation)
        for kind in ("JPEG", "PNG", "TIFF", "WEBP", "AVIF")
        for orientation in (1, 3, 6, 8)
    },
    "PNG turned late": turned_behind_its_pixels(6),
    "TIFF 16 bit": with_tiff_orientation(encoded_by_cv2(".tiff", DEEP), 6),
    "PNG 16 bit": encoded_by_cv2(".png", DEEP),
    "PPM": encoded_by_cv2(".ppm", DEEP),
    "BMP": encoded(Image.fromarray(RGB), "BMP"),
    "GIF": encoded(Image.fromarray(RGB), "GIF"),
    "JPEG 2000": encoded(Image.fromarray(RGB), "JPEG2000"),
    "gray with alpha": encoded(Image.fromarray(RGB).convert("LA"), "PNG"),
    "radiance": encoded_by_cv2(".hdr", RGB.astype(np.float32) / 255),
    "float TIFF": encoded_by_cv2(".tiff", RGB.astype(np.float32) / 255),
    "array": saved_array(np.zeros((5, 7, 11), np.float32)),
    "array of one channel": saved_array(np.zeros((5, 7), np.uint8)),
}


@pytest.mark.parametrize("name", FILES)
def test_a_header_declares_what_decoding_gives(name):
    data = FILES[name]
    height, width, channels = decode_bytes("x", data).pixels.shape
    assert read_header("x", data).shape == Shape(channels, height, width)


@pytest.mark.parametrize("name", FILES)
def test_what_is_refused_before_the_pixels_is_refused_alike(name):
    for end in (0, 4, 8):
        data = FILES[name][:end]
        with pytest.raises(PictureError) as read:
            read_header("x", data)
        with pytest.raises(PictureError) as decoded:
            decode_bytes("x", data)
        assert str(read.value) == str(decoded.value)


def test_reading_a_header_decodes_no_pixel(monkeypatch):
    def load(image):
        raise AssertionError("pixels were decoded")

    for kind in ("JPEG", "PNG", "TIFF", "WEBP", "AVIF"):
        data = FILES[f"{kind} 6"]
        opened = type(Image.open(io.BytesIO(data)))
        with monkeypatch.context() as patch:
            patch.setattr(opened, "load", load)
            assert read_header("x", data).shape == Shape(3, 70, 50), kind


def test_only_jpeg_is_decoded_at_a_part_of_its_scale():
    tiny = SizePolicy("stretch", 8, 8)
    assert reduction_for(read_header("x", PHOTO), tiny) == 8
    assert reduction_for(read_header("x", FILES["PNG 1"]), tiny) == 1


def test_moving_and_resizing_a_crop_decodes_once():
    picture = Picture("photo.jpg", PHOTO)
    wide = decoded_picture(picture, SizePolicy("crop", 28, 28, (0, 0, 500, 500)))
    assert decoded_picture(picture, SizePolicy("crop", 28, 28, (90, 9, 470, 480))) is wide
    assert decoded_picture(picture, SizePolicy("crop", 29, 30, (90, 9, 500, 500))) is wide


def test_two_threads_that_want_a_picture_at_once_decode_it_once(monkeypatch):
    picture = Picture("twice", encoded(Image.fromarray(RGB), "PNG"))
    entered, asked_again, decoded = threading.Event(), threading.Event(), []
    decode, reduction = engine_project.decode_bytes, engine_project.reduction_for

    def slow(*given):
        decoded.append(given)
        entered.set()
        assert asked_again.wait(30)
        return decode(*given)

    def asking(*given):
        if entered.is_set():
            asked_again.set()
        return reduction(*given)

    monkeypatch.setattr(engine_project, "decode_bytes", slow)
    monkeypatch.setattr(engine_project, "reduction_for", asking)
    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(decoded_picture, picture, SizePolicy("stretch", 8, 8))
        assert entered.wait(30)
        other = threads.submit(decoded_picture, picture, SizePolicy("stretch", 8, 8))
        assert one.result() is other.result()
    assert len(decoded) == 1


def test_sizes_are_known_before_anything_is_decoded():
    picture = Picture("half.jpg", PHOTO[: len(PHOTO) // 2])
    project = Project(EMPTY, picture, SizePolicy("limit", 60, 60))
    assert declared_input(project).shape == Shape(3, 40, 60)
    assert declared_input(project).warnings == ()
    assert analyze_project(project)["input"].shape == Shape(3, 40, 60)
    assert project_input(project).shape == Shape(3, 40, 60)
    assert "missing" in project_input(project).warnings[0]
    assert picture_header(picture).shape == Shape(3, 600, 900)


def test_damage_behind_the_header_is_said_when_the_pixels_are_wanted():
    png = encoded(Image.fromarray(RGB), "PNG")
    project = Project(EMPTY, Picture("cut.png", png[:60]))
    assert declared_input(project).shape == Shape(3, 50, 70)
    assert project_input(project).shape is None
    assert "cut.png" in project_input(project).missing
    with pytest.raises(PictureError, match=r"cut\.png"):
        input_maps(project)


def test_readers_do_not_wait_for_each_other_and_leave_the_limit_as_it_was():
    before = Image.MAX_IMAGE_PIXELS
    entered, may_leave = threading.Event(), threading.Event()

    def slow_reader():
        with quiet_pillow():
            entered.set()
            assert may_leave.wait(10)

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(slow_reader)
        assert entered.wait(10)
        assert read_header("x", PHOTO).shape == Shape(3, 600, 900)
        assert Image.MAX_IMAGE_PIXELS is None
        may_leave.set()
        slow.result()
    assert before == Image.MAX_IMAGE_PIXELS
