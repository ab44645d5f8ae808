"""Multiplying."""

from collections.abc import Mapping

import numpy as np

from engine.families.merging import ElementwiseMerge, nested
from engine.layer import Shapes, layer_kind
from engine.spelling import Spelling, exactly


@layer_kind("multiply", label="Multiply", category="Merge", place=2)
class Multiply(ElementwiseMerge):
    """Multiply the values of all inputs at each place, as a gate does.

    Along each axis the inputs are equally long, or 1: then that value multiplies everywhere. A
    squeeze-and-excitation gate has one value per channel, 1 × 1 × C.
    """

    operation = "product"
    symbol = "×"
    join = np.multiply

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same joining; Keras' layer gets a list of the inputs."""
        names = [f"x{number}" for number in range(1, len(shapes) + 1)]
        return exactly(
            keras=f"layers.Multiply()([{', '.join(names)}])",
            torch=" * ".join(names),
            onnx=nested("Mul", len(shapes)),
        )
