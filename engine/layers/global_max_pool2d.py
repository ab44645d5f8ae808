"""Global max pooling."""

from collections.abc import Mapping

from engine.arithmetic import Arithmetic, Position
from engine.explanation import maximum_of, whole_patch
from engine.families.pooling import GlobalPooling
from engine.layer import Maps, Shapes, WeightArrays, layer_kind
from engine.spelling import Spelling, exactly
from engine.workspace import Workspace


@layer_kind("global_max_pool2d", label="Global max pooling", category="Pooling", place=4)
class GlobalMaxPool2d(GlobalPooling):
    """Keep the largest value of each whole map: how strongly a feature shows at its best place."""

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return the largest value of each whole map."""
        return exactly(
            keras="layers.GlobalMaxPooling2D(keepdims=True)",
            torch="nn.AdaptiveMaxPool2d(1)",
            onnx="GlobalMaxPool(x)",
        )

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Take each map's largest value."""
        inputs[0].max(axis=(1, 2), out=out[:, 0, 0])

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the map's values and which of them is the largest."""
        return maximum_of(whole_patch(inputs[0], position.channel))
