"""Preferences come back, nonsense in the store does no harm, and the theme follows at once."""

import pytest
from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QApplication

from gui.main_window import MainWindow
from gui.preferences import Preferences
from gui.theme import DARK, LIGHT
from gui.viewing import View, view_of
from tests.gui.flow_harness import project


def again(preferences):
    """Return what the next start of the program finds."""
    path = preferences._settings.fileName()
    preferences._settings.sync()
    return Preferences(QSettings(path, QSettings.Format.IniFormat))


def test_usual_choices(preferences):
    assert preferences.theme_choice == "system"
    assert preferences.text_scale == 1.0
    assert preferences.layout("geometry").isEmpty()
    assert preferences.is_shown("palette")
    assert preferences.recent_projects.paths == ()


def test_they_come_back(preferences, tmp_path):
    preferences.choose("theme", "light")
    preferences.choose("text_size", "1.5")
    preferences.set_shown("side", False)
    preferences.set_layout("geometry", QByteArray(b"\x00\x01"))
    preferences.recent_projects.add(tmp_path / "one.convolens")
    preferences.set_folder("network", tmp_path)
    found = again(preferences)
    assert found.theme is LIGHT
    assert found.text_scale == 1.5
    assert not found.is_shown("side")
    assert found.is_shown("palette")
    assert found.layout("geometry") == QByteArray(b"\x00\x01")
    assert found.recent_projects.paths == (tmp_path / "one.convolens",)
    assert found.folder("network") == str(tmp_path)


@pytest.mark.parametrize("nonsense", ["", "huge", 7, "-1.0", ["light", "dark"], b"\xff"])
def test_nonsense_gives_the_usual(preferences, nonsense):
    for name in ("theme", "text_size", "window/geometry", "folders/network", "recent/projects"):
        preferences._settings.setValue(name, nonsense)
    found = again(preferences)
    assert found.theme_choice == "system"
    assert found.text_scale == 1.0
    assert isinstance(found.layout("geometry"), QByteArray)
    assert isinstance(found.folder("network"), str)


def test_choosing_the_same_changes_nothing(preferences, qtbot):
    preferences.choose("theme", "dark")
    with qtbot.assertNotEmitted(preferences.appearance_changed):
        preferences.choose("theme", "dark")


def test_system_theme_is_followed_only_if_wanted(preferences, qtbot):
    changed = QApplication.styleHints().colorSchemeChanged
    with qtbot.waitSignal(preferences.appearance_changed):
        changed.emit(Qt.ColorScheme.Light)
    preferences.choose("theme", "dark")
    with qtbot.assertNotEmitted(preferences.appearance_changed):
        changed.emit(Qt.ColorScheme.Light)
    assert preferences.theme is DARK


def test_window_takes_another_theme_at_once(window, computed):
    window.document.select("pool")
    window.commands["theme-light"].trigger()
    computed()
    assert window.theme is LIGHT
    assert QApplication.palette().window().color().name() == LIGHT.panel
    assert window.document.selected == "pool"
    assert window.flow.result("many") is not None
    assert window.flow.hasFocus()


def test_another_theme_is_laid_on_once(window, monkeypatch):
    laid, lay = [], QApplication.setStyleSheet

    def noting(app, sheet):
        laid.append(sheet)
        lay(app, sheet)

    monkeypatch.setattr(QApplication, "setStyleSheet", noting)
    window.commands["theme-light"].trigger()
    assert [sheet for sheet in laid if sheet] == [QApplication.instance().styleSheet()]


def test_text_size_reaches_every_panel(window):
    before = window.side.title.fontMetrics().height(), window.bar.fontMetrics().height()
    window.commands["text_size-2.0"].trigger()
    after = window.side.title.fontMetrics().height(), window.bar.fontMetrics().height()
    assert [round(new / old) for new, old in zip(after, before, strict=True)] == [2, 2]


def test_window_comes_back_as_it_was(qtbot, preferences):
    first = MainWindow(project(), preferences, 1 << 28)
    first.show()
    first.resize(1400, 560)
    first.commands["palette"].trigger()
    first.resize(760, 560)
    first.close()
    first.deleteLater()
    second = MainWindow(project(), again(preferences), 1 << 28)
    second.show()
    assert (second.width(), second.height()) == (760, 560)
    second.resize(1400, 560)
    assert not second.palette_panel.isVisible()
    assert second.side.isVisible()
    second.close()
    second.deleteLater()


@pytest.mark.parametrize("panel", ["palette", "side"])
def test_a_hidden_panel_stays_hidden(qtbot, preferences, panel):
    first = MainWindow(project(), preferences, 1 << 28)
    first.show()
    first.commands["palette" if panel == "palette" else "side-panel"].trigger()
    # Another size of text makes the panels anew.
    first.commands["text_size-1.25"].trigger()
    shown = first.space.wanted
    assert not shown.pop(panel)
    assert all(shown.values())
    first.close()
    first.deleteLater()
    second = MainWindow(project(), again(preferences), 1 << 28)
    second.show()
    assert second.space.wanted == {**shown, panel: False}
    second.close()
    second.deleteLater()


def test_a_window_may_go_without_being_closed(qtbot, preferences):
    window = MainWindow(project(), preferences, 1 << 28)
    window.editing.remove(window.document.selected)
    window.evaluator.stop()
    window.pictures.stop()
    with qtbot.captureExceptions() as raised, qtbot.waitSignal(window.destroyed):
        window.deleteLater()
    assert not raised


@pytest.mark.parametrize(
    "display",
    [
        {"color": "pink", "scope": 3, "scale": None, "size_order": ["HWC"]},
        {"map_height": "tall", "folded": "conv", "expanded": 7, "folded_stages": None},
        {"map_height": True, "fold_all": "yes", "folded": (1, None)},
    ],
)
def test_nonsense_in_a_file_gives_the_usual_view(display):
    assert view_of(display) == View()


def test_map_height_is_bounded():
    assert view_of({"map_height": 10**9}).options.map_height == 512
    assert view_of({"map_height": -5}).options.map_height == 24
