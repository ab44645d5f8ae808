"""Dropout."""

from collections.abc import Mapping
from dataclasses import replace

from engine.arithmetic import Arithmetic, Position
from engine.equations import SizeEquation
from engine.explanation import signed, value_patch
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind, single
from engine.numerics.strips import copy_in_strips
from engine.settings import number_setting
from engine.shapes import Shape
from engine.spelling import Code, Spelling, call, exactly
from engine.workspace import Workspace

ONLY_IN_TRAINING = "dropout sets values to zero only in training; here every value passes unchanged"


@layer_kind("dropout", label="Dropout", category="Classifier", place=3)
class Dropout(Layer):
    """Let every value pass unchanged: dropout works only while a network is trained.

    In training it sets a random share of the values to zero and divides the others by the share
    that is kept, so that no unit can rely on another. A trained network keeps all of them.
    """

    in_caffe = True

    rate: float = number_setting(
        default=0.5, minimum=0.0, maximum=1.0, label="Rate",
        help="The share of values that is set to zero in training; without effect here.",
    )  # fmt: skip

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's shape."""
        return single(shapes)

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the kept size, with a note that nothing is dropped here."""
        return replace(super().equation(shapes), notes=(ONLY_IN_TRAINING,))

    def summary(self) -> str:
        """Return the rate."""
        return f"rate {self.rate:g}, only in training"

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same layer, which does nothing outside training."""
        return exactly(
            keras=call("layers.Dropout", self.rate),
            torch=call("nn.Dropout", self.rate),
            onnx=call("Dropout", Code("x"), self.rate),
        )

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Copy the maps."""
        copy_in_strips(inputs[0], out, workspace)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the value at the same place."""
        patch = value_patch(inputs[0], position)
        sentence = f"{signed(patch.result)} stays: {ONLY_IN_TRAINING}."
        return Arithmetic("copy", (patch,), (), patch.result, sentence)
