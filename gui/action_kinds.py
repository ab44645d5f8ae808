"""What an action is, and what decides whether it makes sense now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class ActionState:
    """What decides which actions make sense, and which are on.

    The names of the next undo and redo steps are None where there is none.
    """

    on_layer: bool = False
    """A layer is selected, not the picture."""
    can_move_up: bool = False
    can_move_down: bool = False
    has_previous: bool = False
    has_next: bool = False
    in_stage: bool = False
    has_problem: bool = False
    """Some layer does not fit."""
    can_flip: bool = False
    """The selected layer has a kernel that could be turned by 180°."""
    is_pinned: bool = False
    """A network is pinned for comparison."""
    is_computing: bool = False
    """A computation takes long."""
    is_stopped: bool = False
    """A computation was stopped before its end."""
    has_room_for_palette: bool = True
    undo: str | None = None
    redo: str | None = None
    on: frozenset[str] = frozenset()
    """The ids of the switches and choices that are on."""


When = Callable[[ActionState], bool]


def _always(state: ActionState) -> bool:
    return True


@dataclass(frozen=True)
class Declared:
    """One action. With ``flow_only`` its keys are those of the flow alone.

    Keys without Ctrl or Alt belong to the flow, or nobody could type them into a field.
    """

    id: str
    menu: str
    text: str
    help: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    when: When = _always
    switch: bool = False
    flow_only: bool = False
    choice: str = ""
    """For one of several, the name of what is chosen."""
    value: str = ""


@dataclass(frozen=True)
class Choice:
    """Several actions of which one is on, in a submenu of their own."""

    name: str
    menu: str
    text: str
    icon: str
    options: Mapping[str, tuple[str, str]] = field(hash=False)
    """Value -> label and help."""

    @property
    def actions(self) -> tuple[Declared, ...]:
        """One action per option."""
        return tuple(
            Declared(
                f"{self.name}-{value}",
                self.menu,
                label,
                help_text,
                switch=True,
                choice=self.name,
                value=value,
            )
            for value, (label, help_text) in self.options.items()
        )
