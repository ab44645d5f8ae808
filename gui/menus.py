"""The menus, made of the actions: the menu bar, and those that change, recent and examples."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QMenu, QMenuBar, QWidget, QWidgetAction

from engine.saving.examples import examples
from gui.action_list import EXAMPLES, MENU_ORDER, RECENT_PICTURES, RECENT_PROJECTS, SEPARATOR
from gui.actions import Actions
from gui.fields.choices import CHOICES
from gui.labels import set_role
from gui.preferences import Preferences
from gui.recent_menu import RecentMenu, plain


class Menus(QObject):
    """Fills menus, and says what was chosen where the choice is no action."""

    example_chosen = Signal(str)

    def __init__(self, actions: Actions, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self.examples = QMenu("Examples", parent)
        self.examples.setToolTipsVisible(True)
        # Reading all examples takes long enough to notice; hardly anybody opens them at once.
        self.examples.aboutToShow.connect(self._fill_examples)
        self.recent_projects = RecentMenu(
            "Recent projects", preferences.recent_projects, lambda path: path.stem, parent
        )
        self.recent_pictures = RecentMenu(
            "Recent pictures", preferences.recent_pictures, lambda path: path.name, parent
        )

    def fill_bar(self, bar: QMenuBar) -> None:
        """Make the menu bar."""
        taken: set[str] = set()
        for title, entries in MENU_ORDER.items():
            # Alt and a letter that two menus had would open the first only.
            letter = next(letter for letter in title if letter.lower() not in taken)
            taken.add(letter.lower())
            self._fill(bar.addMenu(title.replace(letter, f"&{letter}", 1)), entries)

    def menu_of(self, entries: Iterable[str], parent: QWidget) -> QMenu:
        """Return a menu of actions and separators."""
        menu = QMenu(parent)
        self._fill(menu, entries)
        return menu

    def choice_menu(self, name: str, parent: QWidget) -> QMenu:
        """Return a menu of the options of a choice."""
        choice = CHOICES[name]
        menu = QMenu(choice.text, parent)
        menu.setToolTipsVisible(True)
        for declared in choice.actions:
            menu.addAction(self._actions[declared.id])
        return menu

    def _fill(self, menu: QMenu, entries: Iterable[str]) -> None:
        for entry in entries:
            if entry == SEPARATOR:
                menu.addSeparator()
            elif entry == RECENT_PROJECTS:
                menu.addMenu(self.recent_projects)
            elif entry == RECENT_PICTURES:
                menu.addMenu(self.recent_pictures)
            elif entry == EXAMPLES:
                menu.addMenu(self.examples)
            elif entry in CHOICES:
                menu.addMenu(self.choice_menu(entry, menu))
            else:
                menu.addAction(self._actions[entry])

    def _fill_examples(self) -> None:
        if not self.examples.isEmpty():
            return
        # A menu of all would be higher than many a screen.
        groups: dict[str, QMenu] = {}
        for example in examples():
            if example.group not in groups:
                groups[example.group] = self.examples.addMenu(example.group)
                groups[example.group].setToolTipsVisible(True)
            action = groups[example.group].addAction(plain(example.label))
            action.setToolTip(example.about)
            action.triggered.connect(
                lambda _=False, name=example.name: self.example_chosen.emit(name)
            )


def add_heading(menu: QMenu, text: str) -> None:
    """Write what the entries below are about: the style sheet leaves a section without its text."""
    label = QLabel(text)
    label.setContentsMargins(12, 6, 12, 2)
    set_role(label, "heading")
    heading = QWidgetAction(menu)
    heading.setDefaultWidget(label)
    heading.setEnabled(False)
    menu.addAction(heading)
