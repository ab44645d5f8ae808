"""The form of a layer's settings, made from what its kind declares."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from engine.layer import Layer
from gui.setting_editors import Editor, editor_for


class SettingsForm(QWidget):
    """Settings of one layer; made anew for another kind, filled anew for another layer."""

    edited = Signal(str, object)
    """A setting's name and its legal new value."""
    settled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._kind: type[Layer] | None = None
        self.editors: dict[str, Editor] = {}
        self._labels: dict[str, QLabel] = {}

    def show_layer(self, layer: Layer, wrong: frozenset[str] = frozenset()) -> None:
        """Show a layer's settings; those named in ``wrong`` are marked as part of a problem."""
        if type(layer) is not self._kind:
            self._make(type(layer))
        for name, editor in self.editors.items():
            editor.show_value(getattr(layer, name))
            label = self._labels[name]
            role = "problem" if name in wrong else "muted"
            if label.property("role") != role:
                label.setProperty("role", role)
                label.style().unpolish(label)
                label.style().polish(label)

    def _make(self, kind: type[Layer]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self._kind = kind
        self.editors.clear()
        self._labels.clear()
        for line, setting in enumerate(kind.settings):
            unit = f" ({setting.unit})" if setting.unit else ""
            tip = f"{setting.help}<br><i>{setting.name}</i>{unit}"
            label = QLabel(setting.label)
            label.setToolTip(tip)
            label.setProperty("role", "muted")
            editor = editor_for(setting.constraint)
            editor.setToolTip(tip)
            editor.setAccessibleName(setting.label)
            editor.setAccessibleDescription(setting.help)
            label.setBuddy(editor)
            reset = QAction(f"Reset {setting.label.lower()}", label)
            reset.triggered.connect(
                lambda _=False, name=setting.name, value=setting.default: self._reset(name, value)
            )
            for widget in (label, editor):
                widget.addAction(reset)
                widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
            editor.edited.connect(lambda value, name=setting.name: self.edited.emit(name, value))
            editor.settled.connect(self.settled)
            self._grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(editor, line, 1)
            self.editors[setting.name] = editor
            self._labels[setting.name] = label

    def _reset(self, name: str, value: Any) -> None:
        self.editors[name].show_value(value)
        self.edited.emit(name, value)
        self.settled.emit()
