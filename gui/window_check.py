"""``--window-check``: open the window, wait until its maps are painted, say so, and close it.

A frozen program that lacks a plugin of Qt, an icon or a font shows it here, and so does a machine
on which the window cannot work, without anybody having to look at it.
"""

import json
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QApplication

from engine.evaluation import DEFAULT_BUDGET
from engine.saving.examples import example_names, open_example
from gui.application import make_application
from gui.flow.network_view import NetworkView
from gui.main_window import MainWindow
from gui.preferences import Preferences
from gui.theme import apply_theme

PATIENCE = 60_000
"""Milliseconds after which the maps do not come any more."""


def run() -> int:
    """Print what was painted as one line of JSON; the status is 1 if nothing was."""
    app = make_application(sys.argv[:1])
    sys.excepthook = _fail
    with tempfile.TemporaryDirectory() as folder:
        # Preferences of its own: those of the person who runs this stay as they are.
        settings = QSettings(str(Path(folder) / "check.ini"), QSettings.Format.IniFormat)
        preferences = Preferences(settings, app)
        apply_theme(app, preferences.theme, preferences.text_scale)
        window = MainWindow(open_example(example_names()[0]), preferences, DEFAULT_BUDGET)
        watch = PaintWatch(window.flow)
        watch.maps_painted.connect(lambda: _say_painted(app, window, watch))
        watch.maps_painted.connect(app.quit)
        QTimer.singleShot(PATIENCE, window, _give_up)
        window.show()
        status = app.exec()
        window.close()
        settings.sync()
    return status


def _say_painted(app: QApplication, window: MainWindow, watch: "PaintWatch") -> None:
    layers = len(window.document.project.network)
    painted = {"platform": app.platformName(), "layers": layers, "painted": watch.painted}
    # At once: who measures the start reads it while the window is still closing.
    print(json.dumps(painted), flush=True)


class PaintWatch(QObject):
    """Notices when every row in sight is painted with its maps."""

    maps_painted = Signal()

    def __init__(self, flow: NetworkView) -> None:
        super().__init__(flow)
        self._flow = flow
        self.painted = 0
        """So many rows."""
        flow.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.painted:
            in_sight = self._in_sight()
            if in_sight and all(self._has_sheet(node_id) for node_id in in_sight):
                self.painted = len(in_sight)
                # The event is still to be carried out.
                QTimer.singleShot(0, self, self.maps_painted.emit)
        return False

    def _in_sight(self) -> list[str]:
        # A layer that cannot be computed has no sheet to wait for.
        wanted, seen = self._flow.wanted_sheets(), self._flow.viewport().rect()
        return [name for name in wanted if self._flow.place_of(name).intersects(seen)]

    def _has_sheet(self, node_id: str) -> bool:
        result = self._flow.result(node_id)
        return result is not None and result.sheet is not None


def _give_up() -> None:
    print(f"No maps were painted within {PATIENCE // 1000} seconds.", file=sys.stderr)
    QApplication.exit(1)


def _fail(kind: type[BaseException], error: BaseException, trace: object) -> None:
    sys.__excepthook__(kind, error, error.__traceback__)
    QApplication.exit(1)
