"""Small pictures for tests."""

import io

import numpy as np
from PIL import Image


def png(height: int, width: int) -> bytes:
    """Return the bytes of a picture whose rows, columns and colors all differ."""
    rows, columns = np.mgrid[:height, :width]
    pixels = np.stack([rows % 256, columns % 256, (rows + 2 * columns) % 256], axis=2)
    stream = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(stream, "PNG")
    return stream.getvalue()
