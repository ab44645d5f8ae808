"""The calculation of one value, painted: cells, signs, steps, and the picture behind it."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from engine.arithmetic import Arithmetic, Patch, Position
from gui.theme import Theme
from gui.value_painting import (
    GRID_HEIGHT,
    TITLE,
    Grid,
    Origin,
    grid_width,
    origin_width,
    paint_grid,
    paint_origin,
    paint_sign,
    paint_steps,
    steps_width,
)
from gui.wording import level_text

GAP = 32
"""Between what stands side by side; a sign stands in it."""
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
        width = sum(grid_width(grid) + GAP for grid in self._grids())
        if self._shown is not None:
            heading, steps = self._steps()
            width += 8 + steps_width(heading, len(steps))
            width += GAP + origin_width() if self._shown.origin is not None else 0
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
            x = behind + GAP
        heading, steps = self._steps()
        result = (_RESULTS.get(shown.arithmetic.operation, "result"),
                  level_text(shown.arithmetic.result))  # fmt: skip
        x = paint_steps(painter, heading, steps, result, x + 8, top, self._theme)
        if shown.origin is not None:
            paint_origin(painter, shown.origin, x + GAP, top, self._theme)

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
