"""A sliding window's stride, padding and dilation in the words of other dialects, for one input.

Keras knows "valid" and "same", PyTorch the same number at both sides, ONNX both and any sides.
What a dialect has no word for is padded by a layer before, or is said not to be exact.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from engine.shapes import Shape
from engine.sides import Sides
from engine.sliding.window_rereading import (
    leaves_cells_out,
    same_instead,
    symmetric_instead,
    torch_pools_with,
)
from engine.sliding.windows import Window
from engine.spelling import (
    Code,
    Spelling,
    call,
    cannot,
    keras_sequence,
    torch_sequence,
    usual,
)

_TORCH_PADS = {
    "zeros": "nn.ZeroPad2d",
    "reflect": "nn.ReflectionPad2d",
    "replicate": "nn.ReplicationPad2d",
    "circular": "nn.CircularPad2d",
}
_ONNX_RULES = {"same": "SAME_UPPER", "same_lower": "SAME_LOWER"}
_ONNX_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@dataclass(frozen=True)
class WindowWords:
    """The words for a window: arguments by name, and the code of layers that pad before it.

    ``is_padded`` says that padding is left to the layer before, which writes real cells.
    """

    arguments: dict[str, Any]
    before: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    exact: bool = True
    is_padded: bool = False

    def spelled(self, sequence: Callable[..., str], code: str, *notes: str) -> Spelling:
        """Return a call that holds these words as a spelling, behind what pads before it."""
        return Spelling(sequence(*self.before, code), (*self.notes, *notes), self.exact)


def spelled_windows(
    window: Window,
    shape: Shape,
    *,
    keras: Callable[[dict[str, Any]], str],
    torch: Callable[[dict[str, Any]], str],
    onnx: Callable[[Code, dict[str, Any]], str],
    kernel_order: str,
    dilated_strides: bool = False,
) -> dict[str, Spelling]:
    """Return a convolution in all dialects; each function makes a call of a window's words.

    ``onnx`` also gets what its operator reads; ``kernel_order`` says how Keras stores a kernel, and
    ``dilated_strides`` that it takes a stride together with a dilation.
    """
    refused = not dilated_strides and max(window.stride) > 1 and max(window.dilation) > 1
    in_keras, in_torch = keras_window(window, shape), torch_window(window, shape)
    in_onnx = onnx_window(window, shape)
    return {
        "keras": cannot("Keras refuses a stride together with a dilation.")
        if refused
        else in_keras.spelled(keras_sequence, keras(in_keras.arguments), kernel_order),
        "torch": in_torch.spelled(torch_sequence, torch(in_torch.arguments)),
        "onnx": Spelling(onnx(onnx_source(in_onnx), in_onnx.arguments), in_onnx.notes),
    }


def needed_sides(window: Window, shape: Shape) -> Sides:
    """Return the padding that the windows stand in: none that no window reaches.

    With rounding up they may reach farther than the padding that was asked for.
    """
    sides, ends = window.sides(shape), []
    for axis, length in zip(window.axes(shape), shape[1:], strict=True):
        span = axis.affine.span
        ends.append(max(0, (axis.output_length - 1) * axis.stride + span - length - axis.before))
    return Sides(sides.top, sides.left, *ends)


def reached_sides(window: Window, shape: Shape) -> Sides:
    """Return the padding that was asked for, without what no window reaches at the ends.

    As cells of a map it leaves no window out, as padding may: rounding up drops a window that would
    start in the padding, and such cells are none.
    """
    top, left, bottom, right = window.sides(shape)
    needed = needed_sides(window, shape)
    return Sides(top, left, min(bottom, needed.bottom), min(right, needed.right))


def _unreached(window: Window, shape: Shape) -> tuple[str, ...]:
    """Return that some padding is left out because no window reaches it, if so."""
    if reached_sides(window, shape) == window.sides(shape):
        return ()
    return (f"For an input of {_size(shape)}, no window reaches the padding that is left out.",)


def keras_window(window: Window, shape: Shape, *, pools: bool = False) -> WindowWords:
    """Return Keras' words; other padding than "valid" and "same" is a layer of zeros before."""
    strides = usual(window.stride, window.kernel if pools else (1, 1))
    words = {"strides": strides, "padding": usual("valid", "valid")}
    words["dilation_rate"] = usual(window.dilation, (1, 1))
    sides = window.sides(shape)
    needed = needed_sides(window, shape)
    if window.mode == "zeros" or not any(sides):
        if window.padding == "same":
            return WindowWords({**words, "padding": "same"})
        if not any(needed):
            return WindowWords(words)
        same = replace(window, padding="same", ceil=False)
        if _same_places(same, window, shape) and same.sides(shape) == needed:
            note = f"For an input of {_size(shape)}, padding “same” is the same."
            return WindowWords({**words, "padding": "same"}, notes=(note,))
        pads = call("layers.ZeroPadding2D", Code(_ends(needed)))
        notes = same_instead(same, window, shape)
        return WindowWords(words, (pads,), notes, is_padded=True)
    if window.mode == "reflect":
        pads = f'keras.ops.pad(x, ((0, 0), {_ends(sides)[1:-1]}, (0, 0)), mode="reflect")'
        return WindowWords(words, (f"layers.Lambda(lambda x: {pads})",), is_padded=True)
    pads = call("layers.ZeroPadding2D", Code(_ends(sides)))
    note = f"Keras has no {window.mode} padding: here it is zeros, and values at the edges differ."
    return WindowWords(words, (pads,), (note,), exact=False, is_padded=True)


def torch_window(
    window: Window, shape: Shape, *, pools: bool = False, fill: str = ""
) -> WindowWords:
    """Return PyTorch's words; sides that differ are a layer of padding before.

    ``fill`` is the code of what that layer writes, where it is not zeros.
    """
    words: dict[str, Any] = {"stride": usual(window.stride, (1, 1))}
    if pools:
        words["stride"] = usual(window.stride, window.kernel)
    notes = symmetric_instead(window, shape, pools=pools)
    sides, reached = window.sides(shape), reached_sides(window, shape)
    words["padding"] = usual(0, 0)
    words["dilation"] = usual(window.dilation, (1, 1))
    if not pools:
        mode = window.mode if any(sides) else "zeros"
        words["padding_mode"] = usual(mode, "zeros")
        if window.padding == "same" and window.stride == (1, 1):
            return WindowWords({**words, "padding": usual("same" if any(sides) else 0, 0)})
    for given, said in ((sides, ()), (reached, _unreached(window, shape))):
        top, left, *ends = given
        if [top, left] == ends and (not pools or torch_pools_with((top, left), window)):
            words["padding"] = usual((top, left), (0, 0))
            return WindowWords(words, notes=(*notes, *said))
    pads = call(_TORCH_PADS[window.mode], Code(_torch_sides(reached)))
    if fill:
        pads = call("nn.ConstantPad2d", Code(_torch_sides(reached)), Code(fill))
    if not pools:
        words["padding_mode"] = usual("zeros", "zeros")
    return WindowWords(words, (pads,), (*notes, *_unreached(window, shape)), is_padded=True)


def onnx_window(
    window: Window, shape: Shape, *, pools: bool = False, fill: str = ""
) -> WindowWords:
    """Return ONNX's words; what pads before is in ``before``, see `onnx_source`.

    ONNX Runtime refuses pooling whose padding is not smaller than its kernel. What no window
    reaches is left out then; where that is not enough, ``fill`` is written before.
    """
    sides = window.sides(shape)
    words: dict[str, Any] = {
        "strides": usual(list(window.stride), [1, 1]),
        "dilations": usual(list(window.dilation), [1, 1]),
    }
    if window.mode != "zeros" and any(sides):
        pads = [0, 0, sides.top, sides.left, 0, 0, sides.bottom, sides.right]
        source = call("Pad", Code("x"), pads=pads, mode=_ONNX_MODES[window.mode])
        return WindowWords(words, (source,), is_padded=True)
    # ONNX Runtime refuses its rules where there is a dilation.
    has_rule = window.padding in _ONNX_RULES and window.dilation == (1, 1)
    if has_rule and not leaves_cells_out(window, shape):
        return WindowWords({**words, "auto_pad": _ONNX_RULES[str(window.padding)]})
    if pools and _is_wide(sides, window):
        sides, notes = reached_sides(window, shape), _unreached(window, shape)
        if _is_wide(sides, window):
            pads = [0, 0, sides.top, sides.left, 0, 0, sides.bottom, sides.right]
            source = call("Pad", Code("x"), pads=pads, constant_value=Code(fill))
            return WindowWords(words, (source,), notes, is_padded=True)
        return WindowWords({**words, "pads": usual(list(sides), [0, 0, 0, 0])}, notes=notes)
    return WindowWords({**words, "pads": usual(list(sides), [0, 0, 0, 0])})


def onnx_source(words: WindowWords) -> Code:
    """Return what an operator reads: the input, or the padded input."""
    return Code(words.before[0] if words.before else "x")


def _is_wide(sides: Sides, window: Window) -> bool:
    """Return whether padding is as long as a kernel at any side."""
    rows, columns = max(sides.top, sides.bottom), max(sides.left, sides.right)
    return rows >= window.kernel[0] or columns >= window.kernel[1]


def _same_places(one: Window, other: Window, shape: Shape) -> bool:
    ours, theirs = one.axes(shape), other.axes(shape)
    return all(
        (a.output_length, a.before) == (b.output_length, b.before)
        for a, b in zip(ours, theirs, strict=True)
    )


def _ends(sides: Sides) -> str:
    """Return the sides as Keras' ((top, bottom), (left, right))."""
    return f"(({sides.top}, {sides.bottom}), ({sides.left}, {sides.right}))"


def _torch_sides(sides: Sides) -> str:
    """Return the sides in PyTorch's order: left, right, top, bottom."""
    return f"({sides.left}, {sides.right}, {sides.top}, {sides.bottom})"


def _size(shape: Shape) -> str:
    return f"{shape.height} × {shape.width}"
