"""Activation functions on blocks of values: float32, from ``values`` into ``out``.

NaN stays NaN. No exponential overflows: its argument is limited where the result has long stopped
changing in float32.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.numerics.opencv_layers import OpenCvLayer, all_finite
from engine.numerics.strips import Strip, number_per_row, over_strips
from engine.opencv import cv2
from engine.workspace import Workspace

Array = NDArray[np.float32]

NORMAL_LIMIT = 13.0
"""Beyond so many deviations the normal distribution has less than 10⁻³⁷."""

TANH_GELU_LIMIT = 10.0
"""Where the exponent of the tanh form reaches 87.3."""

HIGHEST_OF_TAIL = -1.0
"""Of GELU; above, OpenCV's differs by less than 10⁻⁶ of the value: 800,000 values take 1.8 ms, and
3.5 where all are made by the tail."""

LOWEST_OF_SMALL = -0.125
"""Of ELU; below, OpenCV's differs by less than 10⁻⁶ of the value: 800,000 values take 1.3 ms, and 5
where all are made by numpy."""

_ERFC_COEFFICIENTS = (
    -1.26551223,
    1.00002368,
    0.37409196,
    0.09678418,
    -0.18628806,
    0.27886807,
    -1.13520398,
    1.48851587,
    -0.82215223,
    0.17087277,
)


def by_opencv(
    operator: str, values: Array, out: Array, workspace: Workspace, **settings: float
) -> None:
    """Write an activation in one pass of OpenCV's threads; lines of values, contiguous.

    Of OpenCV's the sigmoid, the hard sigmoid and the leaky ReLU are right for every value, swish
    and hard swish for all but −∞. Its tanh gives NaN from 88 on, its clip makes 0 of NaN, its ELU
    loses small values, its GELU low ones.
    """
    layer = workspace.prepared(
        ("activation", operator, *settings.items()),
        None,
        lambda: OpenCvLayer(operator, **settings),
    )
    layer.run(out[None], values[None])


def rectify(values: Array, out: Array) -> None:
    """Write max(0, x) with OpenCV: numpy takes two to three times as long."""
    # cv2.max would make 0 of NaN.
    cv2.threshold(values, 0, 0, cv2.THRESH_TOZERO, dst=out)


def clamp(values: Array, most: float, out: Array) -> None:
    """Write min(max(0, x), most), in one pass."""
    values.clip(0, most, out=out)


def leaky(values: Array, slopes: Array, out: Array, workspace: Workspace) -> None:
    """Write max(0, x) + slope · min(0, x); there is a slope for each row of values (rows, n)."""
    with number_per_row(values.shape[1]):
        if ((slopes > 0) & (slopes <= 1)).all():
            # Then x is the larger one where it is positive, and only there.
            np.multiply(values, slopes, out=out)
            np.maximum(values, out, out=out)
            return
        negative = workspace.scratch("negative part", *values.shape)
        np.minimum(values, 0, out=negative)
        np.multiply(negative, slopes, out=negative)
        np.maximum(values, 0, out=out)
        np.add(out, negative, out=out)


def exponential_linear(values: Array, alpha: float, out: Array, workspace: Workspace) -> None:
    """Write max(0, x) + alpha · (e^min(0, x) − 1)."""
    by_opencv("ELU", values, out, workspace, alpha=alpha)
    # There OpenCV's powers of e are so near to 1 that their difference has few digits.
    is_small = (values < 0) & (values > LOWEST_OF_SMALL)
    _write_anew(is_small, lambda x: np.float32(alpha) * np.expm1(x), values, out)


def silu(values: Array, out: Array, workspace: Workspace) -> None:
    """Write x · sigmoid(x)."""
    _gated("Swish", values, out, workspace)


def hard_swish(values: Array, out: Array, workspace: Workspace) -> None:
    """Write x · min(max(x + 3, 0), 6) / 6."""
    _gated("HardSwish", values, out, workspace)


def gelu(values: Array, out: Array, workspace: Workspace) -> None:
    """Write x · Φ(x), with the normal distribution Φ(x) = (1 + erf(x / √2)) / 2."""
    by_opencv("Gelu", values, out, workspace)
    _write_tail(NORMAL_LIMIT, _normal_tail, values, out, workspace)


def gelu_tanh(values: Array, out: Array, workspace: Workspace) -> None:
    """Write x · (1 + tanh(√(2/π) · (x + 0.044715 x³))) / 2."""
    by_opencv("GeluApproximation", values, out, workspace)
    _write_tail(TANH_GELU_LIMIT, _tanh_tail, values, out, workspace)


def softmax(maps: Array, out: Array, workspace: Workspace) -> None:
    """Write e^x / Σ e^x over the channels of maps (C, H, W), at each position.

    The largest value is subtracted first: that changes nothing and lets no power overflow.
    """
    channels = maps.shape[0]
    columns, results = maps.reshape(channels, -1), out.reshape(channels, -1)

    def normalize(strip: Strip, mine: Workspace) -> None:
        values, part = columns[:, strip[1]], results[:, strip[1]]
        # An infinite value gives NaN, as in the frameworks; a difference below −10³⁸ gives e^−∞.
        with np.errstate(invalid="ignore", over="ignore"):
            np.subtract(values, np.maximum.reduce(values), out=part)
        np.exp(part, out=part)
        np.divide(part, np.add.reduce(part), out=part)

    over_strips(normalize, workspace, 1, columns.shape[1], channels)


def _gated(operator: str, values: Array, out: Array, workspace: Workspace) -> None:
    """Write values times their gate by OpenCV, and NaN for −∞ times a gate that is closed."""
    if all_finite(values, workspace):
        by_opencv(operator, values, out, workspace)
        return
    limited = workspace.scratch("limited", *values.shape)
    np.maximum(values, np.finfo(np.float32).min, out=limited)
    by_opencv(operator, limited, out, workspace)
    out[np.isneginf(values)] = np.nan


def _write_tail(
    limit: float,
    tail_of: Callable[[Array, Array, Workspace], None],
    values: Array,
    out: Array,
    workspace: Workspace,
) -> None:
    """Write x · g(x) anew where x is low, for a gate from 0 to 1 with g(−x) = 1 − g(x).

    That is −|x| · g(−|x|), where OpenCV multiplies by 1 − g(|x|), which loses digits. Values beyond
    the limit stand for themselves there, but −∞ · 0 is NaN. ``tail_of`` writes g(−a) for a up to
    the limit.
    """

    def product(low: Array) -> Array:
        is_lowest = np.isneginf(low)
        size = np.minimum(np.negative(low, out=low), limit, out=low)
        tail = workspace.scratch("tail", size.size)
        tail_of(size, tail, workspace)
        np.negative(np.multiply(tail, size, out=tail), out=tail)
        tail[is_lowest] = np.nan
        return tail

    _write_anew(values < HIGHEST_OF_TAIL, product, values, out)


def _write_anew(
    where: NDArray[np.bool_], function: Callable[[Array], Array], values: Array, out: Array
) -> None:
    """Write a function of some of the values once more, if there are such."""
    # By their numbers, which numpy takes in a third of the time that it needs for truth values.
    places = np.flatnonzero(where)
    if places.size:
        out.reshape(-1, copy=False)[places] = function(values.reshape(-1).take(places))


def _tanh_tail(size: Array, tail: Array, workspace: Workspace) -> None:
    """Write (1 − tanh(u)) / 2 = 1 / (1 + e^2u), u = √(2/π) · (a + 0.044715 a³)."""
    twice = 2 * math.sqrt(2 / math.pi)
    np.multiply(size, size, out=tail)
    np.multiply(tail, 0.044715 * twice, out=tail)
    np.add(tail, twice, out=tail)
    np.multiply(tail, size, out=tail)
    np.exp(tail, out=tail)
    np.add(tail, 1, out=tail)
    np.reciprocal(tail, out=tail)


def _normal_tail(size: Array, tail: Array, workspace: Workspace) -> None:
    """Write erfc(a / √2) / 2 by a Chebyshev fit whose relative error is below 1.2 · 10⁻⁷.

    erfc(z) ≈ t · e^(−z² + polynomial of t), t = 1 / (1 + z/2): Press, Teukolsky, Vetterling and
    Flannery, *Numerical Recipes*, "Error function". numpy has no erf.
    """
    t = workspace.scratch("t", *size.shape)
    np.multiply(size, math.sqrt(0.5) / 2, out=t)
    np.add(t, 1, out=t)
    np.reciprocal(t, out=t)
    tail[...] = _ERFC_COEFFICIENTS[-1]
    for coefficient in reversed(_ERFC_COEFFICIENTS[:-1]):
        np.multiply(tail, t, out=tail)
        np.add(tail, coefficient, out=tail)
    np.multiply(t, 0.5, out=t)
    half_square = workspace.scratch("half square", *size.shape)
    np.multiply(size, size, out=half_square)
    np.multiply(half_square, 0.5, out=half_square)
    np.subtract(tail, half_square, out=tail)
    np.exp(tail, out=tail)
    np.multiply(tail, t, out=tail)
