"""What a layer kind is called elsewhere: found by these names, it is shown by its own."""

import re
from collections.abc import Iterator
from functools import cache

from engine.dialects import spell
from engine.problems import LayerError
from engine.registry import kind_by_id, make_layer
from engine.shapes import Shape
from engine.spelling import DIALECTS

_MAPS, _VECTOR = Shape(4, 8, 8), Shape(4, 1, 1)
_CALL = re.compile(r'(?:\w+\.)*(\w+)\((?!.*\w\()(?:"(\w+)")?')
"""A single call; what is made of several has no name there."""
_ALSO = re.compile(r"Also (?:known as|called) ([^.]+)\.")


@cache
def names_elsewhere(kind_id: str) -> str:
    """Return a kind's id, what Keras, PyTorch and ONNX call it, and what else people do.

    >>> names_elsewhere("dense")
    'dense Dense Linear Gemm fully connected (FC) or linear'
    """
    described = " ".join((kind_by_id(kind_id).__doc__ or "").split())
    ids = dict.fromkeys((kind_id, kind_id.replace("_", "")))
    return " ".join((*ids, *_spelled(kind_id), *_ALSO.findall(described)))


def _spelled(kind_id: str) -> Iterator[str]:
    layer = make_layer(kind_id)
    for dialect in DIALECTS:
        for shape in (_MAPS, _VECTOR):
            try:
                code = spell(layer, dialect, (shape,) * layer.inputs[0]).code
            except LayerError:
                continue
            if (call := _CALL.match(code)) is not None:
                yield call[2] or call[1]
            break
