"""Batch normalization."""

from collections.abc import Mapping

from engine.arithmetic import Arithmetic, Position
from engine.families.normalizing import (
    EPSILON_DEFAULTS,
    EPSILONS,
    affine_at,
    affine_names,
    affine_setting,
    affine_specs,
    epsilon_setting,
    keras_affine,
    normalized_value,
)
from engine.layer import Layer, Maps, Shapes, WeightArrays, WeightSpec, layer_kind, single
from engine.numerics.normalization import batch_norm
from engine.shapes import Shape
from engine.spelling import (
    Code,
    Reread,
    Spelling,
    call,
    exactly,
    reread_default,
    unsaid,
    usual,
    with_notes,
)
from engine.workspace import Workspace

_AFTER = "As after training: model.eval() in PyTorch, training=False in Keras."
_SCALE_BEHIND = "Caffe's BatchNorm does not scale and shift: a layer Scale behind it does."


@layer_kind("batch_norm2d", label="Batch normalization", category="Normalization", place=1)
class BatchNorm2d(Layer):
    """Subtract each channel's learned mean and divide by its deviation, then scale and shift.

    (x − mean) / √(variance + ε) · scale + shift, one of each per channel, as after training: mean
    and variance are running statistics of the training pictures, not of this one.
    Keras starts from ε 0.001.
    """

    in_caffe = True

    epsilon: float = epsilon_setting()
    affine: bool = affine_setting()

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's shape."""
        return single(shapes)

    def weight_specs(self, shapes: Shapes) -> tuple[WeightSpec, ...]:
        """Return scale and shift, and the running statistics, which are no parameters."""
        shape = (single(shapes).channels,)
        return (
            *affine_specs(self.affine, shape),
            WeightSpec("mean", shape, start=0.0, learned=False),
            WeightSpec("variance", shape, start=1.0, learned=False),
        )

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same layer as it is after training."""
        scale, shift = affine_names(self.affine)
        found = exactly(
            keras=call(
                "layers.BatchNormalization", epsilon=self.epsilon, **keras_affine(self.affine)
            ),
            torch=call(
                "nn.BatchNorm2d", single(shapes).channels, eps=self.epsilon,
                affine=usual(self.affine, True),
            ),
            onnx=call(
                "BatchNormalization", Code("x"), scale, shift, Code("mean"), Code("variance"),
                epsilon=self.epsilon,
            ),
        )  # fmt: skip
        found = with_notes(found, keras=_AFTER, torch=_AFTER)
        return with_notes(found, **dict.fromkeys(found, EPSILON_DEFAULTS))

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return the dialect's own epsilon, where this one may have been left out."""
        if dialect == "caffe" and self.affine:
            return unsaid(_SCALE_BEHIND)
        return reread_default("epsilon", self.epsilon, EPSILONS, dialect)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Normalize each channel with its running statistics."""
        batch_norm(
            inputs[0],
            weights["mean"],
            weights["variance"],
            self.epsilon,
            weights.get("scale"),
            weights.get("shift"),
            out,
            workspace,
        )

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the channel's statistics and what they make of the value."""
        channel = position.channel
        return normalized_value(
            inputs[0],
            position,
            float(weights["mean"][channel]),
            float(weights["variance"][channel]),
            self.epsilon,
            affine_at(weights, (channel,)),
            f"channel {channel} in training",
        )
