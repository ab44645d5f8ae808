"""The document: the one project that the window shows, and the only place that changes it."""

import weakref
from collections.abc import Hashable
from dataclasses import dataclass, replace
from itertools import count
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.analysis import Analysis
from engine.network import Network
from engine.project import Project, analyze_project

SELECTED = "selected"
"""The display choice that says which layer was selected when the project was saved."""


@dataclass(frozen=True, eq=False)
class Change:
    """What the panels need to show a new state of the document."""

    project: Project
    analysis: Analysis
    only_display: bool = False


class Document(QObject):
    """The project, its analysis and its undo stack.

    Every edit is one immutable project replaced by another. View choices (``display``) are saved
    with the project, but they are not undone and set no star.
    """

    opened = Signal()
    """Another project is about to be shown: nothing of the one before is of use."""
    project_changed = Signal(Change)
    selection_changed = Signal(str)

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self._project = project
        self._analysis = analyze_project(project)
        self._selected = _selected_at_first(project)
        self._merge_ids: dict[Hashable, int] = {}
        self._numbers = count(1)

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self._project

    @property
    def project_to_save(self) -> Project:
        """The project with what is selected, so that it is opened as it was left."""
        display = MappingProxyType({**self._project.display, SELECTED: self._selected})
        return replace(self._project, display=display)

    @property
    def analysis(self) -> Analysis:
        """The analysis of the project as it is now."""
        return self._analysis

    @property
    def selected(self) -> str:
        """The id of the layer that the side panel shows."""
        return self._selected

    def select(self, node_id: str) -> None:
        """Select a layer of the network."""
        if node_id != self._selected and node_id in self._project.network:
            self._selected = node_id
            self.selection_changed.emit(node_id)

    def open(self, project: Project) -> None:
        """Show another project; the undo stack begins anew."""
        self.opened.emit()
        self.undo_stack.clear()
        self._merge_ids.clear()
        self._selected = _selected_at_first(project)
        self._show(project, only_display=False)
        self.selection_changed.emit(self._selected)

    def edit(self, text: str, project: Project, merge: Hashable | None = None) -> None:
        """Replace the project, undoably.

        Args:
            text: the edit's name in the menu.
            project: the new state.
            merge: edits in a row with the same key are one step, as those of one drag; the key
                ends with `end_merge`.
        """
        if project == self._project:
            return
        merge_id = -1
        if merge is not None:
            merge_id = self._merge_ids.setdefault(merge, next(self._numbers))
        self.undo_stack.push(_Edit(self, text, self._project, project, merge_id))

    def end_merge(self) -> None:
        """End a drag: the next edit is a step of its own."""
        self._merge_ids.clear()

    def set_display(self, name: str, value: Any) -> None:
        """Change a view choice; it is saved with the project and never undone."""
        display = MappingProxyType({**self._project.display, name: value})
        self._show(replace(self._project, display=display), only_display=True)

    def display(self, name: str, default: Any) -> Any:
        """Return a view choice, of the default's type."""
        value = self._project.display.get(name, default)
        return value if isinstance(value, type(default)) else default

    def _show(self, project: Project, *, only_display: bool) -> None:
        before, self._project = self._project, project
        if not only_display:
            self._analysis = analyze_project(project, self._analysis)
        if self._selected not in project.network:
            self._selected = _nearest_left(before.network, self._selected, project.network)
            self.selection_changed.emit(self._selected)
        self.project_changed.emit(Change(project, self._analysis, only_display))

    def restore(self, project: Project) -> None:
        """Show a state from the undo stack, with the view as it is now."""
        self._show(replace(project, display=self._project.display), only_display=False)


def _selected_at_first(project: Project) -> str:
    """Return the layer that was selected when the project was saved, else the first one."""
    saved, nodes = project.display.get(SELECTED), project.network.nodes
    if isinstance(saved, str) and saved in project.network:
        return saved
    return nodes[min(1, len(nodes) - 1)].id


def _nearest_left(before: Network, gone: str, now: Network) -> str:
    """Return the layer that stood nearest before one that is gone, of those that are left."""
    place = before.index(gone)
    return next(node.id for node in reversed(before.nodes[:place]) if node.id in now)


class _Edit(QUndoCommand):
    """One step: the project before and after."""

    def __init__(
        self, document: Document, text: str, before: Project, after: Project, merge_id: int
    ) -> None:
        super().__init__(text)
        # WORKAROUND PySide6 6.11.3: collecting a stack whose commands lead back to it crashes.
        self._document = weakref.proxy(document)
        self.before = before
        self.after = after
        self._merge_id = merge_id

    def id(self) -> int:
        return self._merge_id

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit):
            return False
        self.after = other.after
        self.setObsolete(self.after == replace(self.before, display=self.after.display))
        return True

    def undo(self) -> None:
        self._document.restore(self.before)

    def redo(self) -> None:
        self._document.restore(self.after)
