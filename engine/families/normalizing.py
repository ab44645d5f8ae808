"""What normalization layers share: their settings, their learned arrays and their arithmetic."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arithmetic import Arithmetic, Doubles, Position, Step
from engine.explanation import operand, signed, value_patch
from engine.layer import WeightArrays, WeightSpec
from engine.settings import flag_setting, number_setting
from engine.spelling import Code, usual

EPSILONS = {"keras": 1e-3, "torch": 1e-5, "onnx": 1e-5}
"""What the dialects add where nothing is said."""

EPSILON_DEFAULTS = "Left out, epsilon is 0.001 in Keras and 0.00001 in PyTorch and ONNX."


def epsilon_setting() -> Any:
    """Declare the number that is added to the variance; PyTorch's default (Keras: 0.001)."""
    return number_setting(
        default=1e-5, minimum=1e-12, maximum=1.0, comfortable=(1e-6, 1e-2), label="Epsilon",
        help="Added to the variance, so that a constant map is not divided by zero.",
    )  # fmt: skip


def affine_setting(*, default: bool = True) -> Any:
    """Declare whether a learned scale and shift follow."""
    return flag_setting(
        default=default, label="Scale and shift",
        help="Multiply by a learned scale and add a learned shift at the end.",
    )  # fmt: skip


def affine_specs(affine: bool, shape: tuple[int, ...]) -> tuple[WeightSpec, ...]:
    """Return the learned scale (from 1) and shift (from 0), where there are any."""
    if not affine:
        return ()
    return WeightSpec("scale", shape, start=1.0), WeightSpec("shift", shape, start=0.0)


def affine_names(affine: bool) -> tuple[Code, Code]:
    """Return what ONNX' operators, which always scale and shift, read for that."""
    return (Code("scale"), Code("shift")) if affine else (Code("ones"), Code("zeros"))


def keras_affine(affine: bool) -> dict[str, Any]:
    """Return Keras' words for whether a scale and shift follow."""
    return {"center": usual(affine, True), "scale": usual(affine, True)}


def affine_at(weights: WeightArrays, place: tuple[int, ...]) -> tuple[float, float] | None:
    """Return scale and shift of one value, where there are any."""
    if "scale" not in weights:
        return None
    return float(weights["scale"][place]), float(weights["shift"][place])


def statistics(values: NDArray[np.float32]) -> tuple[float, float]:
    """Return mean and variance in double precision; the variance divides by the count.

    >>> statistics(np.array([1, 3], np.float32))
    (2.0, 1.0)
    """
    doubles: Doubles = values.astype(np.float64)
    return float(doubles.mean()), float(doubles.var())


def normalized_value(
    maps: NDArray[np.float32],
    position: Position,
    mean: float,
    variance: float,
    epsilon: float,
    affine: tuple[float, float] | None,
    source: str,
) -> Arithmetic:
    """Return the arithmetic of (x − mean) / √(variance + epsilon), then scale and shift.

    ``source`` says whose mean and variance they are: "all 35 values of the map".
    """
    patch = value_patch(maps, position)
    divisor = math.sqrt(variance + epsilon) if variance + epsilon >= 0 else math.nan
    result = (patch.result - mean) / divisor
    steps = [Step("mean", mean), Step("variance", variance), Step("√(variance + ε)", divisor)]
    steps.append(Step("(x − mean) / √(variance + ε)", result))
    sentence = (
        f"({signed(patch.result)} − {operand(mean)}) / √({signed(variance)} + {signed(epsilon)})"
        f" = {signed(result)}, with the mean and variance of {source}"
    )
    if affine is None:
        return Arithmetic("function", (patch,), tuple(steps), result, f"{sentence}.")
    scale, shift = affine
    shifted = result * scale + shift
    steps += [Step("scale", scale), Step("shift", shift)]
    sentence += (
        f"; {signed(result)} × {operand(scale)} + {operand(shift)} = {signed(shifted)} with its "
        f"scale and shift."
    )
    return Arithmetic("function", (patch,), tuple(steps), shifted, sentence)
