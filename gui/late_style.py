"""Styling many widgets at once, after they are made."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication


@contextmanager
def styled_at_the_end() -> Iterator[None]:
    """Lift the style sheet while many widgets are made, and lay it on all of them at once.

    Qt styles a widget anew, with everything in it, whenever it comes into another one: of a window
    that is put together from the inside, every part as often as it lies deep.
    """
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    sheet = app.styleSheet()
    app.setStyleSheet("")
    try:
        yield
    finally:
        app.setStyleSheet(sheet)
