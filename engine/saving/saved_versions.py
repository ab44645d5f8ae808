"""The first two keys of every file, ``format`` and ``version``, and the way up to the newest.

A format's migrations are a list: the first brings version 1 to 2, the second 2 to 3. The newest
version is one more than their number, so that a version cannot come without its migration.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from engine.problems import ProjectFileError
from engine.strict_json import as_record

Record: TypeAlias = dict[str, Any]

Migration: TypeAlias = Callable[[Record], Record]
"""Returns the record of the next version; it may change the one it is given."""

MAX_VERSION = 1_000_000


def stamped(format_name: str, migrations: Sequence[Migration], record: Record) -> Record:
    """Return a record of the newest version with its format and version in front."""
    return {"format": format_name, "version": len(migrations) + 1, **record}


def unstamped(format_name: str, migrations: Sequence[Migration], data: Any) -> Record:
    """Return a record brought to the newest version, without its format and version.

    Raises:
        ProjectFileError: it has another format, no version, or one of the future.
    """
    record = dict(as_record(data, "the file's content"))
    received = record.pop("format", None)
    if received != format_name:
        found = "it names none" if received is None else f"received {received!r:.80}"
        raise ProjectFileError(f'its "format" must be "{format_name}"; {found}.')
    newest = len(migrations) + 1
    version = record.pop("version", None)
    if type(version) is not int or not 1 <= version <= MAX_VERSION:
        raise ProjectFileError(
            f'its "version" must be a whole number, now {newest}; received {version!r:.80}.'
        )
    if version > newest:
        raise ProjectFileError(
            f"it is of version {version}, written by a newer Convolens; this one reads versions "
            f"up to {newest}. Update Convolens to open it."
        )
    for migrate in migrations[version - 1 :]:
        record = migrate(record)
    return record
