"""Layer normalization."""

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
    statistics,
)
from engine.layer import Layer, Maps, Shapes, WeightArrays, WeightSpec, layer_kind, single
from engine.numerics.normalization import (
    scale_and_shift,
    standardize_channels,
    standardize_groups,
)
from engine.reading import Reading, pointwise, whole
from engine.settings import choice_setting
from engine.shapes import Shape
from engine.spelling import Code, Reread, Spelling, call, exactly, reread_default, usual, with_notes
from engine.workspace import Workspace


@layer_kind("layer_norm", label="Layer normalization", category="Normalization", place=2)
class LayerNorm(Layer):
    """Bring values to mean 0 and variance 1, over the channels or over everything.

    Over the channels, each position is normalized by itself, with one scale and shift per channel:
    Keras' ``LayerNormalization(axis=-1)`` on H × W × C, and ConvNeXt. Over everything, all values
    share one mean and variance and each has its own scale and shift: PyTorch's
    ``nn.LayerNorm([C, H, W])``.
    """

    axes: str = choice_setting(
        default="channels",
        choices=(
            ("channels", "Channels, at each position"),
            ("all", "Channels, height and width together"),
        ),
        label="Over",
        help="Which values share a mean and a variance.",
    )
    epsilon: float = epsilon_setting()
    affine: bool = affine_setting()

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's shape."""
        return single(shapes)

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the same place, or the whole maps."""
        _, height, width = single(shapes)
        if self.axes == "channels":
            return (pointwise(height, width),)
        return (whole(height, width, height, width),)

    def weight_specs(self, shapes: Shapes) -> tuple[WeightSpec, ...]:
        """Return scale and shift, per channel or per value."""
        shape = single(shapes)
        return affine_specs(self.affine, shape[:1] if self.axes == "channels" else tuple(shape))

    def summary(self) -> str:
        """Return what is normalized together."""
        return "over channels" if self.axes == "channels" else "over everything"

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same layer; over the channels, channels are last in all dialects."""
        shape, affine = single(shapes), keras_affine(self.affine)
        scale, shift = affine_names(self.affine)
        if self.axes == "all":
            found = exactly(
                keras=call(
                    "layers.LayerNormalization", axis=[1, 2, 3], epsilon=self.epsilon, **affine
                ),
                torch=call(
                    "nn.LayerNorm", list(shape), eps=self.epsilon,
                    elementwise_affine=usual(self.affine, True),
                ),
                onnx=call(
                    "LayerNormalization", Code("x"), scale, shift, axis=1, epsilon=self.epsilon
                ),
            )  # fmt: skip
        else:
            moved = call("Transpose", Code("x"), perm=[0, 2, 3, 1])
            normalized = call(
                "LayerNormalization", Code(moved), scale, shift, axis=-1, epsilon=self.epsilon
            )
            arrays = [Code("scale"), Code("shift")] if self.affine else [None, None]
            by_position = call(
                "F.layer_norm", Code("x.permute(0, 2, 3, 1)"), [shape.channels], *arrays,
                self.epsilon,
            )  # fmt: skip
            found = exactly(
                keras=call("layers.LayerNormalization", epsilon=self.epsilon, **affine),
                torch=f"{by_position}.permute(0, 3, 1, 2)",
                onnx=call("Transpose", Code(normalized), perm=[0, 3, 1, 2]),
            )
        return with_notes(found, **dict.fromkeys(found, EPSILON_DEFAULTS))

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return the dialect's own epsilon, where this one may have been left out."""
        return reread_default("epsilon", self.epsilon, EPSILONS, dialect)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Standardize, then scale and shift."""
        if self.axes == "channels":
            standardize_channels(inputs[0], self.epsilon, out, workspace)
        else:
            standardize_groups(inputs[0], 1, self.epsilon, out, workspace)
        if self.affine:
            scale_and_shift(out, weights["scale"], weights["shift"], workspace)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return mean and variance of what is normalized together."""
        (maps,) = inputs
        channel, row, column = position
        if self.axes == "channels":
            values = maps[:, row, column]
            affine = affine_at(weights, (channel,))
            source = f"the {values.size:,} channels at this position"
        else:
            values = maps
            affine = affine_at(weights, position)
            source = f"all {values.size:,} values"
        return normalized_value(maps, position, *statistics(values), self.epsilon, affine, source)
