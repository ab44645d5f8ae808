"""For tests of the window: no screen, one theme, no Qt warning, and nothing left behind."""

import gc
import os
import threading

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication
from pytestqt.wait_signal import SignalBlocker
from shiboken6 import getAllValidWrappers

from gui.theme import DARK, apply_theme

_SERIOUS = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
_OFFSCREEN = "This plugin does not support "
"""The offscreen platform says so of what only a real screen has."""


@pytest.fixture(autouse=True, scope="session")
def quick_collections():
    """Spare what is there before the first test from the collections after each one.

    Between those Python collects nothing: it would do so on workers too, and end the tests
    (`gui.garbage`).
    """
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


# WORKAROUND PySide6 6.11.3: a signal that another thread had queued still calls a blocker that has
# disconnected since, and crashes if it was freed; so the blockers stay until the end.
_BLOCKERS = []
_make_blocker = SignalBlocker.__init__


def _make_and_keep(self, *arguments, **named):
    _make_blocker(self, *arguments, **named)
    _BLOCKERS.append(self)


SignalBlocker.__init__ = _make_and_keep


@pytest.fixture(autouse=True)
def clean_qt(request):
    """Fail a test that makes Qt warn, or that leaves a window, a thread or a running timer."""
    if not {"qtbot", "qapp"} & set(request.fixturenames):
        yield
        return
    app = request.getfixturevalue("qapp")
    apply_theme(app, DARK)
    windows, threads, timers = _windows(), _threads(), _timers()
    warnings = []

    def on_message(kind, context, text):
        if kind in _SERIOUS and not text.startswith(_OFFSCREEN):
            warnings.append(text)

    before = qInstallMessageHandler(on_message)
    try:
        yield
        _settle()
    finally:
        qInstallMessageHandler(before)
    assert not warnings, f"Qt warned: {warnings}"
    assert not _windows() - windows, "a window is left"
    assert not _threads() - threads, "a thread is left"
    assert not _timers() - timers, "a timer is left running"


def _settle():
    """Carry out what was put off: deleted widgets, and wrappers that only circles keep alive."""
    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()
        gc.collect()


def _windows():
    return {widget for widget in QApplication.topLevelWidgets() if widget.isVisible()}


def _threads():
    # Those of the engine's arithmetic live as long as the process.
    return {t for t in threading.enumerate() if not t.name.startswith("numerics")}


def _timers():
    return {
        wrapper
        for wrapper in getAllValidWrappers()
        if isinstance(wrapper, QTimer) and wrapper.isActive()
    }


@pytest.fixture
def preferences(qapp, tmp_path):
    """Preferences of nobody, kept for one test."""
    from PySide6.QtCore import QSettings

    from gui.preferences import Preferences

    return Preferences(QSettings(str(tmp_path / "preferences.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def window(qtbot, preferences):
    """The main window on a small network, with the maps of all layers computed."""
    from gui.main_window import MainWindow
    from tests.gui.flow_harness import project
    from tests.gui.window_harness import Watch

    shown = MainWindow(project(), preferences, 1 << 28)
    watch = Watch(shown)
    shown.show()
    qtbot.waitUntil(watch.is_idle)
    yield shown
    shown.document.undo_stack.setClean()
    shown.close()
    shown.deleteLater()


@pytest.fixture
def computed(window, qtbot):
    """Wait until all maps of the main window are computed."""
    from tests.gui.window_harness import Watch

    watch = window.findChild(Watch)
    return lambda: qtbot.waitUntil(watch.is_idle)
