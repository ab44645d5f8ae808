"""A field for a value: what is typed stays, and is marked while it cannot become legal."""

from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QToolTip

from gui.fields.field_text import FieldText
from gui.fields.numbers_text import parts_of
from gui.focus import comes_back
from gui.fonts import number_font
from gui.labels import control_height, set_wrong

_STEPS = {
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_PageUp: 10,
    Qt.Key.Key_PageDown: -10,
}
_NOTCH = 120
"""Eighths of a degree that a wheel turns from notch to notch."""


_LONGEST_SHOWN = 20
"""Of a longer text a sentence repeats only the beginning."""


class ValueField(QLineEdit):
    """A field for one value; Enter or leaving it takes the text over, arrow keys step.

    Text that is not legal is never taken over: it is marked, with a sentence of what would be, and
    leaving the field or Escape brings the last value back.

    Steps of a key that is held down are one edit: ``settled`` ends it.
    """

    edited = Signal(object)
    """A legal value that differs from the one shown."""
    settled = Signal()

    def __init__(self, text: FieldText, letters: int = 8) -> None:
        super().__init__()
        self._text = text
        self._value: Any = None
        self._is_stepping = False
        self._was_entered = False
        self._turned = 0
        self._usual_words: tuple[str, str] | None = None
        """Tip and description of a field that is marked, for when it is marked no more."""
        self.textChanged.connect(self._on_text_changed)
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

    @property
    def is_wrong(self) -> bool:
        """Whether the text is marked as one that is not legal."""
        return self._usual_words is not None

    def take_over(self) -> bool:
        """Make an edit of what was typed, or mark it where it is not legal; return if it is."""
        value = self.typed_value() if self.isModified() else self._value
        if value is None:
            self._mark()
            return False
        if value == self._value:
            self._write()
        else:
            self._edit(value)
            self.settled.emit()
        if self._is_stepping:
            self._is_stepping = False
            self.settled.emit()
        return True

    def _on_text_changed(self, text: str) -> None:
        is_open = self.typed_value() is not None or self._text.can_become_legal(text)
        if self.isModified() and not is_open:
            self._mark()
        else:
            self._unmark()

    def _mark(self) -> None:
        """Show that the text is not legal, and say what would be."""
        if self._usual_words is None:
            self._usual_words = self.toolTip(), self.accessibleDescription()
        text = self.text().strip()
        shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]} …"
        way_out = f"enter {self._text.wanted}."
        sentence = f"“{shown}” cannot be used: {way_out}" if text else f"E{way_out[1:]}"
        set_wrong(self, wrong=True)
        self.setAccessibleDescription(sentence)
        self.setToolTip(f"<qt>{escape(sentence)}</qt>")
        if self.hasFocus():
            QToolTip.showText(self.mapToGlobal(QPoint(0, self.height() // 2)), self.toolTip(), self)

    def _unmark(self) -> None:
        if self._usual_words is not None:
            tip, description = self._usual_words
            self._usual_words = None
            set_wrong(self, wrong=False)
            self.setAccessibleDescription(description)
            self.setToolTip(tip)
            QToolTip.hideText()

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
            if self.take_over():
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
        if not comes_back(self, event.reason()):
            if self.isModified() and self.typed_value() is None:
                self._write()
            self.take_over()
        super().focusOutEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.actions():
            menu.addSeparator()
            menu.addActions(self.actions())
        menu.popup(event.globalPos())
