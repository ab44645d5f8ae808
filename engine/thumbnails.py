"""Small color pictures of what a person opened, for the eye alone."""

from engine.images import Picture, decode
from engine.pixels import Pixels, apply_policy, gray_to_rgb, read_only
from engine.size_policy import SizePolicy

# After engine.opencv, which engine.pixels imports and which sets numpy's threads.
# isort: split
import numpy as np
from numpy.typing import NDArray

Colors = NDArray[np.uint8]
"""H × W × 3, red, green and blue, C-contiguous and read-only."""


def thumbnail(picture: Picture, side: int) -> Colors:
    """Return the whole picture with at most ``side`` pixels on its longer side.

    Raises:
        PictureError: The picture cannot be read.
    """
    # Decoding at a reduced scale leaves four times the pixels that are asked for.
    quarter = max(side // 4, 1)
    decoded = decode(picture, SizePolicy("limit", quarter, quarter))
    return colors_of(apply_policy(decoded.pixels, SizePolicy("limit", side, side)))


def colors_of(pixels: Pixels) -> Colors:
    """Return pixels of any decoded kind, H × W × C, in 8-bit colors.

    Of an array with other than three channels the first three are shown, or the first alone in
    gray. Numbers outside 0 to 1 are stretched from the smallest to the largest.

    >>> colors_of(np.array([[[-5], [15]]], np.float32)).tolist()
    [[[0, 0, 0], [255, 255, 255]]]
    """
    shown = pixels[..., :3] if pixels.shape[2] >= 3 else pixels[..., :1]
    if shown.dtype == np.uint16:
        shown = (shown // 257).astype(np.uint8)
    elif shown.dtype == np.float32:
        low, high = float(shown.min()), float(shown.max())
        if low >= 0 and high <= 1:
            low, high = 0.0, 1.0
        # In float64, which the span of two float32 values cannot exceed.
        scaled = (shown.astype(np.float64) - low) * (255 / (high - low or 1.0))
        shown = np.round(scaled).astype(np.uint8)
    if shown.shape[2] == 1:
        shown = gray_to_rgb(shown)
    return read_only(np.ascontiguousarray(shown))
