"""A picture with a frame on it: where both stand, and where a frame is taken hold of.

Shared by the crop view and the picture's row. Frames and places on the picture are in its pixels,
rows before columns; points are Qt's.
"""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from engine.pictures.crop_frame import moved, resized
from engine.pictures.size_policy import Rectangle, Size

Handle = tuple[int, int]
"""Which edges are held: (vertical, horizontal), each −1, 0 or 1; (0, 0) is the frame itself."""

GRIP = 9.0
"""How near to an edge or corner it is taken hold of."""

_CURSORS = {
    (0, 0): Qt.CursorShape.SizeAllCursor,
    (1, 0): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeHorCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
}

# Light beside dark: one of them can be seen on any picture.
_LIGHT, _DARK = QColor(255, 255, 255), QColor(0, 0, 0, 190)
_SHADE = QColor(0, 0, 0, 135)


@dataclass(frozen=True)
class CropCanvas:
    """A picture of a size, drawn as large as it fits into a room."""

    room: QRectF
    size: Size

    @property
    def picture(self) -> QRectF:
        """Where the picture stands, in the middle of the room."""
        height, width = self.size
        scale = min(self.room.width() / width, self.room.height() / height)
        shown = QRectF(0, 0, width * scale, height * scale)
        shown.moveCenter(self.room.center())
        return shown

    @property
    def scale(self) -> float:
        """How long a pixel of the picture is."""
        return self.picture.width() / self.size[1]

    def rect(self, frame: Rectangle) -> QRectF:
        """Return where a frame stands."""
        top, left, height, width = frame
        corner, scale = self.picture.topLeft(), self.scale
        return QRectF(
            corner.x() + left * scale, corner.y() + top * scale, width * scale, height * scale
        )

    def handle_at(self, frame: Rectangle, point: QPointF) -> Handle | None:
        """Return what of a frame is at a point; a small frame keeps an inside to move it by."""
        rect = self.rect(frame)
        if not rect.adjusted(-GRIP, -GRIP, GRIP, GRIP).contains(point):
            return None
        return (
            _edge_at(point.y(), rect.top(), rect.bottom()),
            _edge_at(point.x(), rect.left(), rect.right()),
        )

    def grab(self, frame: Rectangle, point: QPointF) -> "Grab | None":
        """Take hold of a frame at a point, if it is there."""
        handle = self.handle_at(frame, point)
        return None if handle is None else Grab(self, frame, handle, point)


@dataclass(frozen=True)
class Grab:
    """A frame that is held, as it was when it was taken hold of."""

    canvas: CropCanvas
    frame: Rectangle
    handle: Handle
    point: QPointF

    def frame_at(self, point: QPointF, *, keep_proportions: bool = True) -> Rectangle:
        """Return the frame when it has been dragged to a point."""
        offset = (point - self.point) / self.canvas.scale
        down, right = round(offset.y()), round(offset.x())
        top, left, height, width = self.frame
        if self.handle == (0, 0):
            return moved(self.frame, down, right, self.canvas.size)
        # The edge moves as far as the pointer does, wherever within its grip it was taken.
        end = (
            top + (height if self.handle[0] > 0 else 0) + down,
            left + (width if self.handle[1] > 0 else 0) + right,
        )
        return resized(
            self.frame, self.handle, end, self.canvas.size, keep_proportions=keep_proportions
        )


def cursor_for(handle: Handle | None) -> Qt.CursorShape:
    """Return the pointer's shape over a part of a frame."""
    if handle is None:
        return Qt.CursorShape.ArrowCursor
    vertical, horizontal = handle
    sign = -1 if vertical < 0 or (vertical == 0 and horizontal < 0) else 1
    return _CURSORS[vertical * sign, horizontal * sign]


def paint_frame(
    painter: QPainter, canvas: CropCanvas, frame: Rectangle, *, is_active: bool
) -> None:
    """Paint a frame and darken what is outside; an active one shows what it is taken hold of by."""
    picture, rect = canvas.picture, canvas.rect(frame)
    outside = QPainterPath()
    outside.addRect(picture)
    inside = QPainterPath()
    inside.addRect(rect)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(outside.subtracted(inside), _SHADE)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(_DARK, 4 if is_active else 3), QPen(_LIGHT, 2 if is_active else 1.4)):
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(rect)
    if is_active:
        painter.setPen(QPen(_DARK, 1))
        painter.setBrush(_LIGHT)
        for point in _handle_points(rect):
            painter.drawRect(QRectF(point.x() - 3.5, point.y() - 3.5, 7, 7))
    painter.restore()


def _handle_points(rect: QRectF) -> list[QPointF]:
    """Return the corners and the middles of the edges; only the corners of a small frame."""
    xs = (rect.left(), rect.center().x(), rect.right())
    ys = (rect.top(), rect.center().y(), rect.bottom())
    has_middles = min(rect.width(), rect.height()) > 6 * GRIP
    return [
        QPointF(x, y)
        for row, y in enumerate(ys)
        for column, x in enumerate(xs)
        if (row != 1 and column != 1) or ((row != 1 or column != 1) and has_middles)
    ]


def _edge_at(place: float, start: float, end: float) -> int:
    """Return −1 near the start, 1 near the end; at least the middle third is neither."""
    grip = min(GRIP, (end - start) / 3)
    if place < start + grip:
        return -1
    return 1 if place > end - grip else 0
