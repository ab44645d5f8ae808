"""The whole picture with the frame of its crop, which is dragged and resized on it."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.pictures.crop_frame import cropped, moved, scaled
from engine.pictures.size_policy import Rectangle, SizePolicy
from gui.pictures.crop_canvas import CropCanvas, Grab, cursor_for, paint_frame
from gui.pictures.picture_state import PictureState

MERGE = "crop"
"""Edits of one drag, or of one key that is held, are one step under this key."""

HELP = (
    "Drag the frame to move it, its edges to resize it; Shift changes its proportions. "
    "Arrow keys move it, with Ctrl pixel by pixel; + and − resize it, Home centers it."
)

_MARGIN = 6.0
_ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_FACTORS = {
    Qt.Key.Key_Plus: 1.05,
    Qt.Key.Key_Equal: 1.05,
    Qt.Key.Key_Minus: 1 / 1.05,
}


class CropView(QWidget):
    """Shows the frame of a policy that crops, and says how it is changed."""

    policy_edited = Signal(SizePolicy, object)
    """The policy with another frame, and the key under which such edits are one step."""
    settled = Signal()
    """A drag or a key has ended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Part of the picture that is used")
        self.setToolTip(HELP)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._state: PictureState | None = None
        self._grab: Grab | None = None
        self._key: int | None = None

    def show_state(self, state: PictureState) -> None:
        """Show a picture, with its frame if it is cropped."""
        self._state = state
        frame = state.frame
        if frame is not None:
            self.setAccessibleDescription(f"{frame_text(frame)}. {HELP}")
        self.updateGeometry()
        self.update()

    @property
    def canvas(self) -> CropCanvas | None:
        """Where the picture stands; None without one."""
        size = self._state.size if self._state is not None else None
        if size is None:
            return None
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        return CropCanvas(room, size)

    @property
    def frame(self) -> Rectangle | None:
        """The frame that is shown."""
        return self._state.frame if self._state is not None else None

    def sizeHint(self) -> QSize:
        return QSize(360, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 120)

    def paintEvent(self, event: QPaintEvent) -> None:
        state, canvas = self._state, self.canvas
        if state is None or canvas is None:
            return
        painter = QPainter(self)
        if state.overview is not None and state.overview.levels is not None:
            state.overview.levels.paint(painter, canvas.picture)
        if state.frame is not None:
            paint_frame(painter, canvas, state.frame, is_active=self.isEnabled())
        if self.hasFocus():
            painter.setPen(self.palette().highlight().color())
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        canvas, frame = self.canvas, self.frame
        if event.button() == Qt.MouseButton.LeftButton and canvas is not None and frame is not None:
            self._grab = canvas.grab(frame, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        canvas, frame = self.canvas, self.frame
        if self._grab is not None:
            free = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._edit(self._grab.frame_at(event.position(), keep_proportions=not free))
        elif canvas is not None and frame is not None:
            self.setCursor(cursor_for(canvas.handle_at(frame, event.position())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._grab is not None and event.button() == Qt.MouseButton.LeftButton:
            self._grab = None
            self.settled.emit()

    # The keyboard

    def event(self, event: QEvent) -> bool:
        is_key = event.type() == QEvent.Type.ShortcutOverride
        if is_key and isinstance(event, QKeyEvent) and _is_for_frame(event.key()):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        frame, size = self.frame, self._state.size if self._state is not None else None
        if frame is None or size is None or not _is_for_frame(event.key()):
            super().keyPressEvent(event)
            return
        self._key = event.key()
        if event.key() == Qt.Key.Key_Home:
            self._edit(None)
            return
        key = Qt.Key(event.key())
        if key in _FACTORS:
            self._edit(scaled(frame, _FACTORS[key], size))
            return
        by_pixel = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        step = 1 if by_pixel else max(round(max(size) / 100), 1)
        down, right = _ARROWS[key]
        self._edit(moved(frame, down * step, right * step, size))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == self._key and not event.isAutoRepeat():
            self._end_key()
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._end_key()
        self.update()

    def _end_key(self) -> None:
        if self._key is not None:
            self._key = None
            self.settled.emit()

    def _edit(self, frame: Rectangle | None) -> None:
        state = self._state
        if state is not None and frame != state.policy.crop:
            self.policy_edited.emit(cropped(state.policy, frame), MERGE)


def frame_text(frame: Rectangle) -> str:
    """Return which part of the picture a frame is, in words.

    >>> frame_text((10, 0, 100, 50))
    'Rows 10 to 109, columns 0 to 49'
    """
    top, left, height, width = frame
    return f"Rows {top} to {top + height - 1}, columns {left} to {left + width - 1}"


def _is_for_frame(key: int) -> bool:
    return key in _ARROWS or key in _FACTORS or key == Qt.Key.Key_Home
