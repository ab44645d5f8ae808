"""Small pictures of kernels, every weight a square of its color."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap

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
    image = bank_image(name, height, width)
    ratio = Qt.AspectRatioMode.KeepAspectRatio
    return QIcon(QPixmap.fromImage(image.scaled(QSize(64, 64), ratio)))


def readable_on(background: QColor) -> QColor:
    """Return black or white, whichever is read more easily on a color."""
    # WCAG 2.2: a relative luminance of 0.179 has the same contrast to both.
    parts = [background.redF(), background.greenF(), background.blueF()]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    is_light = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179
    return QColor("#10131a") if is_light else QColor("#ffffff")
