"""Take the README's pictures of the window again; run from the project's folder.

``python -m resources.screenshots.make_screenshots [NAME ...]`` takes some seconds and needs no
display.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

# Before Qt, which chooses its platform once; the same pictures on every machine.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
# First, so that the threads of linear algebra are set before numpy is loaded.
import engine.opencv  # noqa: F401

# isort: split
from PySide6.QtCore import QEventLoop, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from engine.arithmetic import Position
from engine.evaluation import DEFAULT_BUDGET
from engine.project import Project
from engine.saving.examples import open_example
from gui.application import make_application
from gui.main_window import MainWindow
from gui.preferences import Preferences
from gui.theme import apply_theme
from gui.window_check import PaintWatch

FOLDER = Path(__file__).parent
SIZE = (1440, 900)
SETTLING = 1000
"""Milliseconds after the first painted maps, for what follows them: shadows, sheets, scrolling."""


def too_large_a_kernel() -> Project:
    """Return LeNet-5 with a last kernel that does not fit its maps of 5 × 5."""
    project = open_example("lenet-5")
    layer = project.network.node("c5").layer
    network = project.network.with_layer("c5", layer.replace(kernel_size=7))
    return replace(project, network=network)


def pin(node_id: str, channel: int, row: int, column: int) -> Callable[[MainWindow], None]:
    """Return what takes a value apart."""
    return lambda window: window.pinning.pin(node_id, Position(channel, row, column))


def trigger(action_id: str) -> Callable[[MainWindow], None]:
    """Return what carries out an action."""
    return lambda window: window.commands[action_id].trigger()


@dataclass(frozen=True)
class Shot:
    """One picture: what is open, which layer is selected, what is done then, and the theme."""

    project: Callable[[], Project]
    selected: str
    act: Callable[[MainWindow], None] | None = None
    theme: str = "dark"


SHOTS = {
    "start": Shot(lambda: open_example("start"), "edges"),
    "value": Shot(lambda: open_example("start"), "shapes", pin("shapes", 3, 30, 21)),
    "compare": Shot(lambda: open_example("start"), "edges", trigger("compare-flipped")),
    "path": Shot(lambda: open_example("u-net"), "bottom_relu1", trigger("size-path")),
    "residual": Shot(lambda: open_example("resnet-18"), "layer1.0.add"),
    "problem": Shot(too_large_a_kernel, "c5"),
    "light": Shot(lambda: open_example("u-net"), "down1_pool", theme="light"),
}


def take(app: QApplication, shot: Shot, file: Path) -> None:
    """Open the window as a person would see it, and save what it looks like."""
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(str(Path(folder) / "preferences.ini"), QSettings.Format.IniFormat)
        preferences = Preferences(settings, app)
        preferences.choose("theme", shot.theme)
        apply_theme(app, preferences.theme, preferences.text_scale)
        window = MainWindow(shot.project(), preferences, DEFAULT_BUDGET)
        window.resize(*SIZE)
        window.show()
        window.document.select(shot.selected)
        # Anew whenever maps are painted, so that it ends when all have stood for a while.
        settling = QTimer(app, singleShot=True, interval=SETTLING)
        # The program's own loop would close the window at its end.
        loop = QEventLoop()
        settling.timeout.connect(loop.quit)
        watch = PaintWatch(window.flow)
        watch.maps_painted.connect(settling.start)
        loop.exec()
        if shot.act is not None:
            shot.act(window)
            settling.start()
            loop.exec()
        window.grab().save(str(file))
        window.close()
        window.deleteLater()
        app.processEvents()


def main(names: list[str]) -> None:
    """Take the named pictures, or all."""
    app = make_application(["convolens"])
    app.setQuitOnLastWindowClosed(False)
    for name in names or SHOTS:
        take(app, SHOTS[name], FOLDER / f"{name}.png")
        print(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
