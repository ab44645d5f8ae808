"""How the picture is brought to size: every way, with the size and memory that it leads to.

What would take more memory than is kept for maps is not done before it was asked about.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from engine.constraints import IntRange
from engine.pictures.crop_frame import cropped, retargeted
from engine.pictures.size_policy import MAX_SIDE, MODE_LABELS, Mode, SizePolicy
from engine.size_outcome import SizeOutcome, policy_outcome
from gui.chip import Chip
from gui.fields.size_editor import SizeEditor
from gui.labels import result_label, set_role, text_label
from gui.pictures.crop_view import CropView, frame_text
from gui.pictures.picture_state import PictureState, memory_text, memory_warning
from gui.wording import size_text

SIDE = IntRange(1, MAX_SIDE, (16, 512))
MERGE_SIZE = "picture size"
"""Sizes that one key steps through are one step under this key."""

_HELP: Mapping[Mode, str] = {
    "as_is": "Every pixel of the picture enters the network.",
    "limit": "Reduced to fit within the size below, never enlarged.",
    "letterbox": "The whole picture within the size below, black bars around it.",
    "crop": "A part of the picture, brought to the size below; the frame says which.",
    "stretch": "The whole picture at the size below; its proportions are lost.",
}


class _ModeRow(NamedTuple):
    radio: QRadioButton
    size: QLabel
    memory: QLabel


class PolicyForm(QWidget):
    """Shows and edits the size policy of a picture."""

    policy_edited = Signal(SizePolicy, object)
    """A policy, and the key under which such edits are one step."""
    settled = Signal()

    def __init__(self, budget: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._budget = budget
        self._state: PictureState | None = None
        self._outcomes_of: PictureState | None = None
        self._proposed: tuple[SizePolicy, object] | None = None
        self._group = QButtonGroup(self)
        self.rows: dict[Mode, _ModeRow] = {}
        self.side_fields = SizeEditor(SIDE)
        self.crop = CropView()
        self.part = text_label(role="muted")
        self.center = Chip("Center it")
        self.question = _Question()
        self._cropping = QWidget()
        self._place()
        self._group.idClicked.connect(self._on_mode_clicked)
        self.side_fields.edited.connect(self._on_size_edited)
        self.side_fields.settled.connect(self.settled)
        self.crop.policy_edited.connect(self._propose)
        self.crop.settled.connect(self.settled)
        self.center.clicked.connect(self._on_center_clicked)
        self.question.taken.connect(self._on_taken)
        self.question.left.connect(self._on_left)

    def _place(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        for column, text in ((1, "input"), (2, "all maps")):
            label = text_label(text, "muted")
            label.setAlignment(Qt.AlignmentFlag.AlignRight)
            label.setWordWrap(False)
            grid.addWidget(label, 0, column)
        for line, (mode, label_text) in enumerate(MODE_LABELS.items(), start=1):
            row = _ModeRow(QRadioButton(label_text), result_label(), result_label("muted"))
            row.radio.setToolTip(_HELP[mode])
            row.radio.setAccessibleDescription(_HELP[mode])
            self._group.addButton(row.radio, line)
            for column, widget in enumerate(row):
                grid.addWidget(widget, line, column)
            self.rows[mode] = row
        beneath = QHBoxLayout()
        beneath.addWidget(self.part, 1)
        beneath.addWidget(self.center)
        inner = QVBoxLayout(self._cropping)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.crop, 1)
        inner.addLayout(beneath)
        self.crop.setMinimumHeight(12 * self.fontMetrics().height())
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(10)
        outer.addLayout(grid)
        outer.addWidget(self.side_fields)
        outer.addWidget(self.question)
        outer.addWidget(self._cropping, 1)

    def show_state(self, state: PictureState) -> None:
        """Show the policy of a project with a picture."""
        self._state = state
        policy = state.policy
        self.rows[policy.mode].radio.setChecked(True)
        self.side_fields.show_size(policy.height, policy.width)
        self.side_fields.setEnabled(policy.mode != "as_is")
        self._cropping.setVisible(policy.mode == "crop")
        self.crop.show_state(state)
        frame = state.frame
        self.part.setText("" if frame is None else frame_text(frame))
        self.center.setEnabled(policy.crop is not None)
        self._ask(None)
        if not self._has_outcomes_of(state):
            self._outcomes_of = state
            for mode, row in self.rows.items():
                self._show_outcome(row, policy_outcome(state.project, replace(policy, mode=mode)))

    @property
    def chosen_mode(self) -> QRadioButton:
        """The button of the mode that is shown."""
        return next(row.radio for row in self.rows.values() if row.radio.isChecked())

    def _has_outcomes_of(self, state: PictureState) -> bool:
        """Whether the sizes shown are those of this state: a frame alone changes none of them."""
        last = self._outcomes_of
        if last is None:
            return False
        old, new = last.project, state.project
        same_network = old.network is new.network and old.picture == new.picture
        return same_network and replace(old.policy, crop=None) == replace(new.policy, crop=None)

    def _show_outcome(self, row: _ModeRow, outcome: SizeOutcome | None) -> None:
        size, memory, tip, role = "–", "–", "", "muted"
        if outcome is not None:
            size, memory = size_text(outcome.shape), memory_text(outcome)
            if outcome.unknown:
                tip = f"{outcome.unknown} layers do not fit this size, or wait for one of them."
            if outcome.maps_bytes > self._budget:
                tip, role = memory_warning(outcome, self._budget), "warning"
                memory = f"⚠ {memory}"
        row.size.setText(size)
        row.memory.setText(memory)
        row.memory.setToolTip(tip)
        set_role(row.memory, role)
        row.radio.setAccessibleName(f"{row.radio.text()}, {size}, {memory} of maps")

    # Edits

    def _propose(self, policy: SizePolicy, merge: object) -> None:
        """Make an edit, or ask first where it takes much memory."""
        state = self._state
        if state is None:
            return
        outcome = policy_outcome(state.project, policy)
        present = policy_outcome(state.project, state.policy)
        least = max(self._budget, present.maps_bytes if present is not None else 0)
        if outcome is not None and outcome.maps_bytes > least:
            self.show_state(state)
            self._ask(memory_warning(outcome, self._budget), (policy, merge))
        else:
            self.policy_edited.emit(policy, merge)

    def _ask(self, text: str | None, proposed: tuple[SizePolicy, object] | None = None) -> None:
        self._proposed = proposed
        self.question.show_text(text)

    def _on_mode_clicked(self, line: int) -> None:
        if self._state is not None:
            mode = list(MODE_LABELS)[line - 1]
            self._propose(replace(self._state.policy, mode=mode), None)
            # Where it was asked about, another mode is still the one that is shown.
            self.chosen_mode.setFocus()

    def _on_size_edited(self, height: int, width: int) -> None:
        state = self._state
        if state is not None and state.size is not None:
            policy = retargeted(state.policy, height, width, state.size)
            self._propose(policy, MERGE_SIZE)

    def _on_center_clicked(self) -> None:
        if self._state is not None:
            self._propose(cropped(self._state.policy, None), None)

    def _on_taken(self) -> None:
        if self._proposed is not None:
            self.policy_edited.emit(*self._proposed)
            self.settled.emit()

    def _on_left(self) -> None:
        if self._state is not None:
            self.show_state(self._state)


class _Question(QFrame):
    """Says what a size would take, and asks whether it is meant."""

    taken = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "card")
        self.text = text_label(role="warning")
        self.take, self.leave = Chip("Take it nevertheless"), Chip("Keep the present size")
        self.take.clicked.connect(self.taken)
        self.leave.clicked.connect(self.left)
        chips = QHBoxLayout()
        chips.addWidget(self.take)
        chips.addWidget(self.leave)
        chips.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addWidget(self.text)
        column.addLayout(chips)
        self.hide()

    def show_text(self, text: str | None) -> None:
        """Ask, or hide the question."""
        if text is not None:
            self.text.setText(text)
        self.setVisible(text is not None)
