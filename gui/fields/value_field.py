"""A field for a value: it takes no character after which the text could not become legal."""

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QValidator,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit

from gui.fields.field_text import FieldText, parts_of
from gui.fonts import number_font
from gui.labels import control_height

_STEPS = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 10,
    Qt.Key.Key_PageDown: -10,
}
_NOTCH = 120
"""Eighths of a degree that a wheel turns from notch to notch."""


class _Validator(QValidator):
    """Refuses a character after which the text could not become legal any more."""

    def __init__(self, text: FieldText, parent: QObject) -> None:
        super().__init__(parent)
        self.text = text

    def validate(self, typed: str, position: int) -> object:
        state = QValidator.State.Invalid
        if self.text.read(typed) is not None:
            state = QValidator.State.Acceptable
        elif self.text.can_become_legal(typed):
            state = QValidator.State.Intermediate
        return state, typed, position


class ValueField(QLineEdit):
    """A field for one value; Enter or leaving it takes the text over, arrow keys step.

    Steps of a key that is held down are one edit: ``settled`` ends it.
    """

    edited = Signal(object)
    """A legal value that differs from the one shown."""
    settled = Signal()

    def __init__(self, text: FieldText, letters: int = 8) -> None:
        super().__init__()
        self._text = text
        self._validator = _Validator(text, self)
        self._value: Any = None
        self._is_stepping = False
        self._was_entered = False
        self._turned = 0
        self.setValidator(self._validator)
        self.setFont(number_font(9.5))
        self.setMinimumWidth(self.width_of(letters))
        self.setFixedHeight(control_height())

    def width_of(self, letters: int) -> int:
        """Return the width in which so many letters are seen."""
        # The frame, its padding and the cursor take what is added.
        return QFontMetrics(self.font()).horizontalAdvance("0" * letters) + 20

    @property
    def value(self) -> Any:
        """The value shown, without what is half typed."""
        return self._value

    def typed_value(self) -> Any | None:
        """Return the legal value that the text means as it stands, or None."""
        return self._text.read(self.text(), self._value)

    def use(self, text: FieldText) -> None:
        """Take values of another kind or range from now on."""
        self._text = text
        self._validator.text = text

    def show_value(self, value: Any, *, anew: bool = False) -> None:
        """Show a value; text that is being typed stays, unless the value is shown ``anew``."""
        if value == self._value and self.isModified() and not anew:
            return
        self._value = value
        self._write()

    def _write(self) -> None:
        text = self._text.write(self._value)
        if text != self.text():
            whole = self.hasSelectedText() and self.selectedText() == self.text()
            self.setText(text)
            if whole:
                self.selectAll()
            elif not self.hasFocus():
                self.setCursorPosition(0)
        self.setModified(False)

    def take_over(self) -> None:
        """Make an edit of what was typed; text that means nothing legal is dropped."""
        if self.isModified():
            value = self.typed_value()
            if value is None or value == self._value:
                self._write()
            else:
                self._edit(value)
                self.settled.emit()
        if self._is_stepping:
            self._is_stepping = False
            self.settled.emit()

    def _edit(self, value: Any) -> None:
        self._value = value
        self._write()
        self.edited.emit(value)

    def _step(self, steps: int) -> None:
        if self.isReadOnly() or self._value is None:
            return
        part = self._part()
        typed = self.typed_value()
        value = self._text.stepped(self._value if typed is None else typed, steps, part)
        if value != self._value:
            self._edit(value)
        if part is not None:
            # The next step goes to the same number.
            self.setCursorPosition(parts_of(self.text())[part][1])

    def _part(self) -> int | None:
        """Return the number that the cursor is in; None for all, which are selected or alone."""
        parts = parts_of(self.text())
        if len(parts) < 2 or self.selectedText() == self.text():
            return None
        cursor = self.cursorPosition()
        return next((n for n, (_, end) in enumerate(parts) if cursor <= end), len(parts) - 1)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undoes = event.matches(QKeySequence.StandardKey.Undo)
            if (undoes or event.matches(QKeySequence.StandardKey.Redo)) and not self.isModified():
                # Nothing is half typed here: the undo of the whole document is meant.
                event.ignore()
                return False
            if event.key() in _STEPS or (event.key() == Qt.Key.Key_Escape and self.isModified()):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take_over()
            self.selectAll()
        elif key == Qt.Key.Key_Escape and self.isModified():
            self._write()
            self.selectAll()
        elif plain and key in _STEPS:
            self._is_stepping = True
            self._step(_STEPS[Qt.Key(key)])
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._is_stepping and event.key() in _STEPS and not event.isAutoRepeat():
            self._is_stepping = False
            self.settled.emit()
        super().keyReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not self.hasFocus() or self.isReadOnly():
            event.ignore()
            return
        self._turned += event.angleDelta().y()
        notches = int(self._turned / _NOTCH)
        self._turned -= notches * _NOTCH
        if notches:
            self._step(notches)
            self.settled.emit()
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._turned = 0
        self._was_entered = event.reason() == Qt.FocusReason.MouseFocusReason

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        # As with the keyboard: who enters the field replaces the value, unless a part was chosen.
        if self._was_entered and not self.hasSelectedText():
            self.selectAll()
        self._was_entered = False

    def focusOutEvent(self, event: QFocusEvent) -> None:
        # A menu or another window takes the focus only for a while.
        if event.reason() not in (
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        ):
            self.take_over()
        super().focusOutEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.actions():
            menu.addSeparator()
            menu.addActions(self.actions())
        menu.popup(event.globalPos())
