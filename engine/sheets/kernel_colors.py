"""The colors of a kernel's cells: zero is neutral, and both signs are equally strong."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.sheets.color_maps import DIVERGING, Colors


def kernel_colors(kernel: NDArray[Any], limit: float | None = None) -> Colors:
    """Return the colors (..., 3), uint8 RGB, of a kernel (...).

    Args:
        kernel: the weights; what is not finite gets the color of zero.
        limit: the magnitude that gets the strongest color; by default the kernel's largest.

    >>> edge = kernel_colors(np.array([[-1.0, 0.0, 1.0]]))[0]
    >>> edge[1].tolist() == DIVERGING.at(0.5).tolist()
    True
    """
    values = np.where(np.isfinite(kernel), kernel, 0.0).astype(np.float64)
    strongest = float(np.abs(values).max(initial=0.0)) if limit is None else limit
    return DIVERGING.at(
        0.5 + values / (2.0 * strongest) if strongest else np.full_like(values, 0.5)
    )
