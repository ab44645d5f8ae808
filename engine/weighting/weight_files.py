"""Reading arrays of weights from files: .npy, .npz and .safetensors.

Everything is checked before memory is taken for it, and no file can run code: pickled objects are
refused, and formats that are pickles are not read at all.
"""

import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.problems import WeightsError
from engine.weighting.npy_header import read_npy_header
from engine.weighting.safetensors_file import read_entries, read_tensor
from engine.weighting.stored_array import WEIGHT_BUDGET, StoredArray, budget_refusal
from engine.wording import shown_name
from engine.zip_directory import has_at_most

MAX_FILE = 2 * WEIGHT_BUDGET
"""The most bytes of a file: the budget for weights, saved as float64."""

MAX_ARRAYS = 10_000
"""The most arrays of an .npz file."""

_PICKLE = "is a Python pickle, which could run code"
_KERAS = "is a Keras file, which cannot be read"
_OTHER_KINDS = {
    **dict.fromkeys((".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle"), _PICKLE),
    **dict.fromkeys((".h5", ".hdf5", ".keras"), _KERAS),
    ".onnx": "is an ONNX file, which cannot be read",
}
_SAVE_ARRAYS = "In the program that wrote it, save its arrays with numpy.savez or as safetensors."
_UNKNOWN_KIND = ("is of an unknown kind", "Weights are .npy, .npz or .safetensors files.")

_FEWER = "Save only the layers that you need."

_Arrays: TypeAlias = Iterator[tuple[str, NDArray[Any]]]


def read_weight_file(path: Path) -> dict[str, StoredArray]:
    """Return the arrays of a weight file by name; an .npy file's array has the file's name.

    Raises:
        WeightsError: with a sentence that names the file, the array, the reason and the way out.
    """
    name, suffix = path.name, path.suffix.lower()
    if suffix not in _READERS:
        if suffix in _OTHER_KINDS:
            raise _refusal(name, _OTHER_KINDS[suffix], _SAVE_ARRAYS)
        raise _refusal(name, *_UNKNOWN_KIND)
    with _failures_as_sentences(name):
        status = path.stat()
        # Before opening it: a pipe would wait for ever.
        if not stat.S_ISREG(status.st_mode):
            raise _refusal(name, "is a folder or a device, not a file", "Choose a file.")
        if status.st_size > MAX_FILE:
            reason = f"has {_megabytes(status.st_size)}; at most {_megabytes(MAX_FILE)} are read"
            raise _refusal(name, reason, _FEWER)
        with path.open("rb") as stream:
            arrays = _READERS[suffix](path, stream, status.st_size)
            return {key: _stored(name, key, array) for key, array in arrays}


def _read_npy(path: Path, stream: IO[bytes], size: int) -> _Arrays:
    key = shown_name(path.stem)
    yield key, _read_array(path.name, key, stream, size, 0)


def _read_npz(path: Path, stream: IO[bytes], size: int) -> _Arrays:
    if not has_at_most(MAX_ARRAYS, stream, size):
        raise _refusal(path.name, f"holds more than {MAX_ARRAYS:,} arrays", _FEWER)
    with zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        _check_members(path.name, members)
        values = 0
        for member in members:
            key = member.filename.removesuffix(".npy")
            with archive.open(member) as content:
                array = _read_array(path.name, key, content, member.file_size, values)
            values += array.size
            yield key, array


def _read_safetensors(path: Path, stream: IO[bytes], size: int) -> _Arrays:
    entries = read_entries(stream, size)
    _check_budget(path.name, "its arrays", sum(entry.values for entry in entries))
    for entry in entries:
        yield entry.name, read_tensor(stream, entry)


_READERS: Mapping[str, Callable[[Path, IO[bytes], int], _Arrays]] = {
    ".npy": _read_npy,
    ".npz": _read_npz,
    ".safetensors": _read_safetensors,
}


def _check_members(name: str, members: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive by what its directory declares, before anything is unpacked."""
    seen = set()
    for member in members:
        key = repr(member.filename)[:80]
        if not member.filename.endswith(".npy"):
            raise _refusal(name, f"holds {key}, which is no array", "Save it with numpy.savez.")
        if member.filename in seen:
            raise _refusal(name, f"holds {key} twice", "Save it again with numpy.savez.")
        if member.flag_bits & 1:
            raise _refusal(name, f"holds {key} encrypted", "Save it without a password.")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _refusal(
                name, f"holds {key} in a rare compression", "Save it again with numpy.savez."
            )
        seen.add(member.filename)
    declared = sum(member.file_size for member in members)
    if declared > MAX_FILE:
        reason = f"unpacks to {_megabytes(declared)}; at most {_megabytes(MAX_FILE)} are read"
        raise _refusal(name, reason, _FEWER)


def _read_array(
    name: str, key: str, stream: IO[bytes], size: int, values_before: int
) -> NDArray[Any]:
    """Read one array in NumPy's format from a stream of that many bytes."""
    try:
        header = read_npy_header(stream)
    except ValueError as error:
        raise ValueError(f"the header of {key!r:.80} is wrong ({error!s:.80})") from error
    if header.dtype.kind not in "buif":
        type_name = "Python objects" if header.dtype.hasobject else str(header.dtype)[:60]
        raise _refusal(
            name,
            f"holds {key!r:.80} of type {type_name}; weights are real numbers",
            "Save plain numeric arrays alone.",
        )
    _check_budget(name, f"{key!r:.80}", values_before + header.values)
    needed, received = header.values * header.dtype.itemsize, size - stream.tell()
    if needed != received:
        raise ValueError(
            f"{key!r:.80}, {header.dtype} of shape {list(header.shape)}, takes {needed:,} bytes "
            f"and has {received:,}"
        )
    data = stream.read(needed)
    if len(data) < needed:
        raise ValueError(f"{key!r:.80} is cut off")
    flat = np.frombuffer(data, header.dtype)
    return (
        flat.reshape(header.shape[::-1]).T if header.fortran_order else flat.reshape(header.shape)
    )


def _check_budget(name: str, what: str, values: int) -> None:
    refusal = budget_refusal(values)
    if refusal:
        raise _refusal(name, f"is too large: {what} {refusal}", _FEWER)


def _stored(name: str, key: str, array: NDArray[Any]) -> StoredArray:
    try:
        return StoredArray(array)
    except WeightsError as error:
        raise WeightsError(f"“{name}”, {key!r:.80}: {error}") from error


@contextmanager
def _failures_as_sentences(name: str) -> Iterator[None]:
    """Turn whatever reading a file raises into one sentence about it.

    Besides the readers' own ValueErrors, damaged archives raise BadZipFile, zlib.error,
    struct.error, EOFError and more.
    """
    try:
        yield
    except WeightsError:
        raise
    except MemoryError as error:
        raise _refusal(
            name, "needs more memory than is free", "Close other programs, or save fewer layers."
        ) from error
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _refusal(
            name, f"cannot be read: {reason}", "Choose another file, or copy or save it again."
        ) from error
    except Exception as error:
        reason = " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
        raise _refusal(
            name, f"cannot be read: {reason}", "It is damaged; copy or save it again."
        ) from error


def _refusal(name: str, reason: str, way_out: str) -> WeightsError:
    return WeightsError(f"“{name}” {reason}. {way_out}")


def _megabytes(size: int) -> str:
    return f"{-(-size // 1_000_000):,} MB"
