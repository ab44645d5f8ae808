"""A layer in the words of Keras, PyTorch and ONNX, and read in them.

Settings alone decide the arithmetic. How a layer is spelled, and what its words mean elsewhere, the
kinds declare (`engine.layer.Layer.spellings`, `engine.layer.Layer.reread`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from engine.edits import Edit
from engine.layer import Layer, Shapes
from engine.problems import LayerError
from engine.reading import WindowAxis
from engine.repairs import changes, spelled, value_words
from engine.shapes import Shape
from engine.spelling import DIALECTS, Reread, Spelling, unsaid

READ_AS = {**DIALECTS, "caffe": "Caffe"}
"""The dialects that a layer can be read in, with their names."""

_NOT_IN_CAFFE = "Caffe has no such layer."


@dataclass(frozen=True)
class ReReading:
    """A layer as another dialect would read its words, and what comes of that, in sentences.

    ``layer`` is the same one where the words mean the same, and where no layer here is what they
    mean: the consequences say which.
    """

    dialect: str
    layer: Layer
    consequences: tuple[str, ...]

    @property
    def heading(self) -> str:
        """What the consequences are of."""
        return f"The same settings, read as {READ_AS[self.dialect]}:"

    def edit(self, node_id: str) -> Edit:
        """Return the edit that takes the words as the dialect reads them."""
        text = f"Read as {READ_AS[self.dialect]}"
        return Edit(text, node_id, MappingProxyType(self.layer.settings_dict()))


def spell(layer: Layer, dialect: str, shapes: Shapes) -> Spelling:
    """Return a layer in the words of "keras", "torch" or "onnx", for inputs of these shapes.

    Raises:
        LayerError: the layer cannot take them.
        KeyError: for another dialect.
    """
    name = DIALECTS[dialect]
    return layer.spellings(shapes).get(dialect) or Spelling(
        "", (f"{name} has no words for {layer.kind.label}.",), exact=False
    )


def read_as(layer: Layer, dialect: str, shapes: Shapes) -> ReReading:
    """Return what a layer's words mean in "keras", "torch", "onnx" or "caffe".

    >>> from engine.registry import make_layer
    >>> pool = make_layer("average_pool2d", {"kernel_size": 3, "stride": 2, "padding": 1})
    >>> read_as(pool, "torch", (Shape(3, 28, 28),)).layer.count_include_pad
    True

    Raises:
        LayerError: the layer cannot take inputs of these shapes.
        KeyError: for another dialect.
    """
    name, before = READ_AS[dialect], layer.output_shape(shapes)
    meant = _meaning(layer, dialect, shapes)
    if meant.settings is None:
        return ReReading(dialect, layer, meant.reasons)
    changed = changes(layer, meant.settings)
    if not changed:
        return ReReading(dialect, layer, (f"In {name} the same words mean the same.",))
    other = layer.replace(**changed)
    said = [
        f"{spelled(layer, setting, getattr(layer, setting))} → {value_words(layer, setting, value)}"
        for setting, value in changed.items()
    ]
    words = f"{', '.join(said)}."
    try:
        after = other.output_shape(shapes)
    except LayerError as error:
        return ReReading(
            dialect, other, (words[:1].upper() + words[1:], *meant.reasons, str(error))
        )
    return ReReading(
        dialect,
        other,
        (
            words[:1].upper() + words[1:],
            *meant.reasons,
            _size_sentence(before, after),
            *_moved_windows(layer, other, shapes),
        ),
    )


def _meaning(layer: Layer, dialect: str, shapes: Shapes) -> Reread:
    """Return what the words mean in a dialect, or why that cannot be said.

    Words that mean the same make a layer that is the same: what its spelling denies is not claimed.
    """
    if dialect not in DIALECTS:
        return layer.reread(dialect, shapes) if layer.in_caffe else unsaid(_NOT_IN_CAFFE)
    spelling = spell(layer, dialect, shapes)
    if not spelling.code:
        return unsaid(spelling.notes[0])
    meant = layer.reread(dialect, shapes)
    if spelling.exact or meant.settings is None or changes(layer, meant.settings):
        return meant
    return unsaid(spelling.notes[0])


def _size_sentence(before: Shape, after: Shape) -> str:
    if before == after:
        return f"The size stays {before}."
    return f"The size becomes {after} instead of {before}."


def _moved_windows(layer: Layer, other: Layer, shapes: Shapes) -> Iterator[str]:
    """Yield how far windows stand elsewhere, where they read the same number of rows."""
    ours, theirs = layer.reading(shapes)[0], other.reading(shapes)[0]
    for noun, one, two in (
        ("rows", ours.rows, theirs.rows),
        ("columns", ours.columns, theirs.columns),
    ):
        if isinstance(one, WindowAxis) and isinstance(two, WindowAxis):
            moved = two.before - one.before
            if moved and one.stride == two.stride:
                pixels = f"{abs(moved)} pixel{'' if abs(moved) == 1 else 's'}"
                way = "earlier" if moved > 0 else "later"
                yield f"Along the {noun}, windows begin {pixels} {way}."
