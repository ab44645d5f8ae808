"""Plain data as JSON that is pleasant to read: short values stay on one line."""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

Record: TypeAlias = dict[str, Any]
"""Plain data: what JSON holds."""

LINE_LENGTH = 100
"""Longer values are broken into lines."""


def plain(value: Any) -> Any:
    """Return a value as JSON gives it back: tuples as lists, mappings as dictionaries."""
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value


def json_text(value: Any) -> str:
    """Return plain data as JSON for people too, ending in a new line; NaN and infinity are refused.

    >>> print(json_text({"kernel_size": [3, 3]}), end="")
    {"kernel_size": [3, 3]}
    """
    return _json_text(value, "\n", 1) + "\n"


def _json_text(value: Any, line: str, behind: int) -> str:
    """Return a value on one line if it fits, else each of its members on its own.

    ``line`` begins a new line, and ``behind`` characters stand before or after the value.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(line) + len(text) + behind <= LINE_LENGTH or not isinstance(value, dict | list):
        return text
    deeper = line + "  "
    if isinstance(value, list):
        members = [_json_text(item, deeper, 1) for item in value]
        return f"[{deeper}{f',{deeper}'.join(members)}{line}]"
    names = [f"{json.dumps(name)}: " for name in value]
    members = [
        name + _json_text(item, deeper, len(name) + 1)
        for name, item in zip(names, value.values(), strict=True)
    ]
    return f"{{{deeper}{f',{deeper}'.join(members)}{line}}}"
