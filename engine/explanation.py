"""Building the arithmetic of one value: what the layer kinds share.

All numbers are computed here in double precision, one term at a time.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.arithmetic import Arithmetic, Doubles, Patch, Position, Step
from engine.reading import Reading, WindowAxis, fold_positions


def signed(value: float) -> str:
    """Return a number as it is shown in sentences, four digits and a true minus sign.

    >>> signed(-0.25)
    '−0.25'
    """
    return f"{value:.4g}".replace("-", "−")


def window_patches(
    maps: NDArray[np.float32],
    reading: Reading,
    position: Position,
    channels: Iterable[int],
    kernel: Doubles | None,
    fill: float = 0.0,
) -> tuple[Patch, ...]:
    """Return what a window at ``position`` reads, one patch per channel.

    Args:
        maps: the input, (C, H, W).
        reading: a reading whose axes are windows.
        position: the output value.
        channels: the input channels, in the order of the kernel's first axis.
        kernel: weights (channels, kh, kw), or None.
        fill: the value of padding with zeros.
    """
    rows = _sources(reading.rows, position.row)
    columns = _sources(reading.columns, position.column)
    outside = (rows < 0)[:, None] | (columns < 0)
    patches = []
    for place, channel in enumerate(channels):
        values = maps[channel][np.ix_(rows, columns)].astype(np.float64)
        values[outside] = fill
        weights = None if kernel is None else kernel[place]
        total = float((values if weights is None else values * weights).sum())
        patches.append(
            Patch(0, channel, tuple(rows.tolist()), tuple(columns.tolist()), values, weights, total)
        )
    return tuple(patches)


def _sources(axis: object, index: int) -> NDArray[np.int64]:
    """Return the input index of each cell of a window along one axis; −1 in padding."""
    assert isinstance(axis, WindowAxis)
    positions = index * axis.stride - axis.before + np.arange(axis.kernel) * axis.dilation
    return fold_positions(positions, axis.input_length, axis.mode)


def weighted_sum(patches: tuple[Patch, ...], bias: float | None) -> Arithmetic:
    """Return the arithmetic of products that are summed, and a bias."""
    total = sum(patch.result for patch in patches)
    count = sum(patch.values.size for patch in patches)
    products = f"{len(patches)} × {count // len(patches)} = {count}" if patches else "0"
    if bias is None:
        return Arithmetic(
            "sum", patches, (), total, f"{products} products add up to {signed(total)}."
        )
    result = total + bias
    return Arithmetic(
        "sum",
        patches,
        (Step("bias", bias),),
        result,
        f"{products} products add up to {signed(total)}; with the bias {signed(bias)} "
        f"that is {signed(result)}.",
    )


def maximum_of(patch: Patch) -> Arithmetic:
    """Return the arithmetic of a window whose largest value is kept; the first one wins a tie."""
    line, cell = np.unravel_index(int(np.argmax(patch.values)), patch.values.shape)
    result = float(patch.values[line, cell])
    winner = replace(patch, result=result)
    sentence = (
        f"The largest of {int(np.isfinite(patch.values).sum())} values is {signed(result)}, "
        f"at row {patch.rows[line]}, column {patch.columns[cell]}."
    )
    return Arithmetic("maximum", (winner,), (), result, sentence)


def function_of(
    maps: NDArray[np.float32], position: Position, result: float, sentence: str
) -> Arithmetic:
    """Return the arithmetic of a function of the one value at the same place."""
    return Arithmetic("function", (value_patch(maps, position),), (), result, sentence)


def value_patch(maps: NDArray[np.float32], position: Position, input_index: int = 0) -> Patch:
    """Return a single value of an input as a patch."""
    value = float(maps[position])
    channel, row, column = position
    return Patch(input_index, channel, (row,), (column,), np.array([[value]]), None, value)
