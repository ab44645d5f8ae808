"""What the window asks of the worker: which maps, and how those in sight are drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.project import Project
from engine.sheets.level_range import LevelScope, Range
from engine.sheets.sheet_layout import SheetLayout
from engine.side_by_side import Side


@dataclass(frozen=True)
class SheetWish:
    """How the maps of a row in sight are drawn."""

    layout: SheetLayout
    scope: LevelScope = LevelScope.MAP
    color: str = "auto"
    clip: float = 0.0
    network_range: Range | None = None
    """For the scope of the network; the worker finds it."""


@dataclass(frozen=True)
class EvaluationRequest:
    """What the window wants: the project's maps, and for visible rows their sheets.

    ``wanted`` are the layers to compute, None for all.
    """

    generation: int
    project: Project
    sheets: Mapping[str, SheetWish]
    wanted: frozenset[str] | None = None
    compared: tuple[Side, Side] | None = None
    """Two layers to be shown beside each other, after everything else."""
    limit: int | None = None
    """Bytes that the maps and weights of all this may take."""

    def has_maps_of(self, other: "EvaluationRequest") -> bool:
        """Return whether another request is for the same maps, however they are drawn."""
        one, two = self.project, other.project
        return (
            one.network is two.network
            and one.picture is two.picture
            and one.policy == two.policy
            and self.wanted == other.wanted
        )
