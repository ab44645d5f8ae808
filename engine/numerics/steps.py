"""What is to be convolved, and how the windows lie on it."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.constraints import Pair
from engine.shapes import window_span
from engine.sides import Sides

Array = NDArray[np.float32]


class Steps(NamedTuple):
    """Stride and dilation as (height, width), and groups of channels."""

    stride: Pair = (1, 1)
    dilation: Pair = (1, 1)
    groups: int = 1

    def covered(self, outputs: Pair, kernel: Pair) -> Pair:
        """Return the size that so many windows of that kernel cover."""
        (rows, columns), (kernel_h, kernel_w) = outputs, kernel
        return (
            (rows - 1) * self.stride[0] + window_span(kernel_h, self.dilation[0]),
            (columns - 1) * self.stride[1] + window_span(kernel_w, self.dilation[1]),
        )


ONE_BY_ONE = Steps()
"""Windows at every place, neither dilated nor grouped."""

UNPADDED = Sides()


class Convolution(NamedTuple):
    """Maps (C, H, W), a kernel (out, C / groups, kh, kw), and the output that they fill.

    ``sides`` are zeros around the maps that are not in memory.
    """

    maps: Array
    kernel: Array
    bias: Array | None
    out: Array
    steps: Steps = ONE_BY_ONE
    sides: Sides = UNPADDED
    is_new: bool = False
    """Whether the kernel is used for the first time, so that little should be made of it."""

    @property
    def products(self) -> int:
        """How many multiplications there are."""
        return self.kernel.size * math.prod(self.out.shape[1:])

    @property
    def filters(self) -> int:
        """How many filters each group has."""
        return len(self.kernel) // self.steps.groups

    def covered(self, rows: int) -> Pair:
        """Return the size that the windows of so many rows of outputs cover."""
        kernel_h, kernel_w = self.kernel.shape[2:]
        return self.steps.covered((rows, self.out.shape[2]), (kernel_h, kernel_w))


def check_windows(
    maps: tuple[int, ...], kernel: tuple[int, ...], outputs: Pair, steps: Steps, sides: Sides
) -> None:
    """Refuse maps of a shape that does not hold the windows: OpenCV would read beyond them."""
    height, width = steps.covered(outputs, (kernel[2], kernel[3]))
    top, left, bottom, right = sides
    channels, rows, columns = maps
    if (
        channels != kernel[1] * steps.groups
        or rows + top + bottom < height
        or columns + left + right < width
    ):
        raise ValueError(
            f"maps {maps} with {sides} around them do not hold windows of {kernel}, {steps}"
        )
