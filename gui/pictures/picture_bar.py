"""The picture's button in the top bar: how it is brought to size, and a panel to change that."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from engine.pictures.size_policy import SizePolicy
from engine.shapes import Shape
from gui.chip import Chip
from gui.flow.flow_layout import FlowLayout
from gui.labels import set_role, text_label
from gui.pictures.only_size_form import OnlySizeForm
from gui.pictures.picture_state import (
    ASK,
    SAMPLES,
    SIZE,
    Offer,
    PictureState,
    description,
    headline,
    instead_of_picture,
    policy_text,
)
from gui.pictures.policy_form import PolicyForm
from gui.popover import Popover

_WIDEST = "stretch 2240 × 2240 ▾"
"""A text that sets the button's width, so that the bar does not jump while a size changes."""

PANEL_LETTERS = 62
"""Width of the panel in letters of the text."""


class PictureBar(QToolButton):
    """A button that says how the picture is brought to size, and opens the panel."""

    policy_edited = Signal(SizePolicy, object)
    """A policy, and the key under which such edits are one step."""
    settled = Signal()
    size_chosen = Signal(Shape)
    offer_chosen = Signal(str)
    """What was asked for in the panel: "ask", "samples" or "locate"."""

    def __init__(self, state: PictureState, budget: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._budget = budget
        self.popover: Popover | None = None
        self.panel: SizePanel | None = None
        set_role(self, "choice")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.clicked.connect(self._on_clicked)
        self.show_state(state)

    def show_state(self, state: PictureState) -> None:
        """Show how the project's picture is brought to size."""
        self._state = state
        text = policy_text(state)
        self.setText(f"{text} ▾")
        self.setAccessibleName(f"Picture size: {text}")
        self.setToolTip(headline(state) or "How the picture is brought to size")
        if self.panel is not None:
            self.panel.show_state(state)

    def open_panel(self) -> None:
        """Open the panel under the button."""
        if self.popover is not None:
            return
        self.panel = SizePanel(self._budget)
        self.panel.show_state(self._state)
        self.panel.only_size.show_state(self._state)
        self.panel.policy_edited.connect(self.policy_edited)
        self.panel.settled.connect(self.settled)
        self.panel.size_chosen.connect(self.size_chosen)
        self.panel.offer_chosen.connect(self.offer_chosen)
        self.popover = Popover(self.panel, self.window())
        self.popover.setAccessibleName("Size of the picture")
        self.popover.closed.connect(self._on_closed)
        self.destroyed.connect(self.popover.deleteLater)
        self.popover.open_under(self, self.panel.first_input)

    def _on_clicked(self) -> None:
        if self.popover is None:
            self.open_panel()
        else:
            self.popover.close_popover()

    def _on_closed(self) -> None:
        if self.popover is not None:
            self.popover.deleteLater()
        self.popover = self.panel = None

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly:
            return hint
        # As Qt measures the text of a button.
        widest, shown = (
            self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, text).width()
            for text in (_WIDEST, self.text())
        )
        return QSize(hint.width() + max(widest - shown, 0), hint.height())


class SizePanel(QWidget):
    """The picture's name, its size policy, and only a size instead of it."""

    policy_edited = Signal(SizePolicy, object)
    settled = Signal()
    size_chosen = Signal(Shape)
    offer_chosen = Signal(str)

    def __init__(self, budget: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: list[Chip] = []
        heading = QLabel("PICTURE")
        set_role(heading, "heading")
        self.name = text_label()
        self.about = text_label(role="muted")
        self.warnings = text_label(role="warning")
        self.form = PolicyForm(budget)
        self.only_size = OnlySizeForm()
        self._offers = QWidget()
        self._offers_row = FlowLayout(self._offers)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(6)
        for part in (heading, self.name, self.about, self.warnings, self._offers, self.form):
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(self.only_size)
        self.form.policy_edited.connect(self.policy_edited)
        self.form.settled.connect(self.settled)
        self.only_size.size_chosen.connect(self.size_chosen)
        self.setFixedWidth(PANEL_LETTERS * self.fontMetrics().averageCharWidth())

    def show_state(self, state: PictureState) -> None:
        """Show the project's picture, or what to do without one."""
        instead = instead_of_picture(state)
        original = state.original
        about = instead.text if instead is not None else ""
        if original is not None and not about:
            about = description(state)
        for label, text in (
            (self.name, state.name), (self.about, about), (self.warnings, state.warnings),
        ):  # fmt: skip
            label.setText(text)
            label.setVisible(bool(text))
        set_role(self.about, instead.role if instead is not None else "muted")
        self._show_offers((ASK, SAMPLES) if instead is None else instead.offers)
        self.form.setVisible(instead is None)
        if instead is None:
            self.form.show_state(state)

    @property
    def first_input(self) -> QWidget:
        """What takes the keyboard when the panel opens."""
        return self.form.chosen_mode if self.form.isVisibleTo(self) else self.chips[0]

    def _show_offers(self, offers: tuple[Offer, ...]) -> None:
        wanted = [offer for offer in offers if offer != SIZE]
        if [chip.text() for chip in self.chips] == [offer.label for offer in wanted]:
            return
        for chip in self.chips:
            self._offers_row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for offer in wanted:
            chip = Chip(offer.label)
            chip.clicked.connect(lambda _=False, offer=offer: self.offer_chosen.emit(offer.id))
            self._offers_row.addWidget(chip)
            self.chips.append(chip)
