"""What a picture's file declares about it, read before any pixel: size, channels, orientation.

The window asks for it in the middle of an edit, so nothing here takes long.
"""

import io
import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError

from engine.pictures.array_decoding import SIGNATURE as ARRAY_SIGNATURE
from engine.pictures.array_decoding import array_shape
from engine.pictures.deep_decoding import (
    has_deep_color,
    is_radiance,
    is_tiff,
    radiance_size,
    rare_tiff_size,
)
from engine.pictures.image_refusals import (
    check_budget,
    check_file_size,
    decoder_errors_as_sentences,
    not_a_picture,
)
from engine.shapes import Shape

PILLOW_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "AVIF", "JPEG2000", "BMP", "DIB", "PPM", "GIF")
"""What Pillow may try; JPEG includes MPO, two pictures in one file. Others are left out on
purpose: EPS would start another program."""

GRAY_16_MODES = ("I;16", "I;16B", "I;16L", "I;16N")

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_METADATA = (b"eXIf", b"tEXt", b"zTXt", b"iTXt")


class PictureHeader(NamedTuple):
    """The upright size of a picture as it will be decoded.

    ``reducible`` says that its decoder can give fewer pixels, as JPEG's can.
    """

    shape: Shape
    reducible: bool = False


def read_header(name: str, data: bytes) -> PictureHeader:
    """Read what a picture's bytes declare; ``name`` is for sentences only.

    What follows the header may still be damaged: only decoding tells.

    Raises:
        PictureError: It is no picture, its header is damaged, or it is beyond the budget.
    """
    check_file_size(name, len(data))
    with decoder_errors_as_sentences(name):
        if data.startswith(ARRAY_SIGNATURE):
            return PictureHeader(array_shape(name, io.BytesIO(data)))
        if is_radiance(data):
            return PictureHeader(Shape(3, *radiance_size(name, data)))
        with quiet_pillow():
            try:
                image = open_image(data)
            except UnidentifiedImageError as error:
                if not is_tiff(data):
                    raise not_a_picture(name, data) from error
                return PictureHeader(Shape(3, *rare_tiff_size(name, data)))
            check_declared(name, image)
            return PictureHeader(Shape(3, *_upright_size(image, data)), is_reducible(image))


def open_image(data: bytes) -> ImageFile.ImageFile:
    """Open a picture with Pillow; no pixel is decoded yet."""
    return Image.open(io.BytesIO(data), formats=PILLOW_FORMATS)


def is_reducible(image: ImageFile.ImageFile) -> bool:
    """Whether it is a JPEG, whose decoder can give a half, a quarter or an eighth of the scale."""
    return image.format in ("JPEG", "MPO")


def check_declared(name: str, image: ImageFile.ImageFile) -> None:
    """Hold what an opened picture will take to the budget."""
    width, height = image.size
    wide = has_deep_color(image) or image.mode in GRAY_16_MODES
    check_budget(name, height, width, 3, 4 if image.mode in ("I", "F") else 2 if wide else 1)


def orientation(image: Image.Image, *, before_pixels: bool = False) -> int:
    """Return the EXIF orientation, 1 to 8; 1, upright, where there is none that can be read.

    A PNG may note it behind its pixels, and looking there decodes them; with ``before_pixels``
    only what comes first counts.
    """
    try:
        exif = Image.Image.getexif(image) if before_pixels else image.getexif()
        value = exif.get(ExifTags.Base.Orientation, 1)
    except Exception:
        return 1
    return value if value in range(1, 9) else 1


_pillow = threading.Lock()
_pillow_readers = 0
_pillow_before = ExitStack()


@contextmanager
def quiet_pillow() -> Iterator[None]:
    """Set aside Pillow's own limit and its warnings, which name neither the picture nor its size.

    Both are back when the last reader has finished; they do not wait for each other.
    """
    global _pillow_readers
    with _pillow:
        if _pillow_readers == 0:
            _pillow_before.enter_context(warnings.catch_warnings())
            warnings.filterwarnings("ignore", module=r"PIL\.")
            _pillow_before.callback(setattr, Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
            Image.MAX_IMAGE_PIXELS = None
        _pillow_readers += 1
    try:
        yield
    finally:
        with _pillow:
            _pillow_readers -= 1
            if _pillow_readers == 0:
                _pillow_before.close()


def _upright_size(image: ImageFile.ImageFile, data: bytes) -> tuple[int, int]:
    width, height = image.size
    before_pixels = image.format == "PNG" and not _has_late_metadata(data)
    # Pillow turns a TIFF by itself, and declares the turned size.
    is_turned = image.format != "TIFF" and orientation(image, before_pixels=before_pixels) >= 5
    return (width, height) if is_turned else (height, width)


def _has_late_metadata(data: bytes) -> bool:
    """Whether a PNG has chunks behind its pixels that may turn it."""
    place, seen_pixels = len(_PNG_SIGNATURE), False
    while place + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        seen_pixels = seen_pixels or kind == b"IDAT"
        if seen_pixels and kind in _PNG_METADATA:
            return True
        place += 12 + length
    return False
