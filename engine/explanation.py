"""Building the arithmetic of one value: what the layer kinds share.

All numbers are computed here in double precision, one term at a time.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.arithmetic import Arithmetic, Doubles, Patch, Position, Step
from engine.reading import Indices, Reading, WindowAxis, fold_positions


def signed(value: float) -> str:
    """Return a number as it is shown in sentences, four digits and a true minus sign.

    >>> signed(-0.25), signed(-0.0)
    ('−0.25', '0')
    """
    # Adding 0 makes −0 the same as 0.
    return f"{value + 0.0:.4g}".replace("-", "−")


def operand(value: float) -> str:
    """Return a number as it is shown after an operator, a negative one in parentheses.

    >>> operand(-0.25)
    '(−0.25)'
    """
    return f"({signed(value)})" if value < 0 else signed(value)


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
    return tuple(
        cells_patch(maps, channel, rows, columns, None if kernel is None else kernel[place], fill)
        for place, channel in enumerate(channels)
    )


def cells_patch(
    maps: NDArray[np.float32],
    channel: int,
    rows: Indices,
    columns: Indices,
    weights: Doubles | None = None,
    fill: float = 0.0,
) -> Patch:
    """Return the cells where rows and columns meet in one channel; −1 is padding of ``fill``."""
    values = maps[channel][np.ix_(rows, columns)].astype(np.float64)
    values[(rows < 0)[:, None] | (columns < 0)] = fill
    total = float((values if weights is None else values * weights).sum())
    return Patch(0, channel, tuple(rows.tolist()), tuple(columns.tolist()), values, weights, total)


def whole_patch(maps: NDArray[np.float32], channel: int) -> Patch:
    """Return all cells of one channel."""
    _, height, width = maps.shape
    return cells_patch(maps, channel, np.arange(height), np.arange(width))


def _sources(axis: object, index: int) -> Indices:
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


def mean_of(patch: Patch, divisor: int) -> Arithmetic:
    """Return the arithmetic of a patch's sum, divided by how many cells its window counts."""
    total = float(patch.values.sum())
    result = total / divisor
    inside = sum(row >= 0 for row in patch.rows) * sum(column >= 0 for column in patch.columns)
    reason = ""
    if inside < patch.values.size:
        reason = ", the padding counted," if inside < divisor else ", without the cells outside,"
    sentence = (
        f"The values add up to {signed(total)}; divided by {divisor}{reason} that is "
        f"{signed(result)}."
    )
    steps = (Step("sum", total), Step("divided by", float(divisor)))
    return Arithmetic("mean", (replace(patch, result=result),), steps, result, sentence)


def copy_of(patch: Patch) -> Arithmetic:
    """Return the arithmetic of one value that is only moved, or of a cell of padding."""
    (row,), (column,) = patch.rows, patch.columns
    if row < 0 or column < 0:
        sentence = f"This cell is padding; its value is {signed(patch.result)}."
    else:
        sentence = (
            f"A copy of {signed(patch.result)}, the value of channel {patch.channel} at row {row}, "
            f"column {column}."
        )
    return Arithmetic("copy", (patch,), (), patch.result, sentence)


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
