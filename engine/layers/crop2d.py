"""Cropping."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from engine.arithmetic import Arithmetic, Position
from engine.equations import SizeEquation
from engine.explanation import copy_of, window_patches
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind, single
from engine.problems import LayerError
from engine.reading import Reading, WindowAxis
from engine.settings import padding_setting
from engine.shapes import Shape
from engine.sides import Sides
from engine.sliding.density import Variant
from engine.spelling import Code, Spelling, call, exactly
from engine.wording import counted
from engine.workspace import Workspace


@layer_kind("crop2d", label="Cropping", category="Size", place=3)
class Crop2d(Layer):
    """Cut rows and columns off the sides of each map.

    In U-shaped networks it brings an earlier map to the size of a later one.
    """

    cropping: tuple[int, int, int, int] = padding_setting(
        default=(1, 1, 1, 1), label="Cropping",
        help="Rows cut off at the top and bottom, columns at the left and right.",
    )  # fmt: skip

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return what is left of the input."""
        shape, (top, left, bottom, right) = single(shapes), self.cropping
        height, width = shape.height - top - bottom, shape.width - left - right
        if height < 1 or width < 1:
            rows = _fitting(top, bottom, shape.height - 1)
            columns = _fitting(left, right, shape.width - 1)
            raise LayerError(
                f"Cutting {top} + {bottom} rows and {left} + {right} columns leaves nothing of a "
                f"{shape.height} × {shape.width} input; at most {counted(shape.height - 1, 'row')} "
                f"and {counted(shape.width - 1, 'column')} can go.",
                "cropping",
                ({"cropping": (rows[0], columns[0], rows[1], columns[1])},),
            )
        return Shape(shape.channels, height, width)

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the input less the sides."""
        shape, output = single(shapes), self.output_shape(shapes)
        top, left, bottom, right = self.cropping
        return SizeEquation(
            rule="cuts off the sides",
            symbols="in − before − after",
            height=f"{shape.height} − {top} − {bottom} = {output.height}",
            width=f"{shape.width} − {left} − {right} = {output.width}",
            channels="as the input",
        )

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the same place, moved by what is cut off before it."""
        shape, output = single(shapes), self.output_shape(shapes)
        top, left, _, _ = self.cropping
        return (
            Reading(
                WindowAxis(shape.height, output.height, before=-top),
                WindowAxis(shape.width, output.width, before=-left),
            ),
        )

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield the sides that leave that size, an odd row and column cut off at the end."""
        shape = single(shapes)
        rows, columns = shape.height - target.height, shape.width - target.width
        if rows >= 0 and columns >= 0:
            top, left = rows // 2, columns // 2
            yield {"cropping": (top, left, rows - top, columns - left)}

    def variants(self) -> Iterator[Variant]:
        """Yield one row and column less and more at each side."""
        yield Variant({"cropping": tuple(max(0, side - 1) for side in self.cropping)})
        yield Variant({"cropping": tuple(side + 1 for side in self.cropping)})

    def summary(self) -> str:
        """Return the sides."""
        return Sides(*self.cropping).alone()

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return what is left of the maps."""
        top, left, bottom, right = self.cropping
        _, height, width = single(shapes)
        ends = [height - bottom, width - right]
        return exactly(
            keras=call("layers.Cropping2D", Code(f"(({top}, {bottom}), ({left}, {right}))")),
            torch=f"x[:, :, {top}:{ends[0]}, {left}:{ends[1]}]",
            onnx=call("Slice", Code("x"), starts=[top, left], ends=ends, axes=[2, 3]),
        )

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Copy what is left."""
        (maps,) = inputs
        _, height, width = out.shape
        top, left, _, _ = self.cropping
        for target, source in zip(out, maps, strict=True):
            workspace.checkpoint()
            np.copyto(target, source[top : top + height, left : left + width])

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the value that was moved."""
        (maps,) = inputs
        (reading,) = self.reading((Shape(*maps.shape),))
        (patch,) = window_patches(maps, reading, position, (position.channel,), None)
        return copy_of(patch)


def _fitting(before: int, after: int, most: int) -> tuple[int, int]:
    """Return the two sides, shortened where together they are longer than ``most``.

    >>> _fitting(1, 5, 3), _fitting(5, 5, 3), _fitting(1, 1, 3)
    ((1, 2), (2, 1), (1, 1))
    """
    before = min(before, most - min(after, most // 2))
    return before, min(after, most - before)
