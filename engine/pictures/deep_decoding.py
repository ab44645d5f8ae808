"""Pictures with more than 8 bits per color, which Pillow reads as 8 bits or not at all.

OpenCV decodes them from bytes, after the header was read here and its size held to the budget:
Radiance HDR, 16-bit color PNG, TIFF and PPM, and floating-point color TIFF.
"""

import io
import re

from PIL import ImageFile, TiffImagePlugin

from engine.opencv import cv2

# After engine.opencv, which sets the threads of numpy's linear algebra.
# isort: split
import numpy as np

from engine.pictures.image_refusals import check_budget
from engine.pictures.pixels import Pixels
from engine.pictures.size_policy import Size
from engine.problems import PictureError

_RESOLUTION = re.compile(rb"\n([-+][XY]) +(\d{1,9}) +([-+][XY]) +(\d{1,9})\s*\n")
_TIFF_SIGNATURES = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")


def is_radiance(data: bytes) -> bool:
    """Whether the bytes begin like a Radiance HDR picture."""
    return data.startswith((b"#?RADIANCE", b"#?RGBE"))


def is_tiff(data: bytes) -> bool:
    """Whether the bytes begin like a TIFF picture."""
    return data.startswith(_TIFF_SIGNATURES)


def has_deep_color(image: ImageFile.ImageFile) -> bool:
    """Whether Pillow would reduce this unloaded picture's 16-bit colors to 8 bits.

    Gray pictures of 16 bits are not meant: Pillow keeps those.
    """
    if not image.tile:
        return False
    arguments = image.tile[0].args
    if image.format == "PPM":
        return image.mode == "RGB" and arguments == ("RGB", 65535)
    raw_mode = arguments[0] if isinstance(arguments, tuple) else arguments
    return isinstance(raw_mode, str) and raw_mode.startswith(("RGB;16", "RGBA;16", "LA;16"))


def decode_deep(data: bytes) -> Pixels | None:
    """Return H × W × C in the order RGB or RGBA as stored, or None where OpenCV cannot.

    The caller has held the declared size to the budget.
    """
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    if pixels is None or pixels.ndim != 3 or pixels.shape[2] not in (3, 4):
        return None
    # OpenCV's order is BGR; from here on it is RGB.
    order = [2, 1, 0, 3][: pixels.shape[2]]
    return pixels[..., order]


def radiance_size(name: str, data: bytes) -> Size:
    """Return the (height, width) that an HDR picture declares, within the budget."""
    found = _RESOLUTION.search(data, 0, 1 << 16)
    if found is None:
        raise PictureError(f"“{name}” begins like a Radiance picture, and its size is missing.")
    rows, height, columns, width = found.groups()
    if (rows, columns) != (b"-Y", b"+X"):
        raise PictureError(
            f"“{name}” is a rotated Radiance picture ({rows.decode()} {columns.decode()}). "
            "Save it upright (-Y +X)."
        )
    check_budget(name, int(height), int(width), channels=3, bytes_each=4)
    return int(height), int(width)


def decode_radiance(name: str, data: bytes) -> Pixels:
    """Return the radiance of an HDR picture, H × W × 3, float32, unbounded."""
    radiance_size(name, data)
    pixels = decode_deep(data)
    if pixels is None:
        raise PictureError(
            f"“{name}” is a Radiance picture that is damaged or ends early. Copy or save it again."
        )
    return pixels.astype(np.float32, copy=False)


def rare_tiff_size(name: str, data: bytes) -> Size:
    """Return the (height, width) that a TIFF declares, within the budget."""
    header = data[:16] if data[2:3] == b"+" or data[3:4] == b"+" else data[:8]
    directory = TiffImagePlugin.ImageFileDirectory_v2(header)
    stream = io.BytesIO(data)
    stream.seek(directory.next)
    directory.load(stream)
    if 256 not in directory or 257 not in directory:
        raise PictureError(
            f"“{name}” is a TIFF picture that is damaged or ends early: its size is missing. "
            "Copy or save it again."
        )
    height, width = int(directory[257]), int(directory[256])
    check_budget(name, height, width, channels=int(directory.get(277, 1)), bytes_each=4)
    return height, width


def decode_rare_tiff(name: str, data: bytes) -> Pixels | None:
    """Return the RGB of a floating-point TIFF, which Pillow does not recognize, or None."""
    size = rare_tiff_size(name, data)
    pixels = decode_deep(data)
    if pixels is None or pixels.shape != (*size, 3) or pixels.dtype.kind != "f":
        return None
    return pixels.astype(np.float32)
