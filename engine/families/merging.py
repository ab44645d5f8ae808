"""Layers that join several inputs value by value: what adding and multiplying share.

Sizes follow numpy's broadcasting, restricted to maps: along each axis an input is as long as the
others, or 1 and then read again everywhere. A gate of one value per channel is C × 1 × 1.
"""

from collections.abc import Sequence
from functools import reduce
from typing import ClassVar

import numpy as np

from engine.arithmetic import Arithmetic, Position
from engine.equations import SizeEquation
from engine.explanation import operand, signed, value_patch
from engine.layer import Layer, Maps, Shapes, WeightArrays
from engine.numerics.strips import Strip, over_strips
from engine.problems import LayerError, Wanted
from engine.reading import Reading, WindowAxis
from engine.shapes import Shape
from engine.spelling import Reread, unsaid
from engine.workspace import Workspace

MOST_INPUTS = 64


class ElementwiseMerge(Layer):
    """A layer that joins the values of its inputs at each place with one operation."""

    in_caffe = True
    inputs = (2, MOST_INPUTS)
    operation: ClassVar[str]
    """What `Arithmetic` calls it."""
    symbol: ClassVar[str]
    """What stands between two values in a sentence."""
    join: ClassVar[np.ufunc]
    """What joins two arrays."""

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the common shape of the inputs, those of length 1 extended."""
        return broadcast_shape(several(shapes))

    def equation(self, shapes: Shapes) -> SizeEquation:
        """Return the common size, and which input is read again where it has only one value."""
        shape = self.output_shape(shapes)
        repeated = [
            f"input {number} is {given}: its single values are used again at every place"
            for number, given in enumerate(shapes, start=1)
            if given != shape
        ]
        return SizeEquation(
            rule="value by value",
            symbols="in",
            height=f"{shape.height}",
            width=f"{shape.width}",
            channels=f"{shape.channels}, as the inputs",
            notes=tuple(repeated),
        )

    def reread(self, dialect: str, shapes: Shapes) -> Reread:
        """Return the same, where a dialect joins inputs of different sizes."""
        if dialect == "caffe" and len(set(shapes)) > 1:
            return unsaid("Caffe's Eltwise takes inputs of equal size only.")
        return Reread()

    def reading(self, shapes: Shapes) -> tuple[Reading, ...]:
        """Return, per input, the same place, or the only place along an axis of length 1."""
        shape = self.output_shape(shapes)
        return tuple(
            Reading(_axis(given.height, shape.height), _axis(given.width, shape.width))
            for given in shapes
        )

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Join the first two inputs, then the result with each further one, strip by strip."""
        first, second, *others = (
            maps if maps.shape == out.shape else np.broadcast_to(maps, out.shape) for maps in inputs
        )

        def join(strip: Strip, mine: Workspace) -> None:
            part = out[strip]
            self.join(first[strip], second[strip], out=part)
            for maps in others:
                self.join(part, maps[strip], out=part)

        over_strips(join, workspace, *out.shape)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return one value of each input, joined."""
        patches = tuple(
            value_patch(maps, _within(position, maps.shape), index)
            for index, maps in enumerate(inputs)
        )
        values = [patch.result for patch in patches]
        result = float(reduce(self.join, values))
        terms = [signed(values[0]), *(operand(value) for value in values[1:])]
        sentence = f"{f' {self.symbol} '.join(terms)} = {signed(result)}."
        return Arithmetic(self.operation, patches, (), result, sentence)


def nested(operator: str, count: int) -> str:
    """Return an operator of two inputs applied to more.

    >>> nested("Add", 3)
    'Add(Add(x1, x2), x3)'
    """
    return reduce(lambda code, n: f"{operator}({code}, x{n})", range(2, count + 1), "x1")


def several(shapes: Shapes) -> Shapes:
    """Return the shapes of two or more inputs.

    Raises:
        LayerError: for fewer or more than can be merged.
    """
    if not 2 <= len(shapes) <= MOST_INPUTS:
        raise LayerError(f"2 to {MOST_INPUTS} inputs are expected, received {len(shapes)}.")
    return shapes


def broadcast_shape(shapes: Sequence[Shape]) -> Shape:
    """Return the shape that all inputs have or can be extended to.

    >>> broadcast_shape([Shape(32, 26, 28), Shape(32, 1, 1)])
    Shape(channels=32, height=26, width=28)

    Raises:
        LayerError: naming the first input that does not fit, and one that it does not fit to.
    """
    found = Shape(*(max(lengths) for lengths in zip(*shapes, strict=True)))
    for axis, (name, way_out) in enumerate(_WAYS_OUT):
        longest = next(n for n, shape in enumerate(shapes) if shape[axis] == found[axis])
        for number, shape in enumerate(shapes):
            if shape[axis] not in (1, found[axis]):
                raise LayerError(
                    f"Input {number + 1} is {shape} and input {longest + 1} is {shapes[longest]}: "
                    f"{shape[axis]} and {found[axis]} {name} cannot be joined value by value. "
                    f"They must be equal, or 1; {way_out}.",
                    wanted=wanted_shapes(shapes),
                )
    return found


def wanted_shapes(shapes: Sequence[Shape], *, stacked: bool = False) -> tuple[Wanted, ...]:
    """Return what each input could be so that it fits the others, which fit each other.

    The last input comes first: it is most often the shortcut. Axes of length 1 stay so. With
    ``stacked``, channels need not agree, nor do lengths of 1 fit longer ones.
    """
    wanted = []
    for place in reversed(range(len(shapes))):
        given, others = shapes[place], [*shapes[:place], *shapes[place + 1 :]]
        lengths = [set(axis) - (set() if stacked else {1}) for axis in zip(*others, strict=True)]
        if any(len(found) > 1 for found in lengths[stacked:]):
            continue
        shape = [
            own if own == 1 and not stacked else max(found, default=own)
            for own, found in zip(given, lengths, strict=True)
        ]
        if stacked:
            shape[0] = given.channels
        if tuple(shape) != given:
            wanted.append(Wanted(place, Shape(*shape)))
    return tuple(wanted)


_WAYS_OUT = (
    ("channels", "a 1 × 1 convolution gives any number of channels"),
    ("rows", "padding, pooling or resizing before one of them changes its height"),
    ("columns", "padding, pooling or resizing before one of them changes its width"),
)


def _axis(length: int, output_length: int) -> WindowAxis:
    return WindowAxis(length, output_length, stride=1 if length == output_length else 0)


def _within(position: Position, shape: tuple[int, ...]) -> Position:
    """Return where an input holds the value for a position: 0 along axes of length 1."""
    return Position(*(place if n > 1 else 0 for place, n in zip(position, shape, strict=True)))
