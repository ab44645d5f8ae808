"""Small color pictures of what a person opened, for the eye alone."""

from engine.pictures.image_decoding import DecodedPicture
from engine.pictures.images import Picture, decode
from engine.pictures.pixels import Pixels, apply_policy, gray_to_rgb, read_only
from engine.pictures.size_policy import SizePolicy

# After engine.opencv, which engine.pictures.pixels imports and which sets numpy's threads.
# isort: split
import numpy as np
from numpy.typing import NDArray

SMALLEST_LEVEL = 64
"""The longer side below which a thumbnail is not halved once more."""

Colors = NDArray[np.uint8]
"""H × W × 3, red, green and blue, C-contiguous and read-only."""


def thumbnail(picture: Picture, side: int, decoded: DecodedPicture | None = None) -> Colors:
    """Return the whole picture with at most ``side`` pixels on its longer side.

    Args:
        picture: what is shown.
        side: the most pixels of the longer side.
        decoded: its pixels at any scale, where they are at hand; used if they are enough.

    Raises:
        PictureError: The picture cannot be read.
    """
    if decoded is None or not _is_enough(decoded, side):
        # Decoding at a reduced scale leaves four times the pixels that are asked for.
        quarter = max(side // 4, 1)
        decoded = decode(picture, SizePolicy("limit", quarter, quarter))
    return colors_of(apply_policy(decoded.pixels, SizePolicy("limit", side, side)))


def thumbnail_levels(
    picture: Picture, side: int, decoded: DecodedPicture | None = None
) -> tuple[Colors, ...]:
    """Return a thumbnail and its halves, quarters …, down to `SMALLEST_LEVEL`.

    A view takes the smallest level that is large enough for it, and so never drops whole rows.
    The arguments are those of `thumbnail`.
    """
    levels = [thumbnail(picture, side, decoded)]
    while (longer := max(levels[-1].shape[:2])) >= 2 * SMALLEST_LEVEL:
        half = SizePolicy("limit", longer // 2, longer // 2)
        levels.append(read_only(np.ascontiguousarray(apply_policy(levels[-1], half))))
    return tuple(levels)


def _is_enough(decoded: DecodedPicture, side: int) -> bool:
    size = decoded.pixels.shape[:2]
    return size == decoded.original_size or max(size) >= side


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
