"""Instance normalization."""

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
from engine.numerics.normalization import scale_and_shift, standardize_groups
from engine.reading import Reading, whole
from engine.shapes import Shape
from engine.spelling import (
    Code,
    Reread,
    Spelling,
    call,
    cannot,
    exactly,
    reread_default,
    usual,
    with_notes,
)
from engine.workspace import Workspace

_AFFINE_DEFAULTS = "Keras and ONNX scale and shift; PyTorch does so only when asked."


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

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same layer, in Keras as many groups as channels."""
        shape = single(shapes)
        scale, shift = affine_names(self.affine)
        found = exactly(
            keras=call(
                "layers.GroupNormalization", -1, epsilon=self.epsilon, **keras_affine(self.affine)
            ),
            torch=call(
                "nn.InstanceNorm2d", shape.channels, eps=self.epsilon,
                affine=usual(self.affine, False),
            ),
            onnx=call("InstanceNormalization", Code("x"), scale, shift, epsilon=self.epsilon),
        )  # fmt: skip
        if shape.is_vector:
            found["torch"] = cannot("PyTorch refuses maps of a single value.")
        found = with_notes(found, **dict.fromkeys(found, EPSILON_DEFAULTS))
        return with_notes(found, **dict.fromkeys(found, _AFFINE_DEFAULTS))

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return the dialect's own epsilon, and whether it scales where nothing is said."""
        epsilon = reread_default("epsilon", self.epsilon, EPSILONS, dialect)
        affine = dialect != "torch"
        if affine == self.affine:
            return epsilon
        return epsilon.also(_AFFINE_DEFAULTS, affine=affine)

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
