"""A field over a list that narrows while one types: for commands, and for layers to insert.

It lies within the window, so that it is as wide and dark as that, and closes when the keyboard
goes elsewhere.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from gui.focus import comes_back
from gui.searching.entry_painting import ENTRY, PLACES, EntryPainter
from gui.searching.matching import best
from gui.theme import Theme

MOST_LINES = 11
WIDTH = 620
MARGIN = 12
_AROUND = 8
"""Room between the frame and what is in it."""
_GAP = 6


@dataclass(frozen=True)
class Entry:
    """One line of the list; ``target`` stands for what it means."""

    text: str
    target: Hashable
    group: str = ""
    """What sort of thing it is."""
    detail: str = ""
    """At the right: a key, or a size."""
    names: str = ""
    """Other names by which it is found."""
    icon: str = ""
    hint: str = ""
    """A sentence at the foot while the entry is current."""
    enabled: bool = True
    warns: bool = False
    """The detail is one of something that does not fit."""


class SearchPopup(QFrame):
    """Shows entries, and says which one was chosen."""

    chosen = Signal(object)
    """The target of an entry."""
    closed = Signal()

    def __init__(self, prompt: str, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("popup")
        self.setAccessibleName(prompt)
        self._room = parent
        self._anchor = QPoint()
        self._before: QWidget | None = None
        """What had the keyboard."""
        self._entries: Sequence[Entry] = ()
        self.field = QLineEdit(placeholderText=f"{prompt} …")
        self.field.setAccessibleName(prompt)
        self.list = QListView()
        self.list.setAccessibleName(f"{prompt}: what was found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._model = QStandardItemModel(self)
        self.list.setModel(self._model)
        self._painter = EntryPainter(theme, self.list)
        self.list.setItemDelegate(self._painter)
        self._foot = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._foot.setProperty("role", "muted")
        self._foot.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(_AROUND, _AROUND, _AROUND, _AROUND)
        column.setSpacing(_GAP)
        column.addWidget(self.field)
        column.addWidget(self.list)
        column.addWidget(self._foot)
        self.hide()
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._on_text_changed)
        self.list.clicked.connect(self._on_clicked)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The entries in the list, the best first."""
        found = (self._model.item(line).data(ENTRY) for line in range(self._model.rowCount()))
        return tuple(found)

    @property
    def current(self) -> Entry | None:
        """The entry that Enter chooses."""
        entry = self.list.currentIndex().data(ENTRY)
        return entry if isinstance(entry, Entry) else None

    def open_with(self, entries: Sequence[Entry], corner: QPoint | None = None) -> None:
        """Show entries and take the keyboard.

        Args:
            entries: in the order in which they stand before anything is typed.
            corner: the top left in the parent; by default the middle of the parent's upper part.
        """
        for other in self._room.findChildren(SearchPopup):
            # It gives the keyboard back to what is to have it after this one too.
            other.close_popup()
        self._entries = entries
        self._before = QApplication.focusWidget()
        self._anchor = corner or QPoint((self._room.width() - self._width) // 2, 72)
        self._foot.setFixedHeight(self._foot_height())
        self.field.clear()
        self._list_entries("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_popup(self) -> None:
        """Hide the list and give the keyboard back to what had it."""
        if not self.isVisible():
            return
        had_keyboard = self.field.hasFocus()
        self.hide()
        if had_keyboard and self._before is not None and isValid(self._before):
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.closed.emit()

    @property
    def _width(self) -> int:
        wide = max(round(WIDTH * self.fontMetrics().height() / 17), WIDTH)
        return min(wide, self._room.width() - 2 * MARGIN)

    def _foot_height(self) -> int:
        """Return the height of the longest hint, so that the list stands still while one moves."""
        metrics = self._foot.fontMetrics()
        room = QRect(0, 0, self._width - 2 * (_AROUND + self.frameWidth()), 0)
        wraps = Qt.TextFlag.TextWordWrap
        hints = {entry.hint for entry in self._entries}
        heights = [metrics.boundingRect(room, wraps, hint).height() for hint in hints]
        return max(2 * metrics.lineSpacing(), *heights)

    def _place(self) -> None:
        """Take as much room as the list needs, and as there is."""
        room = self._room.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        line = self._painter.line_height
        around = self.field.sizeHint().height() + self._foot.height()
        around += 2 * (_GAP + _AROUND + self.frameWidth())
        fitting = max((room.height() - around) // line, 1)
        lines = min(max(self._model.rowCount(), 1), MOST_LINES, fitting)
        self.list.setFixedHeight(lines * line)
        size = QSize(self._width, around + lines * line)
        left = min(max(self._anchor.x(), room.left()), room.right() - size.width())
        # Placed for the longest list, so that it does not jump while one types.
        longest = around + min(len(self._entries), MOST_LINES, fitting) * line
        top = min(max(self._anchor.y(), room.top()), room.bottom() - longest)
        self.setGeometry(QRect(QPoint(left, top), size))

    def _list_entries(self, query: str) -> None:
        self._model.clear()
        searched = [f"{entry.text} {entry.group}" for entry in self._entries]
        useless = {place for place, entry in enumerate(self._entries) if not entry.enabled}
        names = [entry.names for entry in self._entries]
        for place, how in best(query, searched, useless, names):
            entry = self._entries[place]
            item = QStandardItem(entry.text)
            item.setData(entry, ENTRY)
            item.setData(how.places, PLACES)
            item.setData(
                ", ".join(part for part in (entry.text, entry.group, entry.detail) if part),
                Qt.ItemDataRole.AccessibleTextRole,
            )
            item.setEditable(False)
            self._model.appendRow(item)
        self.list.setCurrentIndex(self._model.index(0, 0))
        if not self._model.rowCount():
            self._foot.setText("Nothing of that name.")
        self._place()

    # What a person does

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._takes_key(event)
            if isinstance(event, QFocusEvent) and event.lostFocus():
                self._on_focus_lost(event.reason())
        return super().eventFilter(watched, event)

    def _takes_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_popup()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.current)
        elif key in _STEPS:
            self._step(_STEPS[Qt.Key(key)])
        else:
            return False
        return True

    def _step(self, lines: int) -> None:
        count = self._model.rowCount()
        if not count:
            return
        line = self.list.currentIndex().row() + lines
        # One step beyond an end comes in at the other; a page stops there.
        line = line % count if abs(lines) == 1 else min(max(line, 0), count - 1)
        self.list.setCurrentIndex(self._model.index(line, 0))

    def _choose(self, entry: Entry | None) -> None:
        if entry is not None and entry.enabled:
            self.close_popup()
            self.chosen.emit(entry.target)

    def _on_focus_lost(self, reason: Qt.FocusReason) -> None:
        if not comes_back(self.field, reason):
            self.close_popup()

    def _on_text_changed(self, text: str) -> None:
        self._list_entries(text)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._choose(index.data(ENTRY))

    def _on_current_changed(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY)
        if isinstance(entry, Entry):
            self._foot.setText(entry.hint)
            self.field.setAccessibleDescription(index.data(Qt.ItemDataRole.AccessibleTextRole))


_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -MOST_LINES + 1,
    Qt.Key.Key_PageDown: MOST_LINES - 1,
}
