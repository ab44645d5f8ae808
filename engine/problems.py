"""What is said when something does not fit: errors that are raised, and problems that are shown.

An error refuses one request. A problem is a normal state of a layer that can be made but not
computed: the network keeps it, shows the reason, and offers repairs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.edits import Edit
from engine.naming import Naming, by_id, worded
from engine.shapes import Shape


class ConvolensError(Exception):
    """A request that cannot be done; the text is a sentence for the person who made it."""

    def words(self, name: Naming) -> str:
        """Return the sentence; where it speaks of layers, with these names for them."""
        return str(self)


class SettingError(ConvolensError):
    """A setting's value is refused by itself, whatever its neighbors are."""

    def __init__(self, message: str, setting: str) -> None:
        super().__init__(message)
        self.setting = setting


class Wanted(NamedTuple):
    """A shape that input ``place`` could have for the layer to take it, the others as they are."""

    place: int
    shape: Shape


class LayerError(ConvolensError):
    """A layer cannot take its inputs; ``setting`` names the setting to change, if one would help.

    Repairs are sought with what else is given, best first: ``candidates`` are changed settings,
    ``inserts`` are kinds of layers to put before this one, ``wanted`` are shapes that an input
    could be brought to. All are proposals: a repair is offered only after it has been tried.
    """

    def __init__(
        self,
        message: str,
        setting: str | None = None,
        candidates: tuple[Mapping[str, Any], ...] = (),
        inserts: tuple[str, ...] = (),
        wanted: tuple[Wanted, ...] = (),
    ) -> None:
        super().__init__(message)
        self.setting = setting
        self.candidates = candidates
        self.inserts = inserts
        self.wanted = wanted


class NetworkError(ConvolensError):
    """An edit would break the graph: a cycle, an unknown layer, a connection that cannot be.

    Each ``{}`` of the text stands for one of the layers ``named``.
    """

    def __init__(self, wording: str, *named: str) -> None:
        super().__init__(worded(wording, named, by_id))
        self._wording = wording
        self._named = named

    def words(self, name: Naming) -> str:
        """Return the sentence with these names for the layers that it speaks of."""
        return worded(self._wording, self._named, name)


class PictureError(ConvolensError):
    """A picture cannot be read; the text names the file and the reason."""


class ProjectFileError(ConvolensError):
    """A project or network file cannot be read or written; the text names the file and why."""


class WeightsError(ConvolensError):
    """Weights cannot be read; the text names the file, the tensor and the reason."""


class CancelledError(ConvolensError):
    """The work was abandoned because a newer request replaced it."""


@dataclass(frozen=True)
class Repair(Edit):
    """An edit that makes a problem go away, proven before it is offered."""


@dataclass(frozen=True)
class Problem:
    """Why a layer cannot be computed, which setting says so, and what would mend it."""

    message: str
    setting: str | None = None
    repairs: tuple[Repair, ...] = ()
