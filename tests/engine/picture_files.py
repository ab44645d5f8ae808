"""Files of pictures, whole and forged, for the tests that read them."""

import io
import struct
import zlib

import pytest
from PIL import Image

from engine.opencv import cv2
from engine.pictures.image_decoding import decode_bytes
from engine.problems import PictureError

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
