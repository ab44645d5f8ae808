"""Pictures and files that are dropped anywhere on the window."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from engine.problems import PictureError
from gui.fonts import text_font
from gui.pictures.picture_sources import local_files, may_hold_picture, source_in


class PictureDrops(QObject):
    """Watches a window for drops that nothing inside it has taken."""

    file_dropped = Signal(object)
    """A file of this computer, by its path: a picture, or whatever else can be opened."""
    picture_dropped = Signal(object)
    """A `PictureSource` that is no file, as a picture dragged out of a browser."""
    refused = Signal(str)
    """Why what was dropped is no picture."""
    several_dropped = Signal(int)
    """How many files were dropped at once; only the first is opened."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._veil = _Veil(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.DragLeave, QEvent.Type.Drop):
            self._veil.hide()
        if isinstance(event, QDropEvent) and may_hold_picture(event.mimeData()):
            # Enter and move events are drop events too.
            event.acceptProposedAction()
            if isinstance(event, QDragEnterEvent):
                self._veil.cover()
            elif kind == QEvent.Type.Drop:
                self._take(event)
            return True
        return super().eventFilter(watched, event)

    def _take(self, event: QDropEvent) -> None:
        data = event.mimeData()
        files = local_files(data)
        if files:
            self.file_dropped.emit(files[0])
            if len(files) > 1:
                self.several_dropped.emit(len(files))
            return
        try:
            source = source_in(data, "Dropped")
        except PictureError as error:
            self.refused.emit(str(error))
            return
        if source is None:
            self.refused.emit("What was dropped holds no picture.")
        else:
            self.picture_dropped.emit(source)


class _Veil(QWidget):
    """Covers the window while something is dragged over it, and says what a drop does."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Cover the whole window."""
        parent = self.parentWidget()
        assert parent is not None
        self.setGeometry(parent.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        ground = palette.window().color()
        ground.setAlpha(215)
        painter.fillRect(self.rect(), ground)
        painter.setPen(QPen(palette.highlight().color(), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(12, 12, -12, -12), 12, 12)
        painter.setPen(palette.windowText().color())
        painter.setFont(text_font(15, bold=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Drop to open")
