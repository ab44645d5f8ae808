"""Code that can be read, selected and copied; it is as high as it is long."""

from math import ceil

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from engine.spelling import in_lines
from gui.fonts import number_font


class CodeView(QPlainTextEdit):
    """One expression, broken into lines at its brackets."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setFont(number_font(8.5))
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # With the keyboard too.
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setMinimumWidth(80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._code = ""

    def show_code(self, code: str) -> None:
        """Show code."""
        if code != self._code:
            self._code = code
            self._lay_out()

    def _lay_out(self) -> None:
        """Break the code for the width, and take the height that it needs."""
        metrics = QFontMetricsF(self.font())
        margin = self.document().documentMargin()
        columns = int((self.viewport().width() - 2 * margin) / metrics.horizontalAdvance("0"))
        text = in_lines(self._code, columns)
        if text != self.toPlainText():
            self.setPlainText(text)
        content, block = 0.0, self.document().firstBlock()
        while block.isValid():
            content += self.blockBoundingRect(block).height()
            block = block.next()
        frame = max(self.height() - self.viewport().height(), 2 * self.frameWidth())
        # Two pixels more, or Qt would scroll by one.
        self.setFixedHeight(ceil(content + margin) + 2 + frame)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # The text is meant, not the layer.
            keys = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.SelectAll)
            if any(event.matches(key) for key in keys):
                event.accept()
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # The panel scrolls: all of the code is in sight.
        event.ignore()
