"""Type to find: every action, layers to insert or to go to, recent files, and examples."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.analysis import Analysis
from engine.kind_names import names_elsewhere
from engine.network import INPUT_ID
from engine.registry import all_kinds
from engine.saving.examples import examples
from engine.wording import shown_name
from gui.action_list import DECLARED
from gui.actions import Actions, keys_text
from gui.fields.choices import CHOICES
from gui.searching.search_popup import Entry, SearchPopup
from gui.theme import Theme
from gui.wording import kind_help, size_text


class Found(NamedTuple):
    """What an entry stands for."""

    what: Literal["action", "kind", "layer", "project", "picture", "example"]
    name: str


class CommandSearch(SearchPopup):
    """The search of the whole program."""

    action_chosen = Signal(str)
    kind_chosen = Signal(str)
    layer_chosen = Signal(str)
    example_chosen = Signal(str)
    project_chosen = Signal(Path)
    picture_chosen = Signal(Path)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__("Search commands, layers, files and examples", theme, parent)
        self.chosen.connect(self._on_chosen)

    def _on_chosen(self, found: Found) -> None:
        match found.what:
            case "action":
                self.action_chosen.emit(found.name)
            case "kind":
                self.kind_chosen.emit(found.name)
            case "layer":
                self.layer_chosen.emit(found.name)
            case "project":
                self.project_chosen.emit(Path(found.name))
            case "picture":
                self.picture_chosen.emit(Path(found.name))
            case "example":
                self.example_chosen.emit(found.name)


def command_entries(
    actions: Actions,
    analysis: Analysis,
    size_order: str,
    projects: Sequence[Path] = (),
    pictures: Sequence[Path] = (),
) -> Sequence[Entry]:
    """Return everything that can be found: what can be done first, then where to go.

    ``projects`` and ``pictures`` are the files that were opened last.
    """
    return (
        *_action_entries(actions),
        *_layer_entries(analysis, size_order),
        *_kind_entries(),
        *(_recent_entry("project", path, path.stem, "open-network") for path in projects),
        *(_recent_entry("picture", path, path.name, "open-picture") for path in pictures),
        *_example_entries(),
    )


def _action_entries(actions: Actions) -> list[Entry]:
    entries = []
    for declared in DECLARED.values():
        if declared.id == "search":
            continue
        action = actions[declared.id]
        text = action.text()
        if declared.choice:
            text = f"{CHOICES[declared.choice].text}: {text}"
        is_on = action.isCheckable() and action.isChecked()
        entries.append(
            Entry(
                text,
                Found("action", declared.id),
                group=declared.menu,
                detail=("✓  " if is_on else "") + keys_text(declared),
                icon=declared.icon or (CHOICES[declared.choice].icon if declared.choice else ""),
                hint=declared.help
                if action.isEnabled()
                else f"{declared.help} Not now: {declared.when.otherwise}",
                enabled=action.isEnabled(),
            )
        )
    return entries


def _layer_entries(analysis: Analysis, size_order: str) -> list[Entry]:
    entries = []
    for number, (node_id, layer) in enumerate(analysis.layers.items()):
        label = layer.node.layer.kind.label
        entries.append(
            Entry(
                f"Go to {label}" if node_id == INPUT_ID else f"Go to {number} {label}",
                Found("layer", node_id),
                group=node_id,
                detail=size_text(layer.shape, size_order),
                icon=layer.node.layer.kind.id,
                hint=layer.problems[0].message if layer.problems else "",
                warns=bool(layer.problems),
            )
        )
    return entries


def _kind_entries() -> list[Entry]:
    return [
        Entry(
            f"Insert {kind.kind.label}",
            Found("kind", kind_id),
            group=kind.kind.category,
            names=names_elsewhere(kind_id),
            icon=kind_id,
            hint=kind_help(kind),
        )
        for kind_id, kind in all_kinds().items()
        if kind_id != INPUT_ID
    ]


def _recent_entry(what: Literal["project", "picture"], path: Path, name: str, icon: str) -> Entry:
    return Entry(
        f"Open {shown_name(name)}",
        Found(what, str(path)),
        group=f"Recent {what}s",
        icon=icon,
        hint=shown_name(str(path.parent)),
    )


def _example_entries() -> list[Entry]:
    return [
        Entry(
            f"Open {example.label}",
            Found("example", example.name),
            group=example.group,
            names=example.name,
            icon="examples",
            hint=example.about,
        )
        for example in examples()
    ]
