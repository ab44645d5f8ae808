"""Icons: drawings in one color, recolored to fit the theme."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).parent.parent / "resources" / "icons"
_SIZES = (16, 20, 24, 32, 48)


def kind_icon(kind_id: str, shade: str) -> QIcon:
    """Return the icon of a layer kind in a color; a plain square where there is no drawing."""
    return icon(kind_id if (FOLDER / f"{kind_id}.svg").exists() else "unknown", shade)


@lru_cache(maxsize=512)
def icon(name: str, shade: str) -> QIcon:
    """Return a drawing of the icons' folder in a color."""
    path = FOLDER / f"{name}.svg"
    if not path.exists():
        return QIcon()
    drawing = path.read_text(encoding="utf-8").replace("currentColor", shade)
    renderer = QSvgRenderer(QByteArray(drawing.encode()))
    made = QIcon()
    for size in _SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter, QRectF(0, 0, size, size))
        painter.end()
        made.addPixmap(pixmap)
    return made
