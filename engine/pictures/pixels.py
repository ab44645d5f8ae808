"""Pixels of a decoded picture (H × W × C) on their way into the network (C × H × W, float32).

Everything here returns new or unchanged arrays and writes to none that it was given.
"""

from typing import Any

from engine.opencv import cv2

# After engine.opencv, which sets the threads of numpy's linear algebra.
# isort: split
import numpy as np
from numpy.typing import NDArray

from engine.pictures.size_policy import Rectangle, Size, SizePolicy, place
from engine.problems import PictureError
from engine.wording import counted

Pixels = NDArray[Any]
"""H × W × C of uint8, uint16 or float32."""

STRIP_PIXELS = 1_000_000
"""How many pixels are converted at a time where a step needs memory of its own."""

SMALLEST_SPAN = 1e-30
"""Floating-point pictures whose values differ by less are constant."""


def apply_policy(pixels: Pixels, policy: SizePolicy, original_size: Size | None = None) -> Pixels:
    """Return the pixels at the size that ``output_size`` predicts; the type stays.

    Reduced by area averaging, enlarged bilinearly, each axis by what it needs.

    Args:
        pixels: H × W × C, any number of channels.
        policy: What is done; its crop rectangle is in pixels of the original.
        original_size: The (height, width) of the original where ``pixels`` were decoded at a
            reduced scale.
    """
    size = (pixels.shape[0], pixels.shape[1])
    original = original_size or size
    region, content, output = place(policy, *original)
    top, left, height, width = _at_scale(region, original, size)
    placed = _resized(pixels[top : top + height, left : left + width], content)
    if content != output:
        framed = np.zeros((*output, pixels.shape[2]), pixels.dtype)
        top, left = (output[0] - content[0]) // 2, (output[1] - content[1]) // 2
        framed[top : top + content[0], left : left + content[1]] = placed
        placed = framed
    return read_only(placed)


def to_maps(pixels: Pixels) -> NDArray[np.float32]:
    """Return pixels (H × W × C) as maps (C × H × W, float32, read-only).

    uint8 is divided by 255 and uint16 by 65535, so that black is 0 and white is 1; float32 stays
    as it is. Decoding has already brought floating-point pictures into 0 to 1; the numbers of a
    ``.npy`` array are never changed.

    >>> to_maps(np.array([[[0, 51, 255]]], np.uint8)).ravel().round(1)
    array([0. , 0.2, 1. ], dtype=float32)
    """
    height, width, channels = pixels.shape
    maps = np.empty((channels, height, width), np.float32)
    white = {np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535}.get(pixels.dtype, 1)
    np.divide(pixels.transpose(2, 0, 1), np.float32(white), out=maps)
    return read_only(maps)


def gray_to_rgb(pixels: Pixels) -> Pixels:
    """Return gray pixels, H × W or H × W × 1, as three equal channels."""
    return np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2)


def opaque(pixels: Pixels) -> tuple[Pixels, bool]:
    """Return integer RGBA pixels over white as RGB, and whether any was transparent.

    >>> opaque(np.array([[[255, 0, 0, 51]]], np.uint8))
    (array([[[255, 204, 204]]], dtype=uint8), True)
    """
    white = np.iinfo(pixels.dtype).max
    colors = pixels[..., :3].copy()
    was_transparent = False
    # Strip by strip: the wider numbers of a whole picture would take four times its memory.
    rows = max(STRIP_PIXELS // pixels.shape[1], 1)
    for top in range(0, pixels.shape[0], rows):
        alpha = pixels[top : top + rows, :, 3:].astype(np.uint32)
        if alpha.min() < white:
            was_transparent = True
            strip = colors[top : top + rows]
            # The largest sum, of 16-bit values, is just below 2³².
            strip[...] = (strip * alpha + white * (white - alpha) + white // 2) // white
    return colors, was_transparent


def scaled_to_unit(pixels: NDArray[np.float32], *, clip_bright: bool) -> tuple[Pixels, str | None]:
    """Return floating-point pixels within 0 to 1, and a sentence saying how if they were not.

    Values within 0 to 1 stay. Otherwise 0, or the smallest value if it is negative, becomes 0, and
    the largest value becomes 1. With ``clip_bright``, for radiance, whose lamps and suns would
    leave everything else black, 1 is the value that 99 % of the pixels stay below.
    """
    smallest, largest = float(pixels.min()), float(pixels.max())
    if smallest >= 0 and largest <= 1:
        return pixels, None
    low, high = min(smallest, 0.0), largest
    if clip_bright:
        step = max(round((pixels.shape[0] * pixels.shape[1] / 1_000_000) ** 0.5), 1)
        brightness = pixels[::step, ::step].max(axis=2)
        high = float(np.percentile(brightness, 99)) or largest
    if high - low < SMALLEST_SPAN:
        high = low + 1.0
    # The span of two float32 values may overflow float32; its reciprocal does not.
    scaled = pixels * np.float32(1 / (high - low)) - np.float32(low / (high - low))
    np.clip(scaled, 0, 1, out=scaled)
    clipped = "; brighter ones are clipped" if high < largest else ""
    return scaled, (
        f"Its values reach from {smallest:.4g} to {largest:.4g}; {low:.4g} to {high:.4g} were "
        f"scaled to 0 to 1{clipped}."
    )


def refuse_not_finite(name: str, values: NDArray[np.float32]) -> None:
    """Refuse NaN and infinity, which one layer would spread over everything after it."""
    finite = np.isfinite(values)
    if finite.all():
        return
    first = np.unravel_index(int(finite.argmin()), finite.shape)
    count = finite.size - int(np.count_nonzero(finite))
    raise PictureError(
        f"“{name}” holds {counted(count, 'value')} not finite in float32, the first at "
        f"{[int(i) for i in first]}: {values[first]}. Replace them, as with numpy.nan_to_num."
    )


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a view of the array that cannot be written through."""
    view = array.view()
    view.flags.writeable = False
    return view


def _at_scale(region: Rectangle, original: Size, size: Size) -> Rectangle:
    """Return a rectangle of the original in pixels of a reduced copy."""
    top, bottom = _nearest(region[0], region[2], original[0], size[0])
    left, right = _nearest(region[1], region[3], original[1], size[1])
    return top, left, bottom - top, right - left


def _nearest(start: int, length: int, original: int, reduced: int) -> tuple[int, int]:
    """Return the start and end, rounded, of at least one pixel inside the reduced length."""
    first = min((2 * start * reduced + original) // (2 * original), reduced - 1)
    last = (2 * (start + length) * reduced + original) // (2 * original)
    return first, max(last, first + 1)


def _resized(pixels: Pixels, target: Size) -> Pixels:
    reduced = (min(pixels.shape[0], target[0]), min(pixels.shape[1], target[1]))
    return _interpolated(_interpolated(pixels, reduced, cv2.INTER_AREA), target, cv2.INTER_LINEAR)


def _interpolated(pixels: Pixels, target: Size, method: int) -> Pixels:
    if pixels.shape[:2] == target:
        return pixels
    resized = np.empty((*target, pixels.shape[2]), pixels.dtype)
    # WORKAROUND opencv-python 5.0: INTER_AREA at a fractional scale fails above 4 channels, and
    # any resizing above 128.
    step = pixels.shape[2] if pixels.shape[2] <= 4 else 1
    for channel in range(0, pixels.shape[2], step):
        part = np.ascontiguousarray(pixels[..., channel : channel + step])
        result = cv2.resize(part, (target[1], target[0]), interpolation=method)
        resized[..., channel : channel + step] = result.reshape(*target, step)
    return resized
