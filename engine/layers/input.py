"""The picture."""

from collections.abc import Mapping

from engine.arithmetic import Arithmetic, Position
from engine.layer import Layer, Maps, Shapes, WeightArrays, layer_kind
from engine.problems import LayerError
from engine.shapes import Shape
from engine.spelling import Spelling, cannot
from engine.workspace import Workspace


@layer_kind("input", label="Picture", category="Input")
class Input(Layer):
    """The picture, or only its size: where every network begins.

    Which picture it is, and how it is brought to size, belongs to the project.
    """

    inputs = (0, 0)

    def output_shape(self, shapes: Shapes) -> Shape:
        """Refuse: the project, not a layer before it, gives the picture's size."""
        raise LayerError("The picture reads no other layer.")

    def spellings(self, shapes: Shapes) -> Mapping[str, Spelling]:
        """Return that a picture is no layer, and in which order it comes."""
        return {
            "keras": cannot("The model's input, N × height × width × channels."),
            "torch": cannot("The model's input, N × channels × height × width."),
            "onnx": cannot("The graph's input, N × channels × height × width."),
        }

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Refuse, as `output_shape` does."""
        raise LayerError("The picture is not computed.")

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Refuse, as `output_shape` does."""
        raise LayerError("A value of the picture is not computed; it is what was loaded.")
