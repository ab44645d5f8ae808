"""Sigmoid."""

from collections.abc import Mapping

from engine.explanation import signed
from engine.families.pointwise import OnePass, logistic
from engine.layer import Maps, Shapes, layer_kind
from engine.numerics.activations import by_opencv
from engine.spelling import Spelling, exactly
from engine.workspace import Workspace


@layer_kind("sigmoid", label="Sigmoid", category="Activation", place=6)
class Sigmoid(OnePass):
    """Press every value between 0 and 1: 1 / (1 + e^−x).

    At the end of a classifier it answers yes or no for each class by itself; softmax chooses one.
    """

    in_caffe = True

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same function."""
        return exactly(
            keras='layers.Activation("sigmoid")', torch="nn.Sigmoid()", onnx="Sigmoid(x)"
        )

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Write 1 / (1 + e^−x)."""
        by_opencv("Sigmoid", values, out, workspace)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return 1 / (1 + e^−x)."""
        result = logistic(value)
        return result, f"1 / (1 + e^{signed(-value)}) = {signed(result)}."
