"""The header of an array saved with ``numpy.save``, read before any of its data."""

import math
from typing import IO, Any, NamedTuple

import numpy as np

MAX_AXES = 32


class NpyHeader(NamedTuple):
    """What an array's file declares about it."""

    shape: tuple[int, ...]
    dtype: "np.dtype[Any]"
    fortran_order: bool

    @property
    def values(self) -> int:
        """How many values it holds."""
        return math.prod(self.shape)


def read_npy_header(stream: IO[bytes]) -> NpyHeader:
    """Read the header and leave the stream at the first byte of the data. Runs no code.

    Raises:
        ValueError: when there is none that can be read.
    """
    try:
        version = np.lib.format.read_magic(stream)
        if version == (1, 0):
            shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(stream)
        elif version == (2, 0):
            shape, fortran_order, dtype = np.lib.format.read_array_header_2_0(stream)
        else:
            raise ValueError(f"version {version[0]}.{version[1]} is not known")
    except Exception as error:
        # A header is a Python literal: damaged ones raise anything from the parser.
        raise ValueError(str(error)) from error
    if len(shape) > MAX_AXES or any(length < 0 for length in shape):
        raise ValueError(f"the shape {shape!r:.80} cannot be")
    return NpyHeader(tuple(map(int, shape)), dtype, bool(fortran_order))
