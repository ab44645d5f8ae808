"""What a person chooses about the view: saved with the project, never undone, and no change of it.

A file may hold anything under these names, so whatever cannot be meant gives the usual choice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject

from engine.sheets.level_range import LevelScope
from gui.document import Document
from gui.fields.choices import CHOICES
from gui.flow.row_layout import FlowOptions
from gui.flow.stages import stage_members

SMALLEST_MAPS, LARGEST_MAPS = 24, 512
MAP_STEP = 1.15
"""By how much one step enlarges the maps."""

_USUAL_HEIGHT = FlowOptions().map_height


@dataclass(frozen=True)
class View:
    """How the flow is shown."""

    options: FlowOptions = field(default_factory=FlowOptions)
    color: str = "auto"
    scope: LevelScope = LevelScope.MAP
    size_order: str = "HWC"
    clip: float = 0.0
    """The share of the values at the far ends that has the last color."""

    @property
    def chosen(self) -> Mapping[str, str]:
        """The value of each choice of `gui.fields.choices.CHOICES` that is one of the view."""
        return {
            "color": self.color,
            "scope": self.scope.value,
            "clip": f"{self.clip:g}",
            "scale": "true" if self.options.true_scale else "readable",
            "size_order": self.size_order,
        }


def view_of(display: Mapping[str, Any]) -> View:
    """Return the view that a project's display choices describe.

    >>> view_of({"color": "gray", "map_height": "large"}).color
    'gray'
    """
    height = display.get("map_height")
    return View(
        FlowOptions(
            map_height=_bounded(height) if type(height) is int else _USUAL_HEIGHT,
            true_scale=_chosen(display, "scale") == "true",
            compact=display.get("fold_all") is True,
            folded=_names(display, "folded"),
            expanded=_names(display, "expanded"),
            folded_stages=_names(display, "folded_stages"),
        ),
        _chosen(display, "color"),
        LevelScope(_chosen(display, "scope")),
        _chosen(display, "size_order"),
        float(_chosen(display, "clip")),
    )


class Viewing(QObject):
    """Choices of the view, as display choices of the document."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document

    @property
    def view(self) -> View:
        """The view as it is now."""
        return view_of(self._document.project.display)

    def choose(self, name: str, value: str) -> None:
        """Choose colors, their range, the scale or the order of sizes."""
        self._document.set_display(name, value)

    def toggle_folded(self, node_id: str) -> None:
        """Show a row in one line, or with its maps again."""
        self._toggle("folded", self.view.options.folded, node_id)

    def toggle_all_maps(self, node_id: str) -> None:
        """Show every map of a layer in several lines, or one line of them again."""
        self._toggle("expanded", self.view.options.expanded, node_id)

    def toggle_stage(self, node_id: str) -> None:
        """Fold the stage that a layer is in into one row, or unfold it."""
        stage = self.stage_of(node_id)
        if stage:
            self._toggle("folded_stages", self.view.options.folded_stages, stage[0])

    def toggle_all_folded(self) -> None:
        """Show every row in one line, or as it was."""
        self._document.set_display("fold_all", not self.view.options.compact)

    def stage_of(self, node_id: str) -> tuple[str, ...]:
        """Return the layers that share a layer's height and width, next to it; none if alone."""
        stages = stage_members(self._document.analysis).values()
        return next((stage for stage in stages if node_id in stage and len(stage) > 1), ())

    def set_map_height(self, height: int) -> None:
        """Draw the maps of the picture at about a height, and the others accordingly."""
        self._document.set_display("map_height", _bounded(height))

    def enlarge_maps(self, steps: int) -> None:
        """Draw the maps larger by some steps, smaller by a negative number of them."""
        self.set_map_height(round(self.view.options.map_height * MAP_STEP**steps))

    def reset_map_height(self) -> None:
        """Draw the maps as large as at first."""
        self.set_map_height(_USUAL_HEIGHT)

    def _toggle(self, name: str, chosen: frozenset[str], node_id: str) -> None:
        self._document.set_display(name, tuple(sorted(chosen ^ {node_id})))


def _bounded(height: int) -> int:
    return min(max(height, SMALLEST_MAPS), LARGEST_MAPS)


def _chosen(display: Mapping[str, Any], name: str) -> str:
    """Return a choice, the first one where the file says nothing that can be chosen."""
    options = CHOICES[name].options
    value = display.get(name)
    return value if isinstance(value, str) and value in options else next(iter(options))


def _names(display: Mapping[str, Any], name: str) -> frozenset[str]:
    value = display.get(name)
    names = value if isinstance(value, list | tuple) else ()
    return frozenset(item for item in names if isinstance(item, str))
