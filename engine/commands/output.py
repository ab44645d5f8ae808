"""What commands write: text on the standard output, and files that appear all at once."""

import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.commands.arguments import PROGRAM
from engine.commands.requests import RequestError

_TERMINAL_WIDTH = 79
"""What is longer would be broken into lines, and those could not be overwritten."""


def print_text(text: str) -> None:
    """Print text for people; what the terminal's encoding lacks becomes a question mark."""
    _print(text, getattr(sys.stdout, "encoding", None) or "utf-8")


def print_data(text: str) -> None:
    """Print text for programs: UTF-8 on every system."""
    _print(text, "utf-8")


def say(sentence: str) -> None:
    """Print one line on the standard error, if there is one."""
    if sys.stderr is not None:
        print(f"{PROGRAM}: {' '.join(sentence.split())}", file=sys.stderr)


def _print(text: str, encoding: str) -> None:
    if sys.stdout is None:  # a program without a console
        return
    try:
        sys.stdout.flush()
        bytes_out = getattr(sys.stdout, "buffer", None)
        if bytes_out is None:  # replaced by a stream of text, as in a notebook
            sys.stdout.write(text)
        else:
            bytes_out.write(text.encode(encoding, "replace"))
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_the_rest()  # the reader has seen enough, as in "| head"
    except OSError as error:
        _drop_the_rest()
        raise RequestError(f"The output cannot be written: {_reason(error)}.") from error


def _drop_the_rest() -> None:
    """Keep Python from writing at its end what could not be written before."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def progress(total: int) -> Iterator[Callable[[int, str], None]]:
    """Yield a function that tells how far the work is, on a terminal; elsewhere it says nothing.

    It takes the number of the step, from 1, and what is being done. The line is gone at the end.
    """
    stream = sys.stderr
    if stream is None or not stream.isatty():
        yield lambda number, what: None
        return
    longest = 0

    def advance(number: int, what: str) -> None:
        nonlocal longest
        line = f"{number} of {total}: {what}"[:_TERMINAL_WIDTH]
        longest = max(longest, len(line))
        stream.write(f"\r{line.ljust(longest)}")
        stream.flush()

    try:
        yield advance
    finally:
        stream.write(f"\r{' ' * longest}\r")
        stream.flush()


@contextmanager
def files_at_once(folder: Path) -> Iterator[Path]:
    """Yield an empty folder whose files move into ``folder`` together at the end.

    Files there of the same name are replaced, others stay. After an error, or an interruption,
    ``folder`` is as it was before.

    Raises:
        RequestError: the folder, or a file in it, cannot be written.
    """
    try:
        # Beside the target, so that moving is renaming, and so that a place that cannot be written
        # is noticed before anything is computed.
        staging = _nearest_folder(folder) / f".convolens-{secrets.token_hex(8)}"
        # Within the block that removes it: an interruption may come as soon as it is there.
        try:
            staging.mkdir(mode=0o700)
            yield staging
            _move_files(staging, folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise RequestError(f"“{folder}” cannot be written: {_reason(error)}.") from error


def _nearest_folder(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    absolute = folder.absolute()
    found = next(place for place in (absolute, *absolute.parents) if os.path.lexists(place))
    if not found.is_dir():
        raise RequestError(f"“{folder}” cannot be written: “{found}” is not a folder.")
    return found


def _move_files(staging: Path, folder: Path) -> None:
    """Move every file, or put everything back as it was."""
    files = sorted(staging.iterdir())
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    replaced = staging / "replaced"
    replaced.mkdir()
    moved = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            target = folder / file.name
            if target.is_dir():
                raise RequestError(f"“{target}” cannot be written: it is a folder.")
            if os.path.lexists(target):
                os.replace(target, replaced / file.name)
            os.replace(file, target)
            moved.append(target)
    except BaseException:
        for target in moved:
            target.unlink()
        for file in replaced.iterdir():
            os.replace(file, folder / file.name)
        for place in made:
            if place.exists():
                place.rmdir()
        raise


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
