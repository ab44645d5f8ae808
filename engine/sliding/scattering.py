"""A kernel that every input value scatters: the geometry of transposed convolution.

An input value at index i adds itself, times each kernel cell k, to the output at
``stride·i + dilation·k − crop``. All spans together cover more than the output: padding crops it,
and output padding gives pixels back at the end, beyond the last span too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np

from engine.constraints import Padding, Pair
from engine.equations import SizeEquation
from engine.problems import LayerError
from engine.reading import AxisReading, Indices, ListedAxis, Reading, WindowAxis
from engine.shapes import Shape, transposed_cropping, transposed_length, window_span
from engine.sides import Sides
from engine.sliding.windows import Window

TRANSPOSED_RULES = (("valid", "Valid"), ("same", "Same"))
"""The padding rules of transposed windows, with their labels; they are those of Keras."""


@dataclass(frozen=True)
class Scatter:
    """Kernel, stride and cropping of a transposed window; pairs are (height, width)."""

    kernel: Pair
    stride: Pair
    dilation: Pair
    padding: Padding
    output_padding: Pair | None

    @property
    def spans(self) -> Pair:
        """Height and width that one input value reaches."""
        (kernel_h, kernel_w), (dilation_h, dilation_w) = self.kernel, self.dilation
        return window_span(kernel_h, dilation_h), window_span(kernel_w, dilation_w)

    @property
    def cropping(self) -> Sides:
        """What is cropped from the spans at each side; negative where pixels are added."""
        extra_h, extra_w = self.output_padding or (None, None)
        if not isinstance(self.padding, str):
            top, left, bottom, right = self.padding
            return Sides(top, left, bottom - (extra_h or 0), right - (extra_w or 0))
        (span_h, span_w), (stride_h, stride_w) = self.spans, self.stride
        top, bottom = transposed_cropping(span_h, stride_h, self.padding, extra_h)
        left, right = transposed_cropping(span_w, stride_w, self.padding, extra_w)
        return Sides(top, left, bottom, right)

    def output_size(self, shape: Shape) -> Pair:
        """Return height and width of the output.

        Raises:
            LayerError: when the output padding is too large or nothing is left of the output,
                with settings that would do.
        """
        self._check_output_padding()
        height, width = self._lengths(shape)
        if height < 1 or width < 1:
            reached = self._lengths(shape, Sides())
            raise LayerError(
                f"The kernels reach {reached[0]} × {reached[1]} pixels of the output, and cropping "
                f"{self.cropping} leaves {max(height, 0)} × {max(width, 0)}.",
                "padding",
                tuple(self._repairs(reached)),
            )
        return height, width

    def _lengths(self, shape: Shape, cropped: Sides | None = None) -> Pair:
        top, left, bottom, right = self.cropping if cropped is None else cropped
        (span_h, span_w), (stride_h, stride_w) = self.spans, self.stride
        return (
            transposed_length(shape.height, span_h, stride_h, top, bottom),
            transposed_length(shape.width, span_w, stride_w, left, right),
        )

    def _check_output_padding(self) -> None:
        """Refuse output padding that the frameworks refuse.

        Keras, whose rules "valid" and "same" are, wants it smaller than the stride; PyTorch, whose
        explicit padding is, smaller than the larger of stride and dilation.
        """
        if self.output_padding is None:
            return
        limits = self.stride
        limit_words = "the stride"
        if not isinstance(self.padding, str):
            limits = (
                max(self.stride[0], self.dilation[0]),
                max(self.stride[1], self.dilation[1]),
            )
            limit_words = "the larger of stride and dilation"
        extra_h, extra_w = self.output_padding
        if extra_h >= limits[0] or extra_w >= limits[1]:
            fitting = min(extra_h, limits[0] - 1), min(extra_w, limits[1] - 1)
            raise LayerError(
                f"Output padding {extra_h} × {extra_w} must be smaller than {limit_words}, "
                f"{limits[0]} × {limits[1]}.",
                "output_padding",
                ({"output_padding": fitting}, {"output_padding": None}),
            )

    def _repairs(self, reached: Pair) -> Iterator[dict[str, Any]]:
        """Yield changed settings that leave something of the output, the closest first."""
        if not isinstance(self.padding, str):
            (top, left, bottom, right), (height, width) = self.padding, reached
            top, left = min(top, (height - 1) // 2), min(left, (width - 1) // 2)
            bottom, right = min(bottom, height - 1 - top), min(right, width - 1 - left)
            yield {"padding": (top, left, bottom, right)}
        yield {"output_padding": None}
        yield {"padding": "same"}
        yield {"padding": "valid"}

    def reading(self, shape: Shape) -> Reading:
        """Return which input rows and columns scatter into each output."""
        height, width = self.output_size(shape)
        top, left, _, _ = self.cropping
        return Reading(
            self._axis(0, shape.height, height, top), self._axis(1, shape.width, width, left)
        )

    def _axis(self, axis: int, length: int, output_length: int, crop: int) -> AxisReading:
        kernel, stride, dilation = self.kernel[axis], self.stride[axis], self.dilation[axis]
        if stride == 1:
            # An ordinary window over the input, which it overhangs by all but the cropped cells.
            before = self.spans[axis] - 1 - crop
            return WindowAxis(length, output_length, kernel, 1, dilation, before)
        return ListedAxis(length, output_length, scattered_taps, (kernel, stride, dilation, crop))

    def sources(self, shape: Shape, row: int, column: int) -> tuple[Indices, Indices]:
        """Return the input index that each kernel row and column brings there; −1 for none."""
        top, left, _, _ = self.cropping
        return (
            _sources(row, shape.height, self.kernel[0], self.stride[0], self.dilation[0], top),
            _sources(column, shape.width, self.kernel[1], self.stride[1], self.dilation[1], left),
        )

    def equation(self, shape: Shape, channels: str) -> SizeEquation:
        """Return the size equation with this input's numbers; ``channels`` says their origin."""
        size = self.output_size(shape)
        rule, symbols = self._rule()
        height, width = (self._term(axis, shape[1 + axis], size[axis]) for axis in (0, 1))
        words = self._words()
        return SizeEquation(rule, symbols, height, width, channels, words=words, crops=True)

    def _rule(self) -> tuple[str, str]:
        span = "kernel" if self.dilation == (1, 1) else "span"
        steps = "stride · (in − 1)"
        if not isinstance(self.padding, str):
            extra = " + output padding" if self.output_padding else ""
            return "transposed, explicit padding", f"{steps} + {span} − padding{extra}"
        if self.output_padding is None:
            symbols = "stride · in" if self.padding == "same" else f"{steps} + max({span}, stride)"
            return f"transposed, {self.padding}", symbols
        kept = f"{span} mod 2" if self.padding == "same" else span
        return (
            f"transposed, {self.padding}, with output padding",
            f"{steps} + {kept} + output padding",
        )

    def _words(self) -> str:
        given_back = " Output padding adds pixels at the bottom and the right."
        extra = given_back if self.output_padding and any(self.output_padding) else ""
        apart = "values are put a stride apart and each scatters a kernel"
        if not isinstance(self.padding, str):
            return f"Transposed: {apart}; the padding is cropped from what they cover.{extra}"
        if self.padding == "same":
            what = "the rule's size" if self.output_padding else "stride times the input"
            return f"Transposed, same: {apart}; cropped to {what}, an odd pixel at the end.{extra}"
        gap = "" if self.output_padding else "; a gap after a kernel shorter than the stride stays"
        return f"Transposed, valid: {apart}; nothing is cropped{gap}.{extra}"

    def _term(self, axis: int, length: int, result: int) -> str:
        stride, span = self.stride[axis], self.spans[axis]
        steps = f"{stride} · ({length} − 1)"
        if not isinstance(self.padding, str):
            extra = f" + {self.output_padding[axis]}" if self.output_padding else ""
            padding = self.padding[axis] + self.padding[axis + 2]
            return f"{steps} + {span} − {padding}{extra} = {result}"
        if self.output_padding is None:
            if self.padding == "same":
                return f"{stride} · {length} = {result}"
            return f"{steps} + max({span}, {stride}) = {result}"
        kept = f"({span} mod 2)" if self.padding == "same" else f"{span}"
        return f"{steps} + {kept} + {self.output_padding[axis]} = {result}"

    def summary(self, filters: str) -> str:
        """Return the transposed window in a few words."""
        also = [filters]
        if self.output_padding is not None:
            also.append(f"output padding {self.output_padding[0]}×{self.output_padding[1]}")
        return Window(self.kernel, self.stride, self.dilation, self.padding).summary(*also)


def scattered_taps(
    length: int, output_length: int, kernel: int, stride: int, dilation: int, crop: int
) -> Indices:
    """Return (outputs, taps) indices of the inputs that reach each output; −1 where there are less.

    Cell k of input i reaches ``stride·i + dilation·k − crop``. One solution for an output gives the
    others: steps of stride / g cells and dilation / g inputs, with g their greatest common divisor.
    So a row has no place for each cell of a kernel, but for each input that can reach its output.

    >>> scattered_taps(3, 6, kernel=3, stride=2, dilation=1, crop=0).tolist()
    [[0, -1], [0, -1], [1, 0], [1, -1], [2, 1], [2, -1]]
    """
    divisor = gcd(stride, dilation)
    cell_step, input_step = stride // divisor, dilation // divisor
    places = np.arange(output_length)[:, None] + crop
    first_cell = places // divisor * pow(input_step, -1, cell_step) % cell_step
    first_input = (places - dilation * first_cell) // stride
    # The first ones may lie behind the last input.
    skipped = np.maximum(-((length - 1 - first_input) // input_step), 0)
    most = min(-(-kernel // cell_step), -(-length // input_step))
    steps = skipped + np.arange(most)
    inputs = first_input - input_step * steps
    found = (inputs >= 0) & (first_cell + cell_step * steps < kernel) & (places % divisor == 0)
    return np.where(found, inputs, -1)


def _sources(
    outputs: int | Indices, length: int, kernel: int, stride: int, dilation: int, crop: int
) -> Indices:
    starts = outputs + crop - dilation * np.arange(kernel)
    inputs = starts // stride
    found = (starts % stride == 0) & (inputs >= 0) & (inputs < length)
    return np.where(found, inputs, -1)
