"""ELU."""

import math
from collections.abc import Mapping

from engine.explanation import signed
from engine.families.pointwise import Pointwise
from engine.layer import Maps, Shapes, layer_kind
from engine.numerics.activations import exponential_linear
from engine.settings import number_setting
from engine.spelling import Code, Spelling, call, exactly, usual
from engine.workspace import Workspace


@layer_kind("elu", label="ELU", category="Activation", place=5)
class Elu(Pointwise):
    """Keep what is positive, and bend the rest smoothly toward −α: α · (e^x − 1)."""

    in_caffe = True

    alpha: float = number_setting(
        default=1.0, minimum=-1000.0, maximum=1000.0, comfortable=(0.1, 2.0), label="Alpha",
        help="Very negative values become the negative of this number.",
    )  # fmt: skip

    def summary(self) -> str:
        """Return alpha where it is not 1."""
        return "" if self.alpha == 1 else f"α {self.alpha:g}"

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same function."""
        return exactly(
            keras=call("layers.ELU", alpha=usual(self.alpha, 1.0)),
            torch=call("nn.ELU", alpha=usual(self.alpha, 1.0)),
            onnx=call("Elu", Code("x"), alpha=usual(self.alpha, 1.0)),
        )

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Write x, or α · (e^x − 1) below zero."""
        exponential_linear(values, self.alpha, out, workspace)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return x, or α · (e^x − 1) below zero."""
        if value >= 0:
            return value, f"{signed(value)} is not negative and stays."
        result = self.alpha * math.expm1(value)
        return result, f"{signed(self.alpha)} × (e^{signed(value)} − 1) = {signed(result)}."
