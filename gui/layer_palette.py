"""The palette: every layer kind, to drag into the flow or insert behind the selected layer."""

from functools import cached_property

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QEnterEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from engine.kind_names import names_elsewhere
from engine.layer import Layer
from engine.registry import all_kinds
from gui.flow.drop_guide import KIND_MIME
from gui.fonts import text_font
from gui.icons import kind_icon
from gui.theme import Theme, color
from gui.wording import kind_help

_BAR = 10
"""Width of the scroll bar in the style sheet."""
_BESIDE_BAR = 3


class LayerPalette(QWidget):
    """A filter and a list of kinds by category."""

    kind_chosen = Signal(str)
    """A kind was double-clicked, or chosen with Enter."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.filter = QLineEdit(placeholderText="Filter …", clearButtonEnabled=True)
        self.filter.setAccessibleName("Filter layers")
        self.filter.textChanged.connect(self._on_filter_changed)
        self.filter.returnPressed.connect(self._on_filter_entered)
        self._headings: dict[str, QLabel] = {}
        self._entries: list[KindEntry] = []
        entries = QWidget()
        entries.setObjectName("panel")
        column = QVBoxLayout(entries)
        column.setContentsMargins(0, 0, _BESIDE_BAR, 8)
        column.setSpacing(4)
        for kind_id, kind in all_kinds().items():
            if kind_id == "input":
                continue
            category = kind.kind.category
            if category not in self._headings:
                heading = QLabel(category)
                heading.setProperty("role", "muted")
                heading.setContentsMargins(2, 8, 0, 1)
                column.addWidget(heading)
                self._headings[category] = heading
            entry = KindEntry(kind_id, kind, theme)
            entry.chosen.connect(self.kind_chosen)
            entry.moved.connect(self._on_moved)
            column.addWidget(entry)
            self._entries.append(entry)
        self._nothing = QLabel("No layer of that name.", wordWrap=True)
        self._nothing.setProperty("role", "muted")
        self._nothing.hide()
        column.addWidget(self._nothing)
        column.addStretch()
        self._scroll = QScrollArea(widgetResizable=True)
        self._scroll.setObjectName("panel")
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(entries)
        title = QLabel("LAYERS")
        title.setProperty("role", "heading")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(10, 12, 3, 4)
        outer.setSpacing(8)
        outer.addWidget(title)
        # As wide as the entries, which leave room for the scroll bar.
        aligned = QHBoxLayout()
        aligned.setContentsMargins(0, 0, _BAR + _BESIDE_BAR, 0)
        aligned.addWidget(self.filter)
        outer.addLayout(aligned)
        outer.addWidget(self._scroll)
        self.setMinimumWidth(170)

    def show_theme(self, theme: Theme) -> None:
        """Paint the entries in a theme's colors."""
        for entry in self._entries:
            entry.show_theme(theme)

    def visible_kinds(self) -> tuple[str, ...]:
        """Return the kinds that pass the filter."""
        return tuple(entry.kind_id for entry in self._entries if not entry.isHidden())

    def _on_filter_changed(self, text: str) -> None:
        words = text.casefold().split()
        categories = set()
        for entry in self._entries:
            matches = all(word in entry.searched for word in words)
            entry.setVisible(matches)
            if matches:
                categories.add(entry.category)
        for category, heading in self._headings.items():
            heading.setVisible(category in categories)
        self._nothing.setVisible(not categories)

    def _on_filter_entered(self) -> None:
        kinds = self.visible_kinds()
        if kinds:
            self.kind_chosen.emit(kinds[0])

    def _on_moved(self, entry: "KindEntry", step: int) -> None:
        shown = [other for other in self._entries if not other.isHidden()]
        place = shown.index(entry) + step
        if 0 <= place < len(shown):
            shown[place].setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.ensureWidgetVisible(shown[place])
        elif place < 0:
            self.filter.setFocus(Qt.FocusReason.BacktabFocusReason)


class KindEntry(QWidget):
    """One kind: dragged with the mouse, or chosen with Enter."""

    chosen = Signal(str)
    moved = Signal(object, int)

    def __init__(self, kind_id: str, kind: type[Layer], theme: Theme) -> None:
        super().__init__()
        self.kind_id = kind_id
        self.label = kind.kind.label
        self.category = kind.kind.category
        self._theme = theme
        self._press: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.label)
        self.setAccessibleDescription(kind_help(kind))
        self.setToolTip(f"<b>{self.label}</b><br>{kind_help(kind)}")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    @cached_property
    def searched(self) -> str:
        """All names of the kind; found out when the first is searched, which no start waits for."""
        return f"{self.label} {self.category} {names_elsewhere(self.kind_id)}".casefold()

    def show_theme(self, theme: Theme) -> None:
        """Paint in a theme's colors."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(150, round(self.fontMetrics().height() * 1.75))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        theme = self._theme
        painter.setPen(color(theme.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.block_hover if self.underMouse() else theme.block))
        painter.drawRoundedRect(room, 5, 5)
        size = self.fontMetrics().height()
        icon = kind_icon(self.kind_id, theme.muted)
        icon.paint(painter, QRectF(room.left() + 8, room.center().y() - size / 2, size, size)
                   .toRect())  # fmt: skip
        painter.setPen(color(theme.text))
        painter.setFont(text_font(10))
        text_room = room.adjusted(15 + size, 0, -4, 0)
        shown = self.fitting_label(QFontMetricsF(text_font(10)), text_room.width())
        painter.drawText(text_room, Qt.AlignmentFlag.AlignVCenter, shown)

    def fitting_label(self, metrics: QFontMetricsF, width: float) -> str:
        """Return the label as it has room: the heading above may say its end.

        "Depthwise" stands below "Convolution", "Local response" below "Normalization".
        """
        if metrics.horizontalAdvance(self.label) <= width:
            return self.label
        beginning, _, last = self.label.rpartition(" ")
        shorter = beginning if self.category.lower().startswith(last) else self.label
        return metrics.elidedText(shorter, Qt.TextElideMode.ElideRight, width)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position()
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._press
        if start is None or (event.position() - start).manhattanLength() < 8:
            return
        self._press = None
        self._drag()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.kind_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.kind_id)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.moved.emit(self, 1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def _drag(self) -> None:
        data = QMimeData()
        data.setData(KIND_MIME, self.kind_id.encode())
        scale = self.devicePixelRatioF()
        picture = QPixmap(self.size() * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        self.render(picture)
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(picture)
        drag.exec(Qt.DropAction.CopyAction)
