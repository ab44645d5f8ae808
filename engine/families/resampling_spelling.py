"""Enlarging and reducing maps in the words of other dialects.

Dialects agree about sizes and differ in which cells they take: whether values agree is seen from
the cells and weights themselves (`engine.numerics.resampling.same_resampling`).
"""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from engine.constraints import Pair
from engine.numerics.resampling import (
    OPENCV_CUBIC,
    Interpolation,
    ResampledAxis,
    same_resampling,
)
from engine.spelling import OMITTED, Code, Reread, Spelling, call, usual

Axes = tuple[ResampledAxis, ResampledAxis]

_HALF_PIXELS = {"coordinates": "half_pixel", "rounding": "round_prefer_ceil"}
_DIALECT_WORDS: Mapping[str, Mapping[str, Any]] = {
    "keras": {**_HALF_PIXELS, "cubic_coefficient": -0.5, "exclude_outside": True},
    "torch": {**_HALF_PIXELS, "cubic_coefficient": OPENCV_CUBIC, "exclude_outside": False},
    "onnx": {
        "coordinates": "half_pixel",
        "rounding": "round_prefer_floor",
        "cubic_coefficient": OPENCV_CUBIC,
        "exclude_outside": False,
    },
}
"""What a dialect means where it is told the size and the interpolation, and nothing else."""

_TORCH_NEAREST: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"mode": OMITTED}, {"coordinates": "asymmetric", "rounding": "floor"}),
    ({"mode": "nearest-exact"}, _HALF_PIXELS),
)
_ONNX_MODES = {"nearest": "nearest", "bilinear": "linear", "bicubic": "cubic"}

_GRIDS = (
    "Keras' cells lie at half pixels, PyTorch's nearest neighbors at o / factor rounded down, and "
    "the weights of bicubic differ: sizes agree, values need not."
)
_IN_KERAS = "Keras takes cells at half pixels only: the size agrees, values differ."
_SINGLE_PRECISION = (
    "PyTorch computes positions in single precision: where one falls between two cells, it takes "
    "the cell before, so some rows or columns differ."
)
_IN_TORCH = "PyTorch has no words for these coordinates, rounding or weights: values differ."


def spelled_resampling(
    axes: Axes, scale_factor: tuple[float, float], size: Pair | None
) -> dict[str, Spelling]:
    """Return a resampling in all dialects; ``size`` is given where the factor does not decide."""
    return {
        "keras": _in_keras(axes),
        "torch": _in_torch(axes, {"size": size} if size else {"scale_factor": scale_factor}),
        "onnx": _in_onnx(axes, scale_factor, size),
    }


def reread_resampling(mode: str, dialect: str) -> Reread:
    """Return where a dialect's cells lie, and how it rounds and weights."""
    words = dict(_DIALECT_WORDS.get(dialect, {}))
    if dialect == "torch" and mode == "nearest":
        words |= _TORCH_NEAREST[0][1]
    return Reread(words, (_GRIDS,))


def _in_keras(axes: Axes) -> Spelling:
    """Return a repetition by whole factors, or a resizing to the size."""
    height, width = axes[0].output_length, axes[1].output_length
    down, right = height // axes[0].input_length, width // axes[1].input_length
    mode = axes[0].interpolation.mode
    if (down * axes[0].input_length, right * axes[1].input_length) == (height, width):
        code = call("layers.UpSampling2D", (down, right), interpolation=usual(mode, "nearest"))
    else:
        code = call("layers.Resizing", height, width, interpolation=usual(mode, "bilinear"))
    to_size = tuple(
        replace(axis, step=Fraction(axis.input_length, axis.output_length)) for axis in axes
    )
    agrees = same_resampling(axes, _meant(to_size, _DIALECT_WORDS["keras"]))
    return Spelling(code) if agrees else Spelling(code, (_IN_KERAS,), exact=False)


def _in_torch(axes: Axes, extent: Mapping[str, Any]) -> Spelling:
    """Return the first of PyTorch's modes that takes the same cells, else the nearest in name."""
    mode = axes[0].interpolation.mode
    modes = _TORCH_NEAREST
    if mode != "nearest":
        modes = (
            ({"mode": mode}, {"coordinates": "half_pixel"}),
            ({"mode": mode, "align_corners": True}, {"coordinates": "align_corners"}),
        )
    for words, meaning in modes:
        theirs = _meant(axes, {**_DIALECT_WORDS["torch"], **meaning})
        if same_resampling(axes, theirs):
            code = call("nn.Upsample", **extent, **words)
            if mode == "nearest" and any(map(_is_rounded_apart_in_torch, theirs)):
                return Spelling(code, (_SINGLE_PRECISION,), exact=False)
            return Spelling(code)
    return Spelling(call("nn.Upsample", **extent, **modes[0][0]), (_IN_TORCH,), exact=False)


def _is_rounded_apart_in_torch(axis: ResampledAxis) -> bool:
    """Return whether PyTorch takes other nearest cells than the exact positions say.

    Its step is of single precision, and its position rounded to that before the cell is taken
    (aten/native/UpSample.h, nearest_neighbor_exact_compute_source_index).
    """
    shift = 0.5 if axis.interpolation.coordinates == "half_pixel" else 0.0
    positions = (np.arange(axis.output_length) + shift) * np.float64(np.float32(axis.step))
    cells = np.floor(positions.astype(np.float32)).astype(np.int64)
    theirs = np.minimum(cells, axis.input_length - 1)
    return bool((theirs != axis.neighbors().indices[:, 0]).any())


def _in_onnx(axes: Axes, scale_factor: tuple[float, float], size: Pair | None) -> Spelling:
    """Return the operator with its attributes, which reach as far as the settings here."""
    how: Interpolation = axes[0].interpolation
    words: dict[str, Any] = {"mode": _ONNX_MODES[how.mode]}
    words["coordinate_transformation_mode"] = usual(how.coordinates, "half_pixel")
    if how.mode == "nearest":
        words["nearest_mode"] = usual(how.rounding, "round_prefer_floor")
    if how.mode == "bicubic":
        # With two neighbors both ways of the edge come to the same.
        words["exclude_outside"] = usual(int(how.exclude_outside), 0)
        words["cubic_coeff_a"] = usual(how.cubic_coefficient, OPENCV_CUBIC)
    if size is None:
        return Spelling(call("Resize", Code("x"), scales=[1.0, 1.0, *scale_factor], **words))
    return Spelling(call("Resize", Code("x"), sizes=[Code("N"), Code("C"), *size], **words))


def _meant(axes: tuple[ResampledAxis, ...], words: Mapping[str, Any]) -> tuple[ResampledAxis, ...]:
    """Return the axes as a dialect's words mean them."""
    return tuple(replace(axis, interpolation=replace(axis.interpolation, **words)) for axis in axes)
