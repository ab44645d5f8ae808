"""Flatten."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.arithmetic import Arithmetic, Position
from engine.equations import SizeEquation
from engine.explanation import signed, value_patch
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind, single
from engine.numerics.strips import copy_in_strips
from engine.reading import Reading, whole
from engine.settings import choice_setting
from engine.shapes import Shape
from engine.workspace import Workspace


@layer_kind("flatten", label="Flatten", category="Classifier", place=1)
class Flatten(Layer):
    """Put all values into one vector: nothing is computed, and which values were neighbors is lost.

    The order matters to the weights of the dense layer that follows. PyTorch and ONNX write map by
    map (C × H × W), Keras position by position with all channels (H × W × C).
    """

    order: str = choice_setting(
        default="channels_first",
        choices=(
            ("channels_first", "Map by map (PyTorch, ONNX)"),
            ("channels_last", "Position by position (Keras)"),
        ),
        label="Order",
        help="Which value of the maps goes where in the vector.",
    )

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return a vector of as many values as the maps hold."""
        return Shape(single(shapes).values, 1, 1)

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return height × width × channels."""
        shape = single(shapes)
        return SizeEquation(
            rule="one vector of all values",
            symbols="1",
            height="1",
            width="1",
            channels=f"height × width × channels: {shape} = {shape.values:,}",
        )

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the whole maps."""
        _, height, width = single(shapes)
        return (whole(height, width),)

    def settings_for(self, shapes: Shapes, target: Shape) -> Iterator[Mapping[str, Any]]:
        """Yield no setting to change: the vector is as long as there are values."""
        yield {}

    def summary(self) -> str:
        """Return the order where it is not PyTorch's."""
        return "" if self.order == "channels_first" else "channels last"

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Copy the values in the chosen order."""
        (maps,) = inputs
        if self.order == "channels_last":
            maps = maps.transpose(1, 2, 0)
        copy_in_strips(maps, out.reshape(maps.shape), workspace)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the one value that was copied, and where it was."""
        (maps,) = inputs
        channels, height, width = maps.shape
        if self.order == "channels_first":
            channel, place = divmod(position.channel, height * width)
        else:
            place, channel = divmod(position.channel, channels)
        patch = value_patch(maps, Position(channel, *divmod(place, width)))
        sentence = (
            f"Value {position.channel} of the vector is {signed(patch.result)}, copied from channel"
            f" {channel}, row {patch.rows[0]}, column {patch.columns[0]}."
        )
        return Arithmetic("copy", (patch,), (), patch.result, sentence)
