"""The calculation of one value, painted: cells, signs, steps, and the picture behind it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from engine.arithmetic import INSERTED, PADDING, Arithmetic, Patch, Position
from gui.theme import Theme
from gui.values.value_painting import (
    GRID_HEIGHT,
    TITLE,
    Grid,
    Origin,
    enlarged,
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
    equivalent: Arithmetic | None = None
    """Another calculation of the same value."""
    reach: str = ""
    """Which values depend on it, in words."""


class ValueCanvas(QWidget):
    """Grids and steps of one value, painted side by side."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: ShownValue | None = None
        self._patch = 0
        self._wants_equivalent = False

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

    def show_equivalent(self, wanted: bool) -> None:
        """Show the other calculation of the same value, where there is one."""
        self._wants_equivalent = wanted
        self.show_value(self._shown)

    @property
    def arithmetic(self) -> Arithmetic | None:
        """The calculation that is shown."""
        if self._shown is None:
            return None
        if self._wants_equivalent and self._shown.equivalent is not None:
            return self._shown.equivalent
        return self._shown.arithmetic

    @property
    def reach(self) -> str:
        """Which values depend on the one that is shown, in words."""
        return "" if self._shown is None else self._shown.reach

    def show_patch(self, step: int) -> None:
        """Show the window on the next or the previous channel."""
        self._patch += step
        self._clip_patch()
        self.update()

    def _clip_patch(self) -> None:
        count = len(self.arithmetic.patches) if self.arithmetic else 0
        self._patch = min(max(self._patch, 0), max(count - 1, 0))

    def sizeHint(self) -> QSize:
        width = sum(grid_width(grid) + GAP for grid in self._grids())
        if self._shown is not None:
            heading, steps = self._steps()
            width += 8 + steps_width(heading, len(steps))
            overlaps = self._overlaps()
            width += GAP + grid_width(overlaps) if overlaps is not None else 0
            width += GAP + origin_width() if self._shown.origin is not None else 0
        return QSize(round(width), round(enlarged(TITLE + GRID_HEIGHT)) + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown, arithmetic = self._shown, self.arithmetic
        if shown is None or arithmetic is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, top = 0.0, 2.0
        grids = self._grids()
        signs = ("→", "×", "=", "")[-len(grids) :] if len(grids) > 1 else ("",)
        for place, grid in enumerate(grids):
            behind = paint_grid(painter, grid, x, top, self._theme)
            paint_sign(painter, signs[place], behind + 4, top, grid, self._theme)
            x = behind + GAP
        heading, steps = self._steps()
        result = _RESULTS.get(arithmetic.operation, "result"), level_text(arithmetic.result)
        x = paint_steps(painter, heading, steps, result, x + 8, top, self._theme)
        overlaps = self._overlaps()
        if overlaps is not None:
            x = paint_grid(painter, overlaps, x + GAP, top, self._theme)
        if shown.origin is not None:
            paint_origin(painter, shown.origin, x + GAP, top, self._theme)

    def _grids(self) -> list[Grid]:
        """Return what stands side by side for the chosen patch."""
        arithmetic = self.arithmetic
        if arithmetic is None or not arithmetic.patches:
            return []
        patch = arithmetic.patches[self._patch]
        outside, inserted = _zeros(patch.rows, patch.columns)
        values = Grid(
            self._window_title(patch), patch.values, False, outside, self._winner(patch), inserted
        )
        if patch.weights is None:
            return [values]
        return [
            *self._surroundings(arithmetic),
            values,
            Grid(arithmetic.weights_name, patch.weights, True),
            Grid("products", patch.products, True),
        ]

    def _surroundings(self, arithmetic: Arithmetic) -> list[Grid]:
        """Return what the window lies on, where that is more than the input itself."""
        near = arithmetic.surroundings
        if near is None:
            return []
        outside, inserted = _zeros(near.rows, near.columns)
        read = near.window_lines, near.window_cells
        values = near.values[self._patch]
        return [Grid("zeros between inputs", values, False, outside, None, inserted, read=read)]

    def _overlaps(self) -> Grid | None:
        """Return how many inputs reach the outputs around the value, where that is known."""
        overlaps = self.arithmetic.overlaps if self.arithmetic is not None else None
        if overlaps is None or self._shown is None:
            return None
        _, row, column = self._shown.position
        here = row - overlaps.first_row, column - overlaps.first_column
        counts = overlaps.counts.astype(np.float64)
        return Grid("overlap counts", counts, False, winner=here, whole=True)

    def _window_title(self, patch: Patch) -> str:
        assert self.arithmetic is not None
        patches = self.arithmetic.patches
        if len({other.input_index for other in patches}) > 1:
            return f"input {patch.input_index + 1} of {len(patches)}"
        if len(patches) == 1:
            return f"channel {patch.channel}"
        return f"channel {patch.channel}, {self._patch + 1} of {len(patches)}"

    def _winner(self, patch: Patch) -> tuple[int, int] | None:
        if self.arithmetic is None or self.arithmetic.operation != "maximum":
            return None
        line, cell = np.unravel_index(int(np.argmax(patch.values)), patch.values.shape)
        return int(line), int(cell)

    def _steps(self) -> tuple[str, list[tuple[str, str]]]:
        """Return the heading and the lines of the calculation."""
        arithmetic = self.arithmetic
        assert arithmetic is not None
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


def _zeros(
    rows: tuple[int, ...], columns: tuple[int, ...]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which cells are padding, and which are zeros between the inputs."""
    down, across = np.array(rows)[:, None], np.array(columns)[None, :]
    outside = (down == PADDING) | (across == PADDING)
    return outside, ((down == INSERTED) | (across == INSERTED)) & ~outside


def _label(patch: Patch, patches: tuple[Patch, ...]) -> str:
    if len({other.input_index for other in patches}) > 1:
        return f"input {patch.input_index + 1}"
    return f"channel {patch.channel}"
