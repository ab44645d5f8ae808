"""Normalization of maps (C, H, W): float32, from ``maps`` into ``out``.

A negative or missing variance gives NaN without a warning, as it does in the frameworks.
"""

import numpy as np
from numpy.typing import NDArray

from engine.numerics.channel_scaling import ChannelScaling, coefficients
from engine.numerics.parallel import in_parallel, parts
from engine.numerics.strips import Strip, number_per_row, over_strips, strips
from engine.workspace import Workspace

Array = NDArray[np.float32]

MOST_DEVIATIONS = 8
"""Means so near to zero are folded into the shift, which spares a third of the passes.

Subtracting them from values 8 times as large as the result loses three binary digits.
"""

BLOCK_VALUES = 1 << 21
"""Values of a block that one thread scales in a millisecond: for 96 maps of 112² it takes 0.38
ms, and 0.49 where another is woken."""


def batch_norm(
    maps: Array,
    mean: Array,
    variance: Array,
    epsilon: float,
    scale: Array | None,
    shift: Array | None,
    out: Array,
    workspace: Workspace,
) -> None:
    """Write (x − mean) / √(variance + epsilon) · scale + shift; one of each per channel."""
    arrays = mean, variance, scale, shift
    # The entry holds the arrays, so that their ids cannot be taken by others.
    (rows, folded), _ = workspace.prepared(
        ("batch norm", epsilon, *map(id, arrays)),
        mean,
        lambda: (_coefficients(epsilon, *arrays), arrays),
    )
    if not folded:
        _in_passes(maps, mean, rows[0][:, None], shift, out, workspace)
        return

    def scale_and_shift_part(channels: slice, mine: Workspace) -> None:
        mine.checkpoint()
        layer = mine.prepared(("channel scaling",), None, ChannelScaling)
        layer.run(out[channels], maps[channels], *rows[:, channels])

    blocks = parts(len(out), -(-out.size // BLOCK_VALUES))
    in_parallel(blocks, scale_and_shift_part, workspace)


def _in_passes(
    maps: Array,
    mean: Array | None,
    factor: Array,
    shift: Array | None,
    out: Array,
    workspace: Workspace,
) -> None:
    """Subtract means that are large beside the deviations, multiply, and add, strip by strip."""
    columns, results = maps.reshape(factor.size, -1), out.reshape(factor.size, -1)

    def normalize(strip: Strip, mine: Workspace) -> None:
        part, values, channels = results[strip], columns[strip], strip[0]
        if mean is not None:
            values = np.subtract(values, mean[channels, None], out=part)
        np.multiply(values, factor[channels], out=part)
        if shift is not None:
            np.add(part, shift[channels, None], out=part)

    with number_per_row(columns.shape[1]):
        over_strips(normalize, workspace, *columns.shape)


def _coefficients(
    epsilon: float, mean: Array, variance: Array, scale: Array | None, shift: Array | None
) -> tuple[Array, bool]:
    """Return factors and offsets for `ChannelScaling`, and whether they are all that is needed.

    Then the means are folded into the offsets.
    """
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        deviation = np.sqrt(np.add(variance, epsilon, dtype=np.float64))
        factor = (1 if scale is None else scale) / deviation
        rows = coefficients(factor, (0 if shift is None else shift) - mean * factor)
        # Written so that what is no number is not folded.
        is_near = bool((mean**2 <= MOST_DEVIATIONS**2 * variance).all())
    return rows, is_near and bool(np.isfinite(rows).all())


def standardize_groups(
    maps: Array, groups: int, epsilon: float, out: Array, workspace: Workspace
) -> None:
    """Write (x − mean) / √(variance + epsilon) with the mean and variance of each group.

    A group is an equal share of the channels with all their positions. The variance divides by
    the number of values. Sums are taken over strips and added in double precision.
    """
    rows, results = maps.reshape(groups, -1), out.reshape(groups, -1)
    count = rows.shape[1]
    sums = np.zeros(groups)
    for some, values in strips(workspace, groups, count):
        sums[some] += rows[some, values].sum(axis=1)
    means = (sums / count).astype(np.float32)[:, None]
    squares = np.zeros(groups)
    for some, values in strips(workspace, groups, count):
        part = results[some, values]
        np.subtract(rows[some, values], means[some], out=part)
        square = workspace.scratch("squares", *part.shape)
        np.multiply(part, part, out=square)
        squares[some] += square.sum(axis=1)
    factors = (1 / np.sqrt(squares / count + epsilon)).astype(np.float32)[:, None]
    for some, values in strips(workspace, groups, count):
        part = results[some, values]
        np.multiply(part, factors[some], out=part)


def standardize_channels(maps: Array, epsilon: float, out: Array, workspace: Workspace) -> None:
    """Write (x − mean) / √(variance + epsilon) with the mean and variance at each position."""
    channels = maps.shape[0]
    columns, results = maps.reshape(channels, -1), out.reshape(channels, -1)

    def standardize(strip: Strip, mine: Workspace) -> None:
        part, values = results[:, strip[1]], columns[:, strip[1]]
        np.subtract(values, values.mean(axis=0), out=part)
        square = mine.scratch("squares", *part.shape)
        np.multiply(part, part, out=square)
        divisor = square.mean(axis=0)
        np.add(divisor, epsilon, out=divisor)
        np.sqrt(divisor, out=divisor)
        np.divide(part, divisor, out=part)

    over_strips(standardize, workspace, 1, columns.shape[1], channels)


def scale_and_shift(out: Array, scale: Array, shift: Array, workspace: Workspace) -> None:
    """Multiply by the scale and add the shift, in place; both (C,) or (C, H, W)."""
    if scale.ndim == 1:
        scale, shift = scale[:, None, None], shift[:, None, None]
    scales, shifts = np.broadcast_to(scale, out.shape), np.broadcast_to(shift, out.shape)

    def scale_strip(strip: Strip, mine: Workspace) -> None:
        part = out[strip]
        np.multiply(part, scales[strip], out=part)
        np.add(part, shifts[strip], out=part)

    over_strips(scale_strip, workspace, *out.shape)


def local_response_norm(
    maps: Array,
    size: int,
    alpha: float,
    beta: float,
    k: float,
    out: Array,
    workspace: Workspace,
) -> None:
    """Write x / (k + alpha / size · Σ x²)^beta, the sum over ``size`` neighboring channels.

    The window of channel c is c − ⌊size / 2⌋ to c + ⌊(size − 1) / 2⌋; it stops at the ends, and
    the division by the size does not.
    """
    channels = maps.shape[0]
    columns, results = maps.reshape(channels, -1), out.reshape(channels, -1)
    before, after = min(size // 2, channels - 1), min((size - 1) // 2, channels - 1)

    def normalize(strip: Strip, mine: Workspace) -> None:
        values, part = columns[:, strip[1]], results[:, strip[1]]
        square = mine.scratch("squares", *part.shape)
        divisor = mine.scratch("divisor", *part.shape)
        np.multiply(values, values, out=square)
        np.copyto(divisor, square)
        for offset in (*range(-before, 0), *range(1, after + 1)):
            first, last = max(0, -offset), min(channels, channels - offset)
            divisor[first:last] += square[first + offset : last + offset]
        np.multiply(divisor, alpha / size, out=divisor)
        np.add(divisor, k, out=divisor)
        np.power(divisor, -beta, out=divisor)
        np.multiply(values, divisor, out=part)

    over_strips(normalize, workspace, 1, columns.shape[1], channels)
