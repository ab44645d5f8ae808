"""ReLU."""

from collections.abc import Mapping

from engine.explanation import signed
from engine.families.pointwise import OnePass
from engine.layer import Maps, Shapes, layer_kind
from engine.numerics.activations import rectify
from engine.spelling import Spelling, exactly
from engine.workspace import Workspace


@layer_kind("relu", label="ReLU", category="Activation", place=1)
class Relu(OnePass):
    """Keep what is positive, and replace the rest by zero: max(0, x)."""

    in_caffe = True

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same function."""
        return exactly(keras="layers.ReLU()", torch="nn.ReLU()", onnx="Relu(x)")

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Keep what is above zero, and NaN."""
        rectify(values, out)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return max(0, x)."""
        result = max(value, 0.0)
        return result, f"max(0, {signed(value)}) = {signed(result)}."
