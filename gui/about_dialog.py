"""What the program is, its version, and those of the libraries that it runs on."""

import platform
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from engine.libraries import library_versions
from engine.version import VERSION
from gui.fonts import number_font, text_font
from gui.labels import text_label

LICENSES = Path(__file__).parent.parent / "licenses"
"""The texts of all licenses; a frozen program has them, because it brings the libraries along."""


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
        terms = text_label(terms_text(LICENSES), "muted")
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
        # As wide as 56 digits, and as high as its lines are then: Qt's guess cuts off large text.
        width = 56 * self.versions.fontMetrics().horizontalAdvance("0")
        self.resize(width, column.heightForWidth(width))

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(f"Convolens {VERSION}\n{versions_text()}")


def terms_text(licenses: Path) -> str:
    """Return under which terms the program and Qt come, and where their texts are, if they are."""
    terms = "Free software under the MIT license. It uses Qt and PySide6 under the GNU LGPL."
    return f"{terms} All licenses: {licenses}" if licenses.is_dir() else terms


def versions_text() -> str:
    """Return the versions of Python, the system and the libraries, one in a line."""
    found = [f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"]
    found += [f"{library} {version or ''}" for library, version in library_versions().items()]
    return "\n".join(found)
