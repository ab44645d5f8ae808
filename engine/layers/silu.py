"""SiLU."""

from collections.abc import Mapping

from engine.explanation import signed
from engine.families.pointwise import OnePass, logistic
from engine.layer import Maps, Shapes, layer_kind
from engine.numerics.activations import silu
from engine.spelling import Spelling, exactly
from engine.workspace import Workspace


@layer_kind("silu", label="SiLU (swish)", category="Activation", place=9)
class Silu(OnePass):
    """Multiply each value by its own sigmoid: x / (1 + e^−x). Also known as swish."""

    in_caffe = True

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same function; ONNX multiplies by the sigmoid."""
        return exactly(
            keras='layers.Activation("silu")', torch="nn.SiLU()", onnx="Mul(x, Sigmoid(x))"
        )

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Write x · sigmoid(x)."""
        silu(values, out, workspace)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return x · sigmoid(x)."""
        gate = logistic(value)
        result = value * gate
        return result, (
            f"{signed(value)} × sigmoid({signed(value)}) = {signed(value)} × {signed(gate)} = "
            f"{signed(result)}."
        )
