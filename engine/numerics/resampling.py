"""Resampling of maps (C, H, W): where each output cell lies in the input, and what it takes there.

Positions are exact fractions, so that rounding down at a whole number is never one cell off. Both
axes are resampled separately, which is the same as weighting all neighbors of both at once.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arithmetic import Doubles
from engine.numerics.parallel import parts
from engine.numerics.strips import BLOCK_VALUES, strips
from engine.opencv import cv2
from engine.reading import Indices, ListedAxis
from engine.workspace import Workspace

Array = NDArray[np.float32]

OPENCV_CUBIC = -0.75
"""The coefficient of OpenCV's bicubic interpolation, and of PyTorch's."""

OPENCV_PLANE = 32 * 32
"""From this many output values on, one OpenCV call per map is faster than numpy on all maps."""

MOST_MERGED = 128
"""Maps that OpenCV merges."""


class Neighbors(NamedTuple):
    """What each output cell of one axis takes: input indices and their weights, (outputs, taps)."""

    indices: Indices
    weights: Doubles

    def of_output(self, output: int) -> tuple[Indices, Doubles]:
        """Return the cells that one output takes, each once, and their weights."""
        indices, weights = self.indices[output], self.weights[output]
        cells = np.unique(indices[weights != 0])
        return cells, np.array([weights[indices == cell].sum() for cell in cells])

    def merged(self) -> "Neighbors":
        """Return each cell once, in order, those that weigh nothing as −1 at the end."""
        indices, weights = self.indices.copy(), self.weights.copy()
        taps = range(indices.shape[1])
        for later in taps:
            for earlier in range(later):
                again = indices[:, later] == indices[:, earlier]
                weights[:, earlier] += np.where(again, weights[:, later], 0.0)
                weights[:, later] = np.where(again, 0.0, weights[:, later])
        nothing = abs(weights) < 1e-12
        order = np.argsort(np.where(nothing, np.iinfo(np.int64).max, indices), axis=1)
        return Neighbors(
            np.take_along_axis(np.where(nothing, -1, indices), order, axis=1),
            np.take_along_axis(np.where(nothing, 0.0, weights), order, axis=1),
        )


@dataclass(frozen=True)
class Interpolation:
    """How values between the cells are found.

    ``mode`` is "nearest", "bilinear" or "bicubic"; ``coordinates`` "half_pixel", "align_corners"
    or "asymmetric"; ``rounding`` "floor", "round_prefer_floor", "round_prefer_ceil" or "ceil", as
    in ONNX. With ``exclude_outside`` cells beyond the edge weigh nothing and the others add up
    to 1; otherwise the edge is repeated.
    """

    mode: str
    coordinates: str = "half_pixel"
    rounding: str = "round_prefer_ceil"
    cubic_coefficient: float = OPENCV_CUBIC
    exclude_outside: bool = False


@dataclass(frozen=True)
class ResampledAxis:
    """One axis before and after; ``step`` is how many input cells an output cell is wide."""

    input_length: int
    output_length: int
    step: Fraction
    interpolation: Interpolation

    def grid(self) -> tuple[Indices, int]:
        """Return where output cells lie on the input's axis, as (numerators, denominator).

        The middle of input cell i is at i. Half pixel: (o + ½) · step − ½; asymmetric: o · step;
        align corners: o · (in − 1) / (out − 1), which takes no notice of the step.

        >>> ResampledAxis(2, 4, Fraction(1, 2), Interpolation("bilinear")).grid()
        (array([-1,  1,  3,  5]), 4)
        """
        outputs, step = np.arange(self.output_length), self.step
        if self.interpolation.coordinates == "align_corners":
            return outputs * (self.input_length - 1), max(1, self.output_length - 1)
        if self.interpolation.coordinates == "half_pixel":
            return (2 * outputs + 1) * step.numerator - step.denominator, 2 * step.denominator
        return outputs * step.numerator, step.denominator

    def position(self, output: int) -> float:
        """Return where one output cell lies on the input's axis."""
        numerators, denominator = self.grid()
        return int(numerators[output]) / denominator

    def neighbors(self) -> Neighbors:
        """Return what each output cell takes."""
        how, last = self.interpolation, self.input_length - 1
        positions, unit = self.grid()
        below, rest = np.divmod(positions, unit)
        if how.mode == "nearest":
            nearest = (below + _rounded_up(rest, unit, how.rounding))[:, None]
            return Neighbors(np.clip(nearest, 0, last), np.ones(nearest.shape))
        offsets = np.arange(2) if how.mode == "bilinear" else np.arange(-1, 3)
        indices = below[:, None] + offsets
        distances = abs((rest / unit)[:, None] - offsets)
        if how.mode == "bilinear":
            weights = 1 - distances
        else:
            weights = cubic_kernel(distances, how.cubic_coefficient)
        if how.exclude_outside:
            weights = np.where((indices >= 0) & (indices <= last), weights, 0.0)
            weights = weights / weights.sum(axis=1, keepdims=True)
        return Neighbors(np.clip(indices, 0, last), weights)

    def reading(self) -> ListedAxis:
        """Return which input cells each output cell reads: those that weigh something."""
        how = self.interpolation
        words = how.mode, how.coordinates, how.rounding
        ratio = self.step.numerator, self.step.denominator
        return ListedAxis(self.input_length, self.output_length, _read_cells, (*words, *ratio))


def same_resampling(ours: Iterable[ResampledAxis], theirs: Iterable[ResampledAxis]) -> bool:
    """Whether two ways of resampling take the same cells with the same weights."""
    for one, other in zip(ours, theirs, strict=True):
        a, b = one.neighbors().merged(), other.neighbors().merged()
        if a.indices.shape != b.indices.shape or (a.indices != b.indices).any():
            return False
        if not np.allclose(a.weights, b.weights, rtol=0, atol=1e-9):
            return False
    return True


def _rounded_up(rest: Indices, unit: int, rounding: str) -> NDArray[np.bool_]:
    """Return where the nearest cell is the one after the position."""
    if rounding == "floor":
        return np.zeros(rest.shape, dtype=np.bool_)
    if rounding == "round_prefer_floor":
        return 2 * rest > unit
    if rounding == "round_prefer_ceil":
        return 2 * rest >= unit
    return rest > 0


def _read_cells(
    input_length: int,
    output_length: int,
    mode: str,
    coordinates: str,
    rounding: str,
    *step: int,
) -> Indices:
    """Return the neighbors of each output, (outputs, taps); −1 where one weighs nothing.

    Neither the cubic coefficient nor what is done beyond the edge changes which cells are read.
    """
    how = Interpolation(mode, coordinates, rounding)
    axis = ResampledAxis(input_length, output_length, Fraction(*step), how)
    indices, weights = axis.neighbors()
    return np.where(weights != 0, indices, -1)


def cubic_kernel(distances: Doubles, a: float) -> Doubles:
    """Return the weights of cubic convolution (Keys, 1981) with coefficient ``a``, up to 2 away."""
    x = distances
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = a * (((x - 5) * x + 8) * x - 4)
    return np.where(x <= 1, near, far)


def resample(
    maps: Array, out: Array, workspace: Workspace, rows: ResampledAxis, columns: ResampledAxis
) -> None:
    """Write the weighted neighbors of every output cell into ``out``."""
    _, height, width = out.shape
    if _repeats(rows) and _repeats(columns):
        _repeat(maps, out, workspace)
        return
    agrees = _opencv_agrees(rows) and _opencv_agrees(columns)
    # It adds a share of the difference between two values: beside an infinite one, NaN.
    if height * width >= OPENCV_PLANE and agrees and math.isfinite(np.vdot(maps, maps)):
        flag = _OPENCV_FLAGS[rows.interpolation.mode]
        for source, target in zip(maps, out, strict=True):
            workspace.checkpoint()
            cv2.resize(source, (width, height), dst=target, interpolation=flag)
        return
    row_neighbors, column_neighbors = rows.neighbors(), columns.neighbors()
    for planes, lines in strips(workspace, *out.shape):
        indices, weights = row_neighbors.indices[lines], row_neighbors.weights[lines]
        first, last = int(indices.min()), int(indices.max())
        _by_neighbors(
            maps[planes, first : last + 1],
            out[planes, lines],
            workspace,
            Neighbors(indices - first, weights),
            column_neighbors,
        )


@lru_cache(1024)
def _repeats(axis: ResampledAxis) -> bool:
    """Return whether each cell is taken as often as every other, and as OpenCV merges maps."""
    step, how = axis.step, axis.interpolation
    times = step.denominator
    if how.mode != "nearest" or step.numerator != 1 or times > MOST_MERGED:
        return False
    wanted = np.arange(axis.output_length) // times
    return axis.output_length == times * axis.input_length and np.array_equal(
        axis.neighbors().indices[:, 0], wanted
    )


def _repeat(maps: Array, out: Array, workspace: Workspace) -> None:
    """Write every cell as often as it is taken: within a row merged, then row by row."""
    channels, height, width = maps.shape
    down, across = out.shape[1] // height, out.shape[2] // width
    for some in parts(channels, -(-out.size // BLOCK_VALUES)):
        workspace.checkpoint()
        lines = np.ascontiguousarray(maps[some]).reshape(-1, width)
        wide = workspace.scratch("wide lines", len(lines), width, across)
        cv2.merge([lines] * across, dst=wide)
        target = out[some].reshape(-1, down, width * across, copy=False)
        np.copyto(target, wide.reshape(len(lines), 1, -1))


def _by_neighbors(
    maps: Array, out: Array, workspace: Workspace, rows: Neighbors, columns: Neighbors
) -> None:
    """Weight along one axis, then along the other.

    Rows are gathered faster than columns, so that columns go first where the rows become more.
    """
    channels, height, width = maps.shape
    _, out_height, out_width = out.shape
    if height <= out_height:
        between = workspace.scratch("resampled columns", channels, height, out_width)
        _weigh(maps, columns, 2, between, workspace)
        _weigh(between, rows, 1, out, workspace)
    else:
        between = workspace.scratch("resampled rows", channels, out_height, width)
        _weigh(maps, rows, 1, between, workspace)
        _weigh(between, columns, 2, out, workspace)


def _weigh(maps: Array, neighbors: Neighbors, axis: int, out: Array, workspace: Workspace) -> None:
    """Write the sum of weighted neighbors along one axis into ``out``."""
    weights = neighbors.weights.astype(np.float32)
    taps = weights[:, :, None] if axis == 1 else weights
    for tap in range(weights.shape[1]):
        target = out if tap == 0 else workspace.scratch("neighbors", *out.shape)
        # No index is out of range; mode="clip" only spares numpy a copy.
        np.take(maps, neighbors.indices[:, tap], axis=axis, out=target, mode="clip")
        if weights.shape[1] > 1:
            np.multiply(target, taps[:, tap], out=target)
        if tap:
            np.add(out, target, out=out)


_OPENCV_FLAGS = {
    "bilinear": cv2.INTER_LINEAR,
    "bicubic": cv2.INTER_CUBIC,
}


def _opencv_agrees(axis: ResampledAxis) -> bool:
    """Return whether OpenCV takes the same neighbors with the same weights.

    It rounds positions to float32, which changes nothing where the factor is a power of two.
    """
    step, how = axis.step, axis.interpolation
    if step.numerator != 1 or step.denominator & (step.denominator - 1):
        return False
    if how.mode == "nearest":
        return False
    if how.mode == "bicubic" and (how.exclude_outside or how.cubic_coefficient != OPENCV_CUBIC):
        return False
    return how.coordinates == "half_pixel"
