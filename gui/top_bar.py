"""The bar over the panels: files, steps, how maps are shown, and the search.

It gives way in steps when there is less room: first the names before the choices become icons, then
the buttons of files do, then the choices themselves, and at last the search.
"""

from collections.abc import Mapping
from enum import IntEnum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QToolButton,
)

from gui.action_list import DECLARED
from gui.actions import Actions, keys_text, tool_tip
from gui.fields.choices import CHOICES
from gui.fonts import text_font
from gui.icons import icon
from gui.labels import set_role
from gui.menus import Menus, add_heading
from gui.theme import Theme

FULL_FROM = 1280
"""Below this width the buttons are icons."""


class Fullness(IntEnum):
    """How much of the bar is written out."""

    FULL = 0
    NO_NAMES = 1
    """The choices have an icon instead of a name before them."""
    ICONS = 2
    """The buttons of files are icons."""
    NAMELESS = 3
    """The program's name is not shown."""
    ONLY_ICONS = 4
    """The choices are icons too."""
    SHORTEST = 5
    """The search is an icon, and the buttons stand closer."""


class TopBar(QFrame):
    """Buttons of actions, menus of choices, and room for the picture's size policy."""

    search_asked = Signal()

    def __init__(self, actions: Actions, menus: Menus, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.setAccessibleName("Top bar")
        self._actions = actions
        self._theme = theme
        side = round(self.fontMetrics().height() * 1.2)
        self._icon_size = QSize(side, side)
        self._fullness = Fullness.FULL
        self._needed: dict[Fullness, int] = {}
        self._is_measuring = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 12, 6)
        self._name = QLabel("Convolens")
        self._name.setFont(text_font(12, bold=True))
        self._name.setContentsMargins(2, 0, 6, 0)
        self._row.addWidget(self._name)
        self._file_buttons = [
            self._action_button(name) for name in ("open-picture", "open-network", "save")
        ]
        self._file_buttons.append(self._menu_button("Examples", "examples", menus.examples))
        self.insert = self._action_button("insert")
        self._file_buttons.append(self.insert)
        for name in ("undo", "redo"):
            self._action_button(name).setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._names: list[QLabel] = []
        self._slot = QHBoxLayout()
        self._slot.setSpacing(5)
        self._row.addLayout(self._slot)
        self._choices = {
            "color": self._choice_button("Colors", "color", self._colors_menu(menus)),
            "scale": self._choice_button("Scale", "scale", menus.choice_menu("scale", self)),
            "size_order": self._choice_button(
                "Sizes", "size_order", menus.choice_menu("size_order", self)
            ),
        }
        self._row.addStretch()
        self.search = _SearchButton(theme, self._icon_size)
        self.search.clicked.connect(self.search_asked)
        self._row.addWidget(self.search)
        self.side = self._action_button("side-panel")
        self.side.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        # It must never keep the window from becoming narrower.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._refit()

    @property
    def fullness(self) -> Fullness:
        """How much is written out at the present width."""
        return self._fullness

    def add_picture_choice(self, button: QToolButton) -> None:
        """Place the button of the picture's size policy, with its name before it."""
        button.setIcon(icon("picture-size", self._theme.text))
        button.setIconSize(self._icon_size)
        self._slot.addWidget(self._choice_name("Picture"))
        self._slot.addWidget(button)
        self._choices["picture"] = button
        self._refit()

    def show_choices(self, chosen: Mapping[str, str]) -> None:
        """Write what is chosen on the buttons of the choices."""
        words = {
            name: choice.options[chosen[name]][0]
            for name, choice in CHOICES.items()
            if name in chosen
        }
        texts = {
            "color": f"{words['color']}, {words['scope'].lower()}",
            "scale": words["scale"],
            "size_order": words["size_order"],
        }
        written = {name: f"{text} ▾" for name, text in texts.items()}
        if written != {name: self._choices[name].text() for name in written}:
            for name, text in written.items():
                self._choices[name].setText(text)
                self._choices[name].setAccessibleDescription(texts[name])
            self._refit()

    def show_insert(self, shown: bool) -> None:
        """Show the button that inserts a layer, where there is no palette."""
        if shown == self.insert.isHidden():
            self.insert.setVisible(shown)
            self._refit()

    # Parts

    def _action_button(self, action_id: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._actions[action_id])
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setAccessibleName(self._actions[action_id].iconText())
        self._add(button)
        return button

    def _menu_button(
        self, text: str, icon_name: str, menu: QMenu, role: str = "bar"
    ) -> QToolButton:
        button = QToolButton()
        button.setText(f"{text} ▾")
        button.setAccessibleName(text)
        button.setIcon(icon(icon_name, self._theme.text))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        button.setToolTip(text)
        self._add(button, role)
        return button

    def _choice_button(self, text: str, name: str, menu: QMenu) -> QToolButton:
        self._row.addWidget(self._choice_name(text))
        return self._menu_button(text, CHOICES[name].icon, menu, role="choice")

    def _choice_name(self, text: str) -> QLabel:
        label = QLabel(text)
        set_role(label, "muted")
        label.setContentsMargins(6, 0, 0, 0)
        self._names.append(label)
        return label

    def _colors_menu(self, menus: Menus) -> QMenu:
        menu = menus.menu_of((), self)
        menu.setToolTipsVisible(True)
        for name in ("color", "scope"):
            add_heading(menu, CHOICES[name].text)
            for declared in CHOICES[name].actions:
                menu.addAction(self._actions[declared.id])
        return menu

    def _add(self, button: QToolButton, role: str = "bar") -> None:
        # A click leaves the keyboard where it is; Tab reaches the button.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setIconSize(self._icon_size)
        set_role(button, role)
        self._row.addWidget(button)

    # Giving way

    def _refit(self) -> None:
        """Find out anew how much room each fullness needs, and take the fullest that fits."""
        self._is_measuring = True
        for fullness in Fullness:
            self._apply(fullness)
            self._needed[fullness] = self._row.sizeHint().width()
            if fullness is Fullness.FULL:
                # So high always: what it writes must not move what is under it.
                self.setFixedHeight(self.sizeHint().height())
        self._is_measuring = False
        self._fit()

    def _fit(self) -> None:
        if self._is_measuring:
            return
        most = Fullness.FULL if self.width() >= FULL_FROM else Fullness.ICONS
        fitting = (f for f in Fullness if f >= most and self._needed.get(f, 0) <= self.width())
        self._apply(next(fitting, Fullness.SHORTEST))

    def _apply(self, fullness: Fullness) -> None:
        self._fullness = fullness
        style = Qt.ToolButtonStyle
        for button in self._file_buttons:
            button.setToolButtonStyle(
                style.ToolButtonTextOnly if fullness < Fullness.ICONS else style.ToolButtonIconOnly
            )
        for label in self._names:
            label.setVisible(fullness == Fullness.FULL)
        for button in self._choices.values():
            button.setToolButtonStyle(
                style.ToolButtonTextOnly
                if fullness == Fullness.FULL
                else style.ToolButtonTextBesideIcon
                if fullness < Fullness.ONLY_ICONS
                else style.ToolButtonIconOnly
            )
        self._name.setVisible(fullness < Fullness.NAMELESS)
        self._row.setSpacing(5 if fullness < Fullness.SHORTEST else 2)
        self.search.set_short(fullness == Fullness.SHORTEST)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def showEvent(self, event: QShowEvent) -> None:
        # The style sheet is there by now, with what it adds to the buttons.
        self._refit()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class _SearchButton(QPushButton):
    """Looks like a field; a click opens the search. Short, it is an icon."""

    def __init__(self, theme: Theme, icon_size: QSize) -> None:
        super().__init__()
        self._icon = icon(DECLARED["search"].icon, theme.text)
        self.setIconSize(icon_size)
        self.setAccessibleName("Search commands")
        self.setToolTip(tool_tip(DECLARED["search"]))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_role(self, "search")
        self._text = QLabel("Search commands")
        self._key = QLabel(keys_text(DECLARED["search"]))
        for label in (self._text, self._key):
            set_role(label, "muted")
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 10, 0)
        # As high as the buttons beside it.
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row.addWidget(self._text)
        row.addStretch()
        row.addWidget(self._key)

    def set_short(self, short: bool) -> None:
        """Show the icon alone, or the words."""
        self.setIcon(self._icon if short else icon("", ""))
        for label in (self._text, self._key):
            label.setVisible(not short)

    def sizeHint(self) -> QSize:
        height = super().sizeHint().height()
        if self._text.isHidden():
            return QSize(height + 4, height)  # a square, as high as the others
        words = self._text.sizeHint().width() + self._key.sizeHint().width()
        return QSize(words + 44, height)
