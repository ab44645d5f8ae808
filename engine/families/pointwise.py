"""Layers that are one function of one value, the same everywhere: most activations."""

import math
from abc import abstractmethod

from engine.arithmetic import Arithmetic, Position
from engine.explanation import function_of
from engine.layer import Layer, Maps, Shapes, WeightArrays, single
from engine.numerics.strips import Strip, over_blocks, over_strips
from engine.shapes import Shape
from engine.workspace import Workspace


class Pointwise(Layer):
    """A layer whose every value is the same function of the input's value at the same place.

    A kind writes its function twice: fast, on a block of values, and slowly, for a person.
    """

    @abstractmethod
    def apply(self, values: Maps, out: Maps, workspace: Workspace) -> None:
        """Write the function of a block of values into ``out``, of the same shape."""

    @abstractmethod
    def evaluated(self, value: float) -> tuple[float, str]:
        """Return the function of one value in double precision, and the sentence that says it."""

    def output_shape(self, shapes: Shapes) -> Shape:
        """Return the input's shape."""
        return single(shapes)

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Apply the function strip by strip."""
        channels = out.shape[0]
        values, results = inputs[0].reshape(channels, -1), out.reshape(channels, -1)

        def apply(strip: Strip, mine: Workspace) -> None:
            self.apply(values[strip], results[strip], mine)

        over_strips(apply, workspace, *results.shape)

    def explain(
        self, position: Position, inputs: tuple[Maps, ...], weights: WeightArrays
    ) -> Arithmetic:
        """Return the function of the value at the same place."""
        result, sentence = self.evaluated(float(inputs[0][position]))
        return function_of(inputs[0], position, result, sentence)


class OnePass(Pointwise):
    """A function applied in one pass, by OpenCV's threads or by numpy."""

    def forward(
        self, inputs: tuple[Maps, ...], weights: WeightArrays, out: Maps, workspace: Workspace
    ) -> None:
        """Apply the function to large blocks of lines."""
        width = out.shape[2]
        values, results = inputs[0].reshape(-1, width), out.reshape(-1, width)

        def apply(lines: slice) -> None:
            self.apply(values[lines], results[lines], workspace)

        over_blocks(apply, workspace, *results.shape)


def logistic(value: float) -> float:
    """Return 1 / (1 + e^−value), whatever the value.

    >>> logistic(0.0), logistic(-1000.0)
    (0.5, 0.0)
    """
    power = math.exp(-abs(value))
    return 1 / (1 + power) if value >= 0 else power / (1 + power)
