"""The frame of a crop: dragged, resized and moved by keys, one step each; seen on any picture."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView

from engine.pictures.images import Picture
from engine.pictures.size_policy import SizePolicy
from engine.project import MissingPicture
from engine.shapes import Shape
from gui.pictures.crop_canvas import CropCanvas
from gui.pictures.crop_view import CropView
from gui.pictures.picture_row import PictureRow
from gui.pictures.picture_row_layout import WRAPPED, RowParts, line_font, row_parts
from gui.pictures.picture_state import PictureState
from gui.theme import DARK, LIGHT, apply_theme
from tests.gui.picture_harness import encoded, gradient, make_pictures

# After the engine, which sets numpy's threads.
# isort: split
import numpy as np

HEIGHT, WIDTH = 200, 300
CROP = SizePolicy("crop", 50, 50, (40, 60, 100, 100))
LEFT, SHIFT, CTRL, NONE = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.fixture
def pictures(qtbot, tmp_path):
    made = make_pictures(tmp_path)
    picture = Picture("drawn.png", encoded(gradient(HEIGHT, WIDTH)))
    made.document.open(replace(made.document.project, picture=picture, policy=CROP))
    qtbot.waitUntil(lambda: made.opening.state.overview is not None)
    yield made
    made.opening.stop()
    made.window.deleteLater()


def connect(pictures, part):
    part.show_state(pictures.opening.state)
    pictures.opening.state_changed.connect(part.show_state)
    part.policy_edited.connect(pictures.editing.change_policy)
    part.settled.connect(pictures.document.end_merge)
    return part


@pytest.fixture
def view(qtbot, pictures):
    """A view on which a pixel of the picture is two of the screen."""
    shown = CropView()
    qtbot.addWidget(shown)
    connect(pictures, shown)
    shown.resize(2 * WIDTH + 12, 2 * HEIGHT + 12)
    shown.show()
    shown.activateWindow()
    shown.setFocus()
    return shown


def crop(pictures):
    return pictures.document.project.policy.crop


def at(row, column):
    """Return the point of a row and column of the picture in the view."""
    return QPoint(round(6 + 2 * column), round(6 + 2 * row))


def drag(view, *points, modifier=NONE):
    QTest.mousePress(view, LEFT, modifier, points[0])
    for point in points[1:]:
        # QTest's own moves carry no buttons and no modifiers.
        move_with(view, point, modifier)
    QTest.mouseRelease(view, LEFT, modifier, points[-1])


def move_with(view, point, modifier):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        QPointF(view.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        LEFT,
        modifier,
    )
    QApplication.sendEvent(view, event)


# The mouse


def test_a_drag_moves_the_frame_and_is_one_step(view, pictures):
    drag(view, at(90, 110), at(95, 115), at(80, 130), at(100, 150))
    assert crop(pictures) == (50, 100, 100, 100)
    assert pictures.steps == ["Change picture size"]
    drag(view, at(100, 150), at(100, 140))
    assert crop(pictures) == (50, 90, 100, 100)
    assert len(pictures.steps) == 2
    pictures.document.undo_stack.undo()
    pictures.document.undo_stack.undo()
    assert crop(pictures) == CROP.crop


def test_the_frame_stays_on_the_picture(view, pictures):
    drag(view, at(90, 110), at(-500, 900))
    assert crop(pictures) == (0, WIDTH - 100, 100, 100)


@pytest.mark.parametrize(
    ("start", "end", "frame"),
    [
        ((140, 160), (160, 165), (40, 60, 120, 120)),
        ((40, 60), (60, 80), (60, 80, 80, 80)),
        ((90, 160), (90, 180), (30, 60, 120, 120)),
        ((40, 110), (20, 110), (20, 50, 120, 120)),
    ],
)
def test_an_edge_or_corner_resizes_and_keeps_the_proportions(view, pictures, start, end, frame):
    drag(view, at(*start), at(*end))
    assert crop(pictures) == frame


def test_shift_changes_the_proportions(view, pictures):
    drag(view, at(140, 160), at(180, 200), at(160, 240), modifier=SHIFT)
    assert crop(pictures) == (40, 60, 120, 180)
    assert len(pictures.steps) == 1


def test_beside_the_frame_nothing_is_taken_hold_of(view, pictures):
    drag(view, at(190, 290), at(100, 100))
    assert crop(pictures) == CROP.crop
    assert pictures.steps == []


def test_a_click_is_no_step(view, pictures):
    QTest.mouseClick(view, LEFT, NONE, at(90, 110))
    assert pictures.steps == []


def test_the_pointer_says_what_would_happen(view):
    shapes = {}
    for place in ((90, 110), (40, 60), (140, 60), (90, 60), (40, 110), (190, 290)):
        QTest.mouseMove(view, at(*place))
        shapes[place] = view.cursor().shape()
    assert list(shapes.values()) == [
        Qt.CursorShape.SizeAllCursor,
        Qt.CursorShape.SizeFDiagCursor,
        Qt.CursorShape.SizeBDiagCursor,
        Qt.CursorShape.SizeHorCursor,
        Qt.CursorShape.SizeVerCursor,
        Qt.CursorShape.ArrowCursor,
    ]


def test_a_small_frame_can_still_be_moved():
    canvas = CropCanvas(QRectF(0, 0, 300, 200), (2000, 3000))
    frame = (1000, 1000, 80, 80)
    assert canvas.handle_at(frame, canvas.rect(frame).center()) == (0, 0)
    assert canvas.handle_at(frame, canvas.rect(frame).topLeft()) == (-1, -1)


# The keyboard


def test_arrows_move_the_frame_and_a_held_key_is_one_step(view, pictures):
    for _ in range(3):
        QTest.keyPress(view, Qt.Key.Key_Right)
    QTest.keyRelease(view, Qt.Key.Key_Right)
    assert crop(pictures) == (40, 69, 100, 100)
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert crop(pictures) == (37, 69, 100, 100)
    assert len(pictures.steps) == 2


def test_with_ctrl_the_frame_moves_by_a_pixel(view, pictures):
    QTest.keyClick(view, Qt.Key.Key_Down, CTRL)
    QTest.keyClick(view, Qt.Key.Key_Left, CTRL)
    assert crop(pictures) == (41, 59, 100, 100)


def test_plus_and_minus_resize_and_home_centers(view, pictures):
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert crop(pictures) == (38, 58, 105, 105)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert crop(pictures) == (40, 60, 100, 100)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert crop(pictures) is None
    assert pictures.opening.state.frame == (0, 50, 200, 200)


def test_losing_the_keyboard_ends_the_step(view, pictures):
    QTest.keyPress(view, Qt.Key.Key_Right)
    view.clearFocus()
    view.setFocus()
    QTest.keyPress(view, Qt.Key.Key_Right)
    QTest.keyRelease(view, Qt.Key.Key_Right)
    assert len(pictures.steps) == 2


def test_a_screen_reader_hears_which_part_it_is(view, pictures):
    assert view.accessibleName() == "Part of the picture that is used"
    assert view.accessibleDescription().startswith("Rows 40 to 139, columns 60 to 159")


# What is seen


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_the_frame_is_seen_on_any_picture(qtbot, pictures, shade):
    picture = Picture("flat.png", encoded(np.full((HEIGHT, WIDTH, 3), shade, np.uint8)))
    pictures.document.open(replace(pictures.document.project, picture=picture))
    qtbot.waitUntil(lambda: pictures.opening.state.overview is not None)
    shown = CropView()
    qtbot.addWidget(shown)
    shown.resize(2 * WIDTH + 12, 2 * HEIGHT + 12)
    shown.show_state(pictures.opening.state)
    image = shown.grab().toImage()
    across = [image.pixelColor(at(70, column)).lightness() for column in range(50, 70)]
    across += [
        image.pixelColor(at(70, 60) + QPoint(offset, 0)).lightness() for offset in range(-6, 7)
    ]
    assert max(across) - min(across) > 100
    inside, outside = image.pixelColor(at(90, 110)), image.pixelColor(at(190, 280))
    assert inside.lightness() == shade
    assert shade == 0 or outside.lightness() < 0.6 * shade


def test_without_a_crop_the_whole_picture_is_shown_as_it_is(view, pictures):
    pictures.editing.change_policy(SizePolicy("limit", 50, 50))
    image = view.grab().toImage()
    expected = gradient(HEIGHT, WIDTH)[100, 250]
    found = image.pixelColor(at(100.25, 250.25))
    assert np.abs(np.array(found.getRgb()[:3], int) - expected).max() <= 3
    drag(view, at(90, 110), at(100, 150))
    assert len(pictures.steps) == 1


# In the flow


@pytest.fixture
def row(qtbot, pictures):
    """The picture's part of the first row, in a view of its own."""
    scene = QGraphicsScene()
    item = PictureRow(DARK)
    scene.addItem(item)
    shown = QGraphicsView(scene)
    qtbot.addWidget(shown)
    item._room = QRectF(20, 20, 360, 170)
    connect(pictures, item)
    scene.setSceneRect(0, 0, 400, 210)
    shown.resize(420, 230)
    shown.show()
    qtbot.waitExposed(shown)
    yield item
    scene.removeItem(item)


def row_point(row, place):
    frame = row.parts.canvas.rect((*place, 0, 0)).topLeft()
    return row.scene().views()[0].mapFromScene(frame)


def test_the_frame_is_dragged_right_in_the_row(row, pictures):
    viewport = row.scene().views()[0].viewport()
    drag(viewport, row_point(row, (90, 110)), row_point(row, (100, 120)), row_point(row, (80, 150)))
    top, left, height, width = crop(pictures)
    assert (height, width) == (100, 100)
    assert (top, left) == (pytest.approx(30, abs=3), pytest.approx(100, abs=3))
    assert pictures.steps == ["Change picture size"]


def test_a_picture_that_is_not_cropped_offers_its_sizes(row, pictures, qtbot):
    pictures.editing.change_policy(SizePolicy("limit", 50, 50))
    viewport = row.scene().views()[0].viewport()
    with qtbot.waitSignal(row.offer_chosen) as chosen:
        QTest.mouseClick(viewport, LEFT, NONE, row_point(row, (90, 110)))
    assert chosen.args == ["size"]


def texts(row):
    return [line.text.replace("\u00a0", " ") for line in row.parts.lines]


def test_the_row_says_what_becomes_of_the_picture(row, pictures):
    assert texts(row) == [
        "200 × 300 picture, cropped to 50 × 50",
        "drag the frame to choose the part",
    ]
    pictures.editing.change_policy(replace(CROP, crop=(0, 0, 200, 100)))
    assert texts(row)[0] == "200 × 300 picture, cropped and stretched to 50 × 50"
    pictures.editing.change_policy(SizePolicy("limit", 30, 30))
    assert texts(row)[0] == "200 × 300 picture, reduced to 20 × 30"
    pictures.editing.change_policy(SizePolicy("as_is"))
    assert texts(row)[0] == "200 × 300 picture, as it is"
    pictures.editing.change_policy(SizePolicy("letterbox", 30, 30))
    assert texts(row)[0] == "200 × 300 picture, fit into 30 × 30 with black bars"


@pytest.mark.parametrize(
    ("picture", "words", "offers"),
    [
        (None, "Open a picture, drop one here, or choose a sample.", ["ask", "samples", "size"]),
        (Shape(3, 30, 40), "only a size, no picture", ["ask", "samples"]),
        (
            MissingPicture("lost.png", Path("gone.png"), "“lost.png” was not found."),
            "“lost.png” was not found.",
            ["locate", "ask", "samples"],
        ),
        (Picture("words.txt", b"only words"), "“words.txt” is text", ["ask", "samples"]),
    ],
)
def test_without_a_picture_the_row_says_how_to_get_one(
    row, pictures, qtbot, picture, words, offers
):
    pictures.document.open(replace(pictures.document.project, picture=picture))
    assert texts(row)[0].startswith(words)
    assert [offer.id for offer, _ in row.parts.chips] == offers
    viewport = row.scene().views()[0].viewport()
    for offer, rect in row.parts.chips:
        point = row.scene().views()[0].mapFromScene(rect.center())
        with qtbot.waitSignal(row.offer_chosen) as chosen:
            QTest.mouseClick(viewport, LEFT, NONE, point)
        assert chosen.args == [offer.id]


ROOMS = [(160, 140), (240, 90), (400, 110), (700, 200), (400, 40), (120, 300)]


@pytest.mark.parametrize("scale", [1.0, 1.25, 2.0])
@pytest.mark.parametrize(("width", "height"), ROOMS)
def test_nothing_overlaps_or_leaves_the_room(qapp, pictures, width, height, scale):
    apply_theme(qapp, LIGHT, scale)
    room = QRectF(10, 10, width, height)
    state = pictures.opening.state
    warned = replace(state.overview, warnings=("It is damaged. " * 6,))
    projects = [
        replace(state.project, picture=picture)
        for picture in (None, state.project.picture, Shape(3, 8, 8))
    ]
    for project in projects:
        for overview in (state.overview, warned):
            parts = row_parts(PictureState(project, overview), room)
            rects = [line.room for line in parts.lines] + [rect for _, rect in parts.chips]
            rects += [parts.canvas.room] if parts.canvas is not None else []
            for number, rect in enumerate(rects):
                assert rect.right() <= room.right() + 1
                assert not any(rect.intersects(other) for other in rects[number + 1 :])
            if parts.canvas is not None:
                assert parts.canvas.room.bottom() <= room.bottom() + 1


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize(("width", "height"), [*ROOMS, (345, 185), (300, 150)])
def test_what_can_be_done_is_said_whole_or_not_at_all(qapp, pictures, width, height, scale):
    apply_theme(qapp, LIGHT, scale)
    parts = row_parts(pictures.opening.state, QRectF(10, 10, width, height))
    metrics = QFontMetricsF(line_font())
    for line in parts.lines:
        if line.role == "muted":
            open_end = QRectF(0, 0, line.room.width(), 1000)
            needed = metrics.boundingRect(open_end, WRAPPED.value, line.text)
            assert needed.height() <= line.room.height() + 1
            assert line.room.bottom() <= 10 + height + 1


def test_a_room_that_is_too_narrow_for_texts_has_the_picture_alone(pictures):
    room = QRectF(0, 0, 90, 160)
    parts = row_parts(pictures.opening.state, room)
    assert parts.lines == ()
    assert parts.canvas is not None
    assert room.contains(parts.canvas.room)


def test_a_room_that_is_too_narrow_for_the_picture_stays_empty(pictures):
    assert row_parts(pictures.opening.state, QRectF(0, 0, 20, 160)) == RowParts()


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize(("width", "height"), [(240, 90), (140, 110), (130, 150), (90, 160)])
def test_a_warning_is_said_wherever_there_is_room_for_a_line(qapp, pictures, width, height, scale):
    apply_theme(qapp, LIGHT, scale)
    warned = replace(pictures.opening.state.overview, warnings=("The file is damaged.",))
    state = PictureState(pictures.opening.state.project, warned)
    parts = row_parts(state, QRectF(10, 10, width, height))
    assert "The file is damaged." in " ".join(line.text for line in parts.lines)


@pytest.mark.parametrize("size", [(1, 1), (2, 3000)])
def test_no_frame_is_to_be_dragged_where_there_is_none(pictures, size):
    state = pictures.opening.state
    picture = Picture("thin.png", encoded(gradient(*size)))
    project = replace(state.project, picture=picture, policy=SizePolicy("crop", 50, 50))
    parts = row_parts(PictureState(project, state.overview), QRectF(0, 0, 300, 160))
    assert not any("drag the frame" in line.text for line in parts.lines)


def test_texts_with_names_are_no_html(row, pictures):
    missing = MissingPicture("<b>.png", Path("gone.png"), "“<b>.png” was not found.")
    pictures.document.open(replace(pictures.document.project, picture=missing))
    assert "&lt;b&gt;" in row.toolTip()
