"""Local response normalization."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.arithmetic import Arithmetic, Position, Step
from engine.channel_terms import channel_terms
from engine.explanation import signed
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind, single
from engine.numerics.normalization import local_response_norm
from engine.settings import int_setting, number_setting
from engine.shapes import Shape
from engine.spelling import Code, Reread, Spelling, call, cannot, exactly, unsaid
from engine.workspace import Workspace

_EVEN = (
    "Of an even size ONNX takes the odd channel after the value, not before it, and ONNX Runtime "
    "refuses it."
)
_TENSORFLOW = (
    "Keras has no such layer; TensorFlow's tf.nn.local_response_normalization counts a radius and "
    "does not divide alpha by the size."
)


@layer_kind("local_response_norm", label="Local response norm", category="Normalization", place=5)
class LocalResponseNorm(Layer):
    """Divide each value by what its neighboring channels hold at the same place.

    x / (k + α / size · Σ x²)^β, as in AlexNet: the sum runs over ``size`` channels around x, fewer
    at both ends. PyTorch, ONNX and Caffe divide α by the size. TensorFlow does not, and gives a
    ``depth_radius``: size is 2 · radius + 1 then, and α is TensorFlow's times the size. An even
    size has its odd channel before x, as in PyTorch; ONNX has it after.
    """

    in_caffe = True

    size: int = int_setting(
        default=5, minimum=1, maximum=65536, comfortable=(1, 11), label="Size", unit="channels",
        help="How many neighboring channels are summed, the value's own included.",
    )  # fmt: skip
    alpha: float = number_setting(
        default=1e-4, minimum=0.0, maximum=1e6, comfortable=(0.0, 1.0), label="Alpha",
        help="How much the squares of the neighbors count.",
    )  # fmt: skip
    beta: float = number_setting(
        default=0.75, minimum=0.0, maximum=10.0, comfortable=(0.0, 1.0), label="Beta",
        help="The power that the divisor is raised to.",
    )  # fmt: skip
    k: float = number_setting(
        default=1.0, minimum=1e-6, maximum=1e6, comfortable=(0.5, 2.0), label="k",
        help="The divisor where all neighbors are zero; 2 in AlexNet.",
    )  # fmt: skip

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's shape."""
        return single(shapes)

    def summary(self) -> str:
        """Return the size."""
        return f"{self.size} channels"

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same layer; Keras has none."""
        found = exactly(
            torch=call(
                "nn.LocalResponseNorm", self.size, alpha=self.alpha, beta=self.beta, k=self.k
            ),
            onnx=call(
                "LRN", Code("x"), size=self.size, alpha=self.alpha, beta=self.beta, bias=self.k
            ),
        )
        if self.size % 2 == 0:
            found["onnx"] = replace(found["onnx"], notes=(_EVEN,), exact=False)
        return {**found, "keras": cannot(_TENSORFLOW)}

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return the same, where a dialect takes the size."""
        if dialect == "caffe" and self.size % 2 == 0:
            return unsaid("Caffe refuses an even size.")
        return Reread()

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Divide by the powers of the neighbors' mean squares."""
        local_response_norm(inputs[0], self.size, self.alpha, self.beta, self.k, out, workspace)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the squares of the neighbors, their sum, and the divisor."""
        (maps,) = inputs
        channel, row, column = position
        first = max(0, channel - self.size // 2)
        neighbors = range(first, min(maps.shape[0], channel + (self.size - 1) // 2 + 1))
        values = maps[neighbors.start : neighbors.stop, row, column].astype(np.float64)
        terms = channel_terms(maps, position, neighbors, values * values)
        total = float((values * values).sum())
        divisor = (self.k + self.alpha / self.size * total) ** self.beta
        value = float(maps[position])
        result = value / divisor
        steps = (*terms.rest, Step("sum of the squares", total), Step("divisor", divisor))
        base = f"({signed(self.k)} + {signed(self.alpha)} / {self.size} × {signed(total)})"
        sentence = (
            f"The squares here, from channel {neighbors[0]} to channel {neighbors[-1]}, add up to "
            f"{signed(total)}; {signed(value)} / {base}^{signed(self.beta)} = {signed(value)} / "
            f"{signed(divisor)} = {signed(result)}."
        )
        return Arithmetic("function", terms.patches, steps, result, sentence)
