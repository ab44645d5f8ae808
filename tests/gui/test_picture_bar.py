"""The picture's button and its panel: sizes and memory are stated before they are taken."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from engine.pictures.images import Picture
from engine.pictures.size_policy import MODE_LABELS, SizePolicy
from engine.project import MissingPicture, analyze_project
from engine.shapes import Shape
from gui.pictures.picture_bar import PictureBar
from gui.theme import LIGHT, apply_theme
from gui.wording import bytes_text, size_text
from tests.gui.picture_harness import encoded, gradient, make_pictures, press

BUDGET = 20_000_000
CROP = SizePolicy("crop", 50, 50, (40, 60, 100, 100))


class Bar:
    """The button in a window, with another input beside it."""

    def __init__(self, qtbot, pictures):
        self.pictures = pictures
        self.document = pictures.document
        self.window = pictures.window
        self.button = PictureBar(pictures.opening.state, BUDGET)
        self.elsewhere = QLineEdit()
        column = QVBoxLayout(self.window)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.elsewhere)
        column.addStretch()
        pictures.opening.state_changed.connect(self.button.show_state)
        self.button.policy_edited.connect(pictures.editing.change_policy)
        self.button.settled.connect(pictures.document.end_merge)
        self.button.size_chosen.connect(pictures.opening.use_size)
        qtbot.addWidget(self.window)
        self.window.resize(900, 800)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitActive(self.window)

    @property
    def panel(self):
        return self.button.panel

    @property
    def form(self):
        return self.panel.form

    @property
    def policy(self):
        return self.document.project.policy

    def open(self):
        QTest.mouseClick(self.button, Qt.MouseButton.LeftButton)

    def sizes(self):
        return {mode: row.size.text() for mode, row in self.form.rows.items()}


@pytest.fixture
def bar(qtbot, tmp_path):
    pictures = make_pictures(tmp_path, BUDGET)
    picture = Picture("large.png", encoded(gradient(1000, 1600)))
    pictures.document.open(
        replace(pictures.document.project, picture=picture, policy=SizePolicy("crop", 64, 64))
    )
    made = Bar(qtbot, pictures)
    qtbot.waitUntil(lambda: pictures.opening.state.overview is not None)
    yield made
    pictures.opening.stop()


@pytest.mark.parametrize(
    ("policy", "text"),
    [
        (SizePolicy("as_is"), "as it is"),
        (SizePolicy("limit", 64, 64), "limit 64"),
        (SizePolicy("limit", 64, 80), "limit 64 × 80"),
        (SizePolicy("crop", 64, 80), "crop 64 × 80"),
        (SizePolicy("letterbox", 64, 80), "fit 64 × 80"),
        (SizePolicy("stretch", 64, 80), "stretch 64 × 80"),
    ],
)
def test_the_button_says_how_the_picture_is_brought_to_size(bar, policy, text):
    bar.pictures.editing.change_policy(policy)
    assert bar.button.text() == f"{text} ▾"
    assert text in bar.button.accessibleName()


def test_the_button_keeps_its_width_while_sizes_change(bar):
    width = bar.button.sizeHint().width()
    for policy in (SizePolicy("as_is"), SizePolicy("crop", 1024, 1024)):
        bar.pictures.editing.change_policy(policy)
        assert bar.button.sizeHint().width() == width


def test_every_way_states_its_size_and_memory(bar):
    bar.open()
    assert bar.sizes() == {
        "as_is": "1000 × 1600 × 3",
        "limit": "40 × 64 × 3",
        "letterbox": "64 × 64 × 3",
        "crop": "64 × 64 × 3",
        "stretch": "64 × 64 × 3",
    }
    total = analyze_project(bar.document.project).totals.bytes
    assert bar.form.rows["crop"].memory.text() == bytes_text(total)
    warned = bar.form.rows["as_is"].memory
    assert warned.property("role") == "warning"
    assert warned.text().startswith("⚠ ")
    assert "19.1 MiB of maps" in warned.toolTip()


def test_a_way_is_chosen_with_the_mouse_and_is_one_step(bar):
    bar.open()
    QTest.mouseClick(bar.form.rows["stretch"].radio, Qt.MouseButton.LeftButton)
    assert bar.policy == SizePolicy("stretch", 64, 64)
    assert bar.pictures.steps == ["Change picture size"]
    assert bar.form.rows["stretch"].radio.isChecked()
    assert not bar.form.crop.isVisible()


def test_the_keyboard_alone(bar):
    bar.button.setFocus()
    press("Space")
    assert bar.form.rows["crop"].radio.hasFocus()
    press("Up")
    assert bar.policy.mode == "letterbox"
    press("Tab")
    assert bar.form.side_fields.height_field.hasFocus()
    bar.form.side_fields.height_field.selectAll()
    press("9", "6", "Return")
    assert bar.policy == SizePolicy("letterbox", 96, 96)
    press("Esc")
    assert bar.panel is None
    assert bar.button.hasFocus()


def test_the_panel_closes_when_the_keyboard_goes_elsewhere(bar):
    bar.open()
    popover = bar.button.popover
    QTest.mouseClick(bar.elsewhere, Qt.MouseButton.LeftButton)
    assert not popover.isVisible()
    assert bar.elsewhere.hasFocus()


def test_a_second_click_closes_the_panel(bar):
    bar.open()
    popover = bar.button.popover
    bar.open()
    assert not popover.isVisible()
    bar.open()
    assert bar.panel is not None


def test_the_menu_of_a_field_leaves_the_panel_open(bar, qtbot):
    bar.open()
    field = bar.form.side_fields.height_field
    field.setFocus()
    menu = field.createStandardContextMenu()
    menu.popup(bar.window.mapToGlobal(bar.window.rect().center()))
    qtbot.waitUntil(menu.isVisible)
    assert bar.button.popover.isVisible()
    menu.close()
    menu.deleteLater()


# Height and width


def type_into(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_linked_sides_change_together(bar):
    bar.open()
    sides = bar.form.side_fields
    assert sides.link.isChecked()
    type_into(sides.width_field, "48")
    assert (bar.policy.height, bar.policy.width) == (48, 48)
    QTest.mouseClick(sides.link, Qt.MouseButton.LeftButton)
    type_into(sides.width_field, "32")
    assert (bar.policy.height, bar.policy.width) == (48, 32)
    assert len(bar.pictures.steps) == 2
    QTest.mouseClick(sides.link, Qt.MouseButton.LeftButton)
    assert (bar.policy.height, bar.policy.width) == (48, 48)


def test_a_size_that_is_not_square_shows_loose_sides(bar):
    bar.pictures.editing.change_policy(SizePolicy("crop", 30, 40))
    bar.open()
    assert not bar.form.side_fields.link.isChecked()
    assert bar.form.side_fields.value == (30, 40)


def test_a_held_arrow_key_is_one_step(bar):
    bar.open()
    field = bar.form.side_fields.height_field
    field.setFocus()
    for _ in range(4):
        QTest.keyPress(field, Qt.Key.Key_Up)
    QTest.keyRelease(field, Qt.Key.Key_Up)
    assert bar.policy.height == bar.policy.width > 64
    assert len(bar.pictures.steps) == 1


def test_the_frame_follows_the_proportions_of_the_size(bar):
    bar.pictures.editing.change_policy(CROP)
    bar.open()
    QTest.mouseClick(bar.form.side_fields.link, Qt.MouseButton.LeftButton)
    type_into(bar.form.side_fields.height_field, "200")
    assert bar.policy == SizePolicy("crop", 200, 50, (0, 85, 200, 50))


def test_as_it_is_has_no_size_to_edit(bar):
    bar.pictures.editing.change_policy(SizePolicy("as_is"))
    bar.open()
    assert not bar.form.side_fields.isEnabled()


def test_the_frame_can_be_centered_again(bar):
    bar.pictures.editing.change_policy(CROP)
    bar.open()
    assert bar.form.part.text() == "Rows 40 to 139, columns 60 to 159"
    QTest.mouseClick(bar.form.center, Qt.MouseButton.LeftButton)
    assert bar.policy.crop is None
    assert not bar.form.center.isEnabled()


def test_dragging_the_frame_measures_nothing_anew(bar, monkeypatch):
    bar.open()
    asked = []
    monkeypatch.setattr(
        "gui.pictures.policy_form.PolicyForm._show_outcome", lambda *args: asked.append(args)
    )
    bar.pictures.editing.change_policy(replace(bar.policy, crop=(0, 0, 100, 100)))
    assert not asked
    bar.pictures.editing.change_policy(replace(bar.policy, height=32))
    assert len(asked) == len(MODE_LABELS)


# Memory


def test_what_passes_the_budget_is_asked_about_before_it_is_done(bar):
    bar.open()
    QTest.mouseClick(bar.form.rows["as_is"].radio, Qt.MouseButton.LeftButton)
    assert bar.policy.mode == "crop"
    assert bar.form.rows["crop"].radio.isChecked()
    assert bar.form.question.isVisible()
    assert "1000 × 1600 × 3" in bar.form.question.text.text()
    QTest.mouseClick(bar.form.question.leave, Qt.MouseButton.LeftButton)
    assert not bar.form.question.isVisible()
    assert bar.pictures.steps == []
    QTest.mouseClick(bar.form.rows["as_is"].radio, Qt.MouseButton.LeftButton)
    QTest.mouseClick(bar.form.question.take, Qt.MouseButton.LeftButton)
    assert bar.policy.mode == "as_is"
    assert not bar.form.question.isVisible()


def test_while_it_is_asked_the_mode_that_is_shown_has_the_keyboard_too(bar):
    bar.open()
    QTest.mouseClick(bar.form.rows["as_is"].radio, Qt.MouseButton.LeftButton)
    assert bar.form.question.isVisible()
    assert bar.form.rows["crop"].radio.hasFocus()


def test_a_typed_size_beyond_the_budget_is_taken_back_by_leaving_it(bar):
    bar.open()
    type_into(bar.form.side_fields.height_field, "2000")
    assert bar.form.question.isVisible()
    assert bar.policy.height == 64
    QTest.mouseClick(bar.form.question.leave, Qt.MouseButton.LeftButton)
    assert bar.form.side_fields.value == (64, 64)


def test_layers_that_would_not_fit_are_said(bar):
    bar.pictures.editing.change_policy(SizePolicy("crop", 2, 2))
    bar.open()
    memory = bar.form.rows["crop"].memory
    assert memory.text().startswith("at least ")
    assert "do not fit this size" in memory.toolTip()


# Without a picture


def test_only_a_size(bar, qtbot):
    bar.open()
    form = bar.panel.only_size
    assert form.side_fields.value == (64, 64)
    type_into(form.side_fields.height_field, "28")
    type_into(form.channels, "1")
    QTest.mouseClick(form.take, Qt.MouseButton.LeftButton)
    assert bar.document.project.picture == Shape(1, 28, 28)
    assert bar.button.text() == "size 28 × 28 × 1 ▾"
    assert not bar.form.isVisible()


def test_a_size_that_is_not_legal_is_not_taken_for_the_last_one(bar):
    bar.open()
    form, before = bar.panel.only_size, bar.document.project.picture
    type_into(form.side_fields.height_field, "1000000")
    QTest.mouseClick(form.take, Qt.MouseButton.LeftButton)
    assert bar.document.project.picture == before
    assert form.side_fields.height_field.text() == "1000000"
    press("Esc")
    assert form.take.isEnabled()


def test_the_panel_says_the_size_of_the_picture_once(bar):
    bar.open()
    said = bar.panel.about.text()
    assert said.startswith(f"{size_text(bar.pictures.opening.state.original)} picture, cropped to ")
    assert said.count("×") == 3


@pytest.mark.parametrize(
    ("picture", "text", "button", "offers"),
    [
        (None, "Open a picture, drop one here", "none ▾", ["Open …", "Samples"]),
        (
            MissingPicture("lost.png", Path("gone.png"), "“lost.png” was not found."),
            "“lost.png” was not found.",
            "missing ▾",
            ["Locate …", "Open …", "Samples"],
        ),
    ],
)
def test_the_panel_says_how_to_get_a_picture(bar, qtbot, picture, text, button, offers):
    bar.document.open(replace(bar.document.project, picture=picture))
    bar.open()
    assert bar.button.text() == button
    assert bar.panel.about.text().startswith(text)
    assert [chip.text() for chip in bar.panel.chips] == offers
    assert bar.panel.chips[0].hasFocus()
    with qtbot.waitSignal(bar.button.offer_chosen):
        press("Space")


def test_warnings_are_whole_in_the_panel(bar):
    state = bar.pictures.opening.state
    warned = replace(state.overview, warnings=("It is damaged.", "It has frames."))
    bar.button.show_state(replace(state, overview=warned))
    bar.open()
    assert bar.panel.warnings.text() == "It is damaged. It has frames."


# Where it stands


@pytest.mark.parametrize("size", [(900, 800), (720, 480), (500, 300)])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_panel_lies_within_the_window(bar, qapp, size, scale):
    apply_theme(qapp, LIGHT, scale)
    bar.window.resize(*size)
    bar.open()
    popover = bar.button.popover
    assert bar.window.rect().contains(popover.geometry())
    fields = bar.panel.only_size
    fields.take.setFocus(Qt.FocusReason.TabFocusReason)
    assert not fields.side_fields.height_field.geometry().intersects(
        fields.side_fields.link.geometry()
    )


def test_the_panel_grows_with_its_question(bar, qtbot):
    bar.open()
    before = bar.button.popover.height()
    QTest.mouseClick(bar.form.rows["as_is"].radio, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bar.button.popover.height() > before)
    bar.pictures.editing.change_policy(SizePolicy("limit", 64, 64))
    qtbot.waitUntil(lambda: bar.button.popover.height() < before)
