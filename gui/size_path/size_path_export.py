"""The size path as a picture or a drawing of its own, with what it says and what it means."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, QSize
from PySide6.QtGui import QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgGenerator

from engine.analysis import Analysis
from engine.size_path import SizePath, path_summary, size_path
from gui.flow.row_painting import write_line
from gui.fonts import text_font
from gui.size_path.size_path_painting import LEGEND, paint_size_path, path_columns
from gui.theme import Theme, color

_WIDTH, _ROW = 960.0, 26.0
_MARGIN, _LINE = 16.0, 22.0
_SHARPNESS = 2
"""How many pixels of the picture a pixel of the drawing takes."""
_MOST_PIXELS = 30_000
"""Higher pictures are less sharp: many programs refuse them."""


def path_image(analysis: Analysis, theme: Theme, order: str) -> QImage:
    """Return the size path as a picture."""
    path = _path(analysis)
    size = _size(path)
    scale = _SHARPNESS if size.height() * _SHARPNESS <= _MOST_PIXELS else 1
    image = QImage(size * scale, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(scale, scale)
    _paint(painter, analysis, path, theme, order)
    painter.end()
    return image


def path_png(analysis: Analysis, theme: Theme, order: str) -> bytes:
    """Return that picture as a PNG file's bytes."""
    stream = QBuffer()
    stream.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(stream, QByteArray(b"png")).write(path_image(analysis, theme, order))
    return bytes(stream.data().data())


def path_svg(analysis: Analysis, theme: Theme, order: str) -> bytes:
    """Return the size path as an SVG file's bytes."""
    path = _path(analysis)
    size, data = _size(path), QByteArray()
    stream = QBuffer(data)
    stream.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(stream)
    generator.setSize(size)
    generator.setViewBox(QRectF(0, 0, size.width(), size.height()))
    generator.setTitle("Size path")
    generator.setDescription(path_summary(analysis))
    painter = QPainter(generator)
    _paint(painter, analysis, path, theme, order)
    painter.end()
    stream.close()
    return bytes(data.data())


FILES = {".png": ("Picture (*.png)", path_png), ".svg": ("Drawing (*.svg)", path_svg)}
"""How the size path can be saved, by the ending of its file."""


def _path(analysis: Analysis) -> SizePath:
    return size_path(analysis, path_columns(_WIDTH, _ROW))


def _size(path: SizePath) -> QSize:
    height = path.height + 3 * _MARGIN + 2 * _LINE
    return QSize(round(path.width + 2 * _MARGIN), round(height))


def _paint(painter: QPainter, analysis: Analysis, path: SizePath, theme: Theme, order: str) -> None:
    size = _size(path)
    painter.fillRect(QRectF(0, 0, size.width(), size.height()), color(theme.window))
    line = QRectF(_MARGIN, _MARGIN, size.width() - 2 * _MARGIN, _LINE)
    write_line(painter, line, path_summary(analysis), text_font(10, bold=True), color(theme.text))
    line.translate(0, _LINE)
    write_line(painter, line, LEGEND, text_font(9), color(theme.muted))
    painter.translate(QPointF(_MARGIN, 2 * _MARGIN + 2 * _LINE))
    paint_size_path(painter, path, theme, order)
