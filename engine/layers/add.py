"""Adding."""

import numpy as np

from engine.layer import layer_kind
from engine.merging import ElementwiseMerge


@layer_kind("add", label="Add", category="Merge", place=1)
class Add(ElementwiseMerge):
    """Add up the values of all inputs at each place, as the shortcut of a residual block does.

    Along each axis the inputs are equally long, or 1: then that value is added everywhere.
    """

    operation = "sum"
    symbol = "+"
    join = np.add
