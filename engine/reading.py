"""Which input rows a layer reads for an output row, and the same for columns.

Every layer treats the two axes independently, so a reading is two of these, one per axis. Three
kinds of axis are enough: a sliding window (convolution, pooling, padding, cropping, anything
pointwise), a list of taps (transposed, resampled, adaptive) and the whole axis (global pooling,
dense, normalization over a map).

Receptive fields, unread rows and columns, "where does this value come from" and "where does this
pixel go" are all derived from a reading. Masks are boolean arrays along one axis.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.shapes import window_span

Mask: TypeAlias = NDArray[np.bool_]
Indices: TypeAlias = NDArray[np.int64]


NOWHERE = 1 << 40
"""Farther than any index: an interval from here to minus that is empty."""


class Affine(NamedTuple):
    """Output index o reads input indices from ``stride·o − before``, ``span`` of them."""

    span: int
    stride: int
    before: int


@dataclass(frozen=True)
class AxisReading(ABC):
    """How the output along one axis reads the input along it; lengths in pixels."""

    input_length: int
    output_length: int

    @property
    @abstractmethod
    def affine(self) -> Affine | None:
        """The reading as span, stride and padding, where it is that regular."""

    @abstractmethod
    def taps(self) -> Indices:
        """Return (outputs, taps) input indices; −1 stands for padding or no tap."""

    @abstractmethod
    def bounds(self) -> tuple[Indices, Indices]:
        """Return the first and the last index read by each output, padding included."""

    def read(self, outputs: Mask) -> Mask:
        """Return which inputs the marked outputs read."""
        inputs = np.zeros(self.input_length + 1, dtype=np.bool_)
        inputs[self.taps()[outputs]] = True
        return inputs[:-1]  # the last cell collected the −1

    def reach(self, inputs: Mask) -> Mask:
        """Return which outputs read any of the marked inputs."""
        padded = np.append(inputs, False)
        reached: Mask = np.any(padded[self.taps()], axis=1)
        return reached

    def hull(self, first: Indices, last: Indices) -> tuple[Indices, Indices]:
        """Return, per output, the smallest interval that holds those of all inputs that it reads.

        Args:
            first: where the interval of each input begins.
            last: where it ends; an empty one goes from `NOWHERE` to minus that.
        """
        taps = self.taps()  # −1 takes the empty interval at the end
        return (
            np.append(first, NOWHERE)[taps].min(axis=1),
            np.append(last, -NOWHERE)[taps].max(axis=1),
        )

    def unread(self) -> tuple[tuple[int, int], ...]:
        """Return the half-open ranges of inputs that no output reads."""
        return mask_ranges(np.logical_not(self.read(np.ones(self.output_length, dtype=np.bool_))))


@dataclass(frozen=True)
class WindowAxis(AxisReading):
    """A window of ``kernel`` cells, ``dilation`` apart, moved by ``stride``.

    ``before`` is the padding before the first input; negative where the layer crops. A stride of 0
    reads the same inputs for every output (broadcasting). ``mode`` says what stands in the padding:
    "zeros" reads nothing there, the others read real cells again.
    """

    kernel: int = 1
    stride: int = 1
    dilation: int = 1
    before: int = 0
    mode: str = "zeros"

    @property
    def affine(self) -> Affine:
        """The reading as span, stride and padding."""
        return Affine(window_span(self.kernel, self.dilation), self.stride, self.before)

    def positions(self) -> Indices:
        """Return (outputs, kernel) positions as the window lies, outside the input too."""
        starts = np.arange(self.output_length)[:, None] * self.stride - self.before
        return starts + np.arange(self.kernel) * self.dilation

    def taps(self) -> Indices:
        """Return the input cell behind each position; −1 in padding with zeros."""
        return fold_positions(self.positions(), self.input_length, self.mode)

    # A window of thousands of cells on a map as long has millions of taps: what follows needs none.

    def read(self, outputs: Mask) -> Mask:
        """Return which inputs the marked outputs read."""
        starts, cells = self._starts(), self._cells()
        before = window_span(self.kernel, self.dilation) - 1
        marked = np.zeros(before + cells.size, dtype=np.bool_)
        marked[before + starts[outputs]] = True
        inputs = np.zeros(self.input_length + 1, dtype=np.bool_)
        inputs[cells[sliding_counts(marked, self.kernel, self.dilation) > 0]] = True
        return inputs[:-1]  # the last cell collected the −1

    def reach(self, inputs: Mask) -> Mask:
        """Return which outputs read any of the marked inputs."""
        marked = np.append(inputs, False)[self._cells()]
        reached: Mask = sliding_counts(marked, self.kernel, self.dilation)[self._starts()] > 0
        return reached

    def hull(self, first: Indices, last: Indices) -> tuple[Indices, Indices]:
        """Return, per output, the smallest interval that holds those of the inputs it reads."""
        starts, cells = self._starts(), self._cells()
        firsts, lasts = np.append(first, NOWHERE)[cells], np.append(last, -NOWHERE)[cells]
        low, high = firsts[starts], lasts[starts]
        for tap in range(1, self.kernel):
            np.minimum(low, firsts[starts + tap * self.dilation], out=low)
            np.maximum(high, lasts[starts + tap * self.dilation], out=high)
        return low, high

    def _starts(self) -> Indices:
        """Return where each output's window begins, counted from the first one's."""
        return np.arange(self.output_length) * self.stride

    def _cells(self) -> Indices:
        """Return the input cell behind each place that a window covers; −1 in zeros."""
        span = window_span(self.kernel, self.dilation)
        places = np.arange((self.output_length - 1) * self.stride + span) - self.before
        return fold_positions(places, self.input_length, self.mode)

    def bounds(self) -> tuple[Indices, Indices]:
        """Return the window's first and last position."""
        first = np.arange(self.output_length) * self.stride - self.before
        return first, first + window_span(self.kernel, self.dilation) - 1


@dataclass(frozen=True)
class WholeAxis(AxisReading):
    """Every output reads every input: a window as long as the input that does not move."""

    @property
    def affine(self) -> Affine:
        """The reading as one window that every output shares."""
        return Affine(self.input_length, 0, 0)

    def taps(self) -> Indices:
        """Return all inputs for every output."""
        return np.broadcast_to(
            np.arange(self.input_length), (self.output_length, self.input_length)
        )

    def bounds(self) -> tuple[Indices, Indices]:
        """Return the ends of the input."""
        first = np.zeros(self.output_length, dtype=np.int64)
        return first, first + self.input_length - 1

    def hull(self, first: Indices, last: Indices) -> tuple[Indices, Indices]:
        """Return the interval that holds all, for every output."""
        return (
            np.full(self.output_length, first.min()),
            np.full(self.output_length, last.max()),
        )

    def read(self, outputs: Mask) -> Mask:
        """Return all inputs, where any output is marked."""
        return np.full(self.input_length, bool(outputs.any()))

    def reach(self, inputs: Mask) -> Mask:
        """Return all outputs, where any input is marked."""
        return np.full(self.output_length, bool(inputs.any()))


@dataclass(frozen=True)
class ListedAxis(AxisReading):
    """Taps that no single window describes, computed by ``list_taps(*arguments)``.

    The function and its arguments are compared, not the array, so that a reading stays a value.
    It returns (outputs, taps) indices with −1 for no tap.
    """

    list_taps: Callable[..., Indices]
    arguments: tuple[int | str, ...] = ()

    @property
    def affine(self) -> None:
        """None: the number of inputs read differs from output to output."""
        return None

    def taps(self) -> Indices:
        """Return the listed taps."""
        return self.list_taps(self.input_length, self.output_length, *self.arguments)

    def bounds(self) -> tuple[Indices, Indices]:
        """Return the first and last real tap; an output without taps has last = first − 1."""
        taps = self.taps()
        last = taps.max(axis=1, initial=-1)
        first = np.where(taps < 0, self.input_length, taps).min(axis=1, initial=self.input_length)
        return np.minimum(first, last + 1), last


@dataclass(frozen=True)
class Reading:
    """How a layer reads one of its inputs."""

    rows: AxisReading
    columns: AxisReading


def pointwise(height: int, width: int) -> Reading:
    """Return the reading of a layer whose every value comes from the same place."""
    return Reading(WindowAxis(height, height), WindowAxis(width, width))


def whole(height: int, width: int, output_height: int = 1, output_width: int = 1) -> Reading:
    """Return the reading of a layer whose every value comes from everywhere."""
    return Reading(WholeAxis(height, output_height), WholeAxis(width, output_width))


def sliding_counts(marked: Mask, count: int, step: int) -> Indices:
    """Return how many of ``count`` cells, ``step`` apart, are marked, from each cell that has them.

    >>> sliding_counts(np.array([True, False, True, True, False]), 2, step=2).tolist()
    [2, 1, 1]
    """
    rows = -(-marked.size // step)
    table = np.zeros((rows + 1) * step, dtype=np.int64)
    table[step : step + marked.size] = marked
    sums = table.reshape(-1, step).cumsum(axis=0)
    fitting = marked.size - (count - 1) * step
    counts: Indices = (sums[count:] - sums[:-count]).reshape(-1)[:fitting]
    return counts


def fold_positions(positions: Indices, length: int, mode: str) -> Indices:
    """Return the input index behind each position along a padded axis.

    ``mode`` is "zeros" (−1 outside), "replicate" (the nearest edge), "reflect" (mirrored without
    repeating the edge) or "circular" (from the other end).
    """
    if mode == "zeros":
        return np.where((positions >= 0) & (positions < length), positions, -1)
    if mode == "replicate":
        return np.clip(positions, 0, length - 1)
    if mode == "circular":
        return np.mod(positions, length)
    if mode == "reflect":
        period = max(2 * (length - 1), 1)
        wrapped = np.mod(positions, period)
        return np.where(wrapped < length, wrapped, period - wrapped)
    raise ValueError(f"unknown padding mode {mode!r}")


def mask_ranges(mask: Mask) -> tuple[tuple[int, int], ...]:
    """Return the runs of True as half-open ranges.

    >>> mask_ranges(np.array([True, True, False, True]))
    ((0, 2), (3, 4))
    """
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return tuple((int(start), int(stop)) for start, stop in edges.reshape(-1, 2))


@lru_cache(maxsize=4096)
def unread_ranges(axis: AxisReading) -> tuple[tuple[int, int], ...]:
    """Return ``axis.unread()``, remembered: analysis asks for it at every edit."""
    return axis.unread()
