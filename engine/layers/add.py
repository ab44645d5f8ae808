"""Adding."""

from collections.abc import Mapping

import numpy as np

from engine.families.merging import ElementwiseMerge, nested
from engine.layer import Shapes, layer_kind
from engine.spelling import Spelling, exactly


@layer_kind("add", label="Add", category="Merge", place=1)
class Add(ElementwiseMerge):
    """Add up the values of all inputs at each place, as the shortcut of a residual block does.

    Along each axis the inputs are equally long, or 1: then that value is added everywhere.
    """

    operation = "sum"
    symbol = "+"
    join = np.add

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same joining; Keras' layer gets a list of the inputs."""
        names = [f"x{number}" for number in range(1, len(shapes) + 1)]
        return exactly(
            keras=f"layers.Add()([{', '.join(names)}])",
            torch=" + ".join(names),
            onnx=nested("Add", len(shapes)),
        )
