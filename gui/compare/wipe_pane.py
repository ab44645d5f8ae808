"""Two maps over each other, and a line that wipes from one to the other."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from gui.cell_numbers import value_text
from gui.fonts import text_font
from gui.maps.map_canvas import MapCanvas
from gui.maps.map_pane import MapPane
from gui.maps.map_picture import MapContent
from gui.theme import Theme, color

_HANDLE = 17
"""Width of what takes the mouse around the line."""
_GRIP = 6.0
_STEP, _FAR_STEP = 0.01, 0.1


class WipeLine(QWidget):
    """The line between both maps: dragged, or moved by the arrow keys."""

    moved = Signal(float)
    """The share of the canvas at the left of the line, 0 to 1."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.share = 0.5
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAccessibleName("Wipe")
        self.setToolTip("Drag it, or move it with the arrow keys, to wipe from one to the other")

    def move_to(self, share: float) -> None:
        """Put the line at a share of the canvas, and say so."""
        self.share = min(max(share, 0.0), 1.0)
        self.setAccessibleDescription(f"{self.share:.0%} at the left of the line")
        self.moved.emit(self.share)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.width() / 2
        top, bottom = QPointF(middle, 0), QPointF(middle, self.height())
        # A light line with dark edges is seen on every color map.
        painter.setPen(QPen(color("#0a0c10"), 4))
        painter.drawLine(top, bottom)
        line = color("#5aa5f7" if self.hasFocus() else "#ffffff")
        painter.setPen(QPen(line, 2))
        painter.drawLine(top, bottom)
        painter.setPen(QPen(color("#0a0c10"), 1.2))
        painter.setBrush(line)
        center = QPointF(middle, self.height() / 2)
        painter.drawEllipse(center, _GRIP, _GRIP)
        painter.drawLine(center + QPointF(-2, -2.5), center + QPointF(-2, 2.5))
        painter.drawLine(center + QPointF(2, -2.5), center + QPointF(2, 2.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        canvas = self.parentWidget()
        if canvas is not None and event.buttons() & Qt.MouseButton.LeftButton:
            place = canvas.mapFromGlobal(event.globalPosition())
            self.move_to(place.x() / max(canvas.width(), 1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = _FAR_STEP if is_far else _STEP
        places = {
            Qt.Key.Key_Left: self.share - step,
            Qt.Key.Key_Right: self.share + step,
            Qt.Key.Key_Home: 0.0,
            Qt.Key.Key_End: 1.0,
        }
        if Qt.Key(event.key()) in places:
            self.move_to(places[Qt.Key(event.key())])
        else:
            event.ignore()  # the keys of the comparison


class WipePane(MapPane):
    """At the left of the line the first map is seen, at its right the second, at one place."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Second map", theme, parent)
        self._names = ("", "")
        self._curtain = QWidget(self.canvas)
        self.first = MapCanvas(theme, self._curtain)
        self.first.setAccessibleName("First map")
        # Beneath the line one canvas takes the keyboard, and not both.
        self.first.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tags = QLabel(self.canvas), QLabel(self.canvas)
        for tag in self.tags:
            tag.setTextFormat(Qt.TextFormat.PlainText)
            tag.setFont(text_font(9, bold=True))
            tag.setStyleSheet(
                f"background: {theme.panel}; color: {theme.text}; border-radius: 4px; "
                f"border: 1px solid {theme.border}; padding: 1px 6px;"
            )
            tag.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.line = WipeLine(self.canvas)
        self.line.moved.connect(self._place_line)
        self.first.cell_changed.connect(self._say_cell)
        self.canvas.installEventFilter(self)

    def show_both(
        self, title: str, names: tuple[str, str], one: MapContent, other: MapContent, notes: str
    ) -> None:
        """Show two maps of one height and width, by their names."""
        self._names = names
        for tag, name in zip(self.tags, names, strict=True):
            tag.setText(name)
            tag.adjustSize()
        self.first.show_content(one)
        self.show_content(title, other, notes)
        self._place_line()

    def _place_line(self) -> None:
        """Let the curtain, with the first map on it, end at the line."""
        width, height = self.canvas.width(), self.canvas.height()
        x = round(self.line.share * width)
        self.first.setGeometry(0, 0, width, height)
        self._curtain.setGeometry(0, 0, x, height)
        self.line.setGeometry(x - _HANDLE // 2, 0, _HANDLE, height)
        left, right = self.tags
        top = round(self.canvas.room.top) + 6
        left.move(x - left.width() - 10, top)
        right.move(x + 10, top)
        left.setVisible(left.x() > 0)
        right.setVisible(right.x() + right.width() < width)

    def _say_cell(self) -> None:
        super()._say_cell()
        cell, contents = self.canvas.cell, (self.first.content, self.canvas.content)
        if cell is None or any(c is None or not c.holds(*cell) for c in contents):
            return
        row, column = cell
        sheet = self.canvas.sheet
        signed = sheet is not None and sheet.levels.signed
        values = (
            f"{name.lower()} {value_text(float(content.values[row, column]), signed=signed)}"
            for name, content in zip(self._names, contents, strict=True)
            if content is not None
        )
        self.cell.setText(f"row {row}, column {column}: {', '.join(values)}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.canvas and event.type() == QEvent.Type.Resize:
            self._place_line()
        return super().eventFilter(watched, event)
