"""What the words of a sliding window's padding mean in another dialect, for one input."""

from dataclasses import replace

from engine.constraints import Pair
from engine.shapes import Shape, output_length, same_length
from engine.sliding.caffe_windows import reread_caffe_window
from engine.sliding.windows import Window
from engine.spelling import Reread, literal, unsaid

_NO_NUMBERS = "Keras has no other padding than “valid” and “same”."
_BOTH_SIDES = "PyTorch takes one number for both sides of an axis as padding."
_HALF_A_WINDOW = "PyTorch refuses pooling whose padding is more than half of its window."
_LEFT_OUT = "Where “same” windows leave cells out, ONNX Runtime moves them or refuses them."


def reread_window(window: Window, dialect: str, shape: Shape, *, pools: bool = False) -> Reread:
    """Return what the padding's words mean in a dialect: what people write there instead."""
    if dialect == "torch":
        return _in_torch(window, shape, pools)
    if dialect == "keras" and window.padding not in ("valid", "same", (0, 0, 0, 0)):
        same = replace(window, padding="same", ceil=False)
        return Reread({"padding": "same"}, (_NO_NUMBERS, *same_instead(same, window, shape)))
    if dialect == "onnx" and leaves_cells_out(window, shape):
        return unsaid(_LEFT_OUT)
    if dialect == "caffe":
        return reread_caffe_window(window, shape)
    return Reread()


def _in_torch(window: Window, shape: Shape, pools: bool) -> Reread:
    """Return PyTorch's meaning: numbers, for convolutions that do not stride "same" too."""
    if window.padding == "valid":
        return Reread()
    if isinstance(window.padding, str):
        if window.padding == "same" and window.stride == (1, 1) and not pools:
            return Reread()
        if pools and not torch_pools_with(_half(window), window):
            return unsaid(_HALF_A_WINDOW)
        reasons = symmetric_instead(window, shape, pools=pools)
        return Reread({"padding": _half(window)}, reasons)
    top, left, bottom, right = window.padding
    if (top, left) != (bottom, right):
        return unsaid(_BOTH_SIDES)
    if pools and not torch_pools_with((top, left), window):
        return unsaid(_HALF_A_WINDOW)
    return Reread()


def torch_pools_with(padding: Pair, window: Window) -> bool:
    """Return whether PyTorch's pooling takes that padding at both sides of its window."""
    return all(pad <= kernel // 2 for pad, kernel in zip(padding, window.kernel, strict=True))


def _half(window: Window) -> Pair:
    """Return what people write for "same" where a dialect takes one number for both sides."""
    rows, columns = ((span - 1) // 2 for span in window.spans)
    return rows, columns


def leaves_cells_out(window: Window, shape: Shape) -> bool:
    """Return whether "same" windows are so far apart that they do not reach the whole input."""
    if window.padding not in ("same", "same_lower"):
        return False
    return any(
        (same_length(length, stride) - 1) * stride + span < length
        for length, span, stride in zip(shape[1:], window.spans, window.stride, strict=True)
    )


def symmetric_instead(window: Window, shape: Shape, *, pools: bool) -> tuple[str, ...]:
    """Return what the same number at both sides, PyTorch's way, does instead of "same"."""
    if not isinstance(window.padding, str) or window.padding == "valid":
        return ()
    sides, half = window.sides(shape), _half(window)
    if pools and not torch_pools_with(half, window):
        return ()
    said = f"padding={literal(half)}"
    why = "PyTorch has no “same” " + (
        "with the odd pixel first"
        if window.padding == "same_lower"
        else "for pooling"
        if pools
        else "with a stride"
    )
    lengths = tuple(
        output_length(length, span, stride, pad, pad, ceil=window.ceil)
        for length, span, stride, pad in zip(
            shape[1:], window.spans, window.stride, half, strict=True
        )
    )
    size = window.output_size(shape)
    if lengths != size:
        return (f"{why}: {said} gives {lengths[0]} × {lengths[1]} instead of {_by(size)}.",)
    moved = (half[0] - sides.top, half[1] - sides.left)
    if moved == (0, 0):
        return (f"{why}: {said} gives the same windows here.",)
    return (f"{why}: {said} gives the same size, with windows {_moved(moved)}.",)


def same_instead(same: Window, window: Window, shape: Shape) -> tuple[str, ...]:
    """Return what Keras' "same" does instead of explicit padding."""
    size = same.output_size(shape)
    if size != window.output_size(shape):
        return (f'padding="same" gives {_by(size)} instead of {_by(window.output_size(shape))}.',)
    theirs, ours = same.sides(shape), window.sides(shape)
    moved = (theirs.top - ours.top, theirs.left - ours.left)
    if moved == (0, 0):
        return ()
    return (f'padding="same" gives the same size, with windows {_moved(moved)}.',)


def _moved(pixels: tuple[int, int]) -> str:
    """Return how far windows stand earlier or later, downwards and to the right.

    >>> _moved((1, 1)), _moved((0, -2))
    ('1 pixel earlier', '2 pixels later to the right')
    """
    words = [
        f"{abs(count)} pixel{'' if abs(count) == 1 else 's'} {'earlier' if count > 0 else 'later'}"
        for count in pixels
    ]
    if pixels[0] == pixels[1]:
        return words[0]
    named = zip(words, pixels, ("downwards", "to the right"), strict=True)
    return " and ".join(f"{text} {where}" for text, count, where in named if count)


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} × {size[1]}"
