"""Saved projects: a zip archive of plain data, the picture's bytes and imported weights.

``project.json``             the project (`engine.saving.project_json`), compressed
``picture``                  the picture's original bytes, where it is embedded
``arrays/<digest>.npy``      an imported array of weights, by the digest of its content

All but the JSON is stored uncompressed: a picture would not shrink, and so no member can be larger
than the file. Equal projects give equal bytes. Nothing is unpacked onto the disk, nothing is
unpickled, and sizes are checked before memory is taken.
"""

import errno
import json
import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np

from engine.network import Network
from engine.problems import ProjectFileError
from engine.project import Project
from engine.saving.examples import example_names, open_example
from engine.saving.network_file import as_project, read_network
from engine.saving.picture_record import embedded_bytes
from engine.saving.project_json import project_from_json, project_to_json
from engine.strict_json import MAX_BYTES as MAX_JSON_BYTES
from engine.strict_json import parse_json
from engine.weighting.npy_header import read_npy_header
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported
from engine.whole_files import file_errors_as_sentences, open_regular, written_whole
from engine.wording import NETWORK_FILES, did_you_mean
from engine.zip_directory import has_at_most

SUFFIX = ".convolens"

MAX_FILE = 2_000_000_000
"""The largest saved project in bytes; from 2³¹ on, archives are of another form."""

MAX_ARRAYS = 10_000

_SIGNATURE = b"PK\x03\x04"
_NAME_AT = 30
"""Where the first member's name stands in an archive."""
_PROJECT = "project.json"
_PICTURE = "picture"
_ARRAY = re.compile(r"arrays/([0-9a-f]{64})\.npy")
_SAVE_AGAIN = "Save or copy it again."


def save_project(project: Project, path: str | os.PathLike[str]) -> None:
    """Write a project into a file, which is the old one or the whole new one at any moment.

    Raises:
        ProjectFileError: it could not be saved, and what was there is unchanged; the text names
            the file and the reason.
    """
    place = Path(path)
    with file_errors_as_sentences(place, "saved"), written_whole(place) as stream:
        _write(stream, project, place.parent)


def open_project(path: str | os.PathLike[str]) -> Project:
    """Read a project from a file.

    A picture that was saved by its path and is not there any more comes as a
    `engine.project.MissingPicture`.

    Raises:
        ProjectFileError: it cannot be read; the text names the file and the reason.
    """
    place = Path(path)
    with file_errors_as_sentences(place, "opened"):
        stream, size = open_regular(place, MAX_FILE)
        with stream:
            return _read(stream, size, place.parent)


def open_network_or_project(text: str) -> Project:
    """Open what a person named: a file, as `open_file` does, or a bundled example.

    Raises:
        ProjectFileError: there is nothing of that name, and the text lists the examples; or it
            cannot be read.
    """
    place = Path(text)
    if text in example_names() and not place.is_file():
        return open_example(text)
    if not os.path.lexists(text):
        raise ProjectFileError(
            f"“{text:.200}” is neither a file nor an example."
            f"{did_you_mean(text, example_names())} The examples are {', '.join(example_names())}."
        )
    return open_file(place)[0]


def open_file(place: Path) -> tuple[Project, str]:
    """Open a saved project or a plain network: the content decides, not the end of the name.

    Beside it stands the name that a plain network has in its file; a project has none there.

    Raises:
        ProjectFileError: it is not there, or it cannot be read.
    """
    with file_errors_as_sentences(place, "opened"):
        stream, _ = open_regular(place, MAX_FILE)
        with stream:
            is_archive = stream.read(len(_SIGNATURE)) == _SIGNATURE
    if is_archive:
        return open_project(place), ""
    try:
        described = read_network(place)
    except ProjectFileError as error:
        if place.suffix.lower() in (SUFFIX, ".json"):
            raise
        raise ProjectFileError(f"{error} {NETWORK_FILES}") from error
    return as_project(described), described.name


def is_project(place: Path) -> bool:
    """Whether a file begins as a saved project does; False where it cannot be read."""
    named = _NAME_AT + len(_PROJECT)
    try:
        stream, _ = open_regular(place, MAX_FILE)
        with stream:
            beginning = stream.read(named)
    except (OSError, ValueError, ProjectFileError):
        return False
    return beginning.startswith(_SIGNATURE) and beginning.endswith(_PROJECT.encode())


def _write(stream: IO[bytes], project: Project, folder: Path) -> None:
    picture = embedded_bytes(project.picture, project.embed_picture)
    arrays = _imported_arrays(project.network)
    size = len(picture or b"") + sum(stored.array.nbytes for stored in arrays.values())
    if size + MAX_JSON_BYTES > MAX_FILE or len(arrays) > MAX_ARRAYS:
        raise ProjectFileError(
            f"its picture and its {len(arrays):,} imported arrays take {size // 1_000_000:,} MB; "
            f"a file holds {MAX_ARRAYS:,} arrays and {MAX_FILE // 1_000_000:,} MB. "
            "Use seeded weights for some layers."
        )
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(_member(_PROJECT, zipfile.ZIP_DEFLATED), _project_text(project, folder))
        if picture is not None:
            archive.writestr(_member(_PICTURE), picture)
        for digest, stored in arrays.items():
            with archive.open(_member(f"arrays/{digest}.npy"), "w") as content:
                little_endian = stored.array.astype("<f4", copy=False)
                np.lib.format.write_array(content, little_endian, (1, 0), allow_pickle=False)


def _project_text(project: Project, folder: Path) -> bytes:
    try:
        text = json.dumps(
            project_to_json(project, folder), ensure_ascii=False, allow_nan=False
        ).encode()
    except (TypeError, ValueError) as error:
        raise ProjectFileError(f"it holds what JSON cannot: {error}.") from error
    # What is saved can be opened: the limits of reading hold for writing.
    parse_json(text)
    return text


def _member(name: str, compression: int = zipfile.ZIP_STORED) -> zipfile.ZipInfo:
    # The date is always the same: the engine reads no clock, and equal projects are equal files.
    info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    info.compress_type = compression
    return info


def _imported_arrays(network: Network) -> dict[str, StoredArray]:
    """Return every imported array once, by digest, in the order of the network."""
    sources = (node.weights.source for node in network)
    return {
        stored.digest: stored
        for source in sources
        if isinstance(source, Imported)
        for _, stored in source.tensors
    }


def _read(stream: IO[bytes], size: int, folder: Path) -> Project:
    with _archive_errors_as_sentences():
        if not has_at_most(MAX_ARRAYS + 2, stream, size):
            raise ProjectFileError(f"it holds more than {MAX_ARRAYS:,} arrays.")
        with zipfile.ZipFile(stream) as archive:
            members = _members(archive, size)
            text = _content(archive, members[_PROJECT])
            picture = _content(archive, members[_PICTURE]) if _PICTURE in members else None
            arrays = _arrays(archive, members)
    return project_from_json(parse_json(text), arrays, picture, folder)


@contextmanager
def _archive_errors_as_sentences() -> Iterator[None]:
    """Turn what zipfile says of a damaged file into one sentence.

    It raises BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, struct.error,
    UnicodeDecodeError and more; and OSError where a damaged directory points before the beginning.
    """
    try:
        yield
    except (ProjectFileError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        reason = " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__
        raise ProjectFileError(
            f"it is no project, or a damaged one ({reason}). {_SAVE_AGAIN}"
        ) from error


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """Return the members by name, after all names and sizes have been checked."""
    members: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        name = member.filename
        if name not in (_PROJECT, _PICTURE) and not _ARRAY.fullmatch(name):
            raise ProjectFileError(f"it holds {name!r:.80}, which belongs to no project.")
        if name in members:
            raise ProjectFileError(f"it holds {name!r:.80} twice. {_SAVE_AGAIN}")
        compression = zipfile.ZIP_DEFLATED if name == _PROJECT else zipfile.ZIP_STORED
        if member.compress_type not in (zipfile.ZIP_STORED, compression):
            raise ProjectFileError(f"its {name!r:.80} is compressed, and must not be.")
        most = MAX_JSON_BYTES if name == _PROJECT else size
        if member.file_size > most:
            raise ProjectFileError(
                f"its {name!r:.80} would take {member.file_size:,} bytes; at most {most:,} are "
                "read."
            )
        members[name] = member
    if sum(member.compress_size for member in members.values()) > size:
        raise ProjectFileError(f"its parts overlap, as in no project. {_SAVE_AGAIN}")
    if _PROJECT not in members:
        raise ProjectFileError(f"it holds no {_PROJECT}, as every project does.")
    return members


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    # Told no size, zipfile unpacks whatever there is before it cuts that to the declared size.
    with archive.open(member) as content:
        return content.read(member.file_size)


def _arrays(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]
) -> dict[str, StoredArray]:
    """Return the arrays by digest, each true to it."""
    arrays: dict[str, StoredArray] = {}
    for name, member in members.items():
        match = _ARRAY.fullmatch(name)
        if match is None:
            continue
        with archive.open(member) as content:
            header = read_npy_header(content)
            data = content.read()
        if header.dtype != np.dtype("<f4") or header.fortran_order:
            raise ProjectFileError(f"its {name!r:.80} is not of float32 in rows. {_SAVE_AGAIN}")
        if header.values * header.dtype.itemsize != len(data):
            raise ProjectFileError(f"its {name!r:.80} has another size than it says.")
        stored = StoredArray(np.frombuffer(data, header.dtype).reshape(header.shape))
        if stored.digest != match[1]:
            raise ProjectFileError(f"its {name!r:.80} is damaged. {_SAVE_AGAIN}")
        arrays[stored.digest] = stored
    return arrays
