"""Bytes of a picture into pixels: RGB, upright, opaque, and with a word on what was changed.

The header is read first and its size held to the budget. Pillow decodes what it can, OpenCV what
Pillow lacks.
"""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from PIL import ExifTags, Image, ImageFile, UnidentifiedImageError

from engine.array_decoding import SIGNATURE as ARRAY_SIGNATURE
from engine.array_decoding import decode_array
from engine.deep_decoding import (
    decode_deep,
    decode_radiance,
    decode_rare_tiff,
    has_deep_color,
    is_radiance,
    is_tiff,
)
from engine.image_refusals import (
    check_budget,
    check_file_size,
    decoder_errors_as_sentences,
    not_a_picture,
)
from engine.pixels import (
    STRIP_PIXELS,
    Pixels,
    gray_to_rgb,
    opaque,
    read_only,
    refuse_not_finite,
    scaled_to_unit,
)
from engine.problems import PictureError
from engine.size_policy import Size, SizePolicy, useful_reduction

# After engine.opencv, which the modules above import and which sets numpy's threads.
# isort: split
import numpy as np

PILLOW_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "AVIF", "JPEG2000", "BMP", "DIB", "PPM", "GIF")
"""What Pillow may try; JPEG includes MPO, two pictures in one file. Others are left out on
purpose: EPS would start another program."""

_GRAY_16_MODES = ("I;16", "I;16B", "I;16L", "I;16N")
_END_OF_JPEG, _HUFFMAN_TABLE = b"\xff\xd9", b"\xff\xc4"

_OVER_WHITE = "Its transparent parts are shown over white."
_INCOMPLETE = "The file is damaged or ends early: a part of the picture is missing."
_FIRST_FRAME = "It holds several frames or pages; the first is used."
_READ_AS_8_BITS = "Its 16 bits per color were read as 8."

_pillow_limit = threading.Lock()


@dataclass(frozen=True, eq=False)
class DecodedPicture:
    """Pixels H × W × C, read-only: uint8, uint16 or float32.

    A real picture has three channels (red, green, blue), and its floating-point values are within
    0 to 1. An ``.npy`` array has its own channels and numbers. ``warnings`` are sentences.
    ``original_size`` is the upright (height, width) before any decoding at a reduced scale.
    """

    pixels: Pixels
    warnings: tuple[str, ...]
    original_size: Size


def decode_bytes(name: str, data: bytes, policy: SizePolicy | None = None) -> DecodedPicture:
    """Decode a picture of any kind; ``name`` is for sentences only.

    With a policy, a JPEG much larger than the policy needs is decoded at a half, a quarter or an
    eighth of its scale. The same arguments always give the same pixels.

    Raises:
        PictureError: It cannot be read; the text says why and what would help.
    """
    check_file_size(name, len(data))
    with decoder_errors_as_sentences(name):
        if data.startswith(ARRAY_SIGNATURE):
            return _result(*decode_array(name, data))
        if is_radiance(data):
            return _result(*_as_rgb(name, decode_radiance(name, data), [], radiance=True))
        with _without_pillow_limit():
            return _decode_with_pillow(name, data, policy)


@contextmanager
def _without_pillow_limit() -> Iterator[None]:
    """Set aside Pillow's own limit, which warns and raises without saying the picture's size."""
    with _pillow_limit:
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def _result(
    pixels: Pixels, warnings: tuple[str, ...], original_size: Size | None = None
) -> DecodedPicture:
    size = original_size or (pixels.shape[0], pixels.shape[1])
    return DecodedPicture(read_only(np.ascontiguousarray(pixels)), warnings, size)


def _decode_with_pillow(name: str, data: bytes, policy: SizePolicy | None) -> DecodedPicture:
    try:
        image = _opened(data)
    except UnidentifiedImageError as error:
        pixels = decode_rare_tiff(name, data) if is_tiff(data) else None
        if pixels is None:
            raise not_a_picture(name, data) from error
        return _result(*_as_rgb(name, pixels, []))

    width, height = image.size
    deep = has_deep_color(image)
    wide = deep or image.mode in _GRAY_16_MODES
    check_budget(name, height, width, 3, 4 if image.mode in ("I", "F") else 2 if wide else 1)
    reduced_from = _reduce(image, policy)
    image, complete = _loaded(image, data, policy)

    pixels = decode_deep(data) if deep and complete else None
    warnings = [] if complete else [_INCOMPLETE]
    if pixels is None or pixels.shape[:2] != (image.height, image.width):
        pixels = _pixels(image, warnings)
        if deep:
            warnings.append(_READ_AS_8_BITS)
    if not complete and (pixels == pixels[0, 0]).all():
        raise PictureError(
            f"“{name}” is damaged or ends early, and nothing of it can be decoded. "
            "Copy or save it again."
        )
    if _has_more_frames(image):
        warnings.append(_FIRST_FRAME)
    pixels = _upright(pixels, _orientation(image))
    return _result(*_as_rgb(name, pixels, warnings), reduced_from)


def _opened(data: bytes) -> ImageFile.ImageFile:
    return Image.open(io.BytesIO(data), formats=PILLOW_FORMATS)


def _reduce(image: ImageFile.ImageFile, policy: SizePolicy | None) -> Size | None:
    """Ask a JPEG's decoder for fewer pixels where the policy needs fewer; return its full size."""
    if policy is None or image.format not in ("JPEG", "MPO"):
        return None
    width, height = image.size
    full = (width, height) if _orientation(image) >= 5 else (height, width)
    scale = useful_reduction(policy, *full)
    if scale == 1:
        return None
    image.draft(None, (width // scale, height // scale))
    return full


def _loaded(
    image: ImageFile.ImageFile, data: bytes, policy: SizePolicy | None
) -> tuple[ImageFile.ImageFile, bool]:
    """Return the picture with its pixels, and whether it was complete.

    What can be decoded of a damaged file is kept, without Pillow's global switch for that.
    """
    try:
        image.load()
    except Exception as error:
        if image.format not in ("JPEG", "MPO"):
            image.tile = []
            image.load()
            return image, False
        # A progressive JPEG yields nothing before its end is seen; a table cut in two hides it.
        for end in (len(data), data.rfind(_HUFFMAN_TABLE)):
            image = _opened(data[:end] + _END_OF_JPEG)
            _reduce(image, policy)
            with suppress(Exception):
                image.load()
                return image, False
        raise error
    return image, True


def _pixels(image: Image.Image, warnings: list[str]) -> Pixels:
    """Return the pixels of a loaded picture: RGB of uint8, or H × W of a wider type."""
    if image.mode in _GRAY_16_MODES:
        return np.asarray(image).astype(np.uint16)
    if image.mode == "F":
        return np.asarray(image)
    if image.mode == "I":
        values = np.asarray(image)
        # Gray of 16 bits arrives here too, from PNG and PPM.
        fits = values.min() >= 0 and values.max() <= 65535
        return values.astype(np.uint16 if fits else np.float32)
    # Strip by strip, so that a large picture is not held once more for each step.
    width, height = image.size
    pixels = np.empty((height, width, 3), np.uint8)
    rows = max(STRIP_PIXELS // width, 1)
    mode = "RGBA" if image.has_transparency_data else "RGB"
    for top in range(0, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height))).convert(mode)
        pixels[top : top + rows] = _without_alpha(np.asarray(strip), warnings)
    return pixels


def _without_alpha(pixels: Pixels, warnings: list[str]) -> Pixels:
    if pixels.shape[2] == 3:
        return pixels
    colors, was_transparent = opaque(pixels)
    if was_transparent and _OVER_WHITE not in warnings:
        warnings.append(_OVER_WHITE)
    return colors


def _as_rgb(
    name: str, pixels: Pixels, warnings: list[str], *, radiance: bool = False
) -> tuple[Pixels, tuple[str, ...]]:
    """Return opaque RGB, floating point within 0 to 1, and all warnings."""
    pixels = gray_to_rgb(pixels) if pixels.ndim == 2 else _without_alpha(pixels, warnings)
    if pixels.dtype == np.float32:
        refuse_not_finite(name, pixels)
        pixels, scaling = scaled_to_unit(pixels, clip_bright=radiance)
        warnings += [scaling] if scaling else []
    return pixels, tuple(warnings)


def _has_more_frames(image: ImageFile.ImageFile) -> bool:
    """Whether a person would miss frames; the second picture of an MPO is the camera's own."""
    try:
        return image.format != "MPO" and bool(getattr(image, "is_animated", False))
    except Exception:
        # What follows the first frame is damaged, and is not needed.
        return False


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation, 1 to 8; 1, upright, where there is none that can be read."""
    try:
        orientation = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:
        return 1
    return orientation if orientation in range(1, 9) else 1


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    """Return the picture as the camera was held; the source is EXIF 2.3, tag Orientation."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    flips_rows = orientation in (3, 4, 7, 8)
    flips_columns = orientation in (2, 3, 6, 7)
    return pixels[:: -1 if flips_rows else 1, :: -1 if flips_columns else 1]
