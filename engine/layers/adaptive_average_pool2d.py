"""Adaptive average pooling."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from engine.arithmetic import Arithmetic, Position
from engine.constraints import Pair
from engine.equations import SizeEquation
from engine.explanation import cells_patch, mean_of
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind, single
from engine.numerics.pooling import adaptive_average, adaptive_ranges, adaptive_taps
from engine.reading import ListedAxis, Reading
from engine.settings import pair_setting
from engine.shapes import Shape
from engine.sliding.density import Variant
from engine.spelling import Code, Spelling, call, cannot
from engine.workspace import Workspace

_SINGLE_PRECISION = (
    "Keras 3.15 on JAX finds adaptive windows in single precision, and for this size some of them "
    "in the wrong place."
)


@layer_kind(
    "adaptive_average_pool2d", label="Adaptive average pooling", category="Pooling", place=5
)
class AdaptiveAveragePool2d(Layer):
    """Replace windows by their means, as many as wanted: the windows adapt to the input.

    Where the size does not divide, windows differ in length by one and neighbors share cells.
    An output larger than the input repeats values.
    """

    output_size: Pair = pair_setting(
        default=(1, 1), minimum=1, maximum=4096, comfortable=(1, 14), label="Output size",
        help="Height and width that come out, whatever comes in.",
    )  # fmt: skip

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the wanted size, for each channel."""
        return Shape(single(shapes).channels, *self.output_size)

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return that the size is given, and how long the windows are."""
        _, height, width = single(shapes)
        rows, columns = self.output_size
        return SizeEquation(
            rule="to the given size",
            symbols="output size",
            height=f"{rows}",
            width=f"{columns}",
            channels="as the input, one map each",
            notes=(
                "Output o is the mean of the cells from ⌊o · in / out⌋ up to, not including, "
                "⌈(o + 1) · in / out⌉.",
                f"Windows are {_lengths(height, rows)} rows high and {_lengths(width, columns)} "
                f"columns wide.",
            ),
        )

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the cells of each window."""
        _, height, width = single(shapes)
        rows, columns = self.output_size
        return (
            Reading(
                ListedAxis(height, rows, adaptive_taps), ListedAxis(width, columns, adaptive_taps)
            ),
        )

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield the wanted size itself."""
        yield {"output_size": target[1:]}

    def variants(self) -> Iterator[Variant]:
        """Yield twice and half the size."""
        height, width = self.output_size
        yield Variant({"output_size": (2 * height, 2 * width)})
        yield Variant({"output_size": (max(1, height // 2), max(1, width // 2))})

    def summary(self) -> str:
        """Return the wanted size."""
        return "to {}×{}".format(*self.output_size)

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same layer; ONNX has only windows of one size."""
        (_, height, width), (rows, columns) = single(shapes), self.output_size
        by_windows = [height // rows, width // columns]
        adapts = bool(height % rows or width % columns)
        keras = Spelling(call("layers.AdaptiveAveragePooling2D", self.output_size))
        if _is_misplaced(height, rows) or _is_misplaced(width, columns):
            if adapts:
                keras = Spelling(keras.code, (_SINGLE_PRECISION,), exact=False)
            else:
                code = call("layers.AveragePooling2D", tuple(by_windows))
                keras = Spelling(code, (_SINGLE_PRECISION,))
        onnx = cannot("ONNX has no windows whose size adapts.")
        if not adapts:
            operator = call("AveragePool", Code("x"), kernel_shape=by_windows, strides=by_windows)
            note = f"ONNX has no adaptive windows; for {height} × {width} these are the same."
            onnx = Spelling(operator, (note,))
        torch = Spelling(call("nn.AdaptiveAvgPool2d", self.output_size))
        return {"keras": keras, "torch": torch, "onnx": onnx}

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Take each window's mean."""
        adaptive_average(inputs[0], out, workspace)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the window's values, their sum and how many they are."""
        (maps,) = inputs
        _, height, width = maps.shape
        channel, row, column = position
        rows = np.arange(*adaptive_ranges(height, self.output_size[0])[row])
        columns = np.arange(*adaptive_ranges(width, self.output_size[1])[column])
        return mean_of(cells_patch(maps, channel, rows, columns), len(rows) * len(columns))


def _lengths(length: int, outputs: int) -> str:
    """Return how long the windows along one axis are, in words."""
    lengths = np.diff(adaptive_ranges(length, outputs))
    shortest, longest = int(lengths.min()), int(lengths.max())
    return str(longest) if shortest == longest else f"{shortest} to {longest}"


def _is_misplaced(length: int, outputs: int) -> bool:
    """Whether windows found in single precision, as Keras does on JAX, differ from the true ones.

    >>> _is_misplaced(14, 7), _is_misplaced(12, 6)
    (True, False)
    """
    places = np.arange(outputs + 1)
    found = (places * length).astype(np.float32) * np.float32(1 / outputs)
    ranges = np.stack((np.floor(found[:-1]), np.ceil(found[1:])), axis=1)
    return bool((ranges != adaptive_ranges(length, outputs)).any())
