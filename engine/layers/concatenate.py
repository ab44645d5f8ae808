"""Concatenating."""

from collections.abc import Mapping

from engine.arithmetic import Arithmetic, Position
from engine.equations import SizeEquation
from engine.explanation import signed, value_patch
from engine.families.merging import MOST_INPUTS, several, wanted_shapes
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind
from engine.numerics.strips import copy_in_strips
from engine.problems import LayerError
from engine.shapes import Shape
from engine.spelling import Spelling, exactly
from engine.workspace import Workspace


@layer_kind("concatenate", label="Concatenate", category="Merge", place=3)
class Concatenate(Layer):
    """Stack the maps of all inputs: their channels follow each other, nothing is computed."""

    in_caffe = True
    inputs = (2, MOST_INPUTS)

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the inputs' height and width, and the sum of their channels."""
        first, *others = several(shapes)
        for number, shape in enumerate(others, start=2):
            if shape[1:] != first[1:]:
                raise LayerError(
                    f"Input {number} is {shape} and input 1 is {first}: only maps of equal height "
                    f"and width can be stacked. Padding, pooling or resizing before one of them "
                    f"changes its size.",
                    wanted=wanted_shapes(shapes, stacked=True),
                )
        return first._replace(channels=sum(shape.channels for shape in shapes))

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the sum of the channels."""
        shape = self.output_shape(shapes)
        terms = " + ".join(f"{given.channels}" for given in shapes)
        return SizeEquation(
            rule="one after the other",
            symbols="in",
            height=f"{shape.height}",
            width=f"{shape.width}",
            channels=f"{terms} = {shape.channels}",
        )

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same stacking; Keras' channels are last."""
        names = ", ".join(f"x{number}" for number in range(1, len(shapes) + 1))
        return exactly(
            keras=f"layers.Concatenate()([{names}])",
            torch=f"torch.cat([{names}], dim=1)",
            onnx=f"Concat({names}, axis=1)",
        )

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Copy the inputs one after the other."""
        first = 0
        for maps in inputs:
            copy_in_strips(maps, out[first : first + len(maps)], workspace)
            first += len(maps)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the one value that was copied, and from which input."""
        index, channel = 0, position.channel
        while channel >= len(inputs[index]):
            channel -= len(inputs[index])
            index += 1
        patch = value_patch(inputs[index], position._replace(channel=channel), index)
        sentence = (
            f"Channel {position.channel} is channel {channel} of input {index + 1}; its value here "
            f"is {signed(patch.result)}."
        )
        return Arithmetic("copy", (patch,), (), patch.result, sentence)
