"""Arrays of a person's own: their numbers stay, and nothing in the file runs."""

import io
import struct

import pytest

from engine.pictures.image_decoding import decode_bytes
from tests.engine.picture_files import (
    refusal,
    saved_array,
)

# After engine.opencv, which sets numpy's threads.
# isort: split
import numpy as np


@pytest.mark.parametrize(
    "dtype", ["u1", "<u2", ">u2", "f4", ">f4", "f8", "f2", "i1", "i4", "u8", "?"]
)
@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 1), (4, 5, 7), (1, 1), (2, 2, 300)])
def test_arrays_keep_their_numbers_and_channels(dtype, shape):
    array = (np.arange(np.prod(shape)).reshape(shape) % 100).astype(dtype)
    decoded = decode_bytes("x.npy", saved_array(array))
    assert decoded.pixels.shape == (*shape, 1)[:3]
    kept = {"u1": np.uint8, "<u2": np.uint16, ">u2": np.uint16}
    assert decoded.pixels.dtype == kept.get(dtype, np.float32)
    assert np.array_equal(decoded.pixels, array.reshape(decoded.pixels.shape))


def test_floating_point_arrays_are_never_scaled():
    array = np.array([[-1000.5, 3e8]], np.float32)
    decoded = decode_bytes("x.npy", saved_array(array))
    assert decoded.pixels.ravel().tolist() == array.ravel().tolist()
    assert decoded.warnings == ()


def test_fortran_order_and_later_versions_of_the_file():
    array = np.asfortranarray(np.arange(24, dtype=np.float32).reshape(2, 3, 4))
    assert np.array_equal(decode_bytes("x", saved_array(array)).pixels, array)
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=(2, 0))
    assert np.array_equal(decode_bytes("x", stream.getvalue()).pixels, array)


def test_channels_first_is_suspected_and_integers_are_explained():
    assert "transpose(1, 2, 0)" in decode_bytes("x", saved_array(np.zeros((3, 64, 64)))).warnings[0]
    assert "int64" in decode_bytes("x", saved_array(np.zeros((8, 8), np.int64))).warnings[0]
    assert decode_bytes("x", saved_array(np.zeros((64, 64, 3)))).warnings == ()


def test_arrays_that_are_no_picture_are_refused():
    assert "shape (4,)" in refusal(saved_array(np.zeros(4)))
    assert "array[0]" in refusal(saved_array(np.zeros((1, 2, 2, 3))))
    assert "has no pixels" in refusal(saved_array(np.zeros((0, 5))))
    assert "complex64" in refusal(saved_array(np.zeros((2, 2), np.complex64)))
    assert "real numbers" in refusal(saved_array(np.zeros((2, 2), "U3")))
    assert "real numbers" in refusal(saved_array(np.zeros((2, 2), [("a", "f4")])))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_values_that_are_not_finite_are_refused_with_their_place(value):
    array = np.zeros((4, 5, 2))
    array[1, 2, 1] = value
    message = refusal(saved_array(array))
    assert "holds 1 value not finite" in message
    assert "[1, 2, 1]" in message


def test_nan_that_signals_is_refused_as_any_other():
    signaling = np.array([[0x7FF0_0000_0000_0001]], np.uint64).view(np.float64)
    assert "holds 1 value not finite" in refusal(saved_array(signaling))


def test_python_objects_never_run():
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("code in a file was run",))

    array = np.array([[Trap(), 1]], dtype=object)
    assert "could run code" in refusal(saved_array(array, allow_pickle=True))


def npy_header(text: str) -> bytes:
    body = text.encode("latin-1").ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(body)) + body


def test_arrays_that_lie_about_their_size():
    whole = saved_array(np.zeros((40, 50), np.float32))
    assert "takes 8,000 bytes, and 7,900 are there" in refusal(whole[:-100])
    bomb = npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (100000, 100000, 3)}")
    assert "120,000 MB; a picture may take 600 MB" in refusal(bomb)
    negative = npy_header("{'descr': '<f4', 'fortran_order': False, 'shape': (-2, -2)}")
    assert "“my file”" in refusal(negative)
    for text in ("", "{'descr': '<f4'}", "[" * 110, "__import__('os')"):
        assert "header cannot be read" in refusal(npy_header(text))
    assert "header cannot be read" in refusal(b"\x93NUMPY")
    assert "header cannot be read" in refusal(b"\x93NUMPY\x07\x00abc")
