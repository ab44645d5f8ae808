"""What the flow shows besides the maps."""

from dataclasses import dataclass

from engine.analysis import Analysis
from engine.sheets.level_range import LevelScope
from gui.flow.row_layout import FlowOptions
from gui.theme import Theme


@dataclass(frozen=True)
class FlowState:
    """The network, what a person chose, and which layer is selected."""

    analysis: Analysis
    options: FlowOptions
    theme: Theme
    selected: str
    size_order: str
    color: str = "auto"
    scope: LevelScope = LevelScope.MAP
    clip: float = 0.0
