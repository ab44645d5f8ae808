"""Hard swish."""

from collections.abc import Mapping

from engine.explanation import signed
from engine.families.pointwise import OnePass
from engine.layer import Maps, Shapes, layer_kind
from engine.numerics.activations import hard_swish
from engine.spelling import Spelling, exactly
from engine.workspace import Workspace


@layer_kind("hard_swish", label="Hard swish", category="Activation", place=10)
class HardSwish(OnePass):
    """Approximate SiLU by straight lines: x · min(max(x + 3, 0), 6) / 6.

    MobileNetV3 uses it. Keras calls it ``hard_silu``.
    """

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same function."""
        return exactly(
            keras='layers.Activation("hard_silu")', torch="nn.Hardswish()", onnx="HardSwish(x)"
        )

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Write x · min(max(x + 3, 0), 6) / 6."""
        hard_swish(values, out, workspace)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return x · min(max(x + 3, 0), 6) / 6."""
        gate = min(max(value + 3, 0.0), 6.0) / 6
        result = value * gate
        return result, (
            f"{signed(value)} × min(max({signed(value)} + 3, 0), 6) / 6 = {signed(value)} × "
            f"{signed(gate)} = {signed(result)}."
        )
