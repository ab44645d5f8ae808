"""ReLU."""

from collections.abc import Mapping

from engine.explanation import signed
from engine.families.pointwise import Pointwise
from engine.layer import Maps, Shapes, WeightArrays, layer_kind
from engine.numerics.activations import rectify
from engine.numerics.strips import over_blocks
from engine.spelling import Spelling, exactly
from engine.workspace import Workspace


@layer_kind("relu", label="ReLU", category="Activation", place=1)
class Relu(Pointwise):
    """Keep what is positive, and replace the rest by zero: max(0, x)."""

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same function."""
        return exactly(keras="layers.ReLU()", torch="nn.ReLU()", onnx="Relu(x)")

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Apply the function to blocks of lines, which OpenCV's threads share."""
        width = out.shape[2]
        values, results = inputs[0].reshape(-1, width), out.reshape(-1, width)

        def apply(lines: slice) -> None:
            self.apply(values[lines], results[lines], workspace)

        over_blocks(apply, workspace, *results.shape)

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Keep what is above zero, and NaN."""
        rectify(values, out)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return max(0, x)."""
        result = max(value, 0.0)
        return result, f"max(0, {signed(value)}) = {signed(result)}."
