"""Zero padding."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.arithmetic import Arithmetic, Position
from engine.equations import SizeEquation
from engine.explanation import copy_of, window_patches
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind, single
from engine.numerics.parallel import parts
from engine.numerics.strips import BLOCK_VALUES
from engine.reading import Reading, WindowAxis
from engine.settings import padding_setting
from engine.shapes import Shape
from engine.sides import Sides
from engine.sliding.density import Variant
from engine.spelling import Code, Spelling, call, exactly
from engine.workspace import Workspace


@layer_kind("zero_padding2d", label="Zero padding", category="Size", place=2)
class ZeroPadding2d(Layer):
    """Put rows and columns of zeros around each map.

    Before a valid convolution it pads as the convolution itself could, with the sides in sight.
    """

    padding: tuple[int, int, int, int] = padding_setting(
        default=(1, 1, 1, 1), label="Padding",
        help="Rows of zeros at the top and bottom, columns at the left and right.",
    )  # fmt: skip

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's size and the padding."""
        shape, (top, left, bottom, right) = single(shapes), self.padding
        return Shape(shape.channels, top + shape.height + bottom, left + shape.width + right)

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the sum of the sides and the input."""
        shape, output = single(shapes), self.output_shape(shapes)
        top, left, bottom, right = self.padding
        return SizeEquation(
            rule="pads with zeros",
            symbols="before + in + after",
            height=f"{top} + {shape.height} + {bottom} = {output.height}",
            width=f"{left} + {shape.width} + {right} = {output.width}",
            channels="as the input",
        )

    def padding_applied(self, shapes: Shapes) -> Sides:
        """Return the padding."""
        return Sides(*self.padding)

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the same place, moved by the padding."""
        shape, output = single(shapes), self.output_shape(shapes)
        top, left, _, _ = self.padding
        return (
            Reading(
                WindowAxis(shape.height, output.height, before=top),
                WindowAxis(shape.width, output.width, before=left),
            ),
        )

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield the sides that make that size, an odd row and column added at the end."""
        shape = single(shapes)
        rows, columns = target.height - shape.height, target.width - shape.width
        if rows >= 0 and columns >= 0:
            top, left = rows // 2, columns // 2
            yield {"padding": (top, left, rows - top, columns - left)}

    def variants(self) -> Iterator[Variant]:
        """Yield one row and column more and less at each side."""
        yield Variant({"padding": tuple(side + 1 for side in self.padding)})
        yield Variant({"padding": tuple(max(0, side - 1) for side in self.padding)})

    def summary(self) -> str:
        """Return the sides."""
        return Sides(*self.padding).alone()

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return zeros around the maps."""
        top, left, bottom, right = self.padding
        return exactly(
            keras=call("layers.ZeroPadding2D", Code(f"(({top}, {bottom}), ({left}, {right}))")),
            torch=call("nn.ZeroPad2d", Code(f"({left}, {right}, {top}, {bottom})")),
            onnx=call("Pad", Code("x"), pads=[0, 0, top, left, 0, 0, bottom, right]),
        )

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Write the maps, and zeros around them."""
        (maps,) = inputs
        _, height, width = maps.shape
        top, left, _, _ = self.padding
        for some in parts(len(out), -(-out.size // BLOCK_VALUES)):
            workspace.checkpoint()
            target = out[some]
            target[:, :top] = 0
            target[:, top + height :] = 0
            middle = target[:, top : top + height]
            middle[:, :, :left] = 0
            middle[:, :, left + width :] = 0
            middle[:, :, left : left + width] = maps[some]

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the value that was moved, or that the cell is padding."""
        (maps,) = inputs
        (reading,) = self.reading((Shape(*maps.shape),))
        (patch,) = window_patches(maps, reading, position, (position.channel,), None)
        return copy_of(patch)
