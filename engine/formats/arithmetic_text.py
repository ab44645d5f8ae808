"""The arithmetic of one value as text for people."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from engine.analysis import LayerAnalysis
from engine.arithmetic import INSERTED, PADDING, Arithmetic, Patch
from engine.explanation import signed
from engine.network import INPUT_ID
from engine.pinned_value import PinnedValue
from engine.shown_digits import sentence_text, value_text
from engine.size_explanation import SizeExplanation
from engine.tracing import Area
from engine.wording import counted

SHOWN_PATCHES = 3
"""So many windows are printed cell by cell; the others are summed."""

SHOWN_TERMS = 12
"""So many terms of one cell each are printed."""

SHOWN_CELLS = 9
"""Windows are printed up to so many rows and columns."""

_NO_INPUT = {PADDING: ("padding", "pad"), INSERTED: ("inserted zeros", "·")}
"""What stands where the input has no row or column, in words and in a cell."""


def arithmetic_text(
    layer: LayerAnalysis, size: SizeExplanation, pinned: PinnedValue, finest: float
) -> str:
    """Return the size, the windows, the calculation and the receptive field in readable lines.

    Args:
        layer: the analysis of the value's layer.
        size: why its maps have their size.
        pinned: the value.
        finest: no digit of the result finer than this is shown.
    """
    channel, row, column = pinned.position
    summary = layer.node.layer.summary()
    label = layer.node.layer.kind.label + (" (switched off)" if layer.node.bypassed else "")
    arithmetic = pinned.arithmetic
    shown = value_text(arithmetic.result, finest)
    paragraphs = [
        f"{pinned.node_id}: {label}{f', {summary}' if summary else ''}\n"
        f"row {row}, column {column}, channel {channel} of {layer.shape}: {shown}",
        size_lines(size),
        *_window_paragraphs(layer, arithmetic),
        "\n".join([*_steps(arithmetic), f"{'= result':<37} {shown:>12}"]),
        sentence_text(arithmetic, finest),
        *_equivalent_paragraphs(layer, pinned.equivalent, finest),
        _field_sentence(pinned.node_id, pinned.sources.get(INPUT_ID)),
    ]
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


def size_lines(size: SizeExplanation) -> str:
    """Return why maps have their size: the equations, then the sentences."""
    lines = [f"height    {size.height.equation}", f"width     {size.width.equation}"]
    if size.height.equation == size.width.equation:
        lines = [f"size      {size.height.equation}"]
    return "\n".join([*lines, f"channels  {size.channels}", *size.sentences])


def _equivalent_paragraphs(
    layer: LayerAnalysis, equivalent: Arithmetic | None, finest: float
) -> Iterator[str]:
    """Yield the same value in the other way to compute it, where there is one."""
    if equivalent is not None:
        yield "The same value in another way:"
        yield from _window_paragraphs(layer, equivalent)
        yield sentence_text(equivalent, finest)


def _window_paragraphs(layer: LayerAnalysis, arithmetic: Arithmetic) -> Iterator[str]:
    """Yield a paragraph for each of the first windows, and one for the sum of the others."""
    patches = arithmetic.patches
    if not patches:
        return
    if all(patch.values.size == 1 for patch in patches):
        yield "\n".join(_single_terms(layer, arithmetic))
        return
    for patch in patches[:SHOWN_PATCHES]:
        yield "\n".join([_heading(layer, patch), *_grids(patch, arithmetic.operation)])
    others = patches[SHOWN_PATCHES:]
    if others:
        total = signed(sum(patch.result for patch in others))
        yield f"The windows of the other {counted(len(others), 'channel')} add up to {total}."


def _heading(layer: LayerAnalysis, patch: Patch) -> str:
    rows, columns = _range("row", patch.rows), _range("column", patch.columns)
    return f"{_source(layer, patch)}, {rows}, {columns}:"


def _source(layer: LayerAnalysis, patch: Patch) -> str:
    """Return the channel that is read, with its layer where there are several."""
    inputs = layer.node.inputs
    origin = f"“{inputs[patch.input_index]}”, " if len(inputs) > 1 else ""
    return f"{origin}channel {patch.channel}"


def _range(noun: str, places: Sequence[int]) -> str:
    """Return the rows or columns that a window reads.

    >>> _range("row", (3, 4, 5)), _range("row", (-1, 0)), _range("row", (0, 2, 4))
    ('rows 3 to 5', 'row 0 and padding', 'rows 0, 2, 4')
    >>> _range("row", (PADDING, INSERTED)), _range("row", (INSERTED, 0, INSERTED))
    ('rows of padding and inserted zeros alone', 'row 0 and inserted zeros')
    """
    real = [place for place in places if place >= 0]
    others = [words for mark, (words, _) in _NO_INPUT.items() if mark in places]
    if not real:
        return f"{noun}s of {' and '.join(others)} alone"
    if real == list(range(real[0], real[-1] + 1)):
        words = f"{real[0]}" if len(real) == 1 else f"{real[0]} to {real[-1]}"
    else:
        few = [f"{place}" for place in real[:SHOWN_CELLS]]
        words = ", ".join([*few, "…"] if len(real) > SHOWN_CELLS else few)
    plural = "s" if len(real) > 1 else ""
    return " and ".join([f"{noun}{plural} {words}", *others])


def _grids(patch: Patch, operation: str) -> Iterator[str]:
    """Yield the lines of the values, and of weights and products beside them."""
    height, width = (min(size, SHOWN_CELLS) for size in patch.values.shape)
    grids = [patch.values] if patch.weights is None else [patch.values, patch.weights]
    texts = [[[signed(float(v)) for v in line[:width]] for line in grid[:height]] for grid in grids]
    for line in range(height):
        for cell in range(width):
            for mark, (_, sign) in _NO_INPUT.items():
                if mark in (patch.rows[line], patch.columns[cell]):
                    texts[0][line][cell] = sign
                    break
    if patch.weights is not None:
        products = patch.products[:height, :width]
        texts.append([[signed(float(v)) for v in line] for line in products])
    # Two numbers never touch: a small one with its exponent is wider than the usual ten.
    widths = [max(10, 2 + max(len(text) for line in grid for text in line)) for grid in texts]
    for line in range(height):
        cells = [
            "".join(f"{text:>{wide}}" for text in grid[line])
            for grid, wide in zip(texts, widths, strict=True)
        ]
        middle = line == (height - 1) // 2
        signs = ["  ×" if middle else "   ", "  =" if middle else "   "]
        yield "".join(c + s for c, s in zip(cells, [*signs, ""], strict=False)).rstrip(" ×=")
    if patch.values.shape != (height, width):
        rows, columns = patch.values.shape
        yield f"  … the first {height} × {width} of {rows} × {columns} cells"
    word = {"maximum": "largest", "mean": "mean"}.get(operation, "sum")
    yield f"  {word} {signed(patch.result)}"


def _single_terms(layer: LayerAnalysis, arithmetic: Arithmetic) -> Iterator[str]:
    """Yield a line for each of the largest terms of one cell, and one for the others."""
    patches = arithmetic.patches
    sizes = [abs(patch.result) for patch in patches]
    order = np.argsort(-np.nan_to_num(sizes, nan=math.inf), kind="stable")
    chosen = sorted(order[:SHOWN_TERMS].tolist())
    for patch in (patches[place] for place in chosen):
        (row,), (column,) = patch.rows, patch.columns
        outside = [words for mark, (words, _) in _NO_INPUT.items() if mark in (row, column)]
        place = outside[0] if outside else f"row {row}, column {column}"
        words = f"{_source(layer, patch)}, {place}:"
        value = signed(float(patch.values[0, 0]))
        if patch.weights is None:
            contribution = "" if value == signed(patch.result) else f" → {signed(patch.result)}"
            yield f"{words:<39} {value:>10}{contribution}"
        else:
            weight, product = signed(float(patch.weights[0, 0])), signed(patch.result)
            yield f"{words:<39} {value:>10} × {weight:>10} = {product:>10}"
    left = set(range(len(patches))) - set(chosen)
    if left:
        total = signed(sum(patches[place].result for place in left))
        yield f"{len(left)} smaller terms add up to {total}"


def _steps(arithmetic: Arithmetic) -> Iterator[str]:
    for step in arithmetic.steps:
        yield f"{step.label:<37} {signed(step.value):>12}"


def _field_sentence(node_id: str, area: Area | None) -> str:
    """Return which pixels of the picture the value depends on."""
    if node_id == INPUT_ID:
        return ""
    if area is None or area.extent is None:
        return "It depends on no pixel of the picture."
    extent = area.extent
    size = f"{extent.height} × {extent.width}"
    rows = f"rows {extent.first_row} to {extent.last_row}"
    columns = f"columns {extent.first_column} to {extent.last_column}"
    outside = (
        extent.first_row < 0
        or extent.first_column < 0
        or extent.last_row >= area.height
        or extent.last_column >= area.width
    )
    padding = ", padding included" if outside else ""
    return (
        f"Receptive field on the picture: {size}, {rows} and {columns}{padding}; ".replace("-", "−")
        + f"{counted(area.cells, 'pixel')} of it {'is' if area.cells == 1 else 'are'} read."
    )
