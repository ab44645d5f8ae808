"""Every way to bring a picture: it comes as one step, or a sentence says why not."""

import threading
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from engine.pictures.images import Picture, decode
from engine.pictures.picture_formats import FORMATS
from engine.pictures.size_policy import SizePolicy
from engine.problems import PictureError
from engine.project import MissingPicture
from engine.shapes import Shape
from gui.chip import Chip
from gui.pictures.picture_dialog import name_filters
from gui.pictures.picture_notice import Notice, PictureNotice
from gui.pictures.picture_opening import LIMITED
from gui.pictures.picture_sources import FileSource, ImageSource, source_in
from gui.pictures.picture_state import PictureState, headline
from tests.gui.picture_harness import (
    CROP,
    encoded,
    gradient,
    make_pictures,
    picture_file,
    pixel_picture,
)


@pytest.fixture
def pictures(qtbot, tmp_path):
    made = make_pictures(tmp_path)
    # The overview of the picture that is there from the start.
    qtbot.waitUntil(lambda: made.opening.state.overview is not None)
    yield made
    made.opening.stop()
    made.window.deleteLater()


@dataclass(frozen=True, eq=False)
class SlowSource:
    """A picture on a disk that does not answer yet."""

    picture: Picture
    may_answer: threading.Event
    name: str = "slow.png"

    def read(self):
        assert self.may_answer.wait(20)
        return self.picture


@dataclass(frozen=True, eq=False)
class FaultySource:
    name: str = "faulty.png"

    def read(self):
        raise RuntimeError("a fault of the program")


def opened(pictures, qtbot, open_it):
    """Do something, and wait until the document has another picture."""
    with qtbot.waitSignal(pictures.document.project_changed, timeout=20_000):
        open_it()
    return pictures.picture


def noticed(pictures, qtbot, do):
    """Do something, and wait until a notice says something."""
    with qtbot.waitSignal(
        pictures.opening.notice_changed,
        timeout=20_000,
        check_params_cb=lambda notice: notice is not None and "Reading" not in notice.text,
    ):
        do()
    return pictures.opening.notice


# Files


def test_a_file_is_one_step_with_its_name(pictures, qtbot, tmp_path):
    before = pictures.picture
    path = picture_file(tmp_path)
    picture = opened(pictures, qtbot, lambda: pictures.opening.open_path(path))
    assert picture == Picture("photo.png", path.read_bytes())
    assert (picture.name, picture.path) == ("photo.png", path)
    assert pictures.steps == ["Open picture photo.png"]
    assert pictures.recent.paths == (path,)
    pictures.document.undo_stack.undo()
    assert pictures.picture == before
    pictures.document.undo_stack.redo()
    assert pictures.picture == picture


def test_what_is_shown_comes_with_the_picture(pictures, qtbot, tmp_path):
    states: list[PictureState] = []
    pictures.opening.state_changed.connect(states.append)
    path = picture_file(tmp_path, "photo.jpg", gradient(1000, 1500))
    opened(pictures, qtbot, lambda: pictures.opening.open_path(path))
    assert len(states) == 1
    overview = states[0].overview
    assert overview is not None
    assert overview.levels is not None
    assert overview.levels.size == (683, 1024)
    assert headline(states[0]) == "1.5 MP photo, cropped to 224 × 224"


def test_a_rectangle_is_not_taken_over_to_another_picture(pictures, qtbot, tmp_path):
    pictures.editing.change_policy(CROP)
    path = picture_file(tmp_path)
    opened(pictures, qtbot, lambda: pictures.opening.open_path(path))
    assert pictures.document.project.policy == replace(CROP, crop=None)
    pictures.document.undo_stack.undo()
    assert pictures.document.project.policy == CROP


def test_the_same_picture_again_is_no_step(pictures, qtbot, tmp_path):
    path = picture_file(tmp_path)
    opened(pictures, qtbot, lambda: pictures.opening.open_path(path))
    pictures.editing.change_policy(CROP)
    notice = noticed(pictures, qtbot, lambda: pictures.opening.open_path(path))
    assert notice == Notice("“photo.png” is shown already.")
    assert pictures.document.project.policy == CROP
    assert len(pictures.steps) == 2


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.write_text("only words"), "is text"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.mkdir(), "a folder"),
        (lambda path: None, "was not found"),
        (lambda path: path.write_bytes(encoded(gradient())[:60]), "damaged"),
    ],
)
def test_what_is_no_picture_says_why_and_changes_nothing(pictures, qtbot, tmp_path, make, words):
    before = pictures.document.project
    path = tmp_path / "<b>bad.png"
    make(path)
    pictures.recent.add(path)
    notice = noticed(pictures, qtbot, lambda: pictures.opening.open_path(path))
    assert notice.role == "problem"
    assert words in notice.text
    assert "<b>bad.png" in notice.text
    assert pictures.document.project is before
    assert pictures.recent.paths == ()


def test_a_picture_after_a_refusal_takes_the_notice_away(pictures, qtbot, tmp_path):
    noticed(pictures, qtbot, lambda: pictures.opening.open_path(tmp_path / "none.png"))
    opened(pictures, qtbot, lambda: pictures.opening.open_path(picture_file(tmp_path)))
    assert pictures.opening.notice is None


def test_warnings_of_decoding_are_shown(pictures, qtbot, tmp_path):
    path = tmp_path / "cut.jpg"
    whole = encoded(gradient(400, 600), "JPEG")
    path.write_bytes(whole[: len(whole) // 2])
    opened(pictures, qtbot, lambda: pictures.opening.open_path(path))
    assert "ends early" in pictures.opening.state.warnings


def test_the_newest_picture_wins(pictures, qtbot, tmp_path):
    may_answer = threading.Event()
    pictures.opening.open_source(SlowSource(pixel_picture(50, 50), may_answer))
    waiting = picture_file(tmp_path, "waiting.png", gradient(30, 30))
    newest = picture_file(tmp_path, "newest.png", gradient(40, 40))
    pictures.opening.open_path(waiting)
    pictures.opening.open_path(newest)
    picture = opened(pictures, qtbot, may_answer.set)
    assert picture.name == "newest.png"
    assert pictures.steps == ["Open picture newest.png"]


def test_a_slow_picture_is_spoken_of_and_can_be_given_up(pictures, qtbot):
    may_answer = threading.Event()
    before = pictures.document.project
    with qtbot.waitSignal(pictures.opening.notice_changed):
        pictures.opening.open_source(SlowSource(pixel_picture(), may_answer))
    assert pictures.opening.notice.text == "Reading “slow.png” …"
    pictures.opening.answer("cancel")
    assert pictures.opening.notice is None
    may_answer.set()
    # What is read afterwards comes after it.
    with qtbot.waitSignal(pictures.loader.sample_drawn):
        pictures.opening.overviews.draw_samples()
    assert pictures.document.project is before


def test_a_fault_of_the_program_is_reported_and_the_thread_goes_on(pictures, qtbot, tmp_path):
    with qtbot.waitSignal(pictures.opening.failed) as failed:
        pictures.opening.open_source(FaultySource())
    assert "a fault of the program" in failed.args[1]
    path = picture_file(tmp_path)
    assert opened(pictures, qtbot, lambda: pictures.opening.open_path(path)).name == "photo.png"


def test_another_project_ends_what_was_to_come(pictures, qtbot):
    may_answer = threading.Event()
    pictures.opening.open_source(SlowSource(pixel_picture(), may_answer))
    project = replace(pictures.document.project, picture=None)
    pictures.document.open(project)
    may_answer.set()
    with qtbot.waitSignal(pictures.loader.sample_drawn):
        pictures.opening.overviews.draw_samples()
    assert pictures.document.project == project


def test_a_sample(pictures, qtbot):
    picture = opened(pictures, qtbot, lambda: pictures.opening.open_sample("digit.png"))
    assert picture.name == "digit.png"
    assert pictures.recent.paths == ()


def test_only_a_size(pictures):
    pictures.opening.use_size(Shape(1, 28, 30))
    assert pictures.picture == Shape(1, 28, 30)
    assert pictures.steps == ["Use size 28 × 30 × 1"]


def test_an_opened_project_gets_its_overview(pictures, qtbot):
    picture = pixel_picture()
    with qtbot.waitSignal(pictures.loader.overview_made):
        pictures.document.open(replace(pictures.document.project, picture=picture))
    state = pictures.opening.state
    assert state.overview.digest == picture.digest
    assert state.size == (60, 90)


def test_a_picture_of_a_project_that_cannot_be_decoded_says_why(pictures, qtbot):
    damaged = Picture("cut.png", encoded(gradient())[:60])
    with qtbot.waitSignal(pictures.loader.overview_made):
        pictures.document.open(replace(pictures.document.project, picture=damaged))
    assert "cut.png" in pictures.opening.state.problem


# A photo


def test_the_window_lives_while_a_photo_of_24_megapixels_is_read(pictures, qtbot, tmp_path):
    pixels = gradient(400, 600).repeat(10, axis=0).repeat(10, axis=1)
    path = picture_file(tmp_path, "photo.jpg", pixels, quality=90)
    reading: list[threading.Thread] = []
    ticks: list[int] = []
    timer = QTimer(interval=1)
    timer.timeout.connect(lambda: ticks.append(len(reading)))
    load = pictures.loader._load

    def watched(*args):
        reading.append(threading.current_thread())
        load(*args)

    pictures.loader._load = watched
    timer.start()
    picture = opened(pictures, qtbot, lambda: pictures.opening.open_path(path))
    timer.stop()
    assert pictures.opening.state.size == (4000, 6000)
    assert headline(pictures.opening.state) == "24 MP photo, cropped to 224 × 224"
    assert picture.name == "photo.jpg"
    assert reading[0] is not threading.main_thread()
    assert sum(ticks) > 10, "the window stood still while the photo was read"
    assert pictures.document.analysis["input"].shape == Shape(3, 224, 224)


# Memory


@pytest.fixture
def small_budget(qtbot, tmp_path):
    made = make_pictures(tmp_path, budget=8_000_000)
    made.editing.change_policy(SizePolicy("as_is"))
    made.document.undo_stack.clear()
    qtbot.waitUntil(lambda: made.opening.state.overview is not None)
    yield made
    made.opening.stop()
    made.window.deleteLater()


@pytest.fixture
def large_file(tmp_path):
    return picture_file(tmp_path, "large.png", gradient(900, 1300))


def test_a_picture_beyond_the_budget_is_asked_about(small_budget, qtbot, large_file):
    before = small_budget.document.project
    notice = noticed(small_budget, qtbot, lambda: small_budget.opening.open_path(large_file))
    assert "900 × 1300 × 3" in notice.text
    assert "13.4 MiB" in notice.text
    assert "7.63 MiB of maps" in notice.text
    assert [answer for answer, _ in notice.answers] == ["take", "limit"]
    assert small_budget.document.project is before


@pytest.mark.parametrize(("answer", "policy"), [("take", SizePolicy("as_is")), ("limit", LIMITED)])
def test_the_answer_decides(small_budget, qtbot, large_file, answer, policy):
    noticed(small_budget, qtbot, lambda: small_budget.opening.open_path(large_file))
    small_budget.opening.answer(answer)
    assert small_budget.picture.name == "large.png"
    assert small_budget.document.project.policy == policy
    assert small_budget.steps == ["Open picture large.png"]
    assert small_budget.opening.notice is None
    assert small_budget.recent.paths == (large_file,)


def test_a_closed_question_means_no(small_budget, qtbot, large_file):
    before = small_budget.document.project
    noticed(small_budget, qtbot, lambda: small_budget.opening.open_path(large_file))
    small_budget.opening.close_notice()
    small_budget.opening.answer("take")
    assert small_budget.document.project is before


def test_as_much_memory_as_is_taken_already_needs_no_question(small_budget, qtbot, tmp_path):
    large = picture_file(tmp_path, "large.png", gradient(900, 1300))
    noticed(small_budget, qtbot, lambda: small_budget.opening.open_path(large))
    small_budget.opening.answer("take")
    other = picture_file(tmp_path, "other.png", gradient(900, 1300)[::-1])
    picture = opened(small_budget, qtbot, lambda: small_budget.opening.open_path(other))
    assert picture.name == "other.png"


# The clipboard


@pytest.fixture
def clipboard(qapp):
    board = QGuiApplication.clipboard()
    yield board
    board.clear()


def rgb_image():
    image = QImage(30, 20, QImage.Format.Format_RGB32)
    image.fill(QColor(200, 30, 40))
    image.setPixelColor(3, 2, QColor(1, 2, 3))
    return image


def test_pixels_in_the_clipboard_become_a_png(pictures, qtbot, clipboard):
    clipboard.setImage(rgb_image())
    assert pictures.opening.can_paste
    picture = opened(pictures, qtbot, pictures.opening.paste)
    assert picture.name == "Pasted picture.png"
    assert picture.path is None
    assert picture.data.startswith(b"\x89PNG")
    pixels = decode(picture).pixels
    assert pixels.shape == (20, 30, 3)
    assert pixels[2, 3].tolist() == [1, 2, 3]
    assert pictures.steps == ["Open picture Pasted picture.png"]


@pytest.mark.parametrize(("kind", "suffix"), [("image/png", "png"), ("image/jpeg", "jpg")])
def test_the_bytes_of_a_file_in_the_clipboard_are_taken_as_they_are(
    pictures, qtbot, clipboard, kind, suffix
):
    data = QMimeData()
    content = encoded(gradient(), "PNG" if suffix == "png" else "JPEG")
    data.setData(kind, content)
    clipboard.setMimeData(data)
    picture = opened(pictures, qtbot, pictures.opening.paste)
    assert picture == Picture(f"Pasted picture.{suffix}", content)


def test_a_copied_file_is_opened(pictures, qtbot, clipboard, tmp_path):
    path = picture_file(tmp_path, "photo with spaces & ümlaut.png")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    clipboard.setMimeData(data)
    assert opened(pictures, qtbot, pictures.opening.paste).path == path


@pytest.mark.parametrize("form", ["{}", '"{}"', "file://{}", " {} \n"])
def test_a_path_as_text_is_opened(pictures, qtbot, clipboard, tmp_path, form):
    path = picture_file(tmp_path)
    clipboard.setText(form.format(path))
    assert opened(pictures, qtbot, pictures.opening.paste).path == path


@pytest.mark.parametrize("text", ["", "relative/photo.png", "some words", "two\n/lines.png"])
def test_a_clipboard_without_a_picture_says_what_to_do(pictures, clipboard, text):
    clipboard.setText(text)
    assert not pictures.opening.can_paste
    pictures.opening.paste()
    assert "The clipboard holds no picture" in pictures.opening.notice.text


def test_an_address_in_the_web_is_not_fetched(pictures, clipboard):
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/photo.png")])
    clipboard.setMimeData(data)
    pictures.opening.paste()
    assert "https://example.org/photo.png” is not on this computer" in pictures.opening.notice.text


def test_pixels_that_cannot_be_encoded_say_so(qapp):
    with pytest.raises(PictureError, match="Save it as a file"):
        ImageSource("Pasted picture.png", QImage()).read()


def test_a_file_comes_before_its_pixels(qapp, tmp_path):
    data = QMimeData()
    data.setImageData(rgb_image())
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "photo.png"))])
    assert source_in(data, "Dropped") == FileSource(tmp_path / "photo.png")


# Drops


PLACE = QPoint(60, 200)
"""Somewhere within each part of the window."""


def drag(target, data, position=PLACE):
    """Drag data over a widget, as Qt does; return the events of entering and moving."""
    action = Qt.DropAction.CopyAction
    buttons, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(position, action, data, buttons, modifiers)
    QApplication.sendEvent(target, enter)
    move = QDragMoveEvent(position, action, data, buttons, modifiers)
    QApplication.sendEvent(target, move)
    return enter, move


def drop(target, data, position=PLACE):
    enter, _ = drag(target, data, position)
    event = QDropEvent(
        QPointF(position),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(target, event)
    return enter, event


def files(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def large_map(window):
    window.maps.open("conv", 0)
    return window.maps.view.maps.output.canvas.viewport()


PARTS = {
    "flow": lambda window: window.flow.viewport(),
    "map": large_map,
    "side": lambda window: window.side.viewport(),
    "palette": lambda window: window.palette_panel,
}


@pytest.fixture(params=PARTS)
def target(window, request):
    """A part of the window on which something can be dropped."""
    return PARTS[request.param](window)


def test_a_file_dropped_anywhere_on_the_window_is_opened(window, target, qtbot, tmp_path):
    path = picture_file(tmp_path)
    with qtbot.waitSignal(window.document.project_changed):
        enter, event = drop(target, files(path))
    assert enter.isAccepted()
    assert event.isAccepted()
    assert window.document.project.picture.path == path
    assert window.document.undo_stack.undoText() == "Open picture photo.png"


def test_pixels_dropped_on_the_window_are_opened(window, qtbot):
    data = QMimeData()
    data.setImageData(rgb_image())
    with qtbot.waitSignal(window.document.project_changed):
        drop(window.flow.viewport(), data)
    assert window.document.project.picture.name == "Dropped picture.png"


def test_of_several_files_the_first_is_opened_and_it_is_said(window, qtbot, tmp_path):
    paths = [picture_file(tmp_path, f"{n}.png", gradient(20 + n, 30)) for n in range(3)]
    with qtbot.waitSignal(window.document.project_changed):
        drop(window.flow.viewport(), files(*paths))
    assert window.document.project.picture.name == "0.png"
    assert window.pictures.notice.text == "3 files were dropped; the first is opened."
    window.pictures.open_sample("digit.png")
    qtbot.waitUntil(lambda: window.document.project.picture.name == "digit.png")
    assert window.pictures.notice is None


def test_what_is_no_picture_is_not_taken(window):
    data = QMimeData()
    data.setText("some words")
    enter, _ = drag(window.flow.viewport(), data)
    assert not enter.isAccepted()


def test_the_window_says_what_a_drop_does_and_stops_saying_it(window, tmp_path):
    veil = window.drops._veil
    drag(window.flow.viewport(), files(tmp_path / "photo.png"))
    assert veil.isVisible()
    assert veil.geometry() == window.rect()
    QApplication.sendEvent(window.flow.viewport(), QDragLeaveEvent())
    assert not veil.isVisible()


def test_a_picture_from_the_web_that_is_dropped_says_what_to_do(window):
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/photo.png")])
    drop(window.flow.viewport(), data)
    assert "is not on this computer" in window.pictures.notice.text


# Dialogs


def open_dialog(pictures):
    dialogs = pictures.window.findChildren(QFileDialog)
    return dialogs[-1] if dialogs else None


def choose(pictures, qtbot, path):
    dialog = open_dialog(pictures)
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(str(path))
    return opened(pictures, qtbot, lambda: dialog.done(QFileDialog.DialogCode.Accepted))


def test_the_dialog_offers_every_format_and_does_not_hold_up_the_window(pictures, qtbot, tmp_path):
    path = picture_file(tmp_path)
    pictures.opening.ask()
    dialog = open_dialog(pictures)
    assert dialog.windowTitle() == "Open a picture"
    every = dialog.nameFilters()[0]
    assert all(f"*{suffix} " in f"{every[:-1]} " for suffix in FORMATS)
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    qtbot.waitUntil(lambda: getattr(pictures.picture, "path", None) == path)


def test_filters_know_upper_case_too():
    filters = name_filters()
    assert "*.JPG" in filters[0]
    assert filters[-1] == "All files (*)"
    assert any(name.startswith("NumPy array (") for name in filters)


def test_the_dialog_begins_where_the_last_picture_was(pictures, qtbot, tmp_path):
    opened(pictures, qtbot, lambda: pictures.opening.open_path(picture_file(tmp_path)))
    pictures.opening.ask()
    dialog = open_dialog(pictures)
    assert Path(dialog.directory().absolutePath()) == tmp_path
    dialog.reject()


def test_a_missing_picture_is_found_again(pictures, qtbot, tmp_path):
    path = picture_file(tmp_path, "moved.png")
    lost = tmp_path / "lost.png"
    missing = MissingPicture("lost.png", lost, "“lost.png” was not found.")
    project = replace(pictures.document.project, picture=missing, policy=CROP)
    pictures.document.open(project)
    assert pictures.opening.state.missing == missing
    pictures.opening.locate()
    dialog = open_dialog(pictures)
    assert dialog.windowTitle() == "Locate lost.png"
    opened(pictures, qtbot, lambda: dialog.fileSelected.emit(str(path)))
    dialog.reject()
    assert pictures.picture.path == path
    # The part that was chosen on it is kept: it is the same picture.
    assert pictures.document.project.policy == CROP
    assert pictures.steps == ["Locate picture moved.png"]


def test_nothing_to_locate_opens_no_dialog(pictures):
    pictures.opening.locate()
    assert open_dialog(pictures) is None


# The notice


@pytest.fixture
def strip(qtbot):
    shown = PictureNotice()
    qtbot.addWidget(shown)
    shown.resize(600, 60)
    return shown


def test_a_notice_shows_names_as_plain_text_and_its_answers(strip, qtbot):
    strip.show_notice(Notice("“<img>.png” …", "problem", (("ask", "Choose another …"),)))
    assert strip.isVisible()
    assert strip.text.textFormat() == Qt.TextFormat.PlainText
    with qtbot.waitSignal(strip.answered) as answered:
        QTest.keyClick(strip.chips[0], Qt.Key.Key_Space)
    assert answered.args == ["ask"]
    with qtbot.waitSignal(strip.closed):
        QTest.mouseClick(strip.close_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(strip.closed):
        QTest.keyClick(strip.chips[0], Qt.Key.Key_Escape)


def test_another_notice_replaces_the_answers_at_once(strip, qtbot):
    strip.show_notice(Notice("One", "", (("a", "A"), ("b", "B"))))
    strip.show_notice(Notice("Two", "", (("c", "Cancel"),), can_be_closed=False))
    assert [chip.text() for chip in strip.chips] == ["Cancel"]
    qtbot.waitUntil(strip.chips[0].isVisible)
    assert [chip.text() for chip in strip.findChildren(Chip)] == ["Cancel"]
    assert not strip.close_button.isVisible()
    strip.show_notice(None)
    assert not strip.isVisible()
