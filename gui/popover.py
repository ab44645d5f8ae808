"""A panel that opens under a button and closes when the keyboard goes elsewhere.

It lies within the window, so that undo, redo and the flow stay in reach while it is open.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

_MARGIN = 8
"""How near to the edges of the window it comes."""
_ENOUGH = 0.75
"""With so much of the window's height under the button it does not cover the button."""


class Popover(QFrame):
    """Holds one widget, and scrolls it where the window is too low for it."""

    closed = Signal()

    def __init__(self, content: QWidget, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("popup")
        self.content = content
        content.setObjectName("panel")
        content.installEventFilter(self)
        self._button: QWidget | None = None
        self._before: QWidget | None = None
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setObjectName("panel")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self._scroll)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.close_popover)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)
        self.hide()

    def open_under(self, button: QWidget, first: QWidget) -> None:
        """Open under a button, as near as the window has room; ``first`` takes the keyboard."""
        if button is not self._button:
            # Another theme makes the button anew, and what is open goes with the old one.
            button.destroyed.connect(self._on_button_gone)
        self._button, self._before = button, QApplication.focusWidget()
        self.show()
        self._place()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_popover(self) -> None:
        """Hide, and give the keyboard back to what had it, else to the button."""
        if self.isVisible():
            before = self._before
            self.hide()
            if before is not None and isValid(before) and before.isVisible():
                before.setFocus(Qt.FocusReason.PopupFocusReason)
            elif self._button is not None:
                self._button.setFocus(Qt.FocusReason.PopupFocusReason)
            self.closed.emit()

    def _place(self) -> None:
        """Take the size that the content wants, as far as there is room for it."""
        window, button, layout = self.parentWidget(), self._button, self.content.layout()
        if window is None or button is None or layout is None:
            return
        room = window.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        layout.activate()
        around = self.width() - self.contentsRect().width() + 2
        hint, least = self.content.sizeHint(), self.content.minimumSize()
        wanted = hint.expandedTo(least).boundedTo(self.content.maximumSize())
        width = min(wanted.width() + around, room.width())
        height = layout.totalSizeHint().height() + around
        if layout.hasHeightForWidth():
            height = layout.totalHeightForWidth(width - around) + around
        corner = button.mapTo(window, QPoint(0, button.height() + 4))
        under = room.bottom() + 1 - corner.y()
        most = under if under > room.height() * _ENOUGH else room.height()
        if height > most:
            height = most
            width = min(width + self._scroll.verticalScrollBar().sizeHint().width(), room.width())
        left = min(max(corner.x(), room.left()), room.right() + 1 - width)
        top = min(max(corner.y(), room.top()), room.bottom() + 1 - height)
        self.setGeometry(left, top, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The content has become higher or lower. Behind a closed panel the button may be gone.
        is_laid_out = watched is self.content and event.type() == QEvent.Type.LayoutRequest
        if is_laid_out and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _on_button_gone(self) -> None:
        self._button = None
        self.hide()

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if not self.isVisible() or new is None or new is self._button:
            return
        above: QWidget | None = new
        # A menu of one of the inputs is a window of its own, and its child.
        while above is not None and above is not self:
            above = above.parentWidget()
        if above is None:
            self.hide()
            self.closed.emit()
        elif self.content.isAncestorOf(new):
            self._scroll.ensureWidgetVisible(new, 0, 3 * _MARGIN)
