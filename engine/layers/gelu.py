"""GELU."""

import math
from collections.abc import Mapping

from engine.explanation import signed
from engine.families.pointwise import Pointwise
from engine.layer import Maps, Shapes, layer_kind
from engine.numerics.activations import gelu, gelu_tanh
from engine.settings import choice_setting
from engine.spelling import Spelling, exactly, with_notes
from engine.workspace import Workspace

_FORMS = "Keras, PyTorch and ONNX start from the exact form; many models use the one by tanh."


@layer_kind("gelu", label="GELU", category="Activation", place=8)
class Gelu(Pointwise):
    """Multiply each value by the share of a normal distribution that lies below it: x · Φ(x).

    Φ(x) = (1 + erf(x / √2)) / 2. The older tanh form, x · (1 + tanh(√(2/π) · (x + 0.044715 x³)))
    / 2, differs by less than 0.0005.
    """

    approximate: str = choice_setting(
        default="none", choices=(("none", "Exact"), ("tanh", "By tanh")), label="Form",
        help="The exact function, or the approximation by tanh that some models were trained with.",
    )  # fmt: skip

    def summary(self) -> str:
        """Return the form where it is not the exact one."""
        return "" if self.approximate == "none" else "by tanh"

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same form of the function."""
        if self.approximate == "none":
            found = exactly(keras='layers.Activation("gelu")', torch="nn.GELU()", onnx="Gelu(x)")
        else:
            found = exactly(
                keras="keras.activations.gelu(x, approximate=True)",
                torch='nn.GELU(approximate="tanh")',
                onnx='Gelu(x, approximate="tanh")',
            )
        return with_notes(found, **dict.fromkeys(found, _FORMS))

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Write x · Φ(x)."""
        write = gelu if self.approximate == "none" else gelu_tanh
        write(values, out, workspace)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return x · Φ(x)."""
        if self.approximate == "none":
            share, about = math.erfc(-value / math.sqrt(2)) / 2, ""
        else:
            about = "about "
            share = (1 + math.tanh(math.sqrt(2 / math.pi) * (value + 0.044715 * value**3))) / 2
        result = value * share
        return result, (
            f"{signed(value)} × {signed(share)} = {signed(result)}; {about}{signed(share)} of a "
            f"normal distribution lies below {signed(value)}."
        )
