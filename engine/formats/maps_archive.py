"""Maps in files that ``numpy.load`` opens: those of one layer, or of many."""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.whole_files import file_errors_as_sentences, written_whole

AddMaps: TypeAlias = Callable[[str, NDArray[np.float32]], None]


@contextmanager
def written_archive(place: Path | IO[bytes]) -> Iterator[AddMaps]:
    """Yield a function that adds maps under a name; each is written at once and not held.

    Equal maps give equal files: the members' date is always the same.
    """
    with zipfile.ZipFile(place, "w") as archive:

        def add(name: str, maps: NDArray[np.float32]) -> None:
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            with archive.open(member, "w", force_zip64=True) as stream:
                np.lib.format.write_array(stream, maps, (1, 0), allow_pickle=False)

        yield add


def write_array(path: Path, maps: NDArray[np.float32]) -> None:
    """Write maps as a .npy file, whole or not at all.

    Raises:
        ProjectFileError: it cannot be written; the text names the file and why.
    """
    with file_errors_as_sentences(path, "saved"), written_whole(path) as stream:
        np.lib.format.write_array(stream, maps, (1, 0), allow_pickle=False)


def write_archive(path: Path, maps: Iterable[tuple[str, NDArray[np.float32]]]) -> None:
    """Write maps under their names as a .npz file, whole or not at all.

    Raises:
        ProjectFileError: it cannot be written; the text names the file and why.
    """
    with (
        file_errors_as_sentences(path, "saved"),
        written_whole(path) as stream,
        written_archive(stream) as add,
    ):
        for name, array in maps:
            add(name, array)
