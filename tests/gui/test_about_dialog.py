"""What the program says of itself: terms, versions, its own icon."""

import numpy as np
import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton

from gui.about_dialog import AboutDialog, terms_text
from gui.application import ICON
from gui.theme import DARK, apply_theme


def test_the_versions_of_the_libraries_are_copied(qtbot, qapp):
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    (copy,) = [button for button in dialog.findChildren(QPushButton) if "Copy" in button.text()]
    copy.click()
    assert f"numpy {np.__version__}\n" in qapp.clipboard().text()


def test_it_is_said_where_the_licenses_are_if_they_came_along(tmp_path):
    assert terms_text(tmp_path / "absent").endswith("Qt and PySide6 under the GNU LGPL.")
    assert terms_text(tmp_path).endswith(f"All licenses: {tmp_path}")


@pytest.fixture(params=[1, 1.5, 2])
def text_scale(qapp, request):
    apply_theme(qapp, DARK, request.param)
    yield request.param
    apply_theme(qapp, DARK)


@pytest.mark.usefixtures("text_scale")
def test_it_has_room_for_all_lines(qtbot):
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    versions = dialog.versions
    assert versions.height() >= versions.heightForWidth(versions.width())
    assert dialog.width() <= 864, "nine tenths of a screen of 960"


def test_the_program_has_an_icon(qapp):
    pixmap = QIcon(str(ICON)).pixmap(64)
    assert pixmap.toImage().pixelColor(32, 32).alpha() == 255
