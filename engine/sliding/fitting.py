"""Which kernel, stride and padding give an output of a wanted size.

Both axes are searched by themselves, within sensible bounds, and then joined. What is found is a
proposal, best first: sizes themselves come from `engine.sliding.windows` and
`engine.sliding.scattering` alone.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.constraints import Padding, Pair
from engine.shapes import (
    Shape,
    output_length,
    same_length,
    same_padding,
    transposed_cropping,
    window_span,
)
from engine.sliding.scattering import Scatter
from engine.sliding.windows import Window

_KERNELS = (1, 2, 3, 4, 5, 6, 7, 9, 11)
_STRIDES = (1, 2, 3, 4)
"""What people use; the layer's own and those near the quotient of the sizes are tried too."""

_KEPT = 2
"""So many ways that change the same settings are kept for an axis."""


@dataclass(frozen=True)
class _AxisWay:
    """One way to the wanted length: padding or cropping at both ends, and output padding.

    ``rules`` are the padding rules that come to the same; ``strangeness`` says how far the numbers
    are from the layer's own and from what people use.
    """

    kernel: int
    stride: int
    before: int
    after: int
    extra: int
    rules: frozenset[str]
    strangeness: int


def window_settings(window: Window, shape: Shape, size: Pair) -> Iterator[dict[str, Any]]:
    """Yield the settings with which a sliding window has that many positions, best first.

    >>> next(window_settings(Window((3, 3), (1, 1), (1, 1), "valid"), Shape(3, 28, 28), (28, 28)))
    {'kernel_size': (3, 3), 'stride': (1, 1), 'padding': 'same'}
    """
    down, right = (_window_ways(window, axis, shape[1 + axis], size[axis]) for axis in (0, 1))
    for rows, columns in _joined(down, right, window.kernel, window.stride, window.padding):
        yield {
            "kernel_size": (rows.kernel, columns.kernel),
            "stride": (rows.stride, columns.stride),
            "padding": _padding(rows, columns, window.padding),
        }


def scatter_settings(scatter: Scatter, shape: Shape, size: Pair) -> Iterator[dict[str, Any]]:
    """Yield the settings with which a transposed window makes that size, best first.

    >>> up = Scatter((2, 2), (2, 2), (1, 1), "same", None)
    >>> next(scatter_settings(up, Shape(3, 14, 14), (28, 28)))["padding"]
    'same'
    """
    down, right = (_scatter_ways(scatter, axis, shape[1 + axis], size[axis]) for axis in (0, 1))
    for rows, columns in _joined(down, right, scatter.kernel, scatter.stride, scatter.padding):
        padding = _padding(rows, columns, scatter.padding)
        extra = (rows.extra, columns.extra)
        yield {
            "kernel_size": (rows.kernel, columns.kernel),
            "stride": (rows.stride, columns.stride),
            "padding": padding,
            "output_padding": extra if any(extra) and not isinstance(padding, str) else None,
        }


def _window_ways(window: Window, axis: int, length: int, wanted: int) -> Iterator[_AxisWay]:
    own = window.kernel[axis], window.stride[axis]
    near = (length // wanted, -(-length // wanted))
    for kernel, stride in itertools.product({*_KERNELS, own[0]}, {*_STRIDES, *near, own[1]} - {0}):
        span = window_span(kernel, window.dilation[axis])
        # How many cells of padding lead to the wanted length: from the fewest, stride of them.
        fewest = (wanted - 1) * stride + span - length
        ends = {_halves(max(fewest, 0))}
        if fewest > 0 and fewest % 2 and stride > 1:
            ends.add(_halves(fewest + 1))
        if not isinstance(window.padding, str):
            ends.add((window.padding[axis], window.padding[axis + 2]))
        rules: dict[Pair, set[str]] = {end: set() for end in ends}
        rules.setdefault((0, 0), set()).add("valid")
        if same_length(length, stride) == wanted:
            for rule in ("same", "same_lower"):
                end = same_padding(length, span, stride, lower=rule == "same_lower")
                rules.setdefault(end, set()).add(rule)
        for (before, after), names in rules.items():
            found = output_length(length, span, stride, before, after, ceil=window.ceil)
            # More padding than that would leave windows in it alone.
            if (found == wanted or names - {"valid"}) and max(before, after) < max(span, 2):
                far = 2 * abs(kernel - own[0]) + 2 * abs(stride - own[1])
                far += 4 * max(0, stride - span) + before + after + 2 * (before != after)
                fitting = frozenset(names if found == wanted else names - {"valid"})
                yield _AxisWay(kernel, stride, before, after, 0, fitting, far)


def _scatter_ways(scatter: Scatter, axis: int, length: int, wanted: int) -> Iterator[_AxisWay]:
    own, dilation = (scatter.kernel[axis], scatter.stride[axis]), scatter.dilation[axis]
    near = (wanted // length, -(-wanted // length))
    for kernel, stride in itertools.product({*_KERNELS, own[0]}, {*_STRIDES, *near, own[1]} - {0}):
        span = window_span(kernel, dilation)
        cropped = stride * (length - 1) + span - wanted
        rules: dict[tuple[int, int, int], set[str]] = {}
        if cropped >= 0:
            rules[*_halves(cropped), 0] = set()
            if cropped % 2:
                rules[*_halves(cropped + 1), 1] = set()
        else:
            rules[0, 0, -cropped] = set()
        for rule in ("valid", "same"):
            before, after = transposed_cropping(span, stride, rule)
            if before + after == cropped:
                rules.setdefault((before, max(after, 0), max(-after, 0)), set()).add(rule)
        for (before, after, extra), names in rules.items():
            if max(before, after) >= max(span, 2):
                continue
            if names or extra < max(stride, dilation):
                far = 2 * abs(kernel - own[0]) + 2 * abs(stride - own[1])
                far += 4 * max(0, stride - span)
                far += before + after + 3 * extra + 2 * (before != after)
                yield _AxisWay(kernel, stride, before, after, extra, frozenset(names), far)


def _halves(total: int) -> Pair:
    """Return both ends of a padding, an odd pixel at the end."""
    return total // 2, total - total // 2


def _joined(
    rows: Iterable[_AxisWay], columns: Iterable[_AxisWay], kernel: Pair, stride: Pair, own: Padding
) -> Iterator[tuple[_AxisWay, _AxisWay]]:
    """Yield ways for both axes: those that change few settings first, then the usual ones."""

    def order(pair: tuple[_AxisWay, _AxisWay]) -> tuple[int, int, int, bool]:
        down, right = pair
        kernels, strides = (down.kernel, right.kernel), (down.stride, right.stride)
        padding = _padding(down, right, own)
        changed = (kernels != kernel) + (strides != stride) + (padding != own)
        uneven = (len(set(kernels)) > len(set(kernel))) + (len(set(strides)) > len(set(stride)))
        # Of equals, a rule's name says more than four numbers.
        unnamed = not isinstance(padding, str)
        uneven += unnamed and (down.before, down.after) != (right.before, right.after)
        return changed, uneven, down.strangeness + right.strangeness + unnamed, unnamed

    ways = itertools.product(
        _fewer(rows, kernel[0], stride[0], _sides(own, 0)),
        _fewer(columns, kernel[1], stride[1], _sides(own, 1)),
    )
    yield from sorted(ways, key=order)


def _fewer(
    ways: Iterable[_AxisWay], kernel: int, stride: int, own: str | Pair
) -> Iterator[_AxisWay]:
    """Yield the least strange ways, a few for each set of settings that they change."""
    counts: dict[object, int] = {}
    for way in sorted(ways, key=lambda way: way.strangeness):
        kept = own in way.rules or own == (way.before, way.after)
        changed = way.kernel != kernel, way.stride != stride, kept or way.rules
        counts[changed] = counts.get(changed, 0) + 1
        if counts[changed] <= _KEPT:
            yield way


def _sides(padding: Padding, axis: int) -> str | Pair:
    return padding if isinstance(padding, str) else (padding[axis], padding[axis + 2])


def _padding(rows: _AxisWay, columns: _AxisWay, own: Padding) -> Padding:
    """Return the padding of both axes: by a rule's name where one does for both."""
    sides = (rows.before, columns.before, rows.after, columns.after)
    if sides == own:
        return own
    both = rows.rules & columns.rules
    order = (own, "valid", "same", "same_lower")
    return next((rule for rule in order if isinstance(rule, str) and rule in both), sides)
