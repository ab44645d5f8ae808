"""The form of settings: every setting of every kind is changed by keys, and only legally."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QSlider, QToolTip

from engine.problems import SettingError
from engine.registry import all_kinds, make_layer
from gui.fields.sides_editor import SidesEditor
from gui.fields.value_field import ValueField
from gui.side.setting_editors import FlagEditor, ListEditor, RangeEditor, SwitchedEditor
from gui.side.settings_form import SettingsForm
from gui.theme import DARK, apply_theme
from tests.gui.panel_harness import focus, key_of, press

SETTINGS = [(kind_id, s.name) for kind_id, kind in all_kinds().items() for s in kind.settings]


class Form:
    """A form with a layer behind it, as the document is."""

    def __init__(self, qtbot, kind_id, **settings):
        self.widget = SettingsForm()
        qtbot.addWidget(self.widget)
        self.layer = make_layer(kind_id, settings)
        self.edits, self.settled = [], 0
        self.widget.edited.connect(self._on_edited)
        self.widget.settled.connect(self._on_settled)
        self.widget.show_layer(self.layer)
        self.widget.resize(300, 500)
        with qtbot.waitActive(self.widget):
            self.widget.show()
            self.widget.activateWindow()

    def _on_edited(self, name, value):
        self.layer = self.layer.replace(**{name: value})  # raises if it is not legal
        assert getattr(self.layer, name) == value, "the value is not in its canonical form"
        self.edits.append((name, value))
        self.widget.show_layer(self.layer)

    def _on_settled(self):
        self.settled += 1

    def __getitem__(self, name):
        """Return the layer's value of a setting."""
        return getattr(self.layer, name)

    def editor(self, name):
        return self.widget.editors[name]

    def field(self, name):
        return self.editor(name).field


def change_by_keys(form, editor):
    """Change a value by the keys of its editor."""
    focus(editor.focusProxy())
    if isinstance(editor, SwitchedEditor):
        press(Qt.Key.Key_End)
        if form.edits:
            change_by_keys(form, editor.inner)
        else:
            press(Qt.Key.Key_Home)
    elif isinstance(editor, ListEditor):
        press("0.25, 0.5", Qt.Key.Key_Return)
    elif isinstance(editor, RangeEditor | SidesEditor):
        press(Qt.Key.Key_Up)
        if not form.edits:
            press(Qt.Key.Key_Down)
    elif isinstance(editor, FlagEditor):
        press(Qt.Key.Key_Space)
    else:
        press(Qt.Key.Key_Down)
        if not form.edits:
            press(Qt.Key.Key_Up)


@pytest.mark.parametrize(("kind_id", "name"), SETTINGS)
def test_every_setting_is_changed_by_keys_to_a_legal_value(qtbot, kind_id, name):
    form = Form(qtbot, kind_id)
    before = form.layer
    change_by_keys(form, form.editor(name))
    assert form.layer != before
    assert {edited for edited, _ in form.edits} == {name}
    assert form.settled


@pytest.mark.parametrize("kind_id", all_kinds())
def test_a_form_shows_every_legal_value_without_emitting(qtbot, kind_id):
    form = Form(qtbot, kind_id)
    for setting in type(form.layer).settings:
        for value in setting.constraint.examples():
            form.widget.show_layer(make_layer(kind_id, {setting.name: value}))
            form.widget.show_layer(make_layer(kind_id))
    assert not form.edits


@pytest.mark.parametrize("kind_id", all_kinds())
def test_whatever_is_typed_is_legal(qtbot, kind_id):
    form = Form(qtbot, kind_id)
    for field in form.widget.findChildren(ValueField):
        if not field.isVisible():
            continue
        for typed in ("0", "-1", "99999999", "1e9", "3 × 5 × 7", "nan", "-", "", "abc", "1e-40"):
            focus(field)
            field.selectAll()
            press(typed, Qt.Key.Key_Return)
            shown, is_wrong = field.text(), field.is_wrong
            field.clearFocus()
            assert is_wrong or field.text() == shown
            assert not field.is_wrong


def test_every_input_has_a_name_and_a_tip(qtbot):
    for kind_id in all_kinds():
        form = Form(qtbot, kind_id)
        for editor in form.widget.editors.values():
            for widget, _ in editor.inputs:
                assert widget.accessibleName()
                assert widget.toolTip()


@pytest.mark.parametrize(
    ("name", "typed"),
    [("stride", "2.5"), ("stride", "1,5 × 2"), ("out_channels", "100000"), ("groups", "-2")],
)
def test_what_is_not_legal_stays_as_typed_and_is_marked_and_not_taken_over(qtbot, name, typed):
    form = Form(qtbot, "conv2d")
    field = form.field(name)
    focus(field)
    field.selectAll()
    press(typed)
    assert field.is_wrong
    press(Qt.Key.Key_Return)
    assert (form.edits, field.text(), field.is_wrong) == ([], typed, True)


def test_a_mark_says_what_would_be_legal_and_goes_with_the_wrong_text(qtbot):
    form = Form(qtbot, "conv2d")
    field = form.field("groups")
    usual = field.toolTip(), field.accessibleDescription()
    focus(field)
    field.selectAll()
    press("2.5")
    sentence = "“2.5” cannot be used: enter a whole number from 1 to 65,536."
    assert field.accessibleDescription() == sentence
    assert sentence in field.toolTip()
    assert QToolTip.text() == field.toolTip()
    press(Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)
    assert (field.toolTip(), field.accessibleDescription()) == usual


def test_a_marked_field_has_an_outline_in_the_color_of_problems(qtbot):
    apply_theme(QApplication.instance(), DARK)
    form = Form(qtbot, "conv2d")
    field = form.field("groups")
    focus(field)
    press("x")
    image = field.grab().toImage()
    assert image.pixelColor(0, image.height() // 2) == QColor(DARK.problem)


def test_only_what_is_unfinished_when_it_is_taken_over_is_marked(qtbot):
    form = Form(qtbot, "conv2d", kernel_size=(5, 3))
    field = form.field("kernel_size")
    focus(field)
    field.selectAll()
    press("7 ×")
    assert not field.is_wrong
    press(Qt.Key.Key_Return)
    assert (form.edits, field.text(), field.is_wrong) == ([], "7 ×", True)
    press(" 9")
    assert not field.is_wrong
    press(Qt.Key.Key_Return)
    assert form.edits == [("kernel_size", (7, 9))]


@pytest.mark.parametrize("typed", ["7 ×", "0", "", "two"])
def test_a_field_left_with_an_illegal_text_shows_the_last_value(qtbot, typed):
    form = Form(qtbot, "conv2d", kernel_size=(5, 3))
    field = form.field("kernel_size")
    focus(field)
    field.selectAll()
    press(Qt.Key.Key_Delete, typed, Qt.Key.Key_Return)
    focus(form.field("stride"))
    assert (form.edits, field.text(), field.is_wrong) == ([], "5 × 3", False)


def test_escape_brings_the_last_value_back(qtbot):
    form = Form(qtbot, "conv2d", kernel_size=(5, 3))
    field = form.field("kernel_size")
    focus(field)
    press(Qt.Key.Key_Backspace, "9z", Qt.Key.Key_Escape)
    assert (form.edits, field.text(), field.is_wrong) == ([], "5 × 3", False)


def test_leaving_a_field_takes_over_what_was_typed(qtbot):
    form = Form(qtbot, "conv2d", kernel_size=(5, 3))
    field = form.field("kernel_size")
    focus(field)
    field.selectAll()
    press("9")
    focus(form.field("stride"))
    assert (form.edits, field.text()) == ([("kernel_size", (9, 9))], "9 × 9")
    assert form.settled == 1


def test_typing_survives_an_edit_from_elsewhere(qtbot):
    form = Form(qtbot, "conv2d")
    field = form.field("out_channels")
    focus(field)
    field.selectAll()
    press("4")
    form.widget.show_layer(form.layer.replace(stride=2))
    assert field.text() == "4"
    form.widget.show_layer(form.layer, anew=True)
    assert field.text() == "8"


def test_arrow_keys_step_one_side_or_both(qtbot):
    form = Form(qtbot, "conv2d", kernel_size=(3, 5))
    field = form.field("kernel_size")
    focus(field)
    press(Qt.Key.Key_Up)
    assert form["kernel_size"] == (4, 6)
    press(Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert form["kernel_size"] == (2, 6)
    press(Qt.Key.Key_End, Qt.Key.Key_PageUp)
    assert form["kernel_size"] == (2, 16)


def test_a_key_held_down_is_one_edit(qtbot):
    form = Form(qtbot, "conv2d")
    field = form.field("out_channels")
    focus(field)

    def send(kind, repeats):
        modifiers = Qt.KeyboardModifier.NoModifier
        event = QKeyEvent(kind, Qt.Key.Key_Up, modifiers, "", repeats)
        QApplication.sendEvent(field, event)

    send(QEvent.Type.KeyPress, False)
    for _ in range(3):
        send(QEvent.Type.KeyRelease, True)
        send(QEvent.Type.KeyPress, True)
    assert (form["out_channels"], form.settled) == (12, 0)
    send(QEvent.Type.KeyRelease, False)
    assert form.settled == 1


def test_a_drag_of_a_slider_edits_often_and_settles_once(qtbot):
    form = Form(qtbot, "conv2d")
    slider = form.editor("kernel_size").slider
    middle = slider.height() // 2
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(slider, left, pos=QPoint(6, middle))
    for x in range(6, slider.width(), 4):
        QTest.mouseMove(slider, QPoint(x, middle))
    assert form.settled == 0
    QTest.mouseRelease(slider, left, pos=QPoint(slider.width() - 2, middle))
    values = [value for _, value in form.edits]
    assert values[-1] == (11, 11)
    assert len(values) > 5
    assert form.settled == 1


def test_a_press_beside_the_handle_brings_it_there(qtbot):
    form = Form(qtbot, "conv2d")
    slider = form.editor("stride").slider
    spot = QPoint(slider.width() - 7, slider.height() // 2)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=spot)
    assert form["stride"] == (4, 4)


def test_the_wheel_scrolls_past_what_has_no_focus(qtbot):
    form = Form(qtbot, "upsample2d")
    focus(form.field("cubic_coefficient"))

    def turn(widget, up):
        place = QPointF(5, 5)
        event = QWheelEvent(
            place, widget.mapToGlobal(place), QPoint(), QPoint(0, 120 if up else -120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)
        return event.isAccepted()

    kinds = (QComboBox, QSlider, QLineEdit)
    inputs = [w for kind in kinds for w in form.widget.findChildren(kind) if w.isVisible()]
    assert {type(widget).__name__ for widget in inputs} == {
        "ChoiceBox",
        "ValueSlider",
        "ValueField",
    }
    for widget in inputs:
        assert not widget.focusPolicy() & Qt.FocusPolicy.WheelFocus & ~Qt.FocusPolicy.StrongFocus
        if widget is not QApplication.focusWidget():
            assert not turn(widget, up=True)
            assert not turn(widget, up=False)
    assert not form.edits
    assert turn(QApplication.focusWidget(), up=True)
    assert form["cubic_coefficient"] == -0.7


def test_padding_per_side(qtbot):
    form = Form(qtbot, "conv2d", padding=(1, 2, 3, 4))
    switched = form.editor("padding")
    sides = switched.inner
    assert [field.text() for field in sides.fields] == ["1", "2", "3", "4"]
    focus(sides.fields[3])
    press(Qt.Key.Key_Up)
    assert form["padding"] == (1, 2, 3, 5)
    sides.slider.setValue(2)
    assert form["padding"] == (2, 2, 2, 2)
    form.widget.show_layer(make_layer("conv2d", {"padding": "same"}))
    assert not sides.isVisible()
    assert QApplication.focusWidget() is switched.box


def test_an_own_value_is_remembered(qtbot):
    form = Form(qtbot, "max_pool2d", stride=3)
    box = form.editor("stride").box
    focus(box)
    press(Qt.Key.Key_Home)
    assert form["stride"] is None
    press(Qt.Key.Key_End)
    assert form["stride"] == (3, 3)


def test_the_setting_of_a_problem_is_marked(qtbot):
    form = Form(qtbot, "conv2d")
    form.widget.show_layer(form.layer, frozenset({"stride"}))
    roles = {label.text(): label.property("role") for label in form.widget.findChildren(QLabel)}
    assert roles["Stride"] == "problem"
    assert roles["Kernel size"] == "muted"


def test_a_setting_is_reset_from_its_menu(qtbot):
    form = Form(qtbot, "conv2d", out_channels=20)
    (reset,) = form.field("out_channels").actions()
    assert reset.text() == "Reset filters"
    reset.trigger()
    assert form["out_channels"] == 8


def test_another_kind_keeps_no_widget_of_the_last_in_sight(qtbot):
    form = Form(qtbot, "conv2d")
    first = form.widget.findChildren(ValueField)
    form.widget.show_layer(make_layer("max_pool2d"), anew=True)
    assert not any(field.isVisible() for field in first)
    assert set(form.widget.editors) == {"kernel_size", "stride", "padding", "dilation", "ceil_mode"}
    form.widget.show_layer(make_layer("conv2d", {"out_channels": 30}), anew=True)
    assert form.field("out_channels").text() == "30"
    assert form.widget.findChildren(ValueField)[: len(first)] == first, "pages are kept"


def test_undo_keys_go_to_the_document_unless_something_is_half_typed(qtbot):
    form = Form(qtbot, "conv2d")
    field = form.field("out_channels")
    focus(field)

    def is_kept():
        event = QKeyEvent(QEvent.Type.ShortcutOverride, *key_of(QKeySequence.StandardKey.Undo))
        event.ignore()
        QApplication.sendEvent(field, event)
        return event.isAccepted()

    assert not is_kept()
    press("1")
    assert is_kept()


def test_the_holder_of_these_tests_refuses_what_is_not_legal(qtbot):
    form = Form(qtbot, "conv2d")
    with pytest.raises(SettingError):
        form._on_edited("stride", (0, 0))
