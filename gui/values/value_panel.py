"""One value, taken apart: its window, kernel and products, the sums, and the result."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.elided_label import ElidedLabel
from gui.fields.scrolled_inputs import ChoiceBox
from gui.fonts import number_font
from gui.theme import Theme
from gui.values.value_canvas import ShownValue, ValueCanvas
from gui.wording import level_text

SPEEDS = (("¼×", 0.25), ("1×", 1.0), ("4×", 4.0), ("16×", 16.0))
STEPS_PER_SECOND = 4.0
MARGIN = 14
_EDGE, _SPACING = 8, 6
NO_ROOM = "A higher window has room for the calculation."
NOTHING = "Point at a value of a map; Ctrl and click pins it."


class ValuePanel(QFrame):
    """The panel below the flow."""

    moved = Signal(int, int, int)
    """Move the pin by channels, rows and columns."""
    stepped = Signal()
    """Slide the window to its next place."""
    pin_toggled = Signal()
    released = Signal()
    """Look at nothing any more."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("One value, taken apart")
        self.title = QLabel("ONE VALUE")
        self.title.setProperty("role", "heading")
        self.place = ElidedLabel()
        self.place.setText(NOTHING)
        self.result = QLabel()
        self.result.setProperty("role", "accent")
        self.result.setFont(number_font(10.5, bold=True))
        self.play = QPushButton("▶  Slide")
        self.play.setCheckable(True)
        self.play.setToolTip("Let the window slide over the input (Space)")
        self.speed = ChoiceBox()
        self.speed.setMinimumContentsLength(4)
        self.speed.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.speed.setAccessibleName("Speed")
        self.speed.setToolTip("How fast the window slides")
        for label, factor in SPEEDS:
            self.speed.addItem(label, factor)
        self.speed.setCurrentIndex(1)
        self.equivalent = QToolButton()
        self.equivalent.setText("Zeros inserted")
        self.equivalent.setProperty("role", "bar")
        self.equivalent.setCheckable(True)
        self.equivalent.setToolTip(
            "Show the same value as an ordinary window over the input with zeros put between its "
            "values (Z)"
        )
        self.equivalent.hide()
        self.fold = QPushButton("▾")
        self.fold.setCheckable(True)
        self.fold.setFixedWidth(32)
        hint = QLabel("arrows move · Enter pins · Space plays")
        hint.setProperty("role", "muted")
        self.hint = hint
        self.canvas = ValueCanvas(theme)
        self._scroll = scroll = QScrollArea()
        scroll.setObjectName("on-card")
        scroll.setWidgetResizable(True)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.canvas)
        # Which that asks for: in the light theme the card has another color.
        self.canvas.setAutoFillBackground(False)
        self.sentence = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.sentence.setProperty("role", "muted")
        heading = self._heading = QHBoxLayout()
        heading.setSpacing(12)
        for text in (self.title, self.place, self.result):
            heading.addWidget(text)
        heading.addStretch()
        for control in (self.equivalent, hint, self.play, self.speed, self.fold):
            heading.addWidget(control)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, _EDGE, MARGIN, _EDGE)
        column.setSpacing(_SPACING)
        column.addLayout(heading)
        column.addWidget(scroll)
        column.addWidget(self.sentence)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        scroll.setFixedHeight(self.canvas.sizeHint().height() + 12)
        self._has_value, self._has_room = False, True
        self._show_parts()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.stepped)
        self.play.toggled.connect(self._on_play_toggled)
        self.fold.toggled.connect(self._show_parts)
        self.equivalent.toggled.connect(self._on_equivalent_toggled)
        self.speed.currentIndexChanged.connect(lambda _index: self._set_pace())

    def show_theme(self, theme: Theme) -> None:
        """Paint in a theme's colors."""
        self.canvas.show_theme(theme)

    def show_value(self, shown: ShownValue | None) -> None:
        """Show a value, or none; its room stays, so that no row moves when it comes back."""
        if shown is None and self.place.text() == NOTHING:
            return
        self.canvas.show_value(shown)
        self.equivalent.setVisible(shown is not None and shown.equivalent is not None)
        if shown is None:
            self.place.setText(NOTHING)
            self.result.clear()
            self.sentence.clear()
            self.play.setChecked(False)
            self._refit()
            return
        channel, row, column = shown.position
        pinned = " · pinned" if shown.pinned else ""
        self.place.setText(f"{shown.title} · map {channel} · row {row}, column {column}{pinned}")
        self.result.setText(level_text(shown.arithmetic.result))
        self._say_sentence()
        # Last: the room that it takes moves the rows, and another value may lie below the pointer,
        # which is then shown from within this call.
        self._has_value = True
        self._show_parts()

    def forget(self) -> None:
        """Show no value, and keep no room for one."""
        self.show_value(None)
        self._has_value = False
        self._show_parts()

    @property
    def shows_value(self) -> bool:
        """Whether a value is shown."""
        return self.canvas.arithmetic is not None

    def whole_height(self) -> int:
        """Return how high the panel is with a calculation, however long its sentence is."""
        parts = (
            self._heading.sizeHint().height(),
            self._scroll.height(),
            2 * self.sentence.fontMetrics().lineSpacing(),
        )
        return sum(parts) + 2 * (_EDGE + _SPACING) + 2 * self.frameWidth()

    def give_room(self, has_room: bool) -> None:
        """Show the calculation only where there is room for it."""
        if has_room != self._has_room:
            self._has_room = has_room
            self._show_parts()

    def _show_parts(self) -> None:
        """Show the calculation where there is one, and room, and nobody has folded it."""
        folded = self.fold.isChecked()
        shown = self._has_value and self._has_room and not folded
        self.fold.setEnabled(self._has_room)
        self.fold.setText("▴" if folded or not self._has_room else "▾")
        text = "Show the calculation" if folded else "Hide the calculation"
        self.fold.setAccessibleName(text)
        self.fold.setToolTip(text if self._has_room else NO_ROOM)
        self._scroll.setVisible(shown)
        self.sentence.setVisible(shown)

    def _say_sentence(self) -> None:
        """Say in words what the shown calculation is."""
        arithmetic = self.canvas.arithmetic
        said = "" if arithmetic is None else f"{arithmetic.sentence} {self.canvas.reach}"
        self.sentence.setText(said.strip())
        self._refit()

    def _on_equivalent_toggled(self, wanted: bool) -> None:
        self.canvas.show_equivalent(wanted)
        self._say_sentence()

    def stop(self) -> None:
        """End the sliding, as at the last place."""
        self.play.setChecked(False)

    def _on_play_toggled(self, playing: bool) -> None:
        self.play.setText("❚❚  Pause" if playing else "▶  Slide")
        if playing:
            self._set_pace()
            self._timer.start()
        else:
            self._timer.stop()

    def _refit(self) -> None:
        """Leave out the keys where the place and the result need their room."""
        shown = [self.title, self.place, self.result, self.play, self.speed, self.fold]
        shown += [] if self.equivalent.isHidden() else [self.equivalent]
        needed = sum(item.sizeHint().width() + self._heading.spacing() for item in shown)
        room = self.contentsRect().width() - 2 * MARGIN - self.hint.sizeHint().width()
        self.hint.setVisible(needed <= room)

    def _set_pace(self) -> None:
        self._timer.setInterval(round(1000 / (STEPS_PER_SECOND * self.speed.currentData())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(*step)
        elif event.key() == Qt.Key.Key_Space:
            self.play.toggle()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.pin_toggled.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.released.emit()
        elif event.key() == Qt.Key.Key_Z and self.equivalent.isVisible():
            self.equivalent.toggle()
        elif event.key() in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self.canvas.show_patch(1 if event.key() == Qt.Key.Key_BracketRight else -1)
        else:
            super().keyPressEvent(event)


_STEPS = {
    Qt.Key.Key_Left: (0, 0, -1),
    Qt.Key.Key_Right: (0, 0, 1),
    Qt.Key.Key_Up: (0, -1, 0),
    Qt.Key.Key_Down: (0, 1, 0),
    Qt.Key.Key_PageUp: (-1, 0, 0),
    Qt.Key.Key_PageDown: (1, 0, 0),
}
