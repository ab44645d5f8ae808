"""One operator as the bytes of an ONNX model: the newer engine of `cv2.dnn` reads nothing else.

Field numbers are those of onnx.proto3, the encoding that of protocol buffers: each field is its
number and type, and then a whole number, or a length and so many bytes.
"""

from collections.abc import Mapping, Sequence

_FLOAT, _INT, _INTS = 1, 2, 7
_OPSET = 13


def one_operator(
    operator: str,
    inputs: Mapping[str, Sequence[int]],
    output: Sequence[int],
    attributes: Mapping[str, int | Sequence[int]],
) -> bytes:
    """Return a model of one node that reads float arrays of these shapes, and writes "y"."""
    node = b"".join(_field(1, name) for name in inputs) + _field(2, "y") + _field(4, operator)
    node += b"".join(_field(5, _attribute(*item)) for item in attributes.items())
    graph = _field(1, node) + _field(2, "one operator")
    graph += b"".join(_field(11, _described(*item)) for item in inputs.items())
    graph += _field(12, _described("y", output))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, _OPSET))


def _attribute(name: str, value: int | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, _INT)
    return _field(1, name) + b"".join(_field(8, each) for each in value) + _field(20, _INTS)


def _described(name: str, shape: Sequence[int]) -> bytes:
    lengths = b"".join(_field(1, _field(1, length)) for length in shape)
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
