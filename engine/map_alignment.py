"""How a layer's maps lie over the maps that it reads: which place belongs to which.

Places are in cells: the first cell of a map reaches from 0 to 1.
"""

from typing import NamedTuple

from engine.analysis import LayerAnalysis
from engine.reading import AxisReading, Reading, WindowAxis, pointwise
from engine.sides import Sides
from engine.tracing import Extent


class Alignment(NamedTuple):
    """Along one axis, ``scale`` · place + ``offset`` is the place in the input."""

    scale: float
    offset: float

    def input_place(self, place: float) -> float:
        """Return the place in the input."""
        return self.scale * place + self.offset

    def output_place(self, place: float) -> float:
        """Return the place in the output."""
        return (place - self.offset) / self.scale


def align(axis: AxisReading) -> Alignment:
    """Return how an output lies over an input along one axis.

    Where a window moves, the middle of each output cell lies over the middle of its window; else
    the whole output lies over the whole input.

    >>> align(WindowAxis(28, 26, kernel=3))
    Alignment(scale=1.0, offset=1.0)
    >>> align(WindowAxis(28, 14, kernel=2, stride=2)).input_place(14)
    28.0
    """
    affine = axis.affine
    if affine is None or affine.stride < 1:
        return Alignment(axis.input_length / axis.output_length, 0.0)
    offset = (affine.span - affine.stride) / 2 - affine.before
    return Alignment(float(affine.stride), offset)


def input_reading(layer: LayerAnalysis, place: int) -> Reading | None:
    """Return how a layer reads one of its inputs; None where its size is not known."""
    if layer.facts is None or place >= len(layer.input_shapes):
        return None
    if layer.node.bypassed:
        shape = layer.input_shapes[0]
        return pointwise(shape.height, shape.width)
    return layer.facts.readings[place]


def padding_of_input(layer: LayerAnalysis, place: int) -> Sides:
    """Return the padding that a layer puts around one of its inputs.

    What frameworks call the padding of a transposed convolution is cropped from its output: there
    no window moves over the input, and nothing is put around it.
    """
    reading = input_reading(layer, place)
    if layer.facts is None or reading is None or layer.node.bypassed:
        return Sides()
    moves = isinstance(reading.rows, WindowAxis) and isinstance(reading.columns, WindowAxis)
    return layer.facts.padding if moves else Sides()


def window_of(reading: Reading, row: int, column: int) -> Extent | None:
    """Return the rows and columns that an output value reads, from first to last.

    They reach into the padding; None where nothing is read.
    """
    rows, columns = _ends(reading.rows, row), _ends(reading.columns, column)
    return None if rows is None or columns is None else Extent(*rows, *columns)


def _ends(axis: AxisReading, output: int) -> tuple[int, int] | None:
    affine = axis.affine
    if affine is not None:
        first = output * affine.stride - affine.before
        return first, first + affine.span - 1
    firsts, lasts = axis.bounds()
    first, last = int(firsts[output]), int(lasts[output])
    return (first, last) if first <= last else None


def matching_map(layer: LayerAnalysis, index: int) -> tuple[int, int] | None:
    """Return which map of which input a layer's map is made of; None where it is made of many.

    Layers with as many maps as their input change each by itself, and stacked maps follow each
    other. A convolution with as many filters as channels is no exception: any map would do.
    """
    shape, given = layer.shape, layer.input_shapes
    if shape is None or not given:
        return None
    if len(given) > 1 and sum(each.channels for each in given) == shape.channels:
        place = 0
        while index >= given[place].channels:
            index -= given[place].channels
            place += 1
        return place, index
    return (0, index) if given[0].channels == shape.channels else None
