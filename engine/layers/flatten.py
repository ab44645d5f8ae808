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
from engine.spelling import Code, Reread, Spelling, call, exactly, keras_sequence, with_notes
from engine.workspace import Workspace

_ORDERS = (
    "Keras flattens position by position (H × W × C), PyTorch and ONNX map by map (C × H × W): a "
    "dense layer behind needs its weights in that order."
)


@layer_kind("flatten", label="Flatten", category="Classifier", place=1)
class Flatten(Layer):
    """Put all values into one vector: nothing is computed, and which values were neighbors is lost.

    The order matters to the weights of the dense layer that follows. PyTorch and ONNX write map by
    map (C × H × W), Keras position by position with all channels (H × W × C).
    """

    in_caffe = True

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

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the vector; a dialect's own order is the one in which it stores maps."""
        if self.order == "channels_first":
            keras = keras_sequence("layers.Permute((3, 1, 2))", "layers.Flatten()")
            found = exactly(keras=keras, torch="nn.Flatten()", onnx="Flatten(x, axis=1)")
            return with_notes(found, keras=_ORDERS)
        moved = call("Transpose", Code("x"), perm=[0, 2, 3, 1])
        found = exactly(
            keras="layers.Flatten()",
            torch="torch.flatten(x.permute(0, 2, 3, 1), 1)",
            onnx=call("Flatten", Code(moved), axis=1),
        )
        return with_notes(found, torch=_ORDERS, onnx=_ORDERS)

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return the order of the dialect's maps."""
        order = "channels_last" if dialect == "keras" else "channels_first"
        return Reread({"order": order}, (_ORDERS,))

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
