"""Opening and saving, the star, the question about unsaved changes, and refusals."""

import json
import os
import sys
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMessageBox

from engine.pictures.images import SAMPLES_FOLDER, Picture, open_sample, read_picture
from engine.saving.examples import EXAMPLES_FOLDER
from engine.saving.project_file import open_project, save_project
from engine.shapes import Shape
from engine.weighting.weight_files import read_weight_file
from gui.file_dialogs import FileDialogs
from gui.side import side_binding
from tests.gui.window_harness import focused, write
from tests.gui.window_harness import press as press_keys


@pytest.fixture
def in_dialog(qtbot):
    """Do something in the next dialog that opens, as soon as it is there."""
    timers: list[QTimer] = []

    def do(action):
        timer = QTimer(interval=10)

        def look():
            dialog = QApplication.activeModalWidget()
            if dialog is not None:
                timer.stop()
                action(dialog)

        timer.timeout.connect(look)
        timer.start()
        timers.append(timer)

    yield do
    assert not any(timer.isActive() for timer in timers), "the dialog did not come"


def press(button, text_of=None):
    """Return what presses a button of a message box, and keeps what the box says."""

    def act(box):
        assert isinstance(box, QMessageBox)
        if text_of is not None:
            text_of.append(box.text())
        box.button(button).click()

    return act


def choose_file(path):
    def act(dialog):
        assert isinstance(dialog, QFileDialog)
        field = dialog.findChild(QLineEdit)
        assert field is not None
        field.setText(str(path))
        dialog.accept()

    return act


SAVE, DISCARD, CANCEL, OK, YES, NO = (
    QMessageBox.StandardButton.Save,
    QMessageBox.StandardButton.Discard,
    QMessageBox.StandardButton.Cancel,
    QMessageBox.StandardButton.Ok,
    QMessageBox.StandardButton.Yes,
    QMessageBox.StandardButton.No,
)


def change(window):
    window.editing.insert_kind("relu", "pool")


def test_star_comes_and_goes(window):
    assert not window.isWindowModified()
    assert window.windowTitle() == "Untitled[*] – Convolens"
    change(window)
    assert window.isWindowModified()
    window.document.undo_stack.undo()
    assert not window.isWindowModified()


def test_view_choices_set_no_star(window):
    for name in ("fold", "larger-maps", "color-gray", "scale-true", "size_order-CHW", "all-maps"):
        window.commands[name].trigger()
    assert not window.isWindowModified()
    assert not window.document.undo_stack.canUndo()


def test_save_as_and_open_again(window, in_dialog, tmp_path):
    change(window)
    window.commands["color-gray"].trigger()
    in_dialog(choose_file(tmp_path / "mine"))
    window.commands["save"].trigger()
    path = tmp_path / "mine.convolens"
    assert open_project(path) == window.document.project_to_save
    assert window.windowTitle() == "mine[*] – Convolens"
    assert not window.isWindowModified()
    assert window.preferences.recent_projects.paths == (path,)
    saved = window.document.project_to_save
    window.files.open_example("lenet-5")
    assert window.files.path is None
    window.files.open_network(path)
    assert window.document.project == saved
    assert window.viewing.view.color == "gray"
    assert window.files.path == path


def test_a_name_with_a_dot_gets_the_ending_of_projects_too(window, in_dialog, tmp_path):
    in_dialog(choose_file(tmp_path / "resnet.18"))
    assert window.files.save_as()
    assert [path.name for path in tmp_path.glob("resnet*")] == ["resnet.18.convolens"]
    assert window.files.name == "resnet.18"


@pytest.mark.parametrize(("answer", "replaced"), [(YES, True), (NO, False)])
def test_a_file_of_the_whole_name_is_asked_about(window, in_dialog, tmp_path, answer, replaced):
    path = tmp_path / "resnet.18.convolens"
    path.write_bytes(b"before")
    texts: list[str] = []

    def choose(dialog):
        in_dialog(press(answer, texts))
        choose_file(tmp_path / "resnet.18")(dialog)

    in_dialog(choose)
    assert window.files.save_as() is replaced
    assert texts == ["“resnet.18.convolens” is there already. Replace it?"]
    assert (path.read_bytes() != b"before") is replaced


@pytest.mark.parametrize("by", ["open_network", "open_path"])
def test_a_project_is_one_whatever_its_file_is_called(window, tmp_path, by):
    path = tmp_path / "resnet.18"
    save_project(window.document.project_to_save, path)
    getattr(window.files, by)(path)
    assert window.files.path == path
    assert window.files.name == "resnet.18"
    assert window.preferences.recent_projects.paths == (path,)


def in_sight(window, node_id):
    return window.flow.viewport().rect().contains(window.flow.place_of(node_id))


def test_a_network_opens_at_its_start_with_the_first_layer_selected(window):
    bar = window.flow.verticalScrollBar()
    for name in ("resnet-18", "lenet-5", "start"):
        bar.setValue(bar.maximum())
        window.files.open_example(name)
        assert window.document.selected == window.document.project.network.nodes[1].id
        assert bar.value() == 0
        assert in_sight(window, window.document.selected)


def test_a_project_opens_at_the_layer_that_was_selected(window, tmp_path):
    window.files.open_example("resnet-18")
    last = window.document.project.network.nodes[-1].id
    window.document.select(last)
    assert window.files._save(tmp_path / "mine.convolens")
    window.files.open_example("start")
    window.files.open_network(tmp_path / "mine.convolens")
    assert window.document.selected == last
    assert in_sight(window, last)


def test_save_again_asks_nothing(window, tmp_path):
    path = tmp_path / "mine.convolens"
    save_project(window.document.project, path)
    window.files.open_network(path)
    change(window)
    window.commands["save"].trigger()
    assert not window.isWindowModified()
    assert open_project(path) == window.document.project_to_save


def test_undo_past_the_saved_state_sets_the_star(window, tmp_path):
    path = tmp_path / "mine.convolens"
    change(window)
    window.files._save(path)
    window.document.undo_stack.undo()
    assert window.isWindowModified()
    window.document.undo_stack.redo()
    assert not window.isWindowModified()


def test_unsaved_changes_are_asked_about(window, in_dialog):
    change(window)
    changed = window.document.project
    texts: list[str] = []
    in_dialog(press(CANCEL, texts))
    window.files.open_example("lenet-5")
    assert texts == ["Save the changes to “Untitled”?"]
    assert window.document.project == changed
    in_dialog(press(DISCARD))
    window.files.open_example("lenet-5")
    assert window.files.name == "LeNet-5"
    assert not window.isWindowModified()


def bring_picture(window, in_dialog, qtbot, folder):
    """Choose a picture where a network is asked for."""
    path = folder / "IMG_1.JPG"
    path.write_bytes(open_sample("landscape.jpg").data)
    in_dialog(choose_file(path))
    with qtbot.waitSignal(window.document.project_changed):
        window.commands["open-network"].trigger()


def test_a_picture_chosen_among_networks_is_opened_as_a_picture(window, in_dialog, qtbot, tmp_path):
    network = window.document.project.network
    bring_picture(window, in_dialog, qtbot, tmp_path)
    assert window.document.project.picture.name == "IMG_1.JPG"
    assert window.document.project.network == network


def test_a_picture_that_goes_along_to_the_next_network_is_no_change_to_ask_about(
    window, in_dialog, qtbot, tmp_path
):
    bring_picture(window, in_dialog, qtbot, tmp_path)
    window.files.open_example("lenet-5")
    assert window.document.project.picture.name == "IMG_1.JPG"
    assert window.files.name == "LeNet-5"


def test_a_picture_that_a_saved_project_would_lose_is_asked_about(
    window, in_dialog, qtbot, tmp_path
):
    window.files._save(tmp_path / "mine.convolens")
    bring_picture(window, in_dialog, qtbot, tmp_path)
    in_dialog(press(CANCEL))
    window.files.open_example("lenet-5")
    assert window.files.name == "mine"


def test_closing_asks_and_can_be_taken_back(window, in_dialog):
    change(window)
    in_dialog(press(CANCEL))
    assert not window.close()
    assert window.isVisible()


def test_saving_on_closing(window, in_dialog, tmp_path):
    path = tmp_path / "mine.convolens"
    save_project(window.document.project, path)
    window.files.open_network(path)
    change(window)
    in_dialog(press(SAVE))
    assert window.files.may_discard()
    assert open_project(path) == window.document.project_to_save


@pytest.mark.parametrize(("letter", "goes"), [("D", True), ("C", False)])
def test_the_question_is_answered_by_letters(window, in_dialog, qtbot, letter, goes):
    change(window)

    def write(box):
        qtbot.waitUntil(lambda: focused().window() is box)
        QTest.keySequence(focused(), QKeySequence(f"Alt+{letter}"))

    in_dialog(write)
    assert window.files.may_discard() is goes


def test_failed_save_keeps_the_star(window, in_dialog, tmp_path):
    change(window)
    texts: list[str] = []
    in_dialog(press(OK, texts))
    assert not window.files._save(tmp_path / "no such folder" / "mine.convolens")
    assert "mine.convolens" in texts[0]
    assert window.isWindowModified()
    assert window.files.path is None


def test_a_refused_save_offers_another_place(window, in_dialog, tmp_path):
    change(window)
    edited = window.document.project_to_save
    window.files._path = tmp_path / "no such folder" / "mine.convolens"
    elsewhere = tmp_path / "elsewhere.convolens"

    def save_elsewhere(box):
        in_dialog(choose_file(elsewhere))
        box.defaultButton().click()

    in_dialog(save_elsewhere)
    assert window.files.save()
    assert window.files.path == elsewhere
    assert not window.isWindowModified()
    assert open_project(elsewhere) == edited


def test_unreadable_file_is_refused_in_a_sentence(window, in_dialog, tmp_path):
    path = tmp_path / "broken.convolens"
    path.write_bytes(b"PK\x03\x04 and nothing else")
    window.preferences.recent_projects.add(path)
    before = window.document.project
    texts: list[str] = []
    in_dialog(press(OK, texts))
    window.files.open_network(path)
    assert "broken.convolens" in texts[0]
    assert window.document.project is before
    assert window.preferences.recent_projects.paths == ()


def test_only_the_newest_refusal_is_shown(window, in_dialog, tmp_path):
    window.pictures.refuse("“text.jpg” is text.")
    path = tmp_path / "broken.convolens"
    path.write_bytes(b"PK\x03\x04 and nothing else")
    in_dialog(press(OK))
    window.files.open_network(path)
    assert window.pictures.notice is None


def test_plain_network_is_not_saved_over(window, in_dialog, tmp_path):
    window.files.open_network(EXAMPLES_FOLDER / "lenet-5.json")
    assert window.files.path is None
    assert window.windowTitle() == "LeNet-5[*] – Convolens"


def test_chosen_network_opens(window, in_dialog):
    in_dialog(choose_file(EXAMPLES_FOLDER / "vgg-16.json"))
    window.commands["open-network"].trigger()
    assert window.files.name == "VGG-16, convolutions"


def test_a_network_saved_as_text_keeps_its_name(window, in_dialog, tmp_path):
    window.files.open_example("resnet-18")
    in_dialog(choose_file(tmp_path / "net.json"))
    window.commands["save-network"].trigger()
    window.commands["new"].trigger()
    window.files.open_network(tmp_path / "net.json")
    assert window.files.name == "ResNet-18 (torchvision)"


def test_a_network_that_nobody_named_is_saved_without_a_name(window, in_dialog, tmp_path):
    window.commands["new"].trigger()
    in_dialog(choose_file(tmp_path / "net.json"))
    window.commands["save-network"].trigger()
    assert "name" not in json.loads((tmp_path / "net.json").read_text())


def test_a_network_without_a_name_is_called_as_its_file(window, tmp_path):
    path = tmp_path / "mine.json"
    path.write_text('{"format": "convolens-network", "version": 1, "layers": []}')
    window.files.open_network(path)
    assert window.files.name == "mine"


# The picture in the project


def kept(window):
    """Whether the switch says that a project holds the picture itself, and can be used."""
    switch = window.commands["keep-picture"]
    return switch.isChecked(), switch.isEnabled()


def test_a_project_that_is_to_hold_only_the_path_holds_no_picture(window, tmp_path):
    assert kept(window) == (True, True)
    press_keys("Ctrl+K")
    write("keep the picture")
    press_keys("Return")
    assert kept(window) == (False, True)
    assert window.isWindowModified()
    assert window.files._save(tmp_path / "light.convolens")
    with zipfile.ZipFile(tmp_path / "light.convolens") as archive:
        assert archive.namelist() == ["project.json"]
    window.files.open_example("lenet-5")
    window.files.open_network(tmp_path / "light.convolens")
    assert kept(window) == (False, True)


def test_keeping_only_the_path_can_be_undone(window):
    window.commands["keep-picture"].trigger()
    assert window.commands["undo"].text() == "Undo Keep only the picture's path"
    window.commands["undo"].trigger()
    assert kept(window) == (True, True)


@pytest.mark.parametrize("picture", [Picture("pasted", b"P5 2 2 255 1234"), Shape(3, 8, 8)])
def test_what_has_no_path_leaves_no_choice(window, picture):
    window.commands["keep-picture"].trigger()
    project = window.document.project
    window.document.edit("Paste picture", replace(project, picture=picture))
    assert kept(window) == (True, False)


# Weights


@pytest.fixture
def weight_file(tmp_path):
    """A weight file for the layer “conv”."""
    (tmp_path / "weights").mkdir()
    path = tmp_path / "weights" / "edges.npz"
    np.savez(path, kernel=np.ones((8, 3, 3, 3)))
    return path


def open_weights(window):
    window.document.select("conv")
    window.side.weights.file_wanted.emit()


def source_of(window):
    return window.document.project.network.node("conv").weights.source


def test_a_weight_file_is_chosen_where_one_was_chosen_last(window, in_dialog, weight_file):
    in_dialog(choose_file(weight_file))
    open_weights(window)
    assert source_of(window).origin == "edges.npz"
    folders = []

    def look(dialog):
        folders.append(dialog.directory().absolutePath())
        dialog.reject()

    in_dialog(look)
    open_weights(window)
    assert folders == [str(weight_file.parent)]


def test_the_pointer_waits_while_a_weight_file_is_read(window, in_dialog, weight_file, monkeypatch):
    shapes = []

    def read(path):
        shapes.append(QApplication.overrideCursor().shape())
        return read_weight_file(path)

    monkeypatch.setattr(side_binding, "read_weight_file", read)
    in_dialog(choose_file(weight_file))
    open_weights(window)
    assert shapes == [Qt.CursorShape.WaitCursor]


def test_a_weight_file_that_cannot_be_read_is_refused_in_a_box(window, in_dialog, tmp_path):
    path = tmp_path / "net.onnx"
    path.write_bytes(b"")
    before = source_of(window)
    texts: list[str] = []

    def choose(dialog):
        in_dialog(press(OK, texts))
        choose_file(path)(dialog)

    in_dialog(choose)
    open_weights(window)
    assert "numpy.savez" in texts[0]
    assert source_of(window) == before


@pytest.mark.skipif(sys.platform != "linux", reason="only there a name may be any bytes")
def test_the_arrays_of_a_file_with_a_stray_byte_in_its_name_can_be_chosen(
    window, in_dialog, weight_file, monkeypatch
):
    stray = weight_file.with_name("edges\udcff.npz")
    weight_file.rename(stray)
    # Qt's own dialog cannot say such a name; another system's may.
    monkeypatch.setattr(FileDialogs, "file_to_open", lambda *_: stray)
    open_weights(window)
    assert source_of(window).origin == "edges�.npz"
    assert window.side.weights.file_arrays.boxes["kernel"].currentText() == "kernel · 8×3×3×3"


def test_new_network_keeps_the_picture(window):
    picture = window.document.project.picture
    window.commands["new"].trigger()
    assert len(window.document.project.network) == 1
    assert window.document.project.picture == picture


def test_an_example_opens_on_the_persons_own_picture(window):
    own, sample = Picture("own.png", b"P5 2 2 255 1234"), open_sample("scene.png")
    for shown, expected in ((own, own), (open_sample("text.png"), sample)):
        project = window.document.project
        window.document.edit("Open picture", replace(project, picture=shown))
        window.document.undo_stack.setClean()
        window.files.open_example("resnet-18")
        assert window.document.project.picture == expected


def test_a_network_that_refuses_the_own_picture_comes_with_its_sample(window, tmp_path):
    gray = tmp_path / "gray.npy"
    np.save(gray, np.zeros((9, 9), np.float32))
    project = replace(window.document.project, picture=read_picture(gray))
    window.document.edit("Open picture", project)
    window.document.undo_stack.setClean()
    window.files.open_example("resnet-18")
    assert window.document.project.picture.is_sample
    assert not window.document.analysis.problems


def test_a_network_with_a_problem_of_its_own_opens_on_the_persons_picture(window, tmp_path):
    own = Picture("own.png", open_sample("text.png").data)
    window.document.edit("Open picture", replace(window.document.project, picture=own))
    window.document.undo_stack.setClean()
    layers = [{"kind": "max_pool2d", "settings": {"kernel_size": 2000}}]
    path = tmp_path / "broken.json"
    path.write_text(
        json.dumps({"format": "convolens-network", "version": 1, "layers": layers}),
        encoding="utf-8",
    )
    window.files.open_network(path)
    assert window.document.project.picture == own
    assert [node_id for node_id, _ in window.document.analysis.problems] == ["max_pool2d_1"]


def drop(window, *paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    point = window.flow.mapTo(window, window.flow.rect().center())
    copied, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    bare = Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(point, copied, data, left, bare),
        QDropEvent(QPointF(point), copied, data, left, bare),
    ):
        QApplication.sendEvent(window, event)
        assert event.isAccepted()


def test_dropped_project_opens(window, tmp_path):
    path = tmp_path / "mine.convolens"
    change(window)
    save_project(window.document.project, path)
    window.document.undo_stack.setClean()
    saved = window.document.project
    window.files.new()
    drop(window, path)
    assert window.document.project == saved


def test_a_dropped_file_that_is_neither_says_what_networks_are(window, qtbot, tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"\x08\x0e:\xa1\x01\n\x1b")
    drop(window, path)
    qtbot.waitUntil(lambda: window.pictures.notice is not None)
    assert "Networks are “.convolens” and “.json” files." in window.pictures.notice.text


def test_dropped_picture_is_shown(window, qtbot):
    drop(window, SAMPLES_FOLDER / "digit.png")
    qtbot.waitUntil(window.document.undo_stack.canUndo)
    assert window.document.project.picture.name == "digit.png"
    assert window.isWindowModified()


def test_recent_projects_in_the_menu(window, tmp_path):
    assert not window.menus.recent_projects.isEnabled()
    path = tmp_path / "fish & chips.convolens"
    window.files._save(path)
    window.files.open_example("lenet-5")
    entry = window.menus.recent_projects.actions()[0]
    assert entry.text() == "fish && chips"
    entry.trigger()
    assert window.files.path == path


def test_recent_pictures_in_the_menu(window, qtbot, tmp_path):
    menu = window.menus.recent_pictures
    assert not menu.isEnabled()
    path = tmp_path / "fish & chips.png"
    path.write_bytes((SAMPLES_FOLDER / "digit.png").read_bytes())
    drop(window, path)
    qtbot.waitUntil(menu.isEnabled)
    window.document.undo_stack.undo()
    (entry,) = menu.actions()
    assert entry.text() == "fish && chips.png"
    entry.trigger()
    qtbot.waitUntil(window.document.undo_stack.canUndo)
    assert window.document.project.picture.path == path


def test_a_picture_that_the_program_starts_with_sets_no_star(window, qtbot, tmp_path):
    path = tmp_path / "digit.png"
    path.write_bytes((SAMPLES_FOLDER / "digit.png").read_bytes())
    window.files.open_path(path, at_start=True)
    qtbot.waitUntil(lambda: window.document.project.picture.path == path)
    assert not window.isWindowModified()
    assert not window.document.undo_stack.canUndo()
    assert window.preferences.recent_pictures.paths == (path,)


def test_an_edit_before_the_picture_of_the_start_is_kept(window, qtbot, tmp_path):
    path = tmp_path / "digit.png"
    path.write_bytes((SAMPLES_FOLDER / "digit.png").read_bytes())
    before = window.document.project
    window.files.open_path(path, at_start=True)
    change(window)
    qtbot.waitUntil(lambda: window.document.project.picture.path == path)
    assert window.isWindowModified()
    for _ in range(2):
        window.document.undo_stack.undo()
    assert window.document.project == before


def test_recent_picture_that_is_gone_is_said_to_be_and_leaves_the_menu(window, qtbot, tmp_path):
    path = tmp_path / "gone.png"
    window.preferences.recent_pictures.add(path)
    before = window.document.project
    window.menus.recent_pictures.actions()[0].trigger()
    qtbot.waitUntil(lambda: window.pictures.notice is not None)
    assert "gone.png" in window.pictures.notice.text
    assert window.document.project is before
    assert not window.menus.recent_pictures.isEnabled()


def test_recent_project_that_is_gone_is_said_to_be_and_leaves_the_menu(window, in_dialog, tmp_path):
    path = tmp_path / "gone.convolens"
    window.preferences.recent_projects.add(path)
    texts: list[str] = []
    in_dialog(press(OK, texts))
    window.menus.recent_projects.actions()[0].trigger()
    assert texts == ["“gone.convolens” cannot be opened: no such file or directory."]
    assert not window.menus.recent_projects.isEnabled()


def test_examples_menu(window):
    window.menus.examples.aboutToShow.emit()
    groups = window.menus.examples.actions()
    assert [group.text() for group in groups] == ["Lessons", "Worked cases", "Classic networks"]
    entries = [entry for group in groups for entry in group.menu().actions()]
    assert entries[0].text() == "A first network"
    next(a for a in entries if a.text() == "U-Net, small").trigger()
    assert window.files.name == "U-Net, small"


def test_maps_of_the_last_project_are_gone(window, computed):
    window.files.open_example("size-valid")
    assert window.flow.result("conv") is None
    computed()
    assert window.flow.result("input") is not None


def test_name_with_a_star_in_it(window, tmp_path):
    window.files._save(tmp_path / "a[*]b.convolens")
    assert window.windowTitle() == "a[*][*]b[*] – Convolens"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_name_that_is_no_text_is_shown_as_far_as_it_is(window, tmp_path):
    path = tmp_path / os.fsdecode(b"caf\xe9.convolens")
    window.files._save(path)
    assert path.exists()
    assert window.windowTitle().startswith("caf�")
    assert window.statusBar().currentMessage() == "Saved “caf�.convolens”."
