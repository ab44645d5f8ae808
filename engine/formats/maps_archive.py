"""Maps of many layers in one file that ``numpy.load`` opens."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

AddMaps: TypeAlias = Callable[[str, NDArray[np.float32]], None]


@contextmanager
def written_archive(path: Path) -> Iterator[AddMaps]:
    """Yield a function that adds maps under a name; each is written at once and not held.

    Equal maps give equal files: the members' date is always the same.
    """
    with zipfile.ZipFile(path, "w") as archive:

        def add(name: str, maps: NDArray[np.float32]) -> None:
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            with archive.open(member, "w", force_zip64=True) as stream:
                np.lib.format.write_array(stream, maps, (1, 0), allow_pickle=False)

        yield add
