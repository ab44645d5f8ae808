"""ReLU6."""

from collections.abc import Mapping

from engine.explanation import signed
from engine.families.pointwise import OnePass
from engine.layer import Maps, Shapes, layer_kind
from engine.numerics.activations import clamp
from engine.spelling import Spelling, exactly
from engine.workspace import Workspace


@layer_kind("relu6", label="ReLU6", category="Activation", place=2)
class Relu6(OnePass):
    """Keep what is between 0 and 6: min(max(0, x), 6).

    The limit keeps values in a range that short integers can hold; MobileNet uses it.
    """

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same function; ONNX has only its limits."""
        return exactly(
            keras="layers.ReLU(max_value=6.0)", torch="nn.ReLU6()", onnx="Clip(x, 0.0, 6.0)"
        )

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Limit each value to 0 and 6."""
        clamp(values, 6, out)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return min(max(0, x), 6)."""
        result = min(max(value, 0.0), 6.0)
        return result, f"min(max(0, {signed(value)}), 6) = {signed(result)}."
