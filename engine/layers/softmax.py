"""Softmax."""

from collections.abc import Mapping

import numpy as np

from engine.arithmetic import Arithmetic, Position, Step
from engine.channel_terms import channel_terms
from engine.explanation import operand, signed
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind, single
from engine.numerics.activations import softmax
from engine.shapes import Shape
from engine.spelling import Spelling, exactly, with_notes
from engine.workspace import Workspace

_OLDER = "Before opset 13 ONNX' shares add up over the channels and all positions together."


@layer_kind("softmax", label="Softmax", category="Activation", place=12)
class Softmax(Layer):
    """Turn the channels at each position into shares that add up to 1: e^x / Σ e^x.

    On a vector that is one probability per class; on maps there is one choice at each position.
    The largest value is subtracted from all first, which changes no share and keeps e^x small.
    """

    in_caffe = True

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's shape."""
        return single(shapes)

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return shares over the channels, which Keras has last."""
        found = exactly(
            keras="layers.Softmax()", torch="nn.Softmax(dim=1)", onnx="Softmax(x, axis=1)"
        )
        return with_notes(found, onnx=_OLDER)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Divide each power of e by the sum over the channels."""
        softmax(inputs[0], out, workspace)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the powers of e at the position, one per channel, and their sum."""
        (maps,) = inputs
        channel, row, column = position
        values = maps[:, row, column].astype(np.float64)
        largest = float(values.max())
        powers = np.exp(values - largest)
        total = float(powers.sum())
        result = float(powers[channel]) / total
        terms = channel_terms(maps, position, range(len(values)), powers)
        steps = (
            *terms.rest,
            Step("largest value, subtracted from all", largest),
            Step("sum of the powers of e", total),
        )
        sentence = (
            f"e^({signed(float(values[channel]))} − {operand(largest)}) = "
            f"{signed(float(powers[channel]))}, divided by {signed(total)}, the sum of "
            f"{len(values):,} such powers, is {signed(result)}."
        )
        return Arithmetic("function", terms.patches, steps, result, sentence)
