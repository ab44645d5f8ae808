"""One convolution as the bytes of an ONNX model, for `cv2.dnn`, which takes no other description.

Field numbers are those of onnx.proto3, the encoding that of protocol buffers: each field is its
number and type, and then a whole number, or a length and so many bytes.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

_FLOAT, _INT, _INTS = 1, 2, 7
_OPSET = 13


def convolution_model(
    input_shape: tuple[int, ...],
    output_shape: tuple[int, ...],
    kernel: Array,
    bias: Array | None,
    pads: Iterable[int],
    strides: Iterable[int],
    dilations: Iterable[int],
    groups: int,
) -> bytes:
    """Return a model of one Conv node that reads "x" and writes "y", of shapes (C, H, W)."""
    arrays = {"w": kernel} if bias is None else {"w": kernel, "b": bias}
    lists = {
        "kernel_shape": kernel.shape[2:],
        "pads": pads,
        "strides": strides,
        "dilations": dilations,
    }
    node = b"".join(_field(1, name) for name in ("x", *arrays)) + _field(2, "y") + _field(4, "Conv")
    for name, values in lists.items():
        numbers = b"".join(_field(8, int(value)) for value in values)
        node += _field(5, _field(1, name) + numbers + _field(20, _INTS))
    node += _field(5, _field(1, "group") + _field(3, groups) + _field(20, _INT))
    graph = _field(1, node) + _field(2, "convolution")
    graph += b"".join(_field(5, _tensor(name, array)) for name, array in arrays.items())
    graph += _field(11, _described("x", input_shape)) + _field(12, _described("y", output_shape))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, _OPSET))


def _tensor(name: str, array: Array) -> bytes:
    lengths = b"".join(_field(1, length) for length in array.shape)
    return lengths + _field(2, _FLOAT) + _field(8, name) + _field(9, array.tobytes())


def _described(name: str, shape: tuple[int, ...]) -> bytes:
    lengths = b"".join(_field(1, _field(1, length)) for length in (1, *shape))
    return _field(1, name) + _field(2, _field(1, _field(1, _FLOAT) + _field(2, lengths)))


def _field(number: int, content: int | str | bytes) -> bytes:
    if isinstance(content, int):
        return _whole(number << 3) + _whole(content)
    encoded = content.encode() if isinstance(content, str) else content
    return _whole(number << 3 | 2) + _whole(len(encoded)) + encoded


def _whole(number: int) -> bytes:
    """Return a number that is not negative in groups of seven bits, the lowest first."""
    groups = bytearray()
    while number > 127:
        groups.append(number & 127 | 128)
        number >>= 7
    return bytes((*groups, number))
