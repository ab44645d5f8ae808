"""A window that slides over maps: the geometry that convolution and pooling share.

A layer kind builds a `Window` from its settings and asks it for sizes, padding, equation and
reading, so that all of them agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from engine.constraints import Padding, Pair
from engine.equations import SizeEquation, ceil_term, floor_term, same_term
from engine.problems import LayerError
from engine.reading import Reading, WindowAxis
from engine.shapes import Shape, output_length, same_length, same_padding, window_span
from engine.sides import Sides
from engine.wording import counted, with_article

SAME_RULES = (("valid", "Valid"), ("same", "Same"), ("same_lower", "Same, odd pixel first"))
"""The padding rules of windows, with their labels."""

_RULE_WORDS = {rule: label.lower() for rule, label in SAME_RULES}


_VALID_WORDS = "Valid: without padding, a window stands only where it fits; "
_PADDED_WORDS = (
    "Explicit padding: cells are put around the map, and a window stands wherever it fits in all of"
    " it; "
)
_DOWN_WORDS = "where the stride does not divide what is left, the division rounds down."
_UP_WORDS = (
    "the division rounds up, so that a last window may overhang the end; it must not start in the "
    "padding."
)
_SAME_WORDS = (
    "Same: as much padding as it takes for ⌈in / stride⌉ windows; an odd cell of it goes to the {}."
)


@dataclass(frozen=True)
class Window:
    """Kernel, stride and padding of a sliding window; pairs are (height, width)."""

    kernel: Pair
    stride: Pair
    dilation: Pair
    padding: Padding
    ceil: bool = False
    mode: str = "zeros"

    @property
    def spans(self) -> Pair:
        """Height and width of the window with the gaps of its dilation."""
        (kernel_h, kernel_w), (dilation_h, dilation_w) = self.kernel, self.dilation
        return window_span(kernel_h, dilation_h), window_span(kernel_w, dilation_w)

    def sides(self, shape: Shape) -> Sides:
        """Return the padding that is applied to an input of that shape."""
        if not isinstance(self.padding, str):
            return Sides(*self.padding)
        if self.padding == "valid":
            return Sides()
        lower = self.padding == "same_lower"
        span_h, span_w = self.spans
        top, bottom = same_padding(shape.height, span_h, self.stride[0], lower=lower)
        left, right = same_padding(shape.width, span_w, self.stride[1], lower=lower)
        return Sides(top, left, bottom, right)

    def output_size(self, shape: Shape) -> Pair:
        """Return height and width of the output.

        Raises:
            LayerError: when the window does not fit, with settings that would.
        """
        sides = self.sides(shape)
        self._check_mode(sides, shape)
        span_h, span_w = self.spans
        if isinstance(self.padding, str) and self.padding != "valid":
            return same_length(shape.height, self.stride[0]), same_length(
                shape.width, self.stride[1]
            )
        height = output_length(
            shape.height, span_h, self.stride[0], sides.top, sides.bottom, ceil=self.ceil
        )
        width = output_length(
            shape.width, span_w, self.stride[1], sides.left, sides.right, ceil=self.ceil
        )
        if height < 1 or width < 1:
            dilated = "" if self.spans == self.kernel else ", with the gaps of its dilation,"
            raise LayerError(
                f"{with_article(span_h).capitalize()} × {span_w} window{dilated} does not fit "
                f"{with_article(shape.height)} × {shape.width} input with padding {sides}.",
                "kernel_size",
                tuple(self._repairs(shape)),
            )
        return height, width

    def _check_mode(self, sides: Sides, shape: Shape) -> None:
        """Refuse padding that would mirror or repeat more cells than the input has."""
        if self.mode not in ("reflect", "circular"):
            return
        room = 1 if self.mode == "reflect" else 0
        top, left, bottom, right = sides
        most_h, most_w = shape.height - room, shape.width - room
        if max(top, bottom) > most_h or max(left, right) > most_w:
            fitting = min(top, most_h), min(left, most_w), min(bottom, most_h), min(right, most_w)
            raise LayerError(
                f"Padding {sides} with mode {self.mode} needs more cells than the "
                f"{shape.height} × {shape.width} input has; at most {counted(most_h, 'row')} "
                f"and {counted(most_w, 'column')} can be padded.",
                "padding",
                ({"padding": fitting}, {"padding_mode": "zeros"}, {"padding_mode": "replicate"}),
            )

    def _repairs(self, shape: Shape) -> Iterator[dict[str, Any]]:
        """Yield changed settings that make the window fit, the least intrusive first."""
        sides = self.sides(shape)
        span_h, span_w = self.spans
        missing_h = max(0, span_h - shape.height - sides.top - sides.bottom)
        missing_w = max(0, span_w - shape.width - sides.left - sides.right)
        yield {
            "padding": (
                sides.top + missing_h - missing_h // 2,
                sides.left + missing_w - missing_w // 2,
                sides.bottom + missing_h - missing_h // 2,
                sides.right + missing_w - missing_w // 2,
            )
        }
        room_h = shape.height + sides.top + sides.bottom
        room_w = shape.width + sides.left + sides.right
        kernel_h = min(self.kernel[0], (room_h - 1) // self.dilation[0] + 1)
        kernel_w = min(self.kernel[1], (room_w - 1) // self.dilation[1] + 1)
        yield {"kernel_size": (kernel_h, kernel_w)}
        if self.dilation != (1, 1):
            yield {"dilation": (1, 1)}
        yield {"padding": "same"}

    def check_not_empty(self, shape: Shape) -> None:
        """Refuse windows that lie in the padding alone: they have no largest and no mean value.

        Raises:
            LayerError: naming ``padding``, with the padding that would do.
        """
        if all(axis.reach(np.ones(axis.input_length, np.bool_)).all() for axis in self.axes(shape)):
            return
        (span_h, span_w), sides = self.spans, self.sides(shape)
        less = (
            min(sides.top, span_h // 2),
            min(sides.left, span_w // 2),
            min(sides.bottom, span_h // 2),
            min(sides.right, span_w // 2),
        )
        raise LayerError(
            f"With padding {sides} {with_article(span_h)} × {span_w} window lies in the padding "
            f"alone and has nothing to pool.",
            "padding",
            ({"padding": less}, {"padding": "valid"}),
        )

    def reading(self, shape: Shape) -> Reading:
        """Return which input rows and columns each output reads."""
        return Reading(*self.axes(shape))

    def axes(self, shape: Shape) -> tuple[WindowAxis, WindowAxis]:
        """Return how the window moves down the rows and along the columns."""
        return _axes(self, shape)

    def equation(self, shape: Shape, channels: str) -> SizeEquation:
        """Return the size equation with this input's numbers; ``channels`` says their origin."""
        height, width = self.output_size(shape)
        sides = self.sides(shape)
        (span_h, span_w), (stride_h, stride_w) = self.spans, self.stride
        if isinstance(self.padding, str) and self.padding != "valid":
            odd = ", odd pixel first" if self.padding == "same_lower" else ""
            return SizeEquation(
                rule=f"same{odd}",
                symbols="⌈in / stride⌉",
                height=same_term(shape.height, stride_h, height),
                width=same_term(shape.width, stride_w, width),
                channels=channels,
                words=_SAME_WORDS.format("beginning" if odd else "end"),
            )
        term = ceil_term if self.ceil else floor_term
        pads_h, pads_w = sides.top + sides.bottom, sides.left + sides.right
        explicit = "explicit padding" if pads_h or pads_w else "valid"
        span = "window" if self.dilation == (1, 1) else "span"
        left_bracket, right_bracket = "⌈⌉" if self.ceil else "⌊⌋"
        return SizeEquation(
            rule=f"{explicit}, {'ceil' if self.ceil else 'floor'}",
            symbols=f"{left_bracket}(in + padding − {span}) / stride{right_bracket} + 1",
            height=term(shape.height, pads_h, span_h, stride_h, height),
            width=term(shape.width, pads_w, span_w, stride_w, width),
            channels=channels,
            words=(_PADDED_WORDS if pads_h or pads_w else _VALID_WORDS)
            + (_UP_WORDS if self.ceil else _DOWN_WORDS),
        )

    def summary(self, *also: str) -> str:
        """Return the window in a few words: kernel, what else matters, stride, padding."""
        words = [_by(self.kernel), *also]
        if self.stride != (1, 1):
            words.append(f"stride {_short(self.stride)}")
        if self.dilation != (1, 1):
            words.append(f"dilation {_short(self.dilation)}")
        if isinstance(self.padding, str):
            words.append(rule_words(self.padding))
        elif any(self.padding):
            words.append(f"padding {Sides(*self.padding)}")
        return " · ".join(words)


def rule_words(rule: str) -> str:
    """Return a rule of padding, or another word of a setting, within a line.

    >>> rule_words("same_lower"), rule_words("half_pixel")
    ('same, odd pixel first', 'half pixel')
    """
    return _RULE_WORDS.get(rule, rule.replace("_", " "))


@lru_cache(1024)
def _axes(window: Window, shape: Shape) -> tuple[WindowAxis, WindowAxis]:
    """Return the window's axes, remembered: they are asked for at every run."""
    height, width = window.output_size(shape)
    sides = window.sides(shape)
    (kernel_h, kernel_w), (stride_h, stride_w) = window.kernel, window.stride
    dilation_h, dilation_w = window.dilation
    return (
        WindowAxis(shape.height, height, kernel_h, stride_h, dilation_h, sides.top, window.mode),
        WindowAxis(shape.width, width, kernel_w, stride_w, dilation_w, sides.left, window.mode),
    )


def _by(pair: Pair) -> str:
    """Return a pair as people write it.

    >>> _by((3, 3)), _by((1, 7))
    ('3×3', '1×7')
    """
    return f"{pair[0]}×{pair[1]}"


def _short(pair: Pair) -> str:
    """Return a pair in as few words as it takes.

    >>> _short((2, 2)), _short((1, 2))
    ('2', '1×2')
    """
    return f"{pair[0]}" if pair[0] == pair[1] else _by(pair)
