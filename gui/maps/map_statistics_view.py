"""What the values of a map are like: numbers, and a histogram in the colors of the maps."""

from dataclasses import dataclass
from math import ceil, isnan, sqrt

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QSizePolicy,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from engine.sheets.color_maps import DIVERGING, SEQUENTIAL, ColorMap
from engine.sheets.histogram import Histogram, histogram
from engine.sheets.level_range import Range, level_range
from engine.sheets.map_sheet import MapSheet
from engine.sheets.map_statistics import (
    LayerStatistics,
    MapStatistics,
    map_statistics,
)
from engine.wording import with_article
from gui.fonts import number_font
from gui.labels import on_one_baseline, result_label, set_role, text_label
from gui.wording import level_text

BINS = 48
"""Bars of the histogram."""
_MOST_COUNTED = 1 << 18
"""The histogram of more values is one of a sample of rows and columns: it must not be felt."""


@dataclass(frozen=True, eq=False)
class ShownMap:
    """A map's numbers; ``share`` is the part of the values that the histogram counts."""

    title: str
    statistics: MapStatistics
    histogram: Histogram
    share: float = 1.0


def shown_map(maps: NDArray[np.float32], statistics: LayerStatistics, channel: int) -> ShownMap:
    """Return the numbers of one map of a layer (C, H, W); those not yet known are computed."""
    values = maps[channel]
    step = max(1, ceil(sqrt(values.size / _MOST_COUNTED)))
    counted = values[::step, ::step]
    return ShownMap(
        f"Map {channel} of {len(maps):,}",
        statistics[channel] if channel < len(statistics) else map_statistics(values),
        histogram(counted, BINS),
        counted.size / values.size,
    )


class MapStatisticsView(QWidget):
    """Range, mean, deviation, zeros, what is no number, and the histogram of one map."""

    _NAMES = ("minimum", "mean", "maximum", "deviation", "zeros", "values")
    """A line each: three numbers beside each other run together where they are long."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(textFormat=Qt.TextFormat.PlainText)
        set_role(self.title, "heading")
        self.values = {name: result_label() for name in self._NAMES}
        self.broken = text_label(role="warning")
        self.histogram = HistogramView()
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        for line, (name, label) in enumerate(self.values.items()):
            caption = QLabel(name)
            set_role(caption, "muted")
            on_one_baseline(caption, label)
            grid.addWidget(caption, line, 0)
            grid.addWidget(label, line, 1)
        column_layout = QVBoxLayout(self)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.setSpacing(6)
        column_layout.addWidget(self.title)
        column_layout.addLayout(grid)
        column_layout.addWidget(self.broken)
        column_layout.addWidget(self.histogram)

    def show_map(self, shown: ShownMap | None) -> None:
        """Show a map's numbers; nothing for None."""
        self.setVisible(shown is not None)
        if shown is None:
            return
        found = shown.statistics
        self.title.setText(shown.title)
        texts = (
            level_text(found.minimum),
            level_text(found.mean),
            level_text(found.maximum),
            level_text(found.deviation),
            f"{found.zeros:.0%}" if found.zeros in (0.0, 1.0) else f"{found.zeros:.1%}",
            f"{found.values:,}",
        )
        for (name, label), text in zip(self.values.items(), texts, strict=True):
            label.setText("–" if "nan" in text else text)
            label.setAccessibleName(f"{name}: {label.text()}")
        self.broken.setText(broken_text(found))
        self.broken.setVisible(bool(self.broken.text()))
        self.histogram.setVisible(found.finite > 0)
        self.histogram.show_histogram(shown)

    def show_colors(self, sheet: MapSheet | None, index: int) -> None:
        """Give the bars the colors that the values of a map have where it is drawn."""
        if sheet is not None:
            ranges = sheet.levels.ranges
            low, high = ranges[min(index, len(ranges) - 1)].tolist()
            # A map that is not drawn has a range of its own, unless all have one.
            is_known = index < len(ranges) or sheet.levels.shared is not None
            self.histogram.show_colors(sheet.color_map, (low, high) if is_known else None)


def broken_text(found: MapStatistics) -> str:
    """Return how many values are no numbers, as a sentence.

    >>> broken_text(MapStatistics(4, 0.0, 1.0, 0.5, 0.5, 0.5, nans=1, infinities=2))
    '⚠ 1 value is NaN, 2 are infinite; the numbers here leave them out.'
    """
    parts: list[str] = []
    for count, name in ((found.nans, "NaN"), (found.infinities, "infinite")):
        if count:
            noun = "" if parts else " value" if count == 1 else " values"
            parts.append(f"{count:,}{noun} {'is' if count == 1 else 'are'} {name}")
    return f"⚠ {', '.join(parts)}; the numbers here leave them out." if parts else ""


class HistogramView(QWidget):
    """Bars in the colors that the values have on the maps; a tip says what each counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: ShownMap | None = None
        self._range: Range = (0.0, 0.0)
        self._colors: ColorMap = SEQUENTIAL
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Histogram")

    def show_histogram(self, shown: ShownMap) -> None:
        """Show how a map's values are distributed."""
        self._shown = shown
        found = shown.statistics
        self._range = level_range(found.minimum, found.maximum)
        self._colors = DIVERGING if found.minimum < 0 else SEQUENTIAL
        self.setAccessibleDescription(self._most_frequent())
        self.update()

    def show_colors(self, colors: ColorMap, levels: Range | None) -> None:
        """Show the bars in a map's colors, with its own range if there is no other."""
        self._colors, self._range = colors, levels or self._range
        self.update()

    def color_of(self, value: float) -> QColor:
        """Return the color of a value; beyond the ends, that of the end."""
        low, high = self._range
        fraction = (value - low) / (high - low) if high > low else 0.5 if low < 0 else 0.0
        red, green, blue = self._colors.at(fraction).tolist()
        return QColor(red, green, blue)

    def sizeHint(self) -> QSize:
        return QSize(200, 64 + self._axis_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.sizeHint().height())

    def _axis_height(self) -> int:
        return self.fontMetrics().height()

    def _bars(self) -> list[QRectF]:
        """Return where the bars stand; heights go with the square root, so that few are seen."""
        if self._shown is None:
            return []
        counts = self._shown.histogram.counts.tolist()
        most = max(*counts, 1)
        width = self.width() / len(counts)
        floor = self.height() - self._axis_height()
        bars = []
        for place, count in enumerate(counts):
            height = max(sqrt(count / most) * (floor - 2), 1.5) if count else 0.0
            gap = 1.0 if width > 3 else 0.0
            bars.append(QRectF(place * width, floor - height, width - gap, height))
        return bars

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._shown is None:
            return
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        edges = self._shown.histogram.edges
        for bar, low, high in zip(self._bars(), edges, edges[1:], strict=False):
            painter.setBrush(self.color_of((float(low) + float(high)) / 2))
            painter.drawRect(bar)
        self._paint_outline(painter)
        self._paint_axis(painter)

    def _paint_outline(self, painter: QPainter) -> None:
        """Draw the tops: some colors are nearly those of the panel."""
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1))
        tops = [
            QPointF(x, bar.top() + 0.5)
            for bar in self._bars()
            for x in (bar.left(), bar.right() + 1)
        ]
        painter.drawPolyline(tops)

    def _paint_axis(self, painter: QPainter) -> None:
        """Write the ends, and mark zero where it lies between them."""
        assert self._shown is not None
        edges = self._shown.histogram.edges
        low, high = float(edges[0]), float(edges[-1])
        floor = self.height() - self._axis_height()
        room = QRectF(0, floor + 1, self.width(), self._axis_height())
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        painter.setPen(QPen(muted, 1))
        painter.drawLine(QPointF(0, floor + 0.5), QPointF(self.width(), floor + 0.5))
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.setFont(number_font(8))
        middle = Qt.AlignmentFlag.AlignVCenter
        texts = (level_text(low), level_text(high))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, texts[0])
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | middle, texts[1])
        if low < 0 < high:
            x = self.width() * -low / (high - low)
            painter.drawLine(QPointF(x, floor), QPointF(x, floor + 4))
            metrics = painter.fontMetrics()
            clear = [metrics.horizontalAdvance(text) + 8 for text in texts]
            if clear[0] < x < self.width() - clear[1]:
                zero = QRectF(x - 10, room.top() + 2, 20, room.height() - 2)
                painter.drawText(zero, Qt.AlignmentFlag.AlignHCenter | middle, "0")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.bar_text(event.pos().x()), self)
            return True
        return super().event(event)

    def bar_text(self, x: float) -> str:
        """Return what the bar at a place counts."""
        if self._shown is None:
            return ""
        counts, edges = self._shown.histogram.counts, self._shown.histogram.edges
        place = min(max(int(x * len(counts) / max(self.width(), 1)), 0), len(counts) - 1)
        total = max(int(counts.sum()), 1)
        percent = round(self._shown.share * 100)
        part = f" of {with_article(percent)}% sample" if self._shown.share < 1 else ""
        return (
            f"{level_text(float(edges[place]))} to {level_text(float(edges[place + 1]))}: "
            f"{int(counts[place]):,} value{'s' if counts[place] != 1 else ''}, "
            f"{counts[place] / total:.1%}{part}. The height goes with the square root."
        )

    def _most_frequent(self) -> str:
        """Return the histogram in a sentence, for a screen reader."""
        assert self._shown is not None
        found = self._shown.statistics
        if isnan(found.mean):
            return "No value is a number."
        counts = self._shown.histogram.counts
        most = int(counts.argmax())
        return f"Most values: {self.bar_text((most + 0.5) * self.width() / len(counts))}"
