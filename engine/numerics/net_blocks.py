"""Convolution with 3 × 3 kernels, stride 1, by an OpenCV net, block by block of the maps.

A net transforms all tiles of its inputs before it multiplies any, and reads them again for every
four filters. Of large maps they would come from memory each time: 32 → 64 at 1024² takes 330 ms at
once, and 170 in blocks whose tiles stay in the cache.
"""

from collections.abc import Iterator
from typing import TypeAlias

from engine.numerics.net import by_net
from engine.numerics.padding import padded_block
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.steps import UNPADDED, Convolution
from engine.numerics.winograd_tiles import SIX
from engine.workspace import Workspace

Block: TypeAlias = tuple[slice, slice]
"""Rows and columns of outputs."""

BLOCK_VALUES = 1 << 18
"""Inputs of a block, 1 MiB; their tiles are not twice as large."""

LEAST_BLOCK_ROWS = 3
"""Of tiles: lower blocks read much twice, and below twelve rows a net takes no tiles at all."""

SHARED_PRODUCTS = 1 << 29
"""From so many on each thread takes blocks of its own, so that they copy at the same time. Below,
OpenCV's threads share each block: ours take longer to wake."""


def by_net_blocks(work: Convolution, workspace: Workspace) -> bool:
    """Convolve with a kernel (out, in, 3, 3), neither dilated nor in groups.

    Returns False where a value is not finite; the output is then to be computed directly.
    """
    broken: list[Block] = []

    def convolve(block: Block, mine: Workspace) -> None:
        mine.checkpoint()
        if broken:
            return
        down, across = block
        windows = slice(down.start, down.stop + 2), slice(across.start, across.stop + 2)
        maps = padded_block(work.maps, work.sides, windows, mine)
        out = work.out[:, down, across]
        if not by_net(work._replace(maps=maps, out=out, sides=UNPADDED), mine):
            broken.append(block)

    blocks = list(_blocks(work))
    if work.products >= SHARED_PRODUCTS:
        in_parallel(blocks, convolve, workspace)
    else:
        for block in blocks:
            convolve(block, workspace)
    return not broken


def _blocks(work: Convolution) -> Iterator[Block]:
    """Yield blocks of whole tiles, wherever more follow."""
    down, across = (-(-size // SIX.outputs) for size in work.out.shape[1:])
    tiles = max(1, BLOCK_VALUES // (len(work.maps) * SIX.outputs**2))
    columns = parts(across, -(-across // max(1, tiles // LEAST_BLOCK_ROWS)))
    rows = parts(down, down // max(LEAST_BLOCK_ROWS, tiles // columns[0].stop))
    for some in rows:
        for part in columns:
            yield _outputs(some, work.out.shape[1]), _outputs(part, work.out.shape[2])


def _outputs(tiles: slice, size: int) -> slice:
    """Return the outputs that some tiles make of as many as there are."""
    return slice(tiles.start * SIX.outputs, min(tiles.stop * SIX.outputs, size))
