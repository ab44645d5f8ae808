"""Words about layers, which commands call by their ids and the window by its rows."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

Naming: TypeAlias = Callable[[str], str]
"""What a layer of an id is called."""


def by_id(node_id: str) -> str:
    """Return what a layer is called beside tables and files that show ids."""
    return f"“{node_id}”"


def worded(wording: str, named: Sequence[str], name: Naming = by_id) -> str:
    """Return words with layers' names in them, each in the place of a ``{}``.

    >>> worded("let it read {} and {}", ("conv", "relu"))
    'let it read “conv” and “relu”'
    >>> worded("remove {} before it", ("pool",), {"pool": "6 Max pooling"}.__getitem__)
    'remove 6 Max pooling before it'
    """
    return wording.format(*map(name, named)) if named else wording
