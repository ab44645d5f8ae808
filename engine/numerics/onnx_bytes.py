"""One operator as the bytes of an ONNX model, for `cv2.dnn`, which takes no other description.

Field numbers are those of onnx.proto3, the encoding that of protocol buffers: each field is its
number and type, and then a whole number, four bytes, or a length and so many bytes.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Attribute: TypeAlias = int | float | Sequence[int]

_FLOAT, _INT, _INTS = 1, 2, 7
_OPSET = 13


def one_operator(
    operator: str,
    input_shape: tuple[int, ...],
    output_shape: tuple[int, ...],
    arrays: Mapping[str, Array],
    attributes: Mapping[str, Attribute],
) -> bytes:
    """Return a model of one node that reads "x" and the arrays, in their order, and writes "y".

    The shapes are (C, H, W).
    """
    inputs = b"".join(_field(1, name) for name in ("x", *arrays))
    node = inputs + _field(2, "y") + _field(4, operator)
    node += b"".join(_field(5, _attribute(*item)) for item in attributes.items())
    graph = _field(1, node) + _field(2, "one operator")
    graph += b"".join(_field(5, _tensor(name, array)) for name, array in arrays.items())
    graph += _field(11, _described("x", input_shape)) + _field(12, _described("y", output_shape))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, _OPSET))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, _INT)
    if isinstance(value, float):
        return _field(1, name) + _field(2, value) + _field(20, _FLOAT)
    numbers = b"".join(_field(8, int(number)) for number in value)
    return _field(1, name) + numbers + _field(20, _INTS)


def _tensor(name: str, array: Array) -> bytes:
    lengths = b"".join(_field(1, length) for length in array.shape)
    return lengths + _field(2, _FLOAT) + _field(8, name) + _field(9, array.tobytes())


def _described(name: str, shape: tuple[int, ...]) -> bytes:
    lengths = b"".join(_field(1, _field(1, length)) for length in (1, *shape))
    return _field(1, name) + _field(2, _field(1, _field(1, _FLOAT) + _field(2, lengths)))


def _field(number: int, content: int | float | str | bytes) -> bytes:
    if isinstance(content, int):
        return _whole(number << 3) + _whole(content)
    if isinstance(content, float):
        return _whole(number << 3 | 5) + struct.pack("<f", content)
    encoded = content.encode() if isinstance(content, str) else content
    return _whole(number << 3 | 2) + _whole(len(encoded)) + encoded


def _whole(number: int) -> bytes:
    """Return a number that is not negative in groups of seven bits, the lowest first."""
    groups = bytearray()
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes((*groups, number))
