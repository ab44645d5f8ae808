"""Group normalization."""

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
from engine.problems import LayerError
from engine.reading import Reading, whole
from engine.settings import int_setting
from engine.shapes import Shape
from engine.spelling import Code, Reread, Spelling, call, exactly, reread_default, usual, with_notes
from engine.wording import counted
from engine.workspace import Workspace


@layer_kind("group_norm", label="Group normalization", category="Normalization", place=3)
class GroupNorm(Layer):
    """Split the channels into equal groups and bring each group to mean 0 and variance 1.

    One group is PyTorch's layer normalization over everything, but with one scale and shift per
    channel; as many groups as channels is instance normalization. Keras starts from 32 groups.
    """

    groups: int = int_setting(
        default=1, minimum=1, maximum=65536, comfortable=(1, 32), label="Groups",
        help="How many groups the channels are split into; it must divide their number.",
    )  # fmt: skip
    epsilon: float = epsilon_setting()
    affine: bool = affine_setting()

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's shape; refuse groups that do not divide the channels."""
        shape = single(shapes)
        if shape.channels % self.groups:
            fitting = [n for n in range(1, shape.channels + 1) if shape.channels % n == 0]
            fitting.sort(key=lambda n: abs(n - self.groups))
            raise LayerError(
                f"{counted(shape.channels, 'channel')} cannot be split into {self.groups} equal "
                f"groups; "
                f"{fitting[0]} would do.",
                "groups",
                tuple({"groups": n} for n in fitting),
            )
        return shape

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return the whole maps."""
        _, height, width = single(shapes)
        return (whole(height, width, height, width),)

    def weight_specs(self, shapes: Shapes) -> tuple[WeightSpec, ...]:
        """Return scale and shift per channel."""
        return affine_specs(self.affine, single(shapes)[:1])

    def summary(self) -> str:
        """Return the number of groups."""
        return counted(self.groups, "group")

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the same layer."""
        scale, shift = affine_names(self.affine)
        found = exactly(
            keras=call(
                "layers.GroupNormalization", self.groups, epsilon=self.epsilon,
                **keras_affine(self.affine),
            ),
            torch=call(
                "nn.GroupNorm", self.groups, single(shapes).channels, eps=self.epsilon,
                affine=usual(self.affine, True),
            ),
            onnx=call(
                "GroupNormalization", Code("x"), scale, shift, num_groups=self.groups,
                epsilon=self.epsilon,
            ),
        )  # fmt: skip
        return with_notes(found, **dict.fromkeys(found, EPSILON_DEFAULTS))

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return the dialect's own epsilon, where this one may have been left out."""
        return reread_default("epsilon", self.epsilon, EPSILONS, dialect)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Standardize each group, then scale and shift."""
        standardize_groups(inputs[0], self.groups, self.epsilon, out, workspace)
        if self.affine:
            scale_and_shift(out, weights["scale"], weights["shift"], workspace)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return mean and variance of the group."""
        (maps,) = inputs
        per_group = maps.shape[0] // self.groups
        group = position.channel // per_group
        values = maps[group * per_group : (group + 1) * per_group]
        return normalized_value(
            maps,
            position,
            *statistics(values),
            self.epsilon,
            affine_at(weights, (position.channel,)),
            f"all {values.size:,} values of group {group}",
        )
