"""Starting the program: Qt, theme, the window, and a dialog for what nobody expected."""

import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLocale, QSettings
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from engine.evaluation import DEFAULT_BUDGET
from engine.saving.examples import example_names, open_example
from gui import accessibility
from gui.error_dialog import show_unexpected
from gui.file_dialogs import FileDialogs
from gui.garbage import GarbageCollector
from gui.icons import FOLDER
from gui.main_window import MainWindow
from gui.preferences import Preferences
from gui.theme import apply_theme
from gui.unsaved_work import UnsavedWork, usual_folder

ICON = FOLDER.parent / "convolens.svg"


def run(path: str | None) -> int:
    """Open the window, on a picture, a project or the sample, and return the exit status."""
    app = make_application(sys.argv[:1])
    preferences = Preferences(QSettings(), app)
    apply_theme(app, preferences.theme, preferences.text_scale)
    window = MainWindow(open_example(example_names()[0]), preferences, DEFAULT_BUDGET)
    sys.excepthook = on_unexpected
    window.state.fit(window.screen().availableSize())
    window.show()
    dialogs = FileDialogs(window, preferences)
    unsaved = UnsavedWork(window.document, window.files, dialogs, usual_folder(), window)
    unsaved.noticed.connect(window.statusBar().showMessage)
    app.aboutToQuit.connect(unsaved.end)
    unsaved.offer()
    if path is not None:
        window.files.open_path(Path(path), at_start=True)
    return app.exec()


def make_application(arguments: list[str]) -> QApplication:
    """Return Qt's application, named so that its preferences are found again."""
    app = QApplication(arguments)
    app.setApplicationName("Convolens")
    app.setApplicationDisplayName("Convolens")
    app.setOrganizationName("Convolens")
    app.setDesktopFileName("convolens")
    app.setWindowIcon(QIcon(str(ICON)))
    # All texts are English, so numbers in fields are written and read in English too.
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    GarbageCollector(app)
    accessibility.install()
    return app


def on_unexpected(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Show an error that reached Qt's loop; Ctrl+C in a terminal closes the window instead."""
    if issubclass(kind, KeyboardInterrupt):
        QApplication.closeAllWindows()
        return
    details = "".join(traceback.format_exception(kind, error, trace))
    if sys.stderr is not None:
        print(details, file=sys.stderr)
    show_unexpected("Something went wrong; your work is still here.", details)
