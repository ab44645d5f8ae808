"""The size path in the window: what it shows, what a click does, and how it is handed out."""

import re

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest

from engine.registry import make_layer
from engine.saving.examples import open_example
from gui.size_path.size_path_export import path_image, path_png, path_svg
from gui.theme import DARK, LIGHT
from tests.gui.window_harness import press

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(window):
    window.flow.setFocus()
    press("F4")
    return window.size_path.view


def block_of(view, node_id):
    return next(block for block in view.canvas.path.blocks if block.node_id == node_id)


def row_of(view, node_id):
    """A point in a layer's row."""
    row = view.canvas.path.columns.row_height
    return QPoint(view.canvas.width() // 2, round(block_of(view, node_id).top + row / 2))


def test_it_takes_the_place_of_the_flow_and_gives_it_back(window, view):
    assert view.isVisible()
    assert not window.flow.isVisible()
    assert view.canvas.hasFocus()
    assert view.summary.text() == (
        "From 56 × 48 × 3 to 13 × 11 × 64 in 4 layers, of which 2 change height or width."
    )
    press("Escape")
    assert window.flow.isVisible()
    assert window.flow.hasFocus()


def test_another_theme_leaves_it_open(window, view):
    window.commands["theme-light"].trigger()
    assert window.size_path.is_open
    assert window.size_path.view.canvas.hasFocus()


def test_a_click_selects_the_layer(window, view):
    QTest.mouseClick(view.canvas, LEFT, pos=row_of(view, "pool"))
    assert window.document.selected == "pool"
    assert view.isVisible()
    assert view.canvas.accessibleDescription() == "3 Max pooling: 28 × 24 × 8, halves"


def test_keys_go_from_layer_to_layer(window, view):
    press("Home")
    assert window.document.selected == "input"
    press("Down", "Down")
    assert window.document.selected == "relu"
    press("End", "Up")
    assert window.document.selected == "pool"
    press("Return")
    assert window.flow.isVisible()
    assert window.document.selected == "pool"


def test_a_double_click_opens_the_layer_in_the_flow(window, view):
    QTest.mouseDClick(view.canvas, LEFT, pos=row_of(view, "conv"))
    assert window.document.selected == "conv"
    assert window.flow.isVisible()


def test_an_edit_shows_at_once(window, view):
    before = block_of(view, "conv").width
    window.editing.change_settings("conv", {"stride": 2})
    assert block_of(view, "conv").width == pytest.approx(before / 2)
    window.editing.change_settings("conv", {"kernel_size": 999, "padding": "valid"})
    assert block_of(view, "conv").width == 0
    assert not view.grab().isNull()


@pytest.mark.parametrize("size", [(720, 480), (1440, 900)])
@pytest.mark.parametrize("name", ["u-net", "resnet-50"])
def test_the_drawing_fits_the_width(window, computed, name, size):
    window.resize(*size)
    window.document.open(open_example(name))
    window.commands["size-path"].trigger()
    view = window.size_path.view
    area = view.area
    assert view.canvas.path.width <= area.viewport().width()
    assert not area.horizontalScrollBar().isVisible()
    last = window.document.selected
    assert not view.canvas.visibleRegion().isEmpty()
    assert view.canvas.visibleRegion().contains(row_of(view, last))
    computed()


def test_few_layers_have_higher_rows_than_many(window, view, computed):
    few = view.canvas.path.columns.row_height
    window.document.open(open_example("resnet-50"))
    window.commands["size-path"].trigger()
    assert window.size_path.view.canvas.path.columns.row_height < few
    computed()


# Handed out


def test_it_is_copied_as_a_picture(window, view):
    QTest.mouseClick(view.copy, LEFT)
    image = QGuiApplication.clipboard().image()
    assert image.width() > 1000
    assert f"{image.height()} × {image.width()}" in window.statusBar().currentMessage()
    QGuiApplication.clipboard().clear()
    window.commands["copy-size-path"].trigger()
    assert QGuiApplication.clipboard().image().size() == image.size()


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_picture_has_the_colors_of_the_theme(window, theme):
    image = QImage.fromData(path_png(window.document.analysis, theme, "HWC"))
    assert image == path_image(window.document.analysis, theme, "HWC")
    assert image.pixelColor(2, 2) == QColor(theme.window)
    colors = {image.pixelColor(x, y).name() for x in range(0, image.width(), 5)
              for y in range(0, image.height(), 3)}  # fmt: skip
    assert {theme.accent, theme.halves} <= colors


def test_the_drawing_names_every_layer(window):
    svg = path_svg(window.document.analysis, DARK, "HWC").decode()
    texts = re.findall(r">([^<>]+)</text>", svg)
    for words in ("1  Convolution", "3  Max pooling", "28 × 24 × 8", "▼ halves"):
        assert any(words in text for text in texts), words


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_it_is_saved(window, view, tmp_path, monkeypatch, suffix):
    path = tmp_path / f"sizes{suffix}"
    monkeypatch.setattr(
        window.size_path._dialogs, "file_to_save", lambda *_: (path, "as its name says")
    )
    QTest.mouseClick(view.save, LEFT)
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG" if suffix == ".png" else b"<?xml")
    assert window.statusBar().currentMessage() == f"Saved “sizes{suffix}”."


def test_a_place_that_cannot_be_written_is_refused_in_words(window, view, tmp_path, monkeypatch):
    path = tmp_path / "not there" / "sizes.png"
    said = []
    dialogs = window.size_path._dialogs
    monkeypatch.setattr(dialogs, "file_to_save", lambda *_: (path, ""))
    monkeypatch.setattr(dialogs, "refuse", said.append)
    QTest.mouseClick(view.save, LEFT)
    assert len(said) == 1
    assert "sizes.png" in said[0]


def test_a_layer_that_is_inserted_has_its_row(window, view):
    window.editing.insert_kind("upsample2d", "pool")
    block = view.canvas.selected_block
    assert block.title == make_layer("upsample2d").kind.label
    assert (block.sign, block.change) == ("▲", "doubles")
