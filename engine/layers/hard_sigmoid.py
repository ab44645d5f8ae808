"""Hard sigmoid."""

from collections.abc import Mapping

from engine.explanation import operand, signed
from engine.families.pointwise import OnePass
from engine.layer import Maps, Shapes, layer_kind
from engine.numerics.activations import by_opencv
from engine.settings import number_setting
from engine.spelling import Code, Reread, Spelling, call, exactly, reread_default, usual, with_notes
from engine.workspace import Workspace

_SLOPES = {"keras": 1 / 6, "torch": 1 / 6, "onnx": 0.2}
_LINES = "Left out, the slope is 1/6 in Keras 3 and PyTorch, and 0.2 in ONNX and Keras 2."


@layer_kind("hard_sigmoid", label="Hard sigmoid", category="Activation", place=11)
class HardSigmoid(OnePass):
    """Approximate the sigmoid by a straight line from 0 to 1: min(max(α · x + β, 0), 1).

    α is 1/6 in PyTorch and Keras 3, and 0.2 in Keras 2 and by default in ONNX; β is 0.5 in all.
    """

    alpha: float = number_setting(
        default=1 / 6, minimum=-1000.0, maximum=1000.0, comfortable=(0.1, 0.5), label="Alpha",
        help="The slope of the line: 1/6 in PyTorch and Keras 3, 0.2 in Keras 2 and ONNX.",
    )  # fmt: skip
    beta: float = number_setting(
        default=0.5, minimum=-1000.0, maximum=1000.0, comfortable=(0.0, 1.0), label="Beta",
        help="The result for the value 0.",
    )  # fmt: skip

    def summary(self) -> str:
        """Return slope and offset."""
        return f"{self.alpha:.3g} · x + {self.beta:.3g}"

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same line; only ONNX has words for any other than the usual."""
        alpha, beta = self.alpha, self.beta
        onnx = call("HardSigmoid", Code("x"), alpha=usual(alpha, 0.2), beta=usual(beta, 0.5))
        if (alpha, beta) == (1 / 6, 0.5):
            keras, torch = 'layers.Activation("hard_sigmoid")', "nn.Hardsigmoid()"
        else:
            keras = f"keras.ops.clip({alpha!r} * x + {beta!r}, 0.0, 1.0)"
            torch = f"torch.clamp({alpha!r} * x + {beta!r}, 0.0, 1.0)"
        found = exactly(keras=keras, torch=torch, onnx=onnx)
        return with_notes(found, **dict.fromkeys(found, _LINES))

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return the dialect's own slope, where this one may have been left out."""
        return reread_default("alpha", self.alpha, _SLOPES, dialect)

    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Write min(max(α · x + β, 0), 1)."""
        by_opencv("HardSigmoid", values, out, workspace, alpha=self.alpha, beta=self.beta)

    def evaluated(self, value: float) -> tuple[float, str]:
        """Return min(max(α · x + β, 0), 1)."""
        line = self.alpha * value + self.beta
        result = min(max(line, 0.0), 1.0)
        return result, (
            f"{signed(self.alpha)} × {operand(value)} + {operand(self.beta)} = {signed(line)}, "
            f"limited to 0 and 1: {signed(result)}."
        )
