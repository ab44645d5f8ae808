"""Which array of a weight file is meant for which array of a layer.

Frameworks name the same thing differently, and put the layer's name before it. A name decides
where it can; otherwise a shape that only one array has.
"""

import re
from collections.abc import Mapping, Sequence

from engine.layer import WeightSpec
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported

_NAMES: Mapping[str, tuple[str, ...]] = {
    "kernel": ("kernel", "weight", "weights", "w"),
    "depthwise_kernel": ("depthwise_kernel", "depthwise_weight", "depthwise.weight"),
    "pointwise_kernel": ("pointwise_kernel", "pointwise_weight", "pointwise.weight"),
    "bias": ("bias", "biases", "b"),
    "scale": ("scale", "gamma", "weight"),
    "shift": ("shift", "beta", "bias"),
    "mean": ("mean", "moving_mean", "running_mean"),
    "variance": ("variance", "var", "moving_variance", "running_var"),
    "slope": ("slope", "alpha", "weight"),
}
"""What an array is called in Keras, PyTorch, ONNX and Caffe, the surest name first."""


def match_arrays(arrays: Mapping[str, StoredArray], specs: Sequence[WeightSpec]) -> dict[str, str]:
    """Return which array of a file is each of the layer's, as far as that is clear.

    Only arrays of the needed shape are taken, and none twice.

    >>> import numpy as np
    >>> file = {"conv1.weight": StoredArray(np.zeros((8, 3, 3, 3)))}
    >>> match_arrays(file, [WeightSpec("kernel", (8, 3, 3, 3)), WeightSpec("bias", (8,), 0.0)])
    {'kernel': 'conv1.weight'}
    """
    matches: dict[str, str] = {}
    for spec in specs:
        free = [
            name
            for name, array in arrays.items()
            if array.shape == spec.shape and name not in matches.values()
        ]
        named = [name for name in free if _is_called(name, spec.name)]
        exact = [name for name in free if name == spec.name]
        # Several layers of one shape are in a whole model's file: then only a person knows.
        found = exact or named or free
        if len(found) == 1:
            matches[spec.name] = found[0]
    return matches


def imported_arrays(
    origin: str, arrays: Mapping[str, StoredArray], matches: Mapping[str, str]
) -> Imported:
    """Return the weights that a choice of a file's arrays makes, by the layer's names."""
    return Imported(tuple((needed, arrays[name]) for needed, name in matches.items()), origin)


def _is_called(name: str, needed: str) -> bool:
    """Whether a file's name ends with one that the layer's array has somewhere."""
    lower = name.lower().removesuffix(":0")
    return any(
        lower == known or re.search(rf"[^a-z0-9]{re.escape(known)}$", lower)
        for known in _NAMES.get(needed, (needed,))
    )
