"""Layers dragged by Qt's own drag on a real display: ``QT_QPA_PLATFORM=xcb pytest -m display``.

Qt's drag runs a loop of its own until the button is let go, so a test whose button never comes up
would wait for ever: a hand gives up after so many steps, and pytest ends a test that hangs
nevertheless (``faulthandler_timeout``).
"""

import os
import shutil
import subprocess

import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtTest import QTest

from gui.layer_palette import KindEntry

pytestmark = [
    pytest.mark.display,
    pytest.mark.skipif(not os.environ.get("DISPLAY"), reason="needs a display"),
]
needs_xdotool = pytest.mark.skipif(shutil.which("xdotool") is None, reason="needs xdotool")

LIMIT = 60
"""Seconds for a drag, on a machine that is busy."""
PATIENCE = 400
"""So many steps of the hand."""
STEPS = 12
"""A drag begins after some pixels, and what it is over learns of it by moves."""


class QtPointer:
    """Mouse events given to the window, as the display's come."""

    def __init__(self, window):
        self._window = window
        self._screen = window.windowHandle()
        self._place = QPoint()

    def move(self, point):
        self._place = point
        QTest.mouseMove(self._screen, point)

    def press(self):
        QTest.mousePress(self._screen, Qt.MouseButton.LeftButton, pos=self._place)

    def release(self):
        QTest.mouseRelease(self._screen, Qt.MouseButton.LeftButton, pos=self._place)


class DisplayPointer:
    """The one pointer of the display."""

    def __init__(self, window):
        self._window = window

    def move(self, point):
        place = self._window.mapToGlobal(point)
        self._run("mousemove", str(place.x()), str(place.y()))

    def press(self):
        self._run("mousedown", "1")

    def release(self):
        self._run("mouseup", "1")

    @staticmethod
    def _run(*words):
        subprocess.run(["xdotool", *words], check=True, timeout=LIMIT)


class Hand(QObject):
    """Drags along some points, waits there for a sign, and lets go; one step after another.

    Each step is a timer of its own: the drag begins within one and goes on during the next ones.
    """

    def __init__(self, pointer, points, may_end, end):
        super().__init__()
        self._pointer, self._points = pointer, points
        self._may_end, self._end = may_end, end
        self._step = 0
        self.is_done = False

    def drag(self):
        self._pointer.move(self._points[0])
        self._pointer.press()
        QTimer.singleShot(0, self._go_on)

    def _go_on(self):
        self._step += 1
        arrived = self._step >= len(self._points)
        if (arrived and self._may_end()) or self._step > PATIENCE:
            self._end(self._pointer)
            self.is_done = True
            if self._step > PATIENCE:
                QDrag.cancel()
            return
        QTimer.singleShot(10, self._go_on)
        # At the end it trembles: a pointer that rests is not reported.
        end = self._points[-1] + QPoint(self._step % 2, 0)
        self._pointer.move(end if arrived else self._points[self._step])


def let_go(pointer):
    pointer.release()


def kinds(window):
    return [node.layer.kind.id for node in window.document.project.network]


def along(start, end):
    return [start + (end - start) * step / STEPS for step in range(STEPS + 1)]


def entry_of(window, kind_id):
    """Return the middle of a palette's entry, in the window."""
    entries = window.palette_panel.findChildren(KindEntry)
    entry = next(found for found in entries if found.kind_id == kind_id)
    return entry.mapTo(window, entry.rect().center())


def in_flow(window, x, y):
    return window.flow.viewport().mapTo(window, window.flow.mapFromScene(x, y))


def gap_behind(window, node_id):
    card = window.flow.row_of(node_id).card
    return in_flow(window, card.left + 60, card.bottom + 10)


def block_of(window, node_id):
    block = window.flow.row_of(node_id).block
    return in_flow(window, block.left + 40, block.top + 20)


@pytest.fixture
def shown(window):
    """The main window at the display's corner, where all of it can be reached."""
    assert QGuiApplication.platformName() == "xcb", "QT_QPA_PLATFORM=xcb"
    window.move(0, 0)
    QTest.qWaitForWindowExposed(window)
    window.flow.verticalScrollBar().setValue(0)
    return window


@pytest.fixture
def drag(shown, qtbot):
    """Drag between two points of the window, and wait until it is over."""

    def dragged(pointer, start, end, finish=let_go):
        hand = Hand(
            pointer, along(start, end), lambda: shown.flow.drop_preview() is not None, finish
        )
        hand.drag()
        qtbot.waitUntil(lambda: hand.is_done, timeout=LIMIT * 1000)
        assert shown.flow.drop_preview() is None, "the guide is left"

    return dragged


def test_a_kind_is_dragged_from_the_palette_into_a_gap(shown, drag, computed):
    drag(QtPointer(shown), entry_of(shown, "average_pool2d"), gap_behind(shown, "conv"))
    assert kinds(shown) == ["input", "conv2d", "average_pool2d", "relu", "max_pool2d", "conv2d"]
    computed()
    assert shown.flow.result(shown.document.selected) is not None


def test_a_block_is_dragged_to_another_place(shown, drag):
    drag(QtPointer(shown), block_of(shown, "relu"), gap_behind(shown, "input"))
    assert kinds(shown) == ["input", "relu", "conv2d", "max_pool2d", "conv2d"]


def test_escape_ends_a_drag_without_a_change(shown, drag):
    before = shown.document.project

    def escape(pointer):
        QTest.keyClick(shown.windowHandle(), Qt.Key.Key_Escape)
        pointer.release()

    drag(QtPointer(shown), entry_of(shown, "average_pool2d"), gap_behind(shown, "conv"), escape)
    assert shown.document.project == before


@needs_xdotool
def test_the_pointer_of_the_display_drags_a_kind_into_a_gap(shown, drag):
    drag(DisplayPointer(shown), entry_of(shown, "depthwise_conv2d"), gap_behind(shown, "input"))
    assert kinds(shown) == ["input", "depthwise_conv2d", "conv2d", "relu", "max_pool2d", "conv2d"]


@needs_xdotool
def test_the_pointer_of_the_display_drags_a_block(shown, drag):
    drag(DisplayPointer(shown), block_of(shown, "relu"), gap_behind(shown, "input"))
    assert kinds(shown) == ["input", "relu", "conv2d", "max_pool2d", "conv2d"]
