"""One change of a network as plain data: what repairs and advice propose.

`engine.applied_edits.applied` carries it out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from engine.naming import Naming, by_id, worded


@dataclass(frozen=True)
class Edit:
    """A change of the layer ``node`` or of what it reads, and its words for people.

    In ``wording`` a ``{}`` stands for each of the layers ``named``: see `words`.

    ``settings`` replace those of the layer, unless another member says what is done instead:

    ``insert``         a new layer of that kind and those settings is put on its input ``place``
    ``reset_weights``  its weights are set aside for seeded ones
    ``replace_with``   it becomes a layer of that kind with those settings
    ``connect``        it reads these layers too
    ``bypass``         it is switched off and hands its first input on
    ``remove``         it is removed; what read it reads its first input
    """

    wording: str
    node: str
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    insert: str | None = None
    reset_weights: bool = False
    place: int = 0
    replace_with: str | None = None
    connect: tuple[str, ...] = ()
    bypass: bool = False
    remove: bool = False
    named: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The edit in a few words, with ids."""
        return self.words(by_id)

    def words(self, name: Naming) -> str:
        """Return the edit in a few words that call other layers by these names."""
        return worded(self.wording, self.named, name)
