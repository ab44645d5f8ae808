"""Small pictures of kernels, every weight a square of its color."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage, QPainter, QPalette, QPixmap

from engine.sheets.kernel_colors import kernel_colors
from engine.weighting.kernel_bank import KERNELS

LARGEST_SIDE = 11
"""A larger kernel is pictured at this size: its cells could not be told apart."""


def kernel_image(kernel: NDArray[np.float64]) -> QImage:
    """Return a kernel's picture, a pixel for each weight."""
    colors = np.ascontiguousarray(kernel_colors(kernel))
    height, width, _ = colors.shape
    return QImage(colors.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def bank_image(name: str, height: int, width: int) -> QImage:
    """Return the picture of a kernel of the bank as it is at that height and width."""
    make = KERNELS[name].make
    return kernel_image(make(min(height, LARGEST_SIDE), min(width, LARGEST_SIDE)))


def bank_icon(name: str, height: int, width: int) -> QIcon:
    """Return the picture as an icon."""
    pixmap = QPixmap(64, 64)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_kernel(painter, QRectF(2, 2, 60, 60), bank_image(name, height, width), line=3)
    painter.end()
    return QIcon(pixmap)


def paint_kernel(painter: QPainter, room: QRectF, image: QImage, line: int = 1) -> None:
    """Paint a kernel's picture in the middle of a room, its cells square and sharp.

    A line around it keeps its nearly white cells from a white panel.
    """
    size = image.size().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(QPointF(), size)
    place.moveCenter(room.center())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    edge = QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText)
    edge.setAlphaF(0.6)
    painter.fillRect(place.adjusted(-line, -line, line, line), edge)
    painter.drawImage(place, image)
    painter.restore()


def readable_on(background: QColor) -> QColor:
    """Return black or white, whichever is read more easily on a color."""
    # WCAG 2.2: a relative luminance of 0.179 has the same contrast to both.
    parts = [background.redF(), background.greenF(), background.blueF()]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    is_light = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179
    return QColor("#10131a") if is_light else QColor("#ffffff")
