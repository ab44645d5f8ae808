"""Global average pooling."""

from collections.abc import Mapping

from engine.arithmetic import Arithmetic, Position
from engine.explanation import mean_of, whole_patch
from engine.families.pooling import GlobalPooling
from engine.layer import Maps, Shapes, WeightArrays, layer_kind
from engine.numerics.pooling import global_average
from engine.spelling import Spelling, exactly
from engine.workspace import Workspace


@layer_kind("global_average_pool2d", label="Global average pooling", category="Pooling", place=3)
class GlobalAveragePool2d(GlobalPooling):
    """Replace each whole map by the mean of its values: how much of a feature there is.

    Between the last convolution and the classifier it takes the place of flattening: the size of
    the picture no longer matters, and no weights are needed.
    """

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the mean of each whole map."""
        return exactly(
            keras="layers.GlobalAveragePooling2D(keepdims=True)",
            torch="nn.AdaptiveAvgPool2d(1)",
            onnx="GlobalAveragePool(x)",
        )

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Take each map's mean."""
        global_average(inputs[0], out)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the map's values, their sum and how many they are."""
        patch = whole_patch(inputs[0], position.channel)
        return mean_of(patch, patch.values.size)
