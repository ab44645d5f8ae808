"""A document, what brings pictures into it, and files of pictures."""

import io
from dataclasses import dataclass

from PIL import Image
from PySide6.QtCore import QSettings
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from engine.pictures.images import Picture
from engine.pictures.size_policy import SizePolicy
from engine.saving.examples import open_example
from gui.document import Document
from gui.editing import Editing
from gui.pictures.picture_loader import PictureLoader
from gui.pictures.picture_opening import PictureOpening
from gui.recent_files import RecentFiles

# After the engine, which sets numpy's threads.
# isort: split
import numpy as np


@dataclass
class Pictures:
    """Everything of a window that has to do with its picture, without the window."""

    window: QWidget
    document: Document
    editing: Editing
    loader: PictureLoader
    recent: RecentFiles
    opening: PictureOpening

    @property
    def picture(self):
        return self.document.project.picture

    @property
    def steps(self):
        stack = self.document.undo_stack
        return [stack.text(place) for place in range(stack.count())]


def make_pictures(folder, budget=1 << 30):
    window = QWidget()
    document = Document(open_example("start"), window)
    settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    recent = RecentFiles(settings, "recent", window)
    loader = PictureLoader(window)
    opening = PictureOpening(document, loader, recent, window, budget)
    return Pictures(window, document, Editing(document, window), loader, recent, opening)


def gradient(height=60, width=90):
    y, x = np.mgrid[0:height, 0:width]
    channels = (x * 255 // width, y * 255 // height, (x + y) % 256)
    return np.dstack(channels).astype(np.uint8)


def encoded(pixels, kind="PNG", **options):
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind, **options)
    return stream.getvalue()


def picture_file(folder, name="photo.png", pixels=None, **options):
    path = folder / name
    kind = {"jpg": "JPEG"}.get(path.suffix[1:], path.suffix[1:].upper())
    path.write_bytes(encoded(gradient() if pixels is None else pixels, kind, **options))
    return path


def pixel_picture(height=60, width=90):
    return Picture("drawn.png", encoded(gradient(height, width)))


def press(*keys):
    """Press keys wherever the keyboard is."""
    for key in keys:
        widget = QApplication.focusWidget()
        assert widget is not None, "nothing has the keyboard"
        QTest.keySequence(widget, QKeySequence(key))


CROP = SizePolicy("crop", 20, 20, (10, 20, 40, 40))
