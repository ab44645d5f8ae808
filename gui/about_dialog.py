"""What the program is, its version, and those of the libraries that it runs on."""

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from engine.version import VERSION
from gui.fonts import number_font, text_font
from gui.labels import text_label

LIBRARIES = ("PySide6-Essentials", "numpy", "opencv-python", "pyqtgraph", "Pillow")


class AboutDialog(QDialog):
    """Name, version, license and libraries, to be copied into a report."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About Convolens")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = text_label(f"Convolens {VERSION}")
        name.setFont(text_font(15, bold=True))
        purpose = text_label(
            "Every feature map of a convolutional network on your own picture, with its size and "
            "the reason for it."
        )
        terms = text_label("Free software under the MIT license.", "muted")
        self.versions = text_label(versions_text(), "muted")
        self.versions.setFont(number_font(9.5))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("Copy versions", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self._on_copy_clicked)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(10)
        for part in (name, purpose, terms, self.versions, buttons):
            column.addWidget(part)
        self.setMinimumWidth(440)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(f"Convolens {VERSION}\n{versions_text()}")


def versions_text() -> str:
    """Return the versions of Python, the system and the libraries, one in a line."""
    found = [f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"]
    for library in LIBRARIES:
        try:
            found.append(f"{library} {version(library)}")
        except PackageNotFoundError:
            # A frozen program may come without the records of its packages.
            found.append(library)
    return "\n".join(found)
