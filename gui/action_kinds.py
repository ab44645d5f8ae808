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
    has_picture_path: bool = False
    """The picture came from a file, whose path could be saved in its place."""
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


@dataclass(frozen=True)
class When:
    """When an action makes sense, and what is said where it does not."""

    holds: Callable[[ActionState], bool]
    otherwise: str = ""
    """A sentence, as it follows a colon."""


ALWAYS = When(lambda state: True)
ON_LAYER = When(lambda state: state.on_layer, "the picture is selected; select a layer first.")
HAS_PICTURE_PATH = When(
    lambda state: state.has_picture_path, "no picture that came from a file is shown."
)
CAN_MOVE_UP = When(lambda state: state.can_move_up, "no layer stands before the selected one.")
CAN_MOVE_DOWN = When(lambda state: state.can_move_down, "no layer reads the selected one.")
HAS_PREVIOUS = When(lambda state: state.has_previous, "the first row is selected.")
HAS_NEXT = When(lambda state: state.has_next, "the last row is selected.")
IN_STAGE = When(lambda state: state.in_stage, "no neighbor has the size of the selected layer.")
HAS_PROBLEM = When(lambda state: state.has_problem, "every layer fits.")
CAN_FLIP = When(lambda state: state.can_flip, "the selected layer has no kernel to be turned.")
IS_PINNED = When(lambda state: state.is_pinned, "no network is pinned for comparison.")
IS_COMPUTING = When(lambda state: state.is_computing, "nothing is being computed.")
IS_STOPPED = When(lambda state: state.is_stopped, "no layer was left.")
HAS_ROOM = When(lambda state: state.has_room_for_palette, "the window is too narrow for it.")
CAN_UNDO = When(lambda state: state.undo is not None, "there is no step to take back.")
CAN_REDO = When(lambda state: state.redo is not None, "no step was taken back.")


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
    when: When = ALWAYS
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
