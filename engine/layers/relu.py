"""ReLU."""

from collections.abc import Mapping

import numpy as np

from engine.explanation import signed
from engine.families.pointwise import Pointwise
from engine.layer import Maps, Shapes, layer_kind
from engine.spelling import Spelling, exactly
from engine.workspace import Workspace


@layer_kind("relu", label="ReLU", category="Activation", place=1)
class Relu(Pointwise):
    """Keep what is positive, and replace the rest by zero: max(0, x)."""

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same function."""
        return exactly(keras="layers.ReLU()", torch="nn.ReLU()", onnx="Relu(x)")

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Write the larger of each value and zero."""
        # As fast as cv2.threshold on large maps, where memory is the limit (64 × 224²: 0.93 ms
        # and 0.90), and its rule for NaN is documented: it stays. cv2.max makes it 0.
        np.maximum(values, 0, out=out)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return max(0, x)."""
        result = max(value, 0.0)
        return result, f"max(0, {signed(value)}) = {signed(result)}."
