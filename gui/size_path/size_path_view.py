"""The view of the size path: the size of every layer, from the picture to the output."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from engine.analysis import Analysis
from engine.size_path import PathBlock, SizePath, path_summary, size_path
from gui.elided_label import ElidedLabel
from gui.fonts import text_font
from gui.icons import icon
from gui.labels import set_role
from gui.size_path.size_path_painting import LEGEND, paint_size_path, path_columns, row_height_for
from gui.theme import Theme, color
from gui.wording import size_text


class SizePathCanvas(QWidget):
    """The drawing under the hand: a click selects a layer, the arrow keys go on to the next."""

    layer_chosen = Signal(str)
    layer_opened = Signal(str)
    """A layer that was double-clicked, or Enter."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._analysis: Analysis | None = None
        self._selected = self._hovered = ""
        self._order = "HWC"
        self._room = QSize(800, 500)
        self.path: SizePath | None = None
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Size path")

    def show_analysis(self, analysis: Analysis, selected: str, order: str) -> None:
        """Show the sizes of a network."""
        self._analysis, self._selected, self._order = analysis, selected, order
        self._lay_out()
        block = self.selected_block
        if block is not None:
            self.setAccessibleDescription(block_text(block, order))

    def set_room(self, room: QSize) -> None:
        """Fill a width, and a height where the network is small."""
        self._room = room
        self._lay_out()

    @property
    def selected_block(self) -> PathBlock | None:
        """The block of the selected layer."""
        blocks = self.path.blocks if self.path is not None else ()
        return next((block for block in blocks if block.node_id == self._selected), None)

    def _lay_out(self) -> None:
        if self._analysis is None:
            return
        row = row_height_for(len(self._analysis.layers), self._room.height())
        self.path = size_path(self._analysis, path_columns(self._room.width(), row))
        self.setMinimumSize(round(self.path.width), round(self.path.height))
        self.resize(max(self.minimumWidth(), self._room.width()), self.minimumHeight())
        self.update()

    # Qt's events

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.path is None:
            return
        painter = QPainter(self)
        paint_size_path(
            painter,
            self.path,
            self._theme,
            self._order,
            selected=self._selected,
            hovered=self._hovered,
            exposed=QRectF(event.rect()),
        )
        block = self.selected_block
        if self.hasFocus() and block is not None:
            painter.setPen(color(self._theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            row = self.path.columns.row_height
            painter.drawRect(QRectF(0.5, block.top + 0.5, self.width() - 1, row - 1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(event.position().y())

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        block = self.path.block_at(event.position().y()) if self.path is not None else None
        if block is not None and event.button() == Qt.MouseButton.LeftButton:
            self.layer_chosen.emit(block.node_id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        block = self.path.block_at(event.position().y()) if self.path is not None else None
        if block is not None:
            self.layer_opened.emit(block.node_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        blocks = self.path.blocks if self.path is not None else ()
        here = self.selected_block
        places = {
            Qt.Key.Key_Up: -1 if here is None else here.number - 1,
            Qt.Key.Key_Down: -1 if here is None else here.number + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(blocks) - 1,
        }
        place = places.get(Qt.Key(event.key()))
        if place is not None:
            if 0 <= place < len(blocks):
                self.layer_chosen.emit(blocks[place].node_id)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and here is not None:
            self.layer_opened.emit(here.node_id)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            block = self.path.block_at(event.pos().y()) if self.path is not None else None
            text = "" if block is None else block_text(block, self._order)
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _hover(self, y: float) -> None:
        block = self.path.block_at(y) if self.path is not None else None
        hovered = "" if block is None else block.node_id
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()


def block_text(block: PathBlock, order: str) -> str:
    """Return a layer's size and what it does to it, in a line."""
    size = size_text(block.shape, order) if block.shape is not None else "no size"
    change = f", {block.change}" if block.change else ""
    return f"{block.number} {block.title}: {size}{change}"


class SizePathView(QWidget):
    """The drawing, what it says in a sentence, and how it leaves the window."""

    closed = Signal()
    layer_chosen = Signal(str)
    layer_opened = Signal(str)
    copy_asked = Signal()
    save_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.canvas = SizePathCanvas(theme)
        self.back = QPushButton(icon("back", theme.text), "Flow")
        self.back.setToolTip("Back to the flow (Esc)")
        self.copy = QPushButton(icon("copy", theme.text), "Copy")
        self.copy.setToolTip("Copy the drawing as a picture")
        self.save = QPushButton(icon("export", theme.text), "Save …")
        self.save.setToolTip("Save the drawing as PNG or SVG")
        title = ElidedLabel()
        title.setText("Size path")
        title.setFont(text_font(11.5, bold=True))
        self.summary, legend = ElidedLabel(), ElidedLabel()
        legend.setText(LEGEND)
        set_role(legend, "muted")
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 18, 0)
        head.setSpacing(8)
        head.addWidget(self.back)
        head.addWidget(title, 1)
        head.addWidget(self.copy)
        head.addWidget(self.save)
        words = QVBoxLayout()
        words.setContentsMargins(12, 0, 12, 0)
        words.setSpacing(2)
        words.addWidget(self.summary)
        words.addWidget(legend)
        self.area = QScrollArea()
        self.area.setObjectName("window")
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.canvas)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(6)
        outer.addLayout(head)
        outer.addLayout(words)
        outer.addWidget(self.area, 1)
        self.setFocusProxy(self.canvas)
        self.back.clicked.connect(lambda: self.closed.emit())
        self.copy.clicked.connect(lambda: self.copy_asked.emit())
        self.save.clicked.connect(lambda: self.save_asked.emit())
        self.canvas.layer_chosen.connect(self.layer_chosen)
        self.canvas.layer_opened.connect(self.layer_opened)

    def show_analysis(self, analysis: Analysis, selected: str, order: str) -> None:
        """Show the sizes of a network, with the selected layer in sight."""
        self.summary.setText(path_summary(analysis))
        self.canvas.show_analysis(analysis, selected, order)
        block, path = self.canvas.selected_block, self.canvas.path
        if block is not None and path is not None:
            middle = round(block.top + path.columns.row_height / 2)
            self.area.ensureVisible(0, middle, 0, round(2 * path.columns.row_height))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        bar = self.area.verticalScrollBar().sizeHint().width()
        room = self.area.size()
        self.canvas.set_room(QSize(room.width() - bar, room.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self.closed.emit()
        else:
            super().keyPressEvent(event)
