"""What each action does, and when it makes sense."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

from engine.flipped_kernels import can_flip
from engine.network import INPUT_ID
from engine.saving.picture_record import has_path
from gui.action_kinds import ActionState
from gui.fields.choices import CHOICES
from gui.parts import Parts
from gui.popups import Popups

PREFERENCES = ("theme", "text_size")
"""The choices that belong to the computer; the others belong to the project."""


def routes(parts: Parts, popups: Popups) -> Mapping[str, Callable[[], object]]:
    """Return what each action does, by its id."""
    document, editing, viewing = parts.document, parts.editing, parts.viewing
    files, space, exporting, maps = parts.files, parts.space, parts.exporting, parts.maps
    comparing = parts.comparing

    def on_selected(do: Callable[[str], object]) -> Callable[[], object]:
        return lambda: do(document.selected)

    def on_shown_map(do: Callable[[str, int], object]) -> Callable[[], object]:
        return lambda: do(document.selected, maps.index_of(document.selected))

    def choose(name: str, value: str) -> Callable[[], object]:
        chooser = parts.preferences if name in PREFERENCES else viewing
        return lambda: chooser.choose(name, value)

    return {
        "new": files.new,
        "open-network": files.ask_for_network,
        "open-picture": parts.pictures.ask,
        "sample": parts.picture_panels.show_samples,
        "picture-size": parts.picture_panels.bar.open_panel,
        "save": files.save,
        "save-as": files.save_as,
        "keep-picture": editing.toggle_picture_kept,
        "close": parts.window.close,
        "undo": document.undo_stack.undo,
        "redo": document.undo_stack.redo,
        "cut": lambda: _cut(parts),
        "copy": lambda: _copy(parts),
        "paste": lambda: _paste(parts),
        "duplicate": on_selected(editing.duplicate),
        "delete": on_selected(editing.remove),
        "search": popups.show_search,
        "insert": popups.show_insert,
        "connect": parts.connections.show_connect,
        "bypass": on_selected(editing.toggle_bypass),
        "move-up": on_selected(editing.move_up),
        "move-down": on_selected(editing.move_down),
        "select-previous": lambda: _select_neighbor(parts, -1),
        "select-next": lambda: _select_neighbor(parts, 1),
        "select-first": lambda: document.select(INPUT_ID),
        "select-last": lambda: document.select(document.project.network.nodes[-1].id),
        "next-problem": parts.problems.go_to_next,
        "problems": parts.problems.toggle,
        "layer-menu": popups.show_layer_menu,
        "fold": on_selected(viewing.toggle_folded),
        "fold-stage": on_selected(viewing.toggle_stage),
        "fold-all": viewing.toggle_all_folded,
        "all-maps": on_selected(viewing.toggle_all_maps),
        "large-map": on_shown_map(maps.open),
        "size-path": parts.size_path.open,
        "larger-maps": lambda: viewing.enlarge_maps(1),
        "smaller-maps": lambda: viewing.enlarge_maps(-1),
        "usual-maps": viewing.reset_map_height,
        "stop": parts.computing.stop,
        "go-on": parts.computing.go_on,
        "palette": space.toggle_palette,
        "side-panel": space.toggle_side,
        "hide-panels": space.toggle_presenting,
        "full-screen": lambda: _toggle_full_screen(parts.window),
        "next-panel": lambda: space.focus_next(1),
        "previous-panel": lambda: space.focus_next(-1),
        "pin-network": comparing.pin,
        "compare": comparing.compare_networks,
        "release-network": comparing.release,
        "compare-layers": lambda: parts.compare.choose_layer(parts.window),
        "compare-flipped": on_selected(comparing.compare_flipped),
        "copy-sheet": on_selected(exporting.copy_sheet),
        "save-sheet": on_selected(exporting.save_sheet),
        "copy-map": on_shown_map(exporting.copy_map),
        "save-map": on_shown_map(exporting.save_map),
        "copy-equation": on_selected(exporting.copy_equation),
        "copy-table": exporting.copy_table,
        "copy-markdown": lambda: exporting.copy_table(".md"),
        "save-table": exporting.save_table,
        "save-network": lambda: exporting.save_network(parts.files.given_name),
        "copy-size-path": parts.size_path.copy,
        "save-size-path": parts.size_path.save,
        "save-array": on_selected(exporting.save_array),
        "save-arrays": exporting.save_arrays,
        "shortcuts": popups.show_shortcuts,
        "glossary": popups.show_glossary,
        "about": popups.show_about,
        **{
            declared.id: choose(choice.name, declared.value)
            for choice in CHOICES.values()
            for declared in choice.actions
        },
    }


def action_state(parts: Parts) -> ActionState:
    """Return what decides which actions make sense now."""
    document, viewing = parts.document, parts.viewing
    selected, network = document.selected, document.project.network
    inputs = network.node(selected).inputs
    on_layer = selected != INPUT_ID
    stack = document.undo_stack
    stage = viewing.stage_of(selected)
    computing = parts.computing.state
    return ActionState(
        on_layer=on_layer,
        has_picture_path=has_path(document.project.picture),
        can_move_up=on_layer and bool(inputs) and inputs[0] != INPUT_ID,
        can_move_down=on_layer and bool(network.readers(selected)),
        has_previous=parts.flow.neighbor(selected, -1) is not None,
        has_next=parts.flow.neighbor(selected, 1) is not None,
        in_stage=bool(stage),
        has_problem=document.analysis.totals.problems > 0,
        can_flip=can_flip(network.node(selected)),
        is_pinned=parts.comparing.pinned is not None,
        is_computing=computing is not None and not computing.stopped,
        is_stopped=computing is not None and computing.stopped,
        has_room_for_palette=parts.space.has_room_for_palette,
        undo=stack.undoText() if stack.canUndo() else None,
        redo=stack.redoText() if stack.canRedo() else None,
        on=_switched_on(parts, stage),
    )


def _switched_on(parts: Parts, stage: tuple[str, ...]) -> frozenset[str]:
    selected, options = parts.document.selected, parts.viewing.view.options
    chosen = {
        **parts.viewing.view.chosen,
        "theme": parts.preferences.theme_choice,
        "text_size": parts.preferences.text_size,
    }
    project = parts.document.project
    switches = {
        "keep-picture": project.embed_picture or not has_path(project.picture),
        "bypass": project.network.node(selected).bypassed,
        "fold": selected in options.folded,
        "fold-stage": bool({*stage} & options.folded_stages),
        "fold-all": options.compact,
        "all-maps": selected in options.expanded,
        "palette": parts.space.palette_shown,
        "side-panel": parts.space.side_shown,
        "hide-panels": parts.space.is_presenting,
        "full-screen": parts.window.isFullScreen(),
    }
    on = {name for name, is_on in switches.items() if is_on}
    return frozenset(on | {f"{name}-{value}" for name, value in chosen.items()})


def _select_neighbor(parts: Parts, step: int) -> None:
    neighbor = parts.flow.neighbor(parts.document.selected, step)
    if neighbor is not None:
        parts.document.select(neighbor)


def _copy(parts: Parts) -> None:
    """Copy the selected layer; a picture in the clipboard would otherwise be pasted before it."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QLabel) and focused.hasSelectedText():
        # Unlike a field, a label with marked text does not claim the key for itself.
        QGuiApplication.clipboard().setText(focused.selectedText())
        return
    selected = parts.document.selected
    parts.editing.copy(selected)
    layer = parts.document.project.network.node(selected).layer
    QGuiApplication.clipboard().setText(f"{layer.kind.label} {layer.summary()}".rstrip())


def _cut(parts: Parts) -> None:
    _copy(parts)
    parts.editing.remove(parts.document.selected)


def _paste(parts: Parts) -> None:
    """Paste what was copied last: a layer of this window, or a picture of another program."""
    if parts.pictures.can_paste:
        parts.pictures.paste()
    else:
        parts.editing.paste(parts.document.selected)


def _toggle_full_screen(window: QMainWindow) -> None:
    window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
