"""One value, taken apart: its window, kernel and products, the sums, and the result."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.arithmetic import Arithmetic, Patch, Position
from gui.theme import Theme, number_font
from gui.value_painting import (
    GRID_HEIGHT,
    ORIGIN_WIDTH,
    TITLE,
    Grid,
    Origin,
    grid_size,
    paint_grid,
    paint_origin,
    paint_sign,
    paint_steps,
    steps_width,
)
from gui.wording import level_text

SPEEDS = (("¼×", 0.25), ("1×", 1.0), ("4×", 4.0), ("16×", 16.0))
STEPS_PER_SECOND = 4.0
LISTED_STEPS = 5
"""More lines of a calculation than these are summed up."""


@dataclass(frozen=True, eq=False)
class ShownValue:
    """One value of a layer's maps with its arithmetic; ``title`` names the layer."""

    node_id: str
    title: str
    position: Position
    arithmetic: Arithmetic
    pinned: bool
    origin: Origin | None = None


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
        self.place = QLabel("Point at a value of a map to take it apart; Ctrl and click pins it.")
        self.place.setTextFormat(Qt.TextFormat.PlainText)
        self.result = QLabel()
        self.result.setProperty("role", "accent")
        self.result.setFont(number_font(10.5, bold=True))
        self.play = QPushButton("▶  Slide")
        self.play.setCheckable(True)
        self.play.setToolTip("Let the window slide over the input (Space)")
        self.speed = QComboBox()
        self.speed.setAccessibleName("Speed")
        for label, factor in SPEEDS:
            self.speed.addItem(label, factor)
        self.speed.setCurrentIndex(1)
        self.fold = QPushButton("▾")
        self.fold.setCheckable(True)
        self.fold.setFixedWidth(32)
        self.fold.setAccessibleName("Hide the calculation")
        self.fold.setToolTip("Hide the calculation")
        hint = QLabel("arrows move · Enter pins · Space plays")
        hint.setProperty("role", "muted")
        self.hint = hint
        self.canvas = ValueCanvas(theme)
        self._scroll = scroll = QScrollArea()
        scroll.setObjectName("panel")
        scroll.setWidgetResizable(True)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.canvas)
        self.sentence = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.sentence.setProperty("role", "muted")
        heading = QHBoxLayout()
        heading.setSpacing(12)
        for text in (self.title, self.place, self.result):
            heading.addWidget(text)
        heading.addStretch()
        for control in (hint, self.play, self.speed, self.fold):
            heading.addWidget(control)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 14, 8)
        column.setSpacing(6)
        column.addLayout(heading)
        column.addWidget(scroll)
        column.addWidget(self.sentence)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        scroll.setFixedHeight(self.canvas.sizeHint().height() + 12)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.stepped)
        self.play.toggled.connect(self._on_play_toggled)
        self.fold.toggled.connect(self._on_fold_toggled)
        self.speed.currentIndexChanged.connect(lambda _index: self._set_pace())

    def show_theme(self, theme: Theme) -> None:
        """Paint in a theme's colors."""
        self.canvas.show_theme(theme)

    def show_value(self, shown: ShownValue | None) -> None:
        """Show a value, or none."""
        self.canvas.show_value(shown)
        if shown is None:
            self.place.setText(
                "Point at a value of a map to take it apart; Ctrl and click pins it."
            )
            self.result.clear()
            self.sentence.clear()
            self.play.setChecked(False)
            return
        channel, row, column = shown.position
        pinned = " · pinned" if shown.pinned else ""
        self.place.setText(f"{shown.title} · map {channel} · row {row}, column {column}{pinned}")
        self.result.setText(level_text(shown.arithmetic.result))
        self.sentence.setText(shown.arithmetic.sentence)

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

    def _on_fold_toggled(self, folded: bool) -> None:
        self.fold.setText("▴" if folded else "▾")
        text = "Show the calculation" if folded else "Hide the calculation"
        self.fold.setToolTip(text)
        self.fold.setAccessibleName(text)
        self._scroll.setHidden(folded)
        self.sentence.setHidden(folded)

    def _set_pace(self) -> None:
        self._timer.setInterval(round(1000 / (STEPS_PER_SECOND * self.speed.currentData())))

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


class ValueCanvas(QWidget):
    """Grids and steps of one value, painted side by side."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: ShownValue | None = None
        self._patch = 0

    def show_theme(self, theme: Theme) -> None:
        """Paint in a theme's colors."""
        self._theme = theme
        self.update()

    def show_value(self, shown: ShownValue | None) -> None:
        """Show a value's arithmetic; the chosen channel stays while the layer does."""
        if shown is None or self._shown is None or shown.node_id != self._shown.node_id:
            self._patch = 0
        self._shown = shown
        self._clip_patch()
        self.updateGeometry()
        self.setMinimumWidth(self.sizeHint().width())
        self.update()

    def show_patch(self, step: int) -> None:
        """Show the window on the next or the previous channel."""
        self._patch += step
        self._clip_patch()
        self.update()

    def _clip_patch(self) -> None:
        count = len(self._shown.arithmetic.patches) if self._shown else 0
        self._patch = min(max(self._patch, 0), max(count - 1, 0))

    def sizeHint(self) -> QSize:
        width = sum(max(grid_size(grid)[0], 130) + 34 for grid in self._grids())
        if self._shown is not None:
            width += steps_width(len(self._steps()[1])) + ORIGIN_WIDTH + 40
        return QSize(round(width), TITLE + GRID_HEIGHT + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self._shown
        if shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, top = 0.0, 2.0
        grids = self._grids()
        for place, grid in enumerate(grids):
            behind = paint_grid(painter, grid, x, top, self._theme)
            if place + 1 < len(grids):
                paint_sign(painter, "×=="[place], behind + 4, top, grid, self._theme)
            x = behind + 32
        heading, steps = self._steps()
        result = (_RESULTS.get(shown.arithmetic.operation, "result"),
                  level_text(shown.arithmetic.result))  # fmt: skip
        x = paint_steps(painter, heading, steps, result, x + 8, top, self._theme)
        if shown.origin is not None:
            paint_origin(painter, shown.origin, x + 32, top, self._theme)

    def _grids(self) -> list[Grid]:
        """Return what stands side by side for the chosen patch."""
        patches = self._shown.arithmetic.patches if self._shown else ()
        if not patches:
            return []
        patch = patches[self._patch]
        outside = np.array(patch.rows)[:, None] < 0
        outside = outside | (np.array(patch.columns)[None, :] < 0)
        values = Grid(self._window_title(patch), patch.values, False, outside, self._winner(patch))
        if patch.weights is None:
            return [values]
        return [
            values,
            Grid("weights", patch.weights, True),
            Grid("products", patch.products, True),
        ]

    def _window_title(self, patch: Patch) -> str:
        assert self._shown is not None
        patches = self._shown.arithmetic.patches
        if len({other.input_index for other in patches}) > 1:
            return f"input {patch.input_index + 1} of {len(patches)}"
        if len(patches) == 1:
            return f"channel {patch.channel}"
        return f"channel {patch.channel}, {self._patch + 1} of {len(patches)}"

    def _winner(self, patch: Patch) -> tuple[int, int] | None:
        if self._shown is None or self._shown.arithmetic.operation != "maximum":
            return None
        line, cell = np.unravel_index(int(np.argmax(patch.values)), patch.values.shape)
        return int(line), int(cell)

    def _steps(self) -> tuple[str, list[tuple[str, str]]]:
        """Return the heading and the lines of the calculation."""
        assert self._shown is not None
        arithmetic = self._shown.arithmetic
        patches = arithmetic.patches
        lines = [(_label(patch, patches), level_text(patch.result)) for patch in patches]
        if len(lines) > LISTED_STEPS:
            chosen = self._patch
            rest = sum(p.result for i, p in enumerate(patches) if i != chosen)
            others = f"the {len(patches) - 1} other channels"
            lines = [lines[chosen]]
            if arithmetic.operation == "sum":
                lines.append((others, level_text(rest)))
        lines += [(step.label, level_text(step.value)) for step in arithmetic.steps[:LISTED_STEPS]]
        count = sum(patch.values.size for patch in patches)
        if arithmetic.operation == "sum" and patches and patches[0].weights is not None:
            each = patches[0].values.size
            plural = "s" if len(patches) > 1 else ""
            return f"{len(patches)} channel{plural} × {each} products = {count} terms", lines
        return f"{count} value{'s' if count != 1 else ''}", lines


_RESULTS = {"maximum": "largest", "mean": "mean", "sum": "sum", "product": "product"}


def _label(patch: Patch, patches: tuple[Patch, ...]) -> str:
    if len({other.input_index for other in patches}) > 1:
        return f"input {patch.input_index + 1}"
    return f"channel {patch.channel}"
