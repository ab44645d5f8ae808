"""A picture at halved sizes, as the window paints it."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPixmap

from engine.pictures.thumbnails import Colors


class PictureLevels:
    """Painted from the smallest level that has a pixel for every one of the screen.

    Made on any thread; painted on that of the window alone, which then keeps Qt's form of a level.
    """

    def __init__(self, levels: Sequence[Colors]) -> None:
        self._levels = levels
        self._pixmaps: dict[int, QPixmap] = {}

    @property
    def size(self) -> tuple[int, int]:
        """The (height, width) of the largest level."""
        height, width, _ = self._levels[0].shape
        return height, width

    def paint(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the picture into a rectangle."""
        device = painter.device()
        wanted = rect.width() * (1.0 if device is None else device.devicePixelRatioF())
        enough = [n for n, level in enumerate(self._levels) if level.shape[1] >= wanted]
        pixmap = self._pixmap(enough[-1] if enough else 0)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(rect, pixmap, QRectF(pixmap.rect()))

    def _pixmap(self, number: int) -> QPixmap:
        if number not in self._pixmaps:
            colors = self._levels[number]
            height, width, _ = colors.shape
            image = QImage(colors.data, width, height, 3 * width, QImage.Format.Format_RGB888)
            self._pixmaps[number] = QPixmap.fromImage(image)
        return self._pixmaps[number]
