"""ReLU."""

import numpy as np

from engine.arithmetic import Arithmetic, Position
from engine.explanation import function_of, signed
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind, single
from engine.shapes import Shape
from engine.workspace import Workspace


@layer_kind("relu", label="ReLU", category="Activation", place=1)
class Relu(Layer):
    """Keep what is positive, and replace the rest by zero."""

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's shape."""
        return single(shapes)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Take the larger of each value and zero."""
        np.maximum(inputs[0], np.float32(0), out=out)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return max(0, x) of the value at the same place."""
        value = float(inputs[0][position])
        result = max(value, 0.0)
        return function_of(
            inputs[0], position, result, f"max(0, {signed(value)}) = {signed(result)}."
        )
