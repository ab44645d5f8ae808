"""Convolution of maps (C, H, W), in one of several ways that a fixed rule chooses.

"pointwise": a kernel of 1 × 1, or of all the maps' cells, is a product with them (`matrices`).

"columns": the windows are gathered into a matrix (`matrices`); "rows": rows of them (`rows`).

"winograd": tiles of 3 × 3 windows take a quarter of the products (`winograd`); "large winograd",
with larger tiles, a fifth, and "small winograd" four ninths.

"grids": dilated windows are convolved as such that are not, in one of the other ways (`grids`).

"taps": each kernel cell is multiplied by the maps as they lie in memory (`taps`). It is for single
filters, as when one of many was edited.

"planes": OpenCV filters one plane with one kernel at a time (`planes`). It wins for a gray picture.

"fourier": large kernels are multiplied by maps as spectra (`fourier`).

"net": an OpenCV net (`net`) is the fastest depthwise, and with 3 × 3 kernels that are light work or
in groups. "net blocks": it takes larger maps block by block (`net_blocks`). "channel blocks": other
depthwise kernels are for its newer engine (`channel_blocks`).
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.constraints import Pair
from engine.numerics.channel_blocks import by_channel_blocks
from engine.numerics.fourier import by_fourier
from engine.numerics.grids import grids
from engine.numerics.matrices import by_columns, pointwise
from engine.numerics.net import by_net
from engine.numerics.net_blocks import by_net_blocks
from engine.numerics.padding import padded
from engine.numerics.planes import by_planes
from engine.numerics.rows import by_rows
from engine.numerics.steps import UNPADDED, Convolution, Steps, check_windows
from engine.numerics.taps import by_taps
from engine.numerics.ways import Way, way_for
from engine.numerics.winograd import by_winograd
from engine.numerics.winograd_tiles import SIX, TWO
from engine.sides import Sides
from engine.workspace import Workspace

Array: TypeAlias = NDArray[np.float32]


def convolve(
    maps: Array,
    kernel: Array,
    bias: Array | None,
    out: Array,
    workspace: Workspace,
    *,
    stride: Pair = (1, 1),
    dilation: Pair = (1, 1),
    groups: int = 1,
    sides: Sides = UNPADDED,
    padding_mode: str = "zeros",
    way: Way | None = None,
) -> None:
    """Cross-correlate maps with a kernel (out, in / groups, kh, kw) into ``out``.

    Maps and output may be strips of rows of larger ones. ``sides`` is the padding, which is not
    part of the maps. ``way`` forces a way, for tests.
    """
    if padding_mode != "zeros":
        maps, sides = padded(maps, sides, workspace, padding_mode), UNPADDED
    steps, is_new = Steps(stride, dilation, groups), not workspace.is_known(kernel)
    best = _checked_way(maps.shape, kernel.shape, out.shape[1:], steps, sides, is_new)
    if is_new:
        known = _checked_way(maps.shape, kernel.shape, out.shape[1:], steps, sides, False)
        workspace.put_off |= known != best
    work = Convolution(maps, kernel, bias, out, steps, sides, is_new)
    way = way or best
    if way not in _FINITE_WAYS:
        _WAYS[way](work, workspace)
    elif not _FINITE_WAYS[way](work, workspace):
        by_columns(work, workspace)


def _by_grids(work: Convolution, workspace: Workspace) -> bool:
    """Convolve with dilated windows, grid by grid or several at once."""
    shape: tuple[int, int, int, int] = work.kernel.shape
    for grid in grids(work, workspace):
        way = way_for(shape, grid.out.shape[1:], grid.steps, is_new=work.is_new)
        if work.is_new:
            workspace.put_off |= way_for(shape, grid.out.shape[1:], grid.steps) != way
        if not _FINITE_WAYS[way if way in _APART else "winograd"](grid, workspace):
            return False
    return True


@lru_cache(1024)
def _checked_way(
    maps: tuple[int, ...],
    kernel: tuple[int, int, int, int],
    outputs: Pair,
    steps: Steps,
    sides: Sides,
    is_new: bool,
) -> Way:
    """Return `way_for`, after a look whether the maps hold the windows, or all of them one."""
    check_windows(maps, kernel, outputs, steps, sides)
    top, left, bottom, right = sides
    is_whole = kernel[2:] == (maps[1] + top + bottom, maps[2] + left + right)
    return "pointwise" if is_whole else way_for(kernel, outputs, steps, is_new=is_new)


_WAYS: Mapping[Way, Callable[[Convolution, Workspace], None]] = {
    "pointwise": pointwise,
    "columns": by_columns,
    "rows": by_rows,
    "taps": by_taps,
}

_FINITE_WAYS: Mapping[Way, Callable[[Convolution, Workspace], bool]] = {
    "winograd": by_winograd,
    "small winograd": partial(by_winograd, tiles=TWO),
    "large winograd": partial(by_winograd, tiles=SIX),
    "planes": by_planes,
    "fourier": by_fourier,
    "net": by_net,
    "net blocks": by_net_blocks,
    "channel blocks": by_channel_blocks,
    "grids": _by_grids,
}
"""Those that return False where a value is not finite."""

_APART = frozenset[Way]({"winograd", "small winograd", "large winograd", "net", "net blocks"})
"""Those that take inputs and outputs which do not lie beside each other."""
