"""The picture of a project as plain data: its size alone, its bytes beside the data, or a path."""

import os
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, TypeAlias

from engine.pictures.images import Picture, read_picture
from engine.problems import PictureError, ProjectFileError
from engine.project import MissingPicture
from engine.shapes import Shape
from engine.strict_json import as_count, as_record, as_text, check_keys

Shown: TypeAlias = Picture | Shape | MissingPicture | None
"""What a project shows its network."""

MAX_LENGTH = 1_000_000
"""The largest number in a size."""


def embedded_bytes(picture: Shown, embed: bool) -> bytes | None:
    """Return the bytes that belong into the saved file, None where a path or a size does.

    A picture without a path that can be written down, such as one that was pasted, is always
    embedded.
    """
    if not isinstance(picture, Picture):
        return None
    return picture.data if embed or not has_path(picture) else None


def has_path(picture: Shown) -> bool:
    """Whether a saved file can hold the picture's path: it came from a file, and its name is text.

    A name on Linux may be any bytes.
    """
    if not isinstance(picture, Picture) or picture.path is None:
        return False
    try:
        return bool(str(picture.path).encode())
    except UnicodeEncodeError:
        return False


def picture_to_json(picture: Shown, embed: bool, folder: Path) -> dict[str, Any] | None:
    """Return the picture's record in a project that is saved in that folder.

    A picture in or below the folder is noted by its place there too, so that both can move
    together. The path of an embedded picture is left out: it tells strangers a person's folders.
    """
    if picture is None:
        return None
    if isinstance(picture, Shape):
        return {"type": "size", **picture._asdict()}
    if isinstance(picture, Picture) and embedded_bytes(picture, embed) is not None:
        return {"type": "embedded", "name": picture.name, "digest": picture.digest}
    path = Path(os.path.abspath(str(picture.path)))
    record = {"type": "file", "name": picture.name, "path": str(path)}
    folder = Path(os.path.abspath(folder))
    if path.is_relative_to(folder):
        record["beside"] = path.relative_to(folder).as_posix()
    return record


def picture_from_json(data: Any, embedded: bytes | None, folder: Path) -> Shown:
    """Return the picture of a project that was opened in that folder.

    A picture's file that cannot be read gives a `MissingPicture`: the project is still good.

    Args:
        data: what `picture_to_json` returned, from a file that anybody may have written.
        embedded: the bytes beside the record, if there are any.
        folder: where the project's file lies.

    Raises:
        ProjectFileError: the record is not as it must be, or not of these bytes.
    """
    if data is None:
        return None
    record = as_record(data, '"picture"')
    match record.get("type"):
        case "size":
            check_keys(record, "a size", ("type", *Shape._fields))
            return Shape(*(as_count(record.get(f), f'"{f}"', MAX_LENGTH) for f in Shape._fields))
        case "embedded":
            check_keys(record, "an embedded picture", ("type", "name", "digest"))
            if embedded is None:
                raise ProjectFileError("its picture is not in the file. Save or copy it again.")
            picture = Picture(as_text(record.get("name"), '"name"'), embedded)
            if picture.digest != record.get("digest"):
                raise ProjectFileError("its picture is damaged. Save or copy it again.")
            return picture
        case "file":
            return _from_file(record, folder)
        case other:
            raise ProjectFileError(
                f"a picture is of type size, embedded or file; received {other!r:.80}."
            )


def picture_or_missing(read: Callable[[], Picture], name: str, path: Path) -> Shown:
    """Return the picture that is read, or one that is missing and says why."""
    try:
        return read()
    except PictureError as error:
        return MissingPicture(name, path, str(error))


def _from_file(record: dict[str, Any], folder: Path) -> Shown:
    check_keys(record, "a picture's file", ("type", "name", "path", "beside"))
    name = as_text(record.get("name"), '"name"')
    path = as_text(record.get("path"), '"path"')
    if "beside" in record:
        beside = PurePosixPath(as_text(record["beside"], '"beside"'))
        if ".." in beside.parts or PureWindowsPath(beside).anchor:
            raise ProjectFileError(f'"beside" is below the folder; received {str(beside)!r:.80}.')
        moved = picture_or_missing(lambda: read_picture(folder / beside), name, folder / beside)
        if isinstance(moved, Picture):
            return moved
    if _is_network_share(path):
        # Reading it would tell a server of somebody else's choice who is asking.
        reason = f"“{name}” lies on a network share. Open it yourself."
        return MissingPicture(name, Path(path), reason)
    return picture_or_missing(lambda: read_picture(path), name, Path(path))


def _is_network_share(path: str) -> bool:
    return len(path) > 1 and set(path[:2]) <= set("\\/")
