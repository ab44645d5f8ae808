"""JSON from outside, read within limits; and records of it, checked before they are used.

Every refusal is a `ProjectFileError` whose text is a sentence or, where a caller adds the file's
name or a place with `located`, the end of one.
"""

import json
import math
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from engine.problems import ConvolensError, ProjectFileError
from engine.wording import did_you_mean

MAX_BYTES = 16_000_000
"""The longest JSON that is read; ResNet-152 with all its settings takes half a megabyte."""

MAX_DEPTH = 32
MAX_VALUES = 1_000_000
MAX_DIGITS = 100
"""The longest number, in characters."""


def parse_json(data: bytes) -> Any:
    """Return what JSON in UTF-8 says.

    Raises:
        ProjectFileError: it is no JSON, or has a key twice, NaN or Infinity, a number beyond
            double precision, text that is no text, or more depth or values than the limits.
    """
    if len(data) > MAX_BYTES:
        raise ProjectFileError(
            f"it has {len(data):,} bytes of JSON; at most {MAX_BYTES:,} are read."
        )
    try:
        # Windows' own editors begin a file with a byte order mark.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProjectFileError(
            f"it is not text in UTF-8: byte {error.start:,} cannot be."
        ) from error
    try:
        parsed = json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite_float,
            parse_int=_short_int,
        )
    except json.JSONDecodeError as error:
        raise ProjectFileError(
            f"it is not JSON at line {error.lineno}, column {error.colno}: "
            f"{error.msg[:1].lower()}{error.msg[1:]}."
        ) from error
    except RecursionError as error:
        raise _too_deep() from error
    _check_extent(parsed)
    return parsed


@contextmanager
def located(place: str) -> Iterator[None]:
    """Put the place where it happened before the text of any refusal.

    >>> with located("layer 3"):
    ...     raise ProjectFileError("it has no kind.")
    Traceback (most recent call last):
        ...
    engine.problems.ProjectFileError: layer 3: it has no kind.
    """
    try:
        yield
    except ConvolensError as error:
        raise ProjectFileError(f"{place}: {error}") from error


def as_record(value: Any, what: str) -> dict[str, Any]:
    """Return the value if it is an object, or refuse it."""
    if not isinstance(value, dict):
        raise ProjectFileError(f"{what} is an object in braces; received {value!r:.80}.")
    return value


def as_list(value: Any, what: str) -> list[Any]:
    """Return the value if it is a list, or refuse it."""
    if not isinstance(value, list):
        raise ProjectFileError(f"{what} is a list in brackets; received {value!r:.80}.")
    return value


def as_text(value: Any, what: str) -> str:
    """Return the value if it is text, or refuse it."""
    if not isinstance(value, str):
        raise ProjectFileError(f"{what} is text; received {value!r:.80}.")
    return value


def as_flag(value: Any, what: str) -> bool:
    """Return the value if it is true or false, or refuse it."""
    if not isinstance(value, bool):
        raise ProjectFileError(f"{what} is true or false; received {value!r:.80}.")
    return value


def as_count(value: Any, what: str, most: int) -> int:
    """Return the value if it is a whole number from 1 to ``most``, or refuse it."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise ProjectFileError(
            f"{what} is a whole number from 1 to {most:,}; received {value!r:.80}."
        )
    return value


def check_keys(record: dict[str, Any], what: str, known: Collection[str]) -> None:
    """Refuse keys that mean nothing here: a misspelled one would silently not count."""
    for key in record:
        if key not in known:
            raise ProjectFileError(
                f"{what} has no {key!r:.80}; it has {', '.join(known)}.{did_you_mean(key, known)}"
            )


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ProjectFileError(f"the key {twice!r:.80} stands twice in one object.")
    return record


def _refuse_constant(name: str) -> NoReturn:
    raise ProjectFileError(f"{name} is no number that JSON knows; write a finite one.")


def _finite_float(digits: str) -> float:
    number = float(digits) if len(digits) <= MAX_DIGITS else math.inf
    if not math.isfinite(number):
        raise ProjectFileError(f"the number {digits:.40} is too long or too large.")
    return number


def _short_int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ProjectFileError(f"the number {digits:.40} is too long.")
    return int(digits)


def _check_extent(parsed: Any) -> None:
    """Refuse too much depth, too many values, and text that could not be written again."""
    waiting: list[tuple[Any, int]] = [(parsed, 0)]
    count = 0
    while waiting:
        value, depth = waiting.pop()
        count += 1
        if count > MAX_VALUES:
            raise ProjectFileError(f"it holds more than {MAX_VALUES:,} values.")
        if depth > MAX_DEPTH:
            raise _too_deep()
        if isinstance(value, dict):
            waiting.extend((key, depth) for key in value)
            waiting.extend((item, depth + 1) for item in value.values())
        elif isinstance(value, list):
            waiting.extend((item, depth + 1) for item in value)
        elif isinstance(value, str) and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise ProjectFileError(f"the text {value!r:.80} holds half a character.") from error


def _too_deep() -> ProjectFileError:
    return ProjectFileError(f"its values are nested more than {MAX_DEPTH} deep.")
