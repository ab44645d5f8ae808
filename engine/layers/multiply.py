"""Multiplying."""

import numpy as np

from engine.layer import layer_kind
from engine.merging import ElementwiseMerge


@layer_kind("multiply", label="Multiply", category="Merge", place=2)
class Multiply(ElementwiseMerge):
    """Multiply the values of all inputs at each place, as a gate does.

    Along each axis the inputs are equally long, or 1: then that value multiplies everywhere. A
    squeeze-and-excitation gate has one value per channel, 1 × 1 × C.
    """

    operation = "product"
    symbol = "×"
    join = np.multiply
