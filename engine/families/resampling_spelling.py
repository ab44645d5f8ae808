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
from engine.spelling import DIALECTS, OMITTED, Code, Reread, Spelling, call, unsaid, usual

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

_ACTING = {
    "nearest": ("coordinates", "rounding"),
    "bilinear": ("coordinates",),
    "bicubic": ("coordinates", "cubic_coefficient", "exclude_outside"),
}
"""The settings that an interpolation reads."""

_TORCH_NEAREST: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"mode": OMITTED}, {"coordinates": "asymmetric", "rounding": "floor"}),
    ({"mode": "nearest-exact"}, _HALF_PIXELS),
)
_ONNX_MODES = {"nearest": "nearest", "bilinear": "linear", "bicubic": "cubic"}

_GRIDS = {
    "nearest": "Keras' cells lie at half pixels, PyTorch's nearest neighbors at o / factor rounded "
    "down, and ONNX rounds halves down: sizes agree, values need not.",
    "bilinear": "Where nothing else is said, cells lie at half pixels: sizes agree, values need "
    "not.",
    "bicubic": "Where nothing else is said, cells lie at half pixels, and Keras' weights are "
    "others: sizes agree, values need not.",
}
_BY_SIZES = "{} goes by the sizes here, which make another factor than is given."
_ROUNDED_DOWN = (
    "{} multiplies by the factor in floating point, which comes to a little less here and is "
    "rounded down to another size."
)
_NUMBERS: Mapping[str, type[np.floating[Any]]] = {"torch": np.float64, "onnx": np.float32}
"""What a dialect multiplies by the factor in."""
_IN_KERAS = "Keras takes cells at half pixels only: the size agrees, values differ."
_IN_TORCH = "PyTorch has no words for these coordinates, rounding or weights: values differ."
_SINGLE_PRECISION = (
    "{} computes positions in single precision: where one falls between two cells, it may take the "
    "other one, so some rows or columns differ."
)
_TORCH_SMALL = 128
"""The most rows and columns together that PyTorch's kernel for small maps makes (2.13)."""
_ONNX_TOLERANCE = 1e-6
"""How near to a half a position is one for ONNX Runtime (found by comparing with 1.32)."""


def spelled_resampling(
    axes: Axes, scale_factor: tuple[float, float], size: Pair | None
) -> dict[str, Spelling]:
    """Return a resampling in all dialects; ``size`` is given where the factor does not decide."""
    return {
        "keras": _in_keras(axes),
        "torch": _in_torch(axes, scale_factor, size),
        "onnx": _in_onnx(axes, scale_factor, size),
    }


def reread_resampling(
    axes: Axes, scale_factor: tuple[float, float], size: Pair | None, dialect: str
) -> Reread:
    """Return where a dialect's cells lie, and how it rounds and weights, where that matters."""
    if not size and dialect in _NUMBERS and _missed_size(axes, scale_factor, _NUMBERS[dialect]):
        return unsaid(_ROUNDED_DOWN.format(DIALECTS[dialect]))
    how = axes[0].interpolation
    mode, meaning = how.mode, dict(_DIALECT_WORDS[dialect])
    if dialect == "torch" and mode == "nearest":
        meaning |= _TORCH_NEAREST[0][1]
    theirs = _MEANT[dialect](axes, meaning)
    if same_resampling(axes, theirs):
        return Reread()
    words = {name: meaning[name] for name in _ACTING[mode] if getattr(how, name) != meaning[name]}
    meant = Reread(words, (_GRIDS[mode],)) if words else Reread()
    if all(one.step == other.step for one, other in zip(axes, theirs, strict=True)):
        return meant
    reason = _BY_SIZES.format(DIALECTS[dialect])
    if dialect == "keras":
        return meant.also(reason, size=_lengths(axes))
    factors = tuple(
        given if one.step == other.step else float(1 / other.step)
        for given, one, other in zip(scale_factor, axes, theirs, strict=True)
    )
    return meant.also(reason, scale_factor=factors)


def _in_keras(axes: Axes) -> Spelling:
    """Return a repetition by whole factors, or a resizing to the size."""
    height, width = _lengths(axes)
    down, right = height // axes[0].input_length, width // axes[1].input_length
    mode = axes[0].interpolation.mode
    if (down * axes[0].input_length, right * axes[1].input_length) == (height, width):
        code = call("layers.UpSampling2D", (down, right), interpolation=usual(mode, "nearest"))
    else:
        code = call("layers.Resizing", height, width, interpolation=usual(mode, "bilinear"))
    theirs = _meant_by_keras(axes, _DIALECT_WORDS["keras"])
    return _judged(code, "Keras", axes, theirs, _IN_KERAS)


def _in_torch(axes: Axes, scale_factor: tuple[float, float], size: Pair | None) -> Spelling:
    """Return the first of PyTorch's modes that takes the same cells, else the nearest in name."""
    mode = axes[0].interpolation.mode
    modes = _TORCH_NEAREST
    if mode != "nearest":
        modes = (
            ({"mode": mode}, {"coordinates": "half_pixel"}),
            ({"mode": mode, "align_corners": True}, {"coordinates": "align_corners"}),
        )
    size = size or _missed_size(axes, scale_factor, _NUMBERS["torch"])
    extent = {"size": size} if size else {"scale_factor": scale_factor}
    given = _by_sizes(axes) if size else axes
    found = []
    for words, meaning in modes:
        theirs = _meant_by_torch(given, {**_DIALECT_WORDS["torch"], **meaning})
        code = call("nn.Upsample", **extent, **words)
        judged = _judged(code, "PyTorch", axes, theirs, _IN_TORCH)
        if judged.exact and mode == "nearest" and any(map(_is_rounded_apart_in_torch, theirs)):
            note = _SINGLE_PRECISION.format("PyTorch")
            return Spelling(code, (note,), exact=False)
        found.append(judged)
    return min(found, key=lambda judged: (not judged.exact, judged.notes == (_IN_TORCH,)))


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
    size = size or _missed_size(axes, scale_factor, _NUMBERS["onnx"])
    if size is None:
        code = call("Resize", Code("x"), scales=[1.0, 1.0, *scale_factor], **words)
    else:
        code = call("Resize", Code("x"), sizes=[Code("N"), Code("C"), *size], **words)
    theirs = _meant_by_onnx(_by_sizes(axes) if size else axes, {})
    judged = _judged(code, "ONNX", axes, theirs, "")
    if judged.exact and how.mode == "nearest" and any(map(_is_rounded_apart_in_onnx, theirs)):
        return Spelling(code, (_SINGLE_PRECISION.format("ONNX Runtime"),), exact=False)
    return judged


def _is_rounded_apart_in_onnx(axis: ResampledAxis) -> bool:
    """Return whether ONNX Runtime takes other nearest cells than the exact positions say.

    Factor and positions are of single precision, and what is nearly a half is one.
    """
    outputs, factor = np.arange(axis.output_length, dtype=np.float32), np.float32(1 / axis.step)
    half, how = np.float32(0.5), axis.interpolation
    if how.coordinates == "half_pixel":
        positions = (outputs + half) / factor - half
    elif how.coordinates == "asymmetric":
        positions = outputs / factor
    else:
        last = np.float32(axis.input_length - 1)
        positions = outputs * last / np.float32(max(1, axis.output_length - 1))
    places = positions.astype(np.float64)
    cells = {
        "floor": np.floor(places),
        "ceil": np.ceil(places),
        "round_prefer_floor": np.ceil(places - 0.5 - _ONNX_TOLERANCE),
        "round_prefer_ceil": np.floor(places + 0.5 + _ONNX_TOLERANCE),
    }[how.rounding]
    theirs = np.clip(cells.astype(np.int64), 0, axis.input_length - 1)
    return bool((theirs != axis.neighbors().indices[:, 0]).any())


def _judged(code: str, name: str, axes: Axes, theirs: Axes, differs: str) -> Spelling:
    """Return code that takes the cells of ``theirs``, and why where those are others."""
    if same_resampling(axes, theirs):
        return Spelling(code)
    stepped = tuple(replace(b, step=a.step) for a, b in zip(axes, theirs, strict=True))
    only_steps = same_resampling(axes, stepped)
    return Spelling(code, (_BY_SIZES.format(name) if only_steps else differs,), exact=False)


def _missed_size(
    axes: Axes, scale_factor: tuple[float, float], number: type[np.floating[Any]]
) -> Pair | None:
    """Return the size where a factor's product, of such numbers, is rounded down to another.

    90 · 0.7 is less than 63 in double precision.
    """
    products = (
        int(number(axis.input_length) * number(factor))
        for axis, factor in zip(axes, scale_factor, strict=True)
    )
    return None if tuple(products) == _lengths(axes) else _lengths(axes)


def _meant_by_keras(axes: Axes, words: Mapping[str, Any]) -> Axes:
    return _by_sizes(_meant(axes, words))


def _meant_by_torch(axes: Axes, words: Mapping[str, Any]) -> Axes:
    """Return the axes as PyTorch means them: some go by their lengths, whatever the factor is.

    One whose length stays is copied, and on small maps one whose length doubles takes each nearest
    cell twice (aten/native/UpSample.h, nearest_idx and compute_source_index_and_lambda).
    """
    meant = _meant(axes, words)
    how, is_small = meant[0].interpolation, sum(_lengths(axes)) <= _TORCH_SMALL
    is_nearest = how.mode == "nearest" and how.coordinates == "asymmetric"
    whole: tuple[int, ...] = (1, 2) if is_nearest and is_small else ()
    if how.mode == "bilinear":
        whole = (1,)
    rows, columns = (
        by_size if by_size.output_length in [n * by_size.input_length for n in whole] else axis
        for axis, by_size in zip(meant, _by_sizes(meant), strict=True)
    )
    return rows, columns


def _meant_by_onnx(axes: Axes, words: Mapping[str, Any]) -> Axes:
    """Return the axes as ONNX Runtime means them: maps whose size stays are copied."""
    stays = all(axis.output_length == axis.input_length for axis in axes)
    meant = _meant(axes, words)
    return _by_sizes(meant) if stays else meant


_MEANT = {"keras": _meant_by_keras, "torch": _meant_by_torch, "onnx": _meant_by_onnx}


def _by_sizes(axes: Axes) -> Axes:
    """Return the axes with the factor that their lengths make."""
    rows, columns = (
        replace(axis, step=Fraction(axis.input_length, axis.output_length)) for axis in axes
    )
    return rows, columns


def _meant(axes: Axes, words: Mapping[str, Any]) -> Axes:
    """Return the axes as a dialect's words mean them."""
    rows, columns = (
        replace(axis, interpolation=replace(axis.interpolation, **words)) for axis in axes
    )
    return rows, columns


def _lengths(axes: Axes) -> Pair:
    return axes[0].output_length, axes[1].output_length
