"""Bytes of a picture into pixels: RGB, upright, opaque, and with a word on what was changed.

The header is read first and its size held to the budget. Pillow decodes what it can, OpenCV what
Pillow lacks.
"""

from contextlib import suppress
from dataclasses import dataclass

from PIL import Image, ImageFile, UnidentifiedImageError

from engine.pictures.array_decoding import SIGNATURE as ARRAY_SIGNATURE
from engine.pictures.array_decoding import decode_array
from engine.pictures.deep_decoding import (
    decode_deep,
    decode_radiance,
    decode_rare_tiff,
    has_deep_color,
    is_radiance,
    is_tiff,
)
from engine.pictures.image_headers import (
    GRAY_16_MODES,
    check_declared,
    is_reducible,
    open_image,
    orientation,
    quiet_pillow,
)
from engine.pictures.image_refusals import (
    check_file_size,
    decoder_errors_as_sentences,
    not_a_picture,
)
from engine.pictures.pixels import (
    STRIP_PIXELS,
    Pixels,
    gray_to_rgb,
    opaque,
    read_only,
    refuse_not_finite,
    scaled_to_unit,
)
from engine.pictures.size_policy import Size
from engine.problems import PictureError

# After engine.opencv, which the modules above import and which sets numpy's threads.
# isort: split
import numpy as np

_END_OF_JPEG, _HUFFMAN_TABLE = b"\xff\xd9", b"\xff\xc4"

_OVER_WHITE = "Its transparent parts are shown over white."
_INCOMPLETE = "The file is damaged or ends early: a part of the picture is missing."
_FIRST_FRAME = "It holds several frames or pages; the first is used."
_READ_AS_8_BITS = "Its 16 bits per color were read as 8."


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


def decode_bytes(name: str, data: bytes, reduction: int = 1) -> DecodedPicture:
    """Decode a picture of any kind; ``name`` is for sentences only.

    With a reduction of 2, 4 or 8 a JPEG is decoded at that part of its scale; nothing else is. The
    same arguments always give the same pixels.

    Raises:
        PictureError: It cannot be read; the text says why and what would help.
    """
    check_file_size(name, len(data))
    with decoder_errors_as_sentences(name):
        if data.startswith(ARRAY_SIGNATURE):
            return _result(*decode_array(name, data))
        if is_radiance(data):
            return _result(*_as_rgb(name, decode_radiance(name, data), [], radiance=True))
        with quiet_pillow():
            return _decode_with_pillow(name, data, reduction)


def _result(
    pixels: Pixels, warnings: tuple[str, ...], original_size: Size | None = None
) -> DecodedPicture:
    size = original_size or (pixels.shape[0], pixels.shape[1])
    return DecodedPicture(read_only(np.ascontiguousarray(pixels)), warnings, size)


def _decode_with_pillow(name: str, data: bytes, reduction: int) -> DecodedPicture:
    try:
        image = open_image(data)
    except UnidentifiedImageError as error:
        pixels = decode_rare_tiff(name, data) if is_tiff(data) else None
        if pixels is None:
            raise not_a_picture(name, data) from error
        return _result(*_as_rgb(name, pixels, []))

    check_declared(name, image)
    deep = has_deep_color(image)
    reduced_from = _reduce(image, reduction)
    image, complete = _loaded(image, data, reduction)

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
    pixels = _upright(pixels, orientation(image))
    return _result(*_as_rgb(name, pixels, warnings), reduced_from)


def _reduce(image: ImageFile.ImageFile, reduction: int) -> Size | None:
    """Ask a JPEG's decoder for fewer pixels; return the full upright size if it gives fewer."""
    if reduction == 1 or not is_reducible(image):
        return None
    width, height = image.size
    full = (width, height) if orientation(image) >= 5 else (height, width)
    image.draft(None, (width // reduction, height // reduction))
    return full


def _loaded(
    image: ImageFile.ImageFile, data: bytes, reduction: int
) -> tuple[ImageFile.ImageFile, bool]:
    """Return the picture with its pixels, and whether it was complete.

    What can be decoded of a damaged file is kept, without Pillow's global switch for that.
    """
    try:
        image.load()
    except Exception as error:
        if not is_reducible(image):
            image.tile = []
            image.load()
            return image, False
        # A progressive JPEG yields nothing before its end is seen; a table cut in two hides it.
        for end in (len(data), data.rfind(_HUFFMAN_TABLE)):
            image = open_image(data[:end] + _END_OF_JPEG)
            _reduce(image, reduction)
            with suppress(Exception):
                image.load()
                return image, False
        raise error
    return image, True


def _pixels(image: Image.Image, warnings: list[str]) -> Pixels:
    """Return the pixels of a loaded picture: RGB of uint8, or H × W of a wider type."""
    if image.mode in GRAY_16_MODES:
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
    if pixels.dtype == np.float32:
        refuse_not_finite(name, pixels)  # gray is counted before it is there three times
    pixels = gray_to_rgb(pixels) if pixels.ndim == 2 else _without_alpha(pixels, warnings)
    if pixels.dtype == np.float32:
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


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    """Return the picture as the camera was held; the source is EXIF 2.3, tag Orientation."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    flips_rows = orientation in (3, 4, 7, 8)
    flips_columns = orientation in (2, 3, 6, 7)
    return pixels[:: -1 if flips_rows else 1, :: -1 if flips_columns else 1]
