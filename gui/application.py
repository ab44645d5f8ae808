"""Starting the program: Qt, theme, the window, and a dialog for what nobody expected."""

import sys
import traceback
from pathlib import Path
from types import TracebackType

import pyqtgraph as pg

# PySide6 before pyqtgraph, which would otherwise look for another binding.
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from engine.evaluation import DEFAULT_BUDGET
from engine.examples import open_example
from engine.project import Project
from gui.error_dialog import show_unexpected
from gui.main_window import MainWindow
from gui.theme import apply_theme, chosen_theme

START_EXAMPLE = "start"
START_SAMPLE = "scene.png"


def run(path: str | None) -> int:
    """Open the window, on a picture, a project or the sample, and return the exit status."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Convolens")
    app.setOrganizationName("Convolens")
    pg.setConfigOptions(imageAxisOrder="row-major")
    settings = QSettings()
    theme = chosen_theme(str(settings.value("theme", "system")))
    apply_theme(app, theme, float(str(settings.value("text_scale", 1.0))))
    sys.excepthook = _on_unexpected
    window = MainWindow(start_project(), theme, DEFAULT_BUDGET)
    window.show()
    if path is not None:
        window.open_path(Path(path))
    return app.exec()


def start_project() -> Project:
    """Return the small network and the sample picture that the window opens with."""
    return open_example(START_EXAMPLE)


def _on_unexpected(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    details = "".join(traceback.format_exception(kind, error, trace))
    print(details, file=sys.stderr)
    show_unexpected("Something went wrong; your work is still here.", details)
