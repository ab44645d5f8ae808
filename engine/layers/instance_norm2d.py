"""Instance normalization."""

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
from engine.numerics.normalization import scale_and_shift, standardize_groups
from engine.reading import Reading, whole
from engine.shapes import Shape
from engine.workspace import Workspace


@layer_kind("instance_norm2d", label="Instance normalization", category="Normalization", place=4)
class InstanceNorm2d(Layer):
    """Bring each feature map to mean 0 and variance 1, whatever its contrast was.

    As in PyTorch, scale and shift are off by default; ONNX always has them. A map of a single
    value becomes 0.
    """

    epsilon: float = epsilon_setting()
    affine: bool = affine_setting(default=False)

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's shape."""
        return single(shapes)

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the whole map."""
        _, height, width = single(shapes)
        return (whole(height, width, height, width),)

    def weight_specs(self, shapes: Shapes) -> tuple[WeightSpec, ...]:
        """Return scale and shift per channel."""
        return affine_specs(self.affine, single(shapes)[:1])

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Standardize each map, then scale and shift."""
        standardize_groups(inputs[0], out.shape[0], self.epsilon, out, workspace)
        if self.affine:
            scale_and_shift(out, weights["scale"], weights["shift"], workspace)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return mean and variance of the map."""
        values = inputs[0][position.channel]
        return normalized_value(
            inputs[0],
            position,
            *statistics(values),
            self.epsilon,
            affine_at(weights, (position.channel,)),
            f"all {values.size:,} values of the map",
        )
