"""Arrays that a person hands to the engine, checked before anything is computed with them."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.layer import WeightSpec
from engine.problems import LayerError, SettingError, WeightsError
from engine.shapes import Shape
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported
from engine.weighting.weights import Weights, make_weights
from engine.wording import counted

Floats: TypeAlias = NDArray[np.float32]
ShapeLike: TypeAlias = Shape | tuple[int, int, int]
"""(channels, height, width)."""


def checked_maps(values: ArrayLike) -> Floats:
    """Return maps (channels, height, width) as float32, C-contiguous and finite.

    Raises:
        LayerError: they have other dimensions, no values, other types, or values that are not
            finite as float32.
    """
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise LayerError(
            "The input is no array (channels, height, width): its rows differ in length."
        ) from error
    if array.ndim != 3 or not array.size:
        raise LayerError(
            "Maps are an array (channels, height, width) with at least one value; received the "
            f"shape {array.shape}."
        )
    if array.dtype.kind not in "buif":
        raise LayerError(f"Maps are real numbers; received {array.dtype!s:.60}.")
    with np.errstate(over="ignore"):
        maps = np.ascontiguousarray(array, np.float32)
    finite = np.isfinite(maps)
    if not finite.all():
        place = tuple(int(i) for i in np.unravel_index(int(finite.argmin()), maps.shape))
        raise LayerError(
            f"The input holds {counted(finite.size - int(finite.sum()), 'value')} not finite as "
            f"float32, the first at {place}: {array[place]}."
        )
    return maps


def checked_weights(
    given: Mapping[str, ArrayLike], specs: Sequence[WeightSpec]
) -> dict[str, Floats]:
    """Return a layer's weights as float32, read-only; what starts with one value may be missing.

    Raises:
        WeightsError: one is unknown, missing, of another shape or type, or not finite; the text
            names it.
    """
    needed = [spec.name for spec in specs]
    unknown = [name for name in given if name not in needed]
    if unknown:
        raise WeightsError(
            f"The layer has no weights “{unknown[0]:.80}”; it has {', '.join(needed) or 'none'}."
        )
    return make_weights(given_weights(given), specs)


def given_weights(arrays: Mapping[str, ArrayLike]) -> Weights:
    """Return arrays as the weights of a layer, by the layer's names for them.

    Raises:
        WeightsError: one is not of real, finite numbers; the text names it.
    """
    stored = tuple((name, _stored(name, values)) for name, values in arrays.items())
    return Weights(Imported(stored, "given"))


def _stored(name: str, values: ArrayLike) -> StoredArray:
    try:
        stored = StoredArray(values)
    except (WeightsError, ValueError) as error:
        raise WeightsError(f"Weights “{name}”: {error}") from error
    if stored.has_nonfinite:
        raise WeightsError(f"Weights “{name}” hold values that are not finite as float32.")
    return stored


def as_shape(shape: ShapeLike) -> Shape:
    """Return a shape that a person gave as a tuple.

    Raises:
        SettingError: naming ``shape``, for anything but three whole numbers from 1.
    """
    sides = tuple(shape) if isinstance(shape, tuple | list) else ()
    if len(sides) != 3 or not all(_is_length(side) for side in sides):
        raise SettingError(
            f"A shape is (channels, height, width), whole numbers from 1; received {shape!r:.80}.",
            "shape",
        )
    return Shape(*map(int, sides))


def _is_length(side: object) -> bool:
    return isinstance(side, int | np.integer) and not isinstance(side, bool) and int(side) >= 1
