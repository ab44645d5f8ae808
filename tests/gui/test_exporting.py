"""What leaves the window is what the window shows: pixels, words and arrays."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox, QWidget

from engine.formats.maps_archive import write_archive
from engine.problems import ProjectFileError
from engine.registry import make_layer
from engine.saving.network_json import network_from_json
from engine.sheets.map_sheet import sheet_rgb
from engine.sheets.single_map import single_map_sheet
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported
from engine.weighting.weights import Weights
from gui import exporting as exporting_module
from gui.exporting import COLORED, GRAY, TABLES, Exporting
from gui.viewing import Viewing
from tests.gui.flow_harness import opened, project


@pytest.fixture
def flow(qtbot):
    with opened(qtbot) as shown:
        yield shown


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def exporting(flow, preferences, window):
    made = Exporting(flow.document, Viewing(flow.document), preferences, flow.view.result, window)
    made.said = []
    made.noticed.connect(made.said.append)
    return made


@pytest.fixture
def in_dialog():
    """Return what answers the next dialog, once it is open."""
    timers = []

    def do(action):
        timer = QTimer(interval=5)

        def look():
            dialog = QApplication.activeModalWidget()
            if dialog is not None and dialog.isVisible():
                timer.stop()
                action(dialog)

        timer.timeout.connect(look)
        timer.start()
        timers.append(timer)

    yield do
    assert not any(timer.isActive() for timer in timers), "the dialog did not come"


def save_as(path, filter_name=""):
    def act(dialog):
        assert isinstance(dialog, QFileDialog)
        if filter_name:
            dialog.selectNameFilter(filter_name)
            dialog.filterSelected.emit(filter_name)
        dialog.findChild(QLineEdit).setText(str(path))
        dialog.accept()

    return act


def read_box(texts):
    def act(box):
        assert isinstance(box, QMessageBox)
        texts.append(box.text())
        box.button(QMessageBox.StandardButton.Ok).click()

    return act


def clipboard_pixels():
    image = QGuiApplication.clipboard().image()
    image = image.convertToFormat(image.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3)


def file_pixels(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def maps_of(flow, node_id):
    return flow.view.result(node_id).maps


# Maps


def test_a_copied_map_has_a_pixel_per_value_in_its_colors(flow, exporting):
    exporting.copy_map("conv", 3)
    result = flow.view.result("conv")
    expected = sheet_rgb(single_map_sheet(result.maps, 3, result.statistics))
    assert clipboard_pixels().shape == (*result.maps.shape[1:], 3)
    assert np.array_equal(clipboard_pixels(), expected)
    assert exporting.said == ["Copied map 3 of 1 Convolution: 56 × 48 pixels."]


def test_a_saved_map_is_the_copied_one(flow, exporting, in_dialog, tmp_path):
    path = tmp_path / "map.png"
    in_dialog(save_as(path, COLORED))
    exporting.save_map("conv", 3)
    exporting.copy_map("conv", 3)
    assert np.array_equal(file_pixels(path), clipboard_pixels())


def test_a_name_with_a_dot_gets_the_ending_of_what_is_saved(flow, exporting, in_dialog, tmp_path):
    in_dialog(save_as(tmp_path / "relu.2", COLORED))
    exporting.save_map("conv", 3)
    assert [path.name for path in tmp_path.glob("relu*")] == ["relu.2.png"]


def test_a_map_can_be_saved_in_gray(flow, exporting, in_dialog, tmp_path):
    path = tmp_path / "map.png"
    in_dialog(save_as(path, GRAY))
    exporting.save_map("conv", 2)
    pixels = file_pixels(path)
    assert (pixels == pixels[..., :1]).all()
    values = maps_of(flow, "conv")[2]
    # Where the values are larger, the pixels are brighter.
    order = np.argsort(values, axis=None)
    assert (np.diff(pixels[..., 0].ravel()[order].astype(int)) >= 0).all()


def test_a_copied_map_has_the_colors_that_are_chosen(flow, exporting):
    Viewing(flow.document).choose("color", "gray")
    exporting.copy_map("relu", 0)
    assert (clipboard_pixels() == clipboard_pixels()[..., :1]).all()


# Sheets


def test_a_copied_sheet_shows_every_map_with_its_size(flow, exporting):
    exporting.copy_sheet("many")
    height, width, _ = clipboard_pixels().shape
    assert min(height, width) > 300
    assert exporting.said[0].startswith("Copied the sheet of 4 Convolution: ")


def test_a_saved_sheet_is_in_the_theme_of_the_window(exporting, in_dialog, tmp_path, preferences):
    backgrounds = []
    for theme in ("dark", "light"):
        preferences.choose("theme", theme)
        path = tmp_path / f"{theme}.png"
        in_dialog(save_as(path))
        exporting.save_sheet("pool")
        backgrounds.append(file_pixels(path)[0, 0].tolist())
    assert backgrounds[0] != [255, 255, 255]
    assert backgrounds[1] == [255, 255, 255]


# Tables and equations


def test_the_copied_table_has_a_line_per_layer(flow, exporting):
    exporting.copy_table()
    text = QGuiApplication.clipboard().text()
    for node_id in flow.ids():
        assert node_id in text
    assert "56 × 48 × 8" in text


def test_the_table_is_written_as_its_file_is_called(flow, exporting, in_dialog, tmp_path):
    for suffix in TABLES:
        path = tmp_path / f"layers{suffix}"
        in_dialog(save_as(path))
        exporting.save_table()
    rows = list(csv.DictReader(io.StringIO((tmp_path / "layers.csv").read_text("utf-8"))))
    assert [row["id"] for row in rows] == flow.ids()
    assert rows[1]["height"] == "56"
    lines = (tmp_path / "layers.md").read_text("utf-8").splitlines()
    assert lines[0].startswith("| Layer | Kind | H × W × C |")
    assert set(lines[1]) <= set("|-: ")
    assert [line.count("|") for line in lines[:6]] == [lines[0].count("|")] * 6
    assert "Why this size" in (tmp_path / "layers.txt").read_text("utf-8")


def test_another_kind_of_table_changes_the_ending(exporting, in_dialog, tmp_path):
    def act(dialog):
        field = dialog.findChild(QLineEdit)
        assert Path(field.text()).name == "layers.txt"
        dialog.setDirectory(str(tmp_path))
        dialog.selectNameFilter(TABLES[".md"][0])
        dialog.filterSelected.emit(TABLES[".md"][0])
        dialog.accept()

    in_dialog(act)
    exporting.save_table()
    assert [path.name for path in tmp_path.glob("layers*")] == ["layers.md"]


def test_a_copied_equation_has_the_real_numbers(flow, exporting):
    exporting.copy_equation("many")
    shape = flow.document.analysis["many"].shape
    text = QGuiApplication.clipboard().text()
    assert text.startswith(f"Convolution: 28 × 24 × 8 → {shape}")
    assert f"= {shape.height}" in text


def test_a_network_saved_as_text_is_the_same_when_it_is_read(flow, exporting, in_dialog, tmp_path):
    path = tmp_path / "network.json"
    in_dialog(save_as(path))
    exporting.save_network()
    read = network_from_json(json.loads(path.read_text("utf-8")))
    assert read.network == flow.document.project.network
    assert read.policy == flow.document.project.policy


def test_imported_weights_have_no_room_in_a_text(flow, exporting, in_dialog):
    shown = flow.document.project
    kernel = StoredArray(np.zeros((8, 3, 3, 3), np.float32))
    weights = Weights(Imported((("kernel", kernel),), "weights.npz"))
    flow.document.edit("Import", shown.with_network(shown.network.with_weights("conv", weights)))
    texts = []
    in_dialog(read_box(texts))
    exporting.save_network()
    assert "no imported weights, and conv has some" in texts[0]


# Arrays


def test_a_saved_array_is_the_one_that_is_shown(flow, exporting, in_dialog, tmp_path):
    path = tmp_path / "maps.npy"
    in_dialog(save_as(path))
    exporting.save_array("many")
    assert np.array_equal(np.load(path), maps_of(flow, "many"))
    assert exporting.said == ["Saved “maps.npy”."]


def test_all_arrays_are_saved_by_name(flow, exporting, in_dialog, tmp_path):
    path = tmp_path / "all.npz"
    in_dialog(save_as(path))
    exporting.save_arrays()
    with np.load(path) as found:
        assert sorted(found) == sorted(flow.ids())
        for node_id in found:
            assert np.array_equal(found[node_id], maps_of(flow, node_id))


# What cannot be done is said


def test_a_layer_with_a_problem_says_why_it_has_no_maps(qtbot, preferences, window, in_dialog):
    shown = project(("big", make_layer("conv2d", {"kernel_size": 99})))
    with opened(qtbot, shown) as flow:
        exporting = Exporting(
            flow.document, Viewing(flow.document), preferences, flow.view.result, window
        )
        texts = []
        for method in (exporting.copy_sheet, exporting.save_array, exporting.copy_equation):
            in_dialog(read_box(texts))
            method("big")
        assert len(texts) == 3
        assert all("does not fit" in text for text in texts)


def test_a_layer_that_waits_names_the_other_as_its_row_does(flow, exporting, in_dialog):
    flow.editing.change_settings("conv", {"kernel_size": 99, "padding": "valid"})
    texts = []
    in_dialog(read_box(texts))
    exporting.copy_map("relu", 0)
    assert texts == ["This layer has no maps: it waits for 1 Convolution."]


def test_maps_of_an_older_size_are_not_handed_out(flow, exporting, in_dialog):
    flow.evaluator.forget()
    flow.editing.change_settings("conv", {"padding": "valid"})
    texts = []
    in_dialog(read_box(texts))
    exporting.save_arrays()
    in_dialog(read_box(texts))
    exporting.copy_map("conv", 0)
    assert len(texts) == 2
    assert all("computed yet" in text for text in texts)


def test_a_folder_that_cannot_be_written_is_named(flow, exporting, in_dialog, monkeypatch):
    def full(path, maps):
        raise ProjectFileError(f"“{path.name}” cannot be saved: no space left on device.")

    monkeypatch.setattr(exporting_module, "write_array", full)
    texts = []

    def act(dialog):
        dialog.findChild(QLineEdit).setText("/tmp/maps.npy")
        in_dialog(read_box(texts))
        dialog.accept()

    in_dialog(act)
    exporting.save_array("conv")
    assert texts == ["“maps.npy” cannot be saved: no space left on device."]
    assert exporting.said == []


def test_arrays_that_fail_halfway_leave_the_old_file(tmp_path):
    path = tmp_path / "maps.npz"
    path.write_bytes(b"old")

    def failing():
        yield "first", np.zeros((1, 2, 2), np.float32)
        raise OSError(28, "No space left on device")

    with pytest.raises(ProjectFileError, match=r"“maps.npz” cannot be saved: no space left"):
        write_archive(path, failing())
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
