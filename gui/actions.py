"""Qt's actions, made of the declarations in `gui.action_list`."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from gui.action_kinds import ActionState, Declared
from gui.action_list import DECLARED
from gui.icons import icon
from gui.theme import Theme


class Actions(QObject):
    """Qt's actions, made of the declarations; they say which was triggered."""

    triggered = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._made: dict[str, QAction] = {}
        self._groups: dict[str, QActionGroup] = {}
        for declared in DECLARED.values():
            self._made[declared.id] = self._make(declared)

    def __getitem__(self, action_id: str) -> QAction:
        return self._made[action_id]

    def trigger(self, action_id: str) -> None:
        """Do what an action does, if it makes sense now."""
        self._made[action_id].trigger()

    def with_keys(self, *, flow_only: bool) -> list[QAction]:
        """Return the actions whose keys are those of the flow, or of the whole window."""
        return [
            self._made[declared.id]
            for declared in DECLARED.values()
            if declared.keys and declared.flow_only == flow_only
        ]

    def show_state(self, state: ActionState) -> None:
        """Enable what makes sense, check what is on, and name the next undo and redo steps."""
        for action_id, action in self._made.items():
            declared = DECLARED[action_id]
            action.setEnabled(declared.when.holds(state))
            if declared.switch:
                action.setChecked(action_id in state.on)
        for action_id, step in (("undo", state.undo), ("redo", state.redo)):
            declared = DECLARED[action_id]
            text = f"{declared.text} {step or ''}".rstrip()
            self._made[action_id].setText(text)
            self._made[action_id].setToolTip(f"{text} ({keys_text(declared)})")

    def show_theme(self, theme: Theme) -> None:
        """Draw the icons in a theme's color."""
        for action_id, action in self._made.items():
            if DECLARED[action_id].icon:
                action.setIcon(icon(DECLARED[action_id].icon, theme.text))

    def _make(self, declared: Declared) -> QAction:
        action = QAction(declared.text, self)
        action.setObjectName(declared.id)
        action.setIconText(declared.text.removesuffix(" …"))
        action.setShortcuts([QKeySequence(key) for key in declared.keys])
        action.setShortcutContext(
            Qt.ShortcutContext.WidgetWithChildrenShortcut
            if declared.flow_only
            else Qt.ShortcutContext.WindowShortcut
        )
        action.setToolTip(tool_tip(declared))
        action.setStatusTip(declared.help)
        action.setCheckable(declared.switch)
        # In a menu it would stand in the place of the mark that says whether a switch is on.
        action.setIconVisibleInMenu(not declared.switch)
        action.setMenuRole(_ROLES.get(declared.id, QAction.MenuRole.NoRole))
        if declared.choice:
            group = self._groups.setdefault(declared.choice, QActionGroup(self))
            group.addAction(action)
        action.triggered.connect(lambda: self.triggered.emit(declared.id))
        return action


_ROLES = {"close": QAction.MenuRole.QuitRole, "about": QAction.MenuRole.AboutRole}
"""Where macOS wants these."""


def keys_text(declared: Declared) -> str:
    """Return an action's first key as the system writes it."""
    if not declared.keys:
        return ""
    return QKeySequence(declared.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


def tool_tip(declared: Declared) -> str:
    """Return what an action does, with its key."""
    keys = keys_text(declared)
    return f"{declared.help} ({keys})" if keys else declared.help
