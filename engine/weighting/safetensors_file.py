"""Files of tensors in the safetensors format, read with the checks that its specification asks.

Eight bytes, the header's length as a little-endian integer; the header, a JSON object that gives
each tensor's type, shape and place; then the bytes of all tensors without a gap. Nothing in it can
run. Source: github.com/huggingface/safetensors, README, "Format".
"""

import json
import math
import struct
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_HEADER = 10_000_000
"""The most bytes of a header; it is enough for some 80,000 tensors."""

MAX_AXES = 32

# bfloat16 is the upper half of a float32; numpy has no type for it.
_BFLOAT16 = "BF16"
_TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", _BFLOAT16: "<u2",
    "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1",
}  # fmt: skip


class TensorEntry(NamedTuple):
    """One tensor of the header; ``begin`` and ``end`` are bytes of the file."""

    name: str
    type: str
    shape: tuple[int, ...]
    begin: int
    end: int

    @property
    def values(self) -> int:
        """How many values it holds."""
        return math.prod(self.shape)


def read_entries(stream: IO[bytes], file_size: int) -> list[TensorEntry]:
    """Read and check the header of a file of that size; tensors in the order of their bytes.

    Raises:
        ValueError: saying what in the file is not as it must be.
    """
    start = stream.read(8)
    if len(start) < 8:
        raise ValueError(f"it is cut off: {len(start)} bytes are not even a header's length")
    (length,) = struct.unpack("<Q", start)
    if length > MAX_HEADER:
        raise ValueError(f"its header would take {length:,} bytes, at most {MAX_HEADER:,} can be")
    if 8 + length > file_size:
        raise ValueError(f"it is cut off: {file_size:,} bytes, and its header alone ends later")
    header = _parsed(stream.read(length))
    entries = [
        _entry(name, declared, 8 + length, file_size)
        for name, declared in header.items()
        if name != "__metadata__"
    ]
    entries.sort(key=lambda entry: (entry.begin, entry.end))
    _check_seamless(entries, 8 + length, file_size)
    return entries


def read_tensor(stream: IO[bytes], entry: TensorEntry) -> NDArray[Any]:
    """Read one tensor; bfloat16 becomes float32, exactly.

    Raises:
        ValueError: when the file ends before it.
    """
    stream.seek(entry.begin)
    data = stream.read(entry.end - entry.begin)
    if len(data) < entry.end - entry.begin:
        raise ValueError("the file ends before it")
    array = np.frombuffer(data, _TYPES[entry.type]).reshape(entry.shape)
    if entry.type == _BFLOAT16:
        return (array.astype(np.uint32) << 16).view(np.float32)
    return array


def _parsed(text: bytes) -> dict[str, Any]:
    try:
        header = json.loads(
            text.decode(), object_pairs_hook=_without_duplicates, parse_int=_integer
        )
    except RecursionError:
        raise ValueError("its header is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("its header is not text") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"its header is not JSON ({error.msg} at {error.pos})") from None
    if not isinstance(header, dict):
        raise ValueError("its header is not a JSON object")
    return header


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"its header names {name!r:.80} twice")
        found[name] = value
    return found


def _integer(digits: str) -> int:
    # Python itself refuses thousands of digits, in words about its own settings.
    if len(digits) > 19:
        raise ValueError(f"its header holds {digits:.20}…, which is no size")
    return int(digits)


def _entry(name: str, declared: Any, data_start: int, file_size: int) -> TensorEntry:
    what = f"tensor {name!r:.80}"
    if not isinstance(declared, dict) or set(declared) != {"dtype", "shape", "data_offsets"}:
        raise ValueError(f"{what} does not declare just its dtype, shape and data_offsets")
    kind, shape, offsets = declared["dtype"], declared["shape"], declared["data_offsets"]
    if not isinstance(kind, str) or kind not in _TYPES:
        raise ValueError(f"{what} is of type {kind!r:.40}; {', '.join(_TYPES)} can be read")
    if not _are_sizes(shape) or len(shape) > MAX_AXES:
        raise ValueError(f"{what} has the shape {shape!r:.80}, which cannot be")
    if not _are_sizes(offsets) or len(offsets) != 2 or offsets[0] > offsets[1]:
        raise ValueError(f"{what} has the data_offsets {offsets!r:.80}, which cannot be")
    begin, end = data_start + offsets[0], data_start + offsets[1]
    if end > file_size:
        raise ValueError(
            f"it is cut off: {what} ends at byte {end:,} and the file at {file_size:,}"
        )
    entry = TensorEntry(name, kind, tuple(shape), begin, end)
    needed = entry.values * np.dtype(_TYPES[kind]).itemsize
    if needed != end - begin:
        raise ValueError(
            f"{what}, {kind} of shape {list(shape)!r:.80}, takes {needed:,} bytes and has "
            f"{end - begin:,}"
        )
    return entry


def _are_sizes(value: Any) -> bool:
    return isinstance(value, list) and all(type(size) is int and size >= 0 for size in value)


def _check_seamless(entries: list[TensorEntry], data_start: int, file_size: int) -> None:
    """Refuse tensors that overlap and bytes that belong to none."""
    expected = data_start
    for entry in entries:
        if entry.begin < expected:
            raise ValueError(f"tensor {entry.name!r:.80} overlaps the one before it")
        if entry.begin > expected:
            raise ValueError(
                f"{entry.begin - expected:,} bytes before tensor {entry.name!r:.80} belong to none"
            )
        expected = entry.end
    if expected < file_size:
        raise ValueError(f"its last {file_size - expected:,} bytes belong to no tensor")
