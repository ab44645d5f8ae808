"""The gallery of samples: pictures appear, and the mouse or the keyboard chooses one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.pictures.images import sample_pictures
from gui.pictures.sample_gallery import COLUMNS, SampleGallery
from gui.theme import DARK, LIGHT, apply_theme
from tests.gui.picture_harness import make_pictures

NAMES = [sample.name for sample in sample_pictures()]


@pytest.fixture
def gallery(qtbot):
    shown = SampleGallery(DARK)
    qtbot.addWidget(shown)
    shown.adjustSize()
    shown.show()
    shown.activateWindow()
    qtbot.waitActive(shown)
    shown.setFocus()
    return shown


@pytest.fixture
def pictures(qtbot, tmp_path):
    made = make_pictures(tmp_path)
    yield made
    made.opening.stop()
    made.window.deleteLater()


def index(gallery, place):
    return gallery.view.model().index(place, 0)


def chosen_by(qtbot, gallery, do):
    with qtbot.waitSignal(gallery.sample_chosen) as chosen:
        do()
    return chosen.args[0]


def test_every_sample_has_its_label(gallery):
    model = gallery.view.model()
    labels = [model.index(place, 0).data() for place in range(model.rowCount())]
    assert labels == [sample.label for sample in sample_pictures()]


def test_a_click_chooses_once(gallery, qtbot):
    chosen: list[str] = []
    gallery.sample_chosen.connect(chosen.append)
    point = gallery.view.visualRect(index(gallery, 5)).center()
    QTest.mouseClick(
        gallery.view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point
    )
    assert chosen == [NAMES[5]]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_arrows_move_and_a_key_chooses(gallery, qtbot, key):
    view = gallery.view
    assert view.hasFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    name = chosen_by(qtbot, gallery, lambda: QTest.keyClick(view, key))
    assert name == NAMES[1 + COLUMNS]
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert chosen_by(qtbot, gallery, lambda: QTest.keyClick(view, key)) == NAMES[0]


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_all_samples_are_in_sight_and_their_labels_fit(qapp, qtbot, scale):
    apply_theme(qapp, LIGHT, scale)
    shown = SampleGallery(LIGHT)
    qtbot.addWidget(shown)
    shown.adjustSize()
    shown.show()
    for place in range(len(NAMES)):
        rect = shown.view.visualRect(index(shown, place))
        assert shown.view.viewport().rect().contains(rect)
        label = index(shown, place).data()
        assert shown.fontMetrics().horizontalAdvance(label) * 0.95 <= rect.width() - 14


def test_pictures_appear_as_they_are_drawn(pictures, gallery, qtbot):
    before = gallery.grab().toImage()
    pictures.opening.overviews.sample_drawn.connect(gallery.show_sample)
    pictures.opening.overviews.draw_samples()
    qtbot.waitUntil(lambda: len(pictures.opening.overviews.samples) == len(NAMES))
    after = gallery.grab().toImage()
    for place, name in enumerate(NAMES):
        rect = gallery.view.visualRect(index(gallery, place))
        middle = gallery.view.viewport().mapTo(gallery, rect.center())
        spots = [middle + offset for offset in offsets(rect)]
        changed = [before.pixelColor(spot) != after.pixelColor(spot) for spot in spots]
        assert any(changed), name


def offsets(rect):
    from PySide6.QtCore import QPoint

    step = rect.width() // 6
    return [QPoint(x * step, y * step) for x in (-1, 0, 1) for y in (-1, 0, 1)]


def test_samples_are_drawn_once(pictures, qtbot):
    pictures.opening.overviews.draw_samples()
    qtbot.waitUntil(lambda: len(pictures.opening.overviews.samples) == len(NAMES))
    levels = dict(pictures.opening.overviews.samples)
    pictures.opening.overviews.draw_samples()
    assert pictures.opening.overviews.samples == levels
