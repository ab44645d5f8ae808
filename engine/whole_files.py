"""Files that are read within a limit, and files that are written whole or not at all."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from engine.problems import ConvolensError, ProjectFileError


@contextmanager
def file_errors_as_sentences(path: Path, undone: str) -> Iterator[None]:
    """Turn what the system and the readers say into one sentence that names the file.

    Args:
        path: the file.
        undone: what could not be done: "opened", "saved".
    """
    try:
        yield
    except ConvolensError as error:
        raise _refusal(path, undone, str(error)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        if isinstance(error, FileNotFoundError) and not path.parent.is_dir():
            reason = f"there is no folder “{_shown(str(path.parent))}”"
        if "\0" in str(path):
            # Python's own words for it differ from version to version.
            reason = "no file can have such a name"
        raise _refusal(path, undone, f"{reason[:1].lower()}{reason[1:]}") from error
    except MemoryError as error:
        reason = "it needs more memory than is free. Close other programs."
        raise _refusal(path, undone, reason) from error


def open_regular(path: Path, most_bytes: int) -> tuple[IO[bytes], int]:
    """Open a regular file for reading; return it and its size.

    Raises:
        OSError: it cannot be opened.
        ProjectFileError: it is of another sort, or larger.
    """
    # Before opening: a named pipe would wait for ever.
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ProjectFileError("it is a folder or a device. Choose a file.")
    if status.st_size > most_bytes:
        raise ProjectFileError(
            f"it has {status.st_size // 1_000_000:,} MB; at most {most_bytes // 1_000_000:,} MB "
            "are read."
        )
    return path.open("rb"), status.st_size


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Yield a stream; what was written takes the file's place at the end of the block.

    It is written beside the file and reaches the disk before the file is replaced, in one step: at
    any moment there is the old file or the new one, whole. After an error there is the old one and
    no other.

    Raises:
        OSError: it cannot be written; so does whatever the block raises.
    """
    # Through links: the file that a link points to is meant, not the link.
    place = Path(os.path.realpath(path))
    mode = _mode_to_keep(place)
    temporary = place.with_name(f".convolens-{secrets.token_hex(8)}.tmp")
    # Within the block that removes it: an interruption may come as soon as it is there.
    try:
        with open(temporary, "xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            temporary.chmod(mode)
        os.replace(temporary, place)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _mode_to_keep(place: Path) -> int | None:
    """Return the permissions of the file that will be replaced, None where there is none.

    Replacing asks the folder's permission, not the file's: one that is protected is refused here.
    """
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        raise ProjectFileError("it is a folder or a device. Choose another name.")
    if not os.access(place, os.W_OK):
        raise ProjectFileError("it is protected against writing. Choose another name.")
    return stat.S_IMODE(mode)


def _shown(name: str) -> str:
    """Return a name, which may hold bytes that are no text, as text."""
    return name.encode(errors="replace").decode()


def _refusal(path: Path, undone: str, reason: str) -> ProjectFileError:
    name = _shown(path.name) or str(path)
    end = "" if reason.endswith((".", "?")) else "."
    return ProjectFileError(f"“{name}” cannot be {undone}: {reason}{end}")
