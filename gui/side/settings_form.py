"""The form of a layer's settings, made from what its kind declares."""

from html import escape
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.layer import Layer
from engine.settings import Setting
from gui.fields.value_editor import Editor
from gui.labels import control_height, label_column_width, set_role
from gui.side.setting_editors import editor_for


class SettingsForm(QWidget):
    """Settings of one layer; each kind has a page of its own, which is kept."""

    edited = Signal(str, object)
    """A setting's name and its legal new value."""
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._pages: dict[type[Layer], KindPage] = {}
        self._page: KindPage | None = None

    @property
    def editors(self) -> dict[str, Editor]:
        """The editors on show, by the name of the setting."""
        return {} if self._page is None else self._page.editors

    def show_layer(
        self, layer: Layer, wrong: frozenset[str] = frozenset(), *, anew: bool = False
    ) -> None:
        """Show a layer's settings.

        Args:
            layer: the layer.
            wrong: the settings to mark as part of a problem.
            anew: it is another layer than before, so nothing half typed stays.
        """
        page = self._pages.get(type(layer))
        if page is None:
            page = self._pages[type(layer)] = KindPage(type(layer))
            page.edited.connect(self.edited)
            page.settled.connect(self.settled)
            self._column.addWidget(page)
            # Not behind the form itself: Qt would take that for the last of what is in it.
            page.follow_in_tab_order(self.previousInFocusChain() or self)
        page.show_layer(layer, wrong, anew=anew or page is not self._page)
        if page is not self._page:
            # Filled first, then shown: nobody sees the values of another layer.
            if self._page is not None:
                self._page.hide()
            page.show()
            self._page = page


class KindPage(QWidget):
    """The settings of one kind, a row each."""

    edited = Signal(str, object)
    settled = Signal()

    def __init__(self, kind: type[Layer]) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.editors: dict[str, Editor] = {}
        self._labels: dict[str, QLabel] = {}
        for setting in kind.settings:
            self._add(setting)

    def _add(self, setting: Setting) -> None:
        label = QLabel(setting.label, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        set_role(label, "muted")
        editor = editor_for(setting.constraint)
        # Some systems' screen readers say of a choice only its value, and its label from here.
        label.setBuddy(editor.inputs[0][0] if editor.inputs else editor)
        unit = f", {setting.unit}" if setting.unit else ""
        tip = f"{escape(setting.help)}<br><i>{setting.name}{unit}</i>"
        label.setToolTip(tip)
        label.setAccessibleDescription(setting.help)
        reset = QAction(f"Reset {setting.label.lower()}", self)
        reset.triggered.connect(lambda: self._reset(setting.name, setting.default))
        label.addAction(reset)
        label.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        editor.describe(setting.label, setting.help, [reset])
        editor.edited.connect(lambda value: self.edited.emit(setting.name, value))
        editor.settled.connect(self.settled)
        line = self._grid.rowCount()
        if editor.is_wide:
            self._grid.addWidget(label, line, 0, 1, 2)
            self._grid.addWidget(editor, line + 1, 0, 1, 2)
        else:
            label.setFixedWidth(label_column_width())
            # The first line of the label stands beside the first line of the editor.
            label.setMinimumHeight(control_height())
            self._grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(editor, line, 1)
        self.editors[setting.name] = editor
        self._labels[setting.name] = label

    def show_layer(self, layer: Layer, wrong: frozenset[str], *, anew: bool) -> None:
        """Show the settings of a layer of this kind."""
        for name, editor in self.editors.items():
            editor.show_value(getattr(layer, name), anew=anew)
            set_role(self._labels[name], "problem" if name in wrong else "muted")

    def follow_in_tab_order(self, before: QWidget) -> None:
        """Let Tab reach the settings in their order, behind a widget that was there before them."""
        for child in self.findChildren(QWidget):
            # The list that a choice opens is a window of its own.
            is_stop = child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.focusProxy() is None
            if is_stop and child.window() is self.window():
                QWidget.setTabOrder(before, child)
                before = child

    def _reset(self, name: str, value: Any) -> None:
        self.editors[name].show_value(value, anew=True)
        self.edited.emit(name, value)
        self.settled.emit()
