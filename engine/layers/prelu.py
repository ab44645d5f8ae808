"""PReLU."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.arithmetic import Arithmetic, Position, Step
from engine.explanation import signed, value_patch
from engine.layer import Layer, Maps, Shapes, WeightArrays, WeightSpec, layer_kind, single
from engine.numerics.activations import leaky
from engine.numerics.strips import Strip, over_strips
from engine.settings import flag_setting
from engine.shapes import Shape
from engine.spelling import Reread, Spelling, call, exactly, usual, with_notes
from engine.workspace import Workspace

_ONE_EACH = "Without shared axes Keras learns a slope for every value."
_ONE_FOR_ALL = "Without a number PyTorch learns one slope for all channels."
_SLOPE_SHAPE = "ONNX wants the slopes as channels × 1 × 1."


@layer_kind("prelu", label="PReLU", category="Activation", place=4)
class Prelu(Layer):
    """Keep what is positive, and multiply the rest by a learned slope.

    There is one slope per channel, as in the paper by He et al. (2015), PyTorch's
    ``num_parameters=channels`` and Keras' ``shared_axes=[1, 2]``; or one for all, as PyTorch does
    by default. Slopes start from 0.25.
    """

    in_caffe = True

    shared: bool = flag_setting(
        default=False, label="One slope for all",
        help="Learn a single slope instead of one for each channel.",
    )  # fmt: skip

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's shape."""
        return single(shapes)

    def weight_specs(self, shapes: Shapes) -> tuple[WeightSpec, ...]:
        """Return the slopes."""
        count = 1 if self.shared else single(shapes).channels
        return (WeightSpec("slope", (count,), start=0.25),)

    def settings_of_weights(
        self, arrays: Mapping[str, tuple[int, ...]], shapes: Shapes
    ) -> Mapping[str, Any]:
        """Return whether a single slope is shared."""
        return {"shared": arrays.get("slope") == (1,)}

    def summary(self) -> str:
        """Return whether the slope is shared."""
        return "one slope" if self.shared else ""

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same function; Keras shares slopes by naming axes."""
        channels = single(shapes).channels
        axes = [1, 2, 3] if self.shared else [1, 2]
        found = exactly(
            keras=call("layers.PReLU", shared_axes=axes),
            torch=call("nn.PReLU", usual(1 if self.shared else channels, 1)),
            onnx="PRelu(x, slope)",
        )
        return with_notes(found, keras=_ONE_EACH, torch=_ONE_FOR_ALL, onnx=_SLOPE_SHAPE)

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return PyTorch's single slope, where the number of slopes was left out."""
        if dialect == "torch" and not self.shared:
            return Reread({"shared": True}, (_ONE_FOR_ALL,))
        return Reread()

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Write x, or slope · x below zero."""
        channels = out.shape[0]
        values, results = inputs[0].reshape(channels, -1), out.reshape(channels, -1)
        slopes = np.broadcast_to(weights["slope"], channels)[:, None]

        def apply(strip: Strip, mine: Workspace) -> None:
            leaky(values[strip], slopes[strip[0]], results[strip], mine)

        over_strips(apply, workspace, *results.shape)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return x, or slope · x below zero."""
        patch = value_patch(inputs[0], position)
        value = patch.result
        slope = float(weights["slope"][0 if self.shared else position.channel])
        result = value * slope if value < 0 else value
        steps = (Step("slope", slope),)
        if value < 0:
            sentence = f"{signed(value)} × the learned slope {signed(slope)} = {signed(result)}."
        else:
            sentence = f"{signed(value)} is not negative and stays."
        return Arithmetic("function", (patch,), steps, result, sentence)
