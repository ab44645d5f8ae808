"""Leaky ReLU."""

from collections.abc import Mapping

from engine.explanation import operand, signed
from engine.families.pointwise import OnePass
from engine.layer import Maps, Shapes, layer_kind
from engine.numerics.activations import by_opencv
from engine.settings import number_setting
from engine.spelling import (
    Code,
    Reread,
    Spelling,
    call,
    cannot,
    exactly,
    reread_default,
    with_notes,
)
from engine.workspace import Workspace

_SLOPES = {"keras": 0.3, "torch": 0.01, "onnx": 0.01}
_DEFAULTS = "Left out, the slope is 0.3 in Keras and 0.01 in PyTorch and ONNX."


@layer_kind("leaky_relu", label="Leaky ReLU", category="Activation", place=3)
class LeakyRelu(OnePass):
    """Keep what is positive, and multiply the rest by a small slope.

    PyTorch and ONNX start from the slope 0.01, Keras from 0.3.
    """

    in_caffe = True

    negative_slope: float = number_setting(
        default=0.01, minimum=-1000.0, maximum=1000.0, comfortable=(0.0, 0.5),
        label="Negative slope", help="What values below zero are multiplied by.",
    )  # fmt: skip

    def summary(self) -> str:
        """Return the slope."""
        return f"slope {self.negative_slope:g}"

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same function with its slope, which is never left out."""
        slope = self.negative_slope
        found = exactly(
            keras=call("layers.LeakyReLU", negative_slope=slope),
            torch=call("nn.LeakyReLU", negative_slope=slope),
            onnx=call("LeakyRelu", Code("x"), alpha=slope),
        )
        if slope < 0:
            found["keras"] = cannot("Keras refuses a negative slope.")
        return with_notes(found, **dict.fromkeys(found, _DEFAULTS))

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return the dialect's own slope, where this one may have been left out."""
        return reread_default("negative_slope", self.negative_slope, _SLOPES, dialect)

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Write x, or slope · x below zero."""
        by_opencv("ReLU", values, out, workspace, negative_slope=self.negative_slope)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return x, or slope · x below zero."""
        if value >= 0:
            return value, f"{signed(value)} is not negative and stays."
        result = value * self.negative_slope
        return result, f"{signed(value)} × {operand(self.negative_slope)} = {signed(result)}."
