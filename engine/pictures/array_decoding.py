"""Arrays saved with ``numpy.save`` as pictures: a person's numbers, never changed."""

import io
from typing import Any

from engine.pictures.image_refusals import check_budget
from engine.pictures.pixels import Pixels, refuse_not_finite
from engine.problems import PictureError
from engine.shapes import Shape

# After engine.opencv, which engine.pictures.pixels imports and which sets numpy's threads.
# isort: split
import numpy as np

from engine.weighting.npy_header import NpyHeader, read_npy_header

SIGNATURE = b"\x93NUMPY"


def decode_array(name: str, data: bytes) -> tuple[Pixels, tuple[str, ...]]:
    """Return the array of an ``.npy`` file as H × W × C, and warnings.

    uint8 and uint16 stay; every other real type becomes float32 with the same numbers. Two
    dimensions are one channel.

    Raises:
        PictureError: Not real numbers, not 2 or 3 dimensions, incomplete, too large, or holding a
            value that is not finite.
    """
    stream = io.BytesIO(data)
    header = _header(name, stream)
    channels, height, width = _picture_shape(name, header)
    expected = header.values * header.dtype.itemsize
    received = len(data) - stream.tell()
    if received < expected:
        raise PictureError(
            f"“{name}” is incomplete: an array of {header.shape} of {header.dtype} takes "
            f"{expected:,} bytes, and {received:,} are there. Save or copy it again."
        )
    stream.seek(0)
    array = np.load(stream, allow_pickle=False)
    pixels = _plain(name, array).reshape(height, width, channels)
    return pixels, _suspicions(header.shape, header.dtype)


def array_shape(name: str, stream: io.BytesIO) -> Shape:
    """Return the size that the header of an ``.npy`` file declares; no number is read.

    Raises:
        PictureError: Not real numbers, not 2 or 3 dimensions, or too large.
    """
    return _picture_shape(name, _header(name, stream))


def _picture_shape(name: str, header: NpyHeader) -> Shape:
    shape, dtype, _ = header
    if dtype.hasobject:
        raise PictureError(
            f"“{name}” holds Python objects, and opening those could run code. "
            "Save a plain numeric array with numpy.save(..., allow_pickle=False)."
        )
    if dtype.kind not in "buif":
        raise PictureError(
            f"“{name}” holds values of type {str(dtype)[:60]}; real numbers are needed."
        )
    if len(shape) not in (2, 3):
        raise PictureError(
            f"“{name}” has the shape {shape}; an array of H × W or H × W × C is needed. "
            "Save one picture of a batch: array[0]."
        )
    height, width, channels = (*shape, 1)[:3]
    stays = dtype in (np.uint8, np.uint16)
    check_budget(name, height, width, channels, dtype.itemsize if stays else max(dtype.itemsize, 4))
    return Shape(channels, height, width)


def _header(name: str, stream: io.BytesIO) -> NpyHeader:
    try:
        return read_npy_header(stream)
    except ValueError as error:
        raise PictureError(
            f"“{name}” begins like a NumPy array, and its header cannot be read. "
            "Save it again with numpy.save."
        ) from error


def _plain(name: str, array: Pixels) -> Pixels:
    native = array.astype(array.dtype.newbyteorder("="), copy=False)
    if native.dtype in (np.uint8, np.uint16):
        return np.ascontiguousarray(native)
    # A number beyond float32 becomes infinite, which is refused as NaN is; numpy warns of both.
    with np.errstate(over="ignore", invalid="ignore"):
        values = np.ascontiguousarray(native, np.float32)
    refuse_not_finite(name, values)
    return values


def _suspicions(shape: tuple[int, ...], dtype: np.dtype[Any]) -> tuple[str, ...]:
    warnings = []
    if len(shape) == 3 and shape[0] in (1, 3, 4) and shape[2] > 16:
        warnings.append(
            f"The array {shape} was read as {shape[0]} rows and {shape[2]} channels; if its "
            "channels come first, save array.transpose(1, 2, 0)."
        )
    if dtype.kind in "ui" and dtype.itemsize >= 4:
        warnings.append(f"Its {dtype} numbers are used as they are, not divided by a maximum.")
    return tuple(warnings)
