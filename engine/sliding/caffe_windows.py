"""What a sliding window's words mean in Caffe, for one input.

Caffe pads with the same number of zeros at both sides, and its pooling rounds up.
"""

from dataclasses import replace

from engine.shapes import Shape
from engine.sliding.windows import Window
from engine.spelling import Reread, unsaid

_ONE_NUMBER = "Caffe takes one number for both sides of an axis as padding."
_ZEROS_ONLY = "Caffe pads with zeros only."
_NO_DILATION = "Caffe's pooling has no dilation."
_TOO_WIDE = "Caffe refuses pooling whose padding is not smaller than its window."
_BEHIND = "Caffe rounds up, and would put a last window behind the end, with nothing in it."


def reread_caffe_window(window: Window, shape: Shape) -> Reread:
    """Return what a convolution's window is in Caffe: the same, or nothing that it has."""
    if window.padding == "valid":
        return Reread()
    if isinstance(window.padding, str):
        return unsaid(f"Caffe has no padding “{window.padding}”: numbers take its place.")
    sides = window.sides(shape)
    if (sides.top, sides.left) != (sides.bottom, sides.right):
        return unsaid(_ONE_NUMBER)
    return unsaid(_ZEROS_ONLY) if window.mode != "zeros" and any(sides) else Reread()


def reread_caffe_pooling(window: Window, shape: Shape) -> Reread:
    """Return what a pooling window is in Caffe: one that rounds up."""
    meant = reread_caffe_window(window, shape)
    if meant.settings is None:
        return meant
    sides, (kernel_h, kernel_w) = window.sides(shape), window.kernel
    if window.dilation != (1, 1):
        return unsaid(_NO_DILATION)
    if sides.top >= kernel_h or sides.left >= kernel_w:
        return unsaid(_TOO_WIDE)
    if not any(sides) and _unbounded_size(window, shape) != _rounded_up(window, shape):
        return unsaid(_BEHIND)
    return meant.also("Caffe rounds up.", ceil_mode=True)


def caffe_note(window: Window, shape: Shape) -> tuple[str, ...]:
    """Return how large Caffe's pooling would be, where that differs."""
    meant = reread_caffe_pooling(window, shape)
    if meant.reasons == (_BEHIND,):
        return meant.reasons
    size = _rounded_up(window, shape)
    if meant.settings is None or size == window.output_size(shape):
        return ()
    return (f"Caffe rounds up: there it would be {size[0]} × {size[1]}.",)


def _rounded_up(window: Window, shape: Shape) -> tuple[int, int]:
    return replace(window, ceil=True).output_size(shape)


def _unbounded_size(window: Window, shape: Shape) -> tuple[int, int]:
    """Return the size without padding, which Caffe does not bound by the map's end."""
    height, width = (
        -(-(length - kernel) // stride) + 1
        for length, kernel, stride in zip(shape[1:], window.kernel, window.stride, strict=True)
    )
    return height, width
