"""Tanh."""

import math
from collections.abc import Mapping

import numpy as np

from engine.explanation import signed
from engine.families.pointwise import Pointwise
from engine.layer import Maps, Shapes, layer_kind
from engine.spelling import Spelling, exactly
from engine.workspace import Workspace


@layer_kind("tanh", label="Tanh", category="Activation", place=7)
class Tanh(Pointwise):
    """Press every value between −1 and 1: (e^x − e^−x) / (e^x + e^−x)."""

    in_caffe = True

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same function."""
        return exactly(keras='layers.Activation("tanh")', torch="nn.Tanh()", onnx="Tanh(x)")

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Write the hyperbolic tangent."""
        np.tanh(values, out=out)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return the hyperbolic tangent."""
        result = math.tanh(value)
        return result, f"tanh({signed(value)}) = {signed(result)}."
