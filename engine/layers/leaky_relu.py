"""Leaky ReLU."""

from engine.explanation import operand, signed
from engine.layer import Maps, layer_kind
from engine.numerics.activations import leaky
from engine.pointwise import Pointwise
from engine.settings import number_setting
from engine.workspace import Workspace


@layer_kind("leaky_relu", label="Leaky ReLU", category="Activation", place=3)
class LeakyRelu(Pointwise):
    """Keep what is positive, and multiply the rest by a small slope.

    PyTorch and ONNX start from the slope 0.01, Keras from 0.3.
    """

    negative_slope: float = number_setting(
        default=0.01, minimum=-1000.0, maximum=1000.0, comfortable=(0.0, 0.5),
        label="Negative slope", help="What values below zero are multiplied by.",
    )  # fmt: skip

    def summary(self) -> str:
        """Return the slope."""
        return f"slope {self.negative_slope:g}"

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Write x, or slope · x below zero."""
        leaky(values, self.negative_slope, out, workspace)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return x, or slope · x below zero."""
        if value >= 0:
            return value, f"{signed(value)} is not negative and stays."
        result = value * self.negative_slope
        return result, f"{signed(value)} × {operand(self.negative_slope)} = {signed(result)}."
