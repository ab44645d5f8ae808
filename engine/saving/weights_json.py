"""Weights as plain data, in a network's file and in a project's.

::

    {"source": {"type": "seeded", "seed": 4, "scheme": "he"},   or glorot; he may be left out
     "edits": [["kernel", [0, 2, 1, 1], 0.5], …]}               name, place, value; may be left out

    {"source": {"type": "named_kernels", "names": ["sobel_x", "sobel_y"]}}

The names are those of `engine.weighting.kernel_bank`. A source of type "imported" is in projects
alone: it names its arrays by digest, and they are kept beside the data.
"""

from collections.abc import Mapping
from typing import Any

from engine.problems import ProjectFileError, WeightsError
from engine.weighting.stored_array import StoredArray, shape_in_words
from engine.weighting.weight_sources import Imported, NamedKernels, Seeded, Source
from engine.weighting.weights import WeightEdit, Weights


def weights_to_json(weights: Weights) -> dict[str, Any]:
    """Return weights as plain data.

    >>> weights_to_json(Weights(Seeded(4)).edited("bias", (2,), 0.5))
    {'source': {'type': 'seeded', 'seed': 4, 'scheme': 'he'}, 'edits': [['bias', [2], 0.5]]}
    """
    return {
        "source": _source_to_json(weights.source),
        "edits": [[edit.tensor, list(edit.index), edit.value] for edit in weights.edits],
    }


def weights_from_json(data: Any, arrays: Mapping[str, StoredArray]) -> Weights:
    """Return the weights that plain data describes.

    Args:
        data: what `weights_to_json` returned, from a file that anybody may have written.
        arrays: the file's arrays by digest.

    Raises:
        ProjectFileError: saying which entry is not as it must be.
    """
    fields = _fields(data, "weights", "source", edits=[])
    try:
        source = _source_from_json(fields["source"], arrays)
        return Weights(source, tuple(map(_edit_from_json, _list(fields["edits"], "edits"))))
    except WeightsError as error:
        raise ProjectFileError(f"The file's weights cannot be used. {error}") from error


def _source_to_json(source: Source) -> dict[str, Any]:
    if isinstance(source, Seeded):
        return {"type": "seeded", "seed": source.seed, "scheme": source.scheme}
    if isinstance(source, NamedKernels):
        return {"type": "named_kernels", "names": list(source.names)}
    tensors = [
        {"name": name, "digest": stored.digest, "shape": list(stored.shape)}
        for name, stored in source.tensors
    ]
    return {"type": "imported", "origin": source.origin, "tensors": tensors}


def _source_from_json(data: Any, arrays: Mapping[str, StoredArray]) -> Source:
    kind = data.get("type") if isinstance(data, dict) else data
    if kind == "seeded":
        fields = _fields(data, "seeded weights", "type", "seed", scheme="he")
        return Seeded(fields["seed"], _text(fields["scheme"], "scheme"))
    if kind == "named_kernels":
        names = _list(_fields(data, "named kernels", "type", "names")["names"], "names")
        return NamedKernels(tuple(_text(name, "kernel name") for name in names))
    if kind == "imported":
        fields = _fields(data, "imported weights", "type", "origin", "tensors")
        origin = _text(fields["origin"], "origin")
        tensors = _list(fields["tensors"], "tensors")
        return Imported(tuple(_tensor_from_json(t, arrays, origin) for t in tensors), origin)
    raise ProjectFileError(
        "The file's weights come from seeded, named_kernels or imported; it says "
        f"{kind!r:.80}. It may be of a newer version of this program."
    )


def _tensor_from_json(
    data: Any, arrays: Mapping[str, StoredArray], origin: str
) -> tuple[str, StoredArray]:
    fields = _fields(data, "imported tensor", "name", "digest", "shape")
    name, shape = _text(fields["name"], "tensor name"), _indices(fields["shape"], "shape")
    stored = arrays.get(_text(fields["digest"], "digest"))
    if stored is None:
        raise ProjectFileError(
            f"The file lacks the array of {name!r:.80} ({shape_in_words(shape)[:80]}, imported "
            f"from “{origin:.80}”). Import it again, or use seeded weights."
        )
    if stored.shape != shape:
        raise ProjectFileError(
            f"The file says that {name!r:.80} is {shape_in_words(shape)[:80]}, and its array is "
            f"{shape_in_words(stored.shape)}. Import it again."
        )
    return name, stored


def _edit_from_json(data: Any) -> WeightEdit:
    parts = _list(data, "edit")
    if len(parts) != 3:
        raise _refusal("edit", "[tensor, index, value]", data)
    tensor, index, value = parts
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _refusal("edited weight", "a number", value)
    return WeightEdit(_text(tensor, "edited tensor"), _indices(index, "index"), value)


def _fields(data: Any, what: str, *names: str, **defaults: Any) -> dict[str, Any]:
    """Return an object that has just these fields; those with a default may be left out."""
    if not isinstance(data, dict) or not set(names) <= set(data) <= {*names, *defaults}:
        raise _refusal(what, f"an object of {', '.join((*names, *defaults))}", data)
    return {**defaults, **data}


def _list(data: Any, what: str) -> list[Any]:
    if not isinstance(data, list):
        raise _refusal(what, "a list", data)
    return data


def _text(data: Any, what: str) -> str:
    if not isinstance(data, str):
        raise _refusal(what, "a text", data)
    return data


def _indices(data: Any, what: str) -> tuple[int, ...]:
    if not isinstance(data, list) or not all(type(item) is int and item >= 0 for item in data):
        raise _refusal(what, "a list of whole numbers from 0", data)
    return tuple(data)


def _refusal(what: str, expected: str, received: Any) -> ProjectFileError:
    return ProjectFileError(
        f"The file's {what} must be {expected}; received {received!r:.80}. "
        "Save the project again, or remove the entry."
    )
