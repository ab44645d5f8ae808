"""What a change would do to a network's sizes and costs, said before it is made."""

from dataclasses import dataclass

from engine.layer import Layer
from engine.problems import LayerError
from engine.shapes import Shape


@dataclass(frozen=True)
class Preview:
    """What an insertion would do, in words, and whether the layer would fit.

    ``shape`` is the size that the layer would have, where it is known.
    """

    text: str
    fits: bool
    shape: Shape | None = None


def insertion_preview(layer: Layer, before: Shape | None) -> Preview:
    """Return what a layer would do to maps of that shape, None where it is not known."""
    label = layer.kind.label
    if layer.inputs[0] > 1:
        return Preview(f"{label} here; then connect its other inputs", True)
    if before is None:
        return Preview(f"{label} here; its size is not known yet", True)
    try:
        result = layer.output_shape((before,))
    except LayerError as error:
        return Preview(f"{label} does not fit here: {error}", False)
    return Preview(f"{label} here:  {before}  →  {result}", True, result)
