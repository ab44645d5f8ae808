"""Layer normalization."""

from engine.arithmetic import Arithmetic, Position
from engine.layer import Layer, Maps, Shapes, WeightArrays, WeightSpec, layer_kind, single
from engine.normalizing import (
    affine_at,
    affine_setting,
    affine_specs,
    epsilon_setting,
    normalized_value,
    statistics,
)
from engine.numerics.normalization import (
    scale_and_shift,
    standardize_channels,
    standardize_groups,
)
from engine.reading import Reading, pointwise, whole
from engine.settings import choice_setting
from engine.shapes import Shape
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
