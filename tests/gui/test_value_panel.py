"""One value taken apart in the window: hovered, pinned, moved, sliding."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest

from engine.arithmetic import Position
from engine.tracing import sources
from gui.fonts import number_font
from gui.theme import DARK, LIGHT, apply_theme
from gui.values.pinning import Pinning
from gui.values.value_binding import ValueBinding
from gui.values.value_canvas import ValueCanvas
from gui.values.value_painting import (
    STEPS_IN_A_COLUMN,
    TITLE,
    Grid,
    cell_text,
    enlarged,
    grid_size,
)
from gui.values.value_panel import ValuePanel
from tests.gui.flow_harness import opened, project


class Bound:
    def __init__(self, flow):
        self.flow = flow
        self.pinning = Pinning(flow.document)
        self.panel = ValuePanel(DARK)
        self.binding = ValueBinding(self.pinning, flow.document, flow.view, self.panel)
        flow.document.project_changed.connect(self.binding.refresh)
        self.is_shown = True
        flow.evaluator.layer_ready.connect(self._on_layer_ready)

    def _on_layer_ready(self, result):
        # Maps that were on their way when the test ended find no panel any more.
        if self.is_shown:
            self.binding.refresh_if_shown(result.node_id)

    def value(self):
        return self.pinning.value(self.flow.document.analysis, self.flow.view.maps())

    def point_at(self, node_id, index, row, column):
        """The point of the viewport in the middle of a cell of a map."""
        tiles = self.flow.view.row_of(node_id).tiles
        rect = tiles.rect(index)
        layout = tiles.layout
        x = rect.left + (column + 0.5) * rect.width / layout.width
        y = rect.top + (row + 0.5) * rect.height / layout.height
        return self.flow.view.mapFromScene(QPointF(x, y))

    def pin(self, *place):
        QTest.mouseClick(
            self.flow.view.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.ControlModifier,
            self.point_at(*place),
        )


class LooksElsewhere(QObject):
    """Looks at another value when the room for the first is made."""

    def __init__(self, look):
        super().__init__()
        self._look = look
        self.happened = False

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and not self.happened:
            self.happened = True
            self._look()
        return False


@pytest.fixture
def bound(qtbot):
    with opened(qtbot) as flow:
        made = Bound(flow)
        qtbot.addWidget(made.panel)
        made.panel.resize(1000, 220)
        made.panel.show()
        yield made
        made.is_shown = False


def test_ctrl_and_click_pins_the_value_under_the_pointer(bound):
    bound.pin("conv", 3, 20, 11)
    assert bound.pinning.place == ("conv", Position(3, 20, 11))
    maps = bound.flow.view.result("conv").maps
    assert bound.value().arithmetic.result == pytest.approx(float(maps[3, 20, 11]), abs=1e-4)
    assert "1 Convolution · map 3 · row 20, column 11 · pinned" in bound.panel.place.text()


def test_the_marks_outline_the_receptive_field_on_every_layer_before(bound):
    bound.pin("pool", 2, 5, 6)
    marks = bound.pinning.marks(bound.flow.document.analysis, bound.value())
    areas = sources(bound.flow.document.analysis, "pool", 5, 6)
    assert {name: marks[name].extent for name in areas} == {
        name: area.extent for name, area in areas.items()
    }
    assert marks["pool"].channel == 2
    assert "many" in marks  # what the value reaches is marked behind it


def test_cells_that_dilation_leaves_out_are_covered_and_those_that_are_read_are_not(bound, qtbot):
    document = bound.flow.document
    layer = document.project.network.node("conv").layer.replace(dilation=5)
    network = document.project.network.with_layer("conv", layer)
    with qtbot.waitSignal(bound.flow.evaluator.finished):
        document.edit("Dilate", replace(document.project, network=network))
        bound.flow.request()

    def colors():
        image = bound.flow.view.viewport().grab().toImage()
        return {
            (row, column): image.pixelColor(bound.point_at("input", 0, row, column)).lightness()
            for row in range(16, 25) for column in range(7, 16)
        }  # fmt: skip

    before = colors()
    bound.pin("conv", 3, 20, 11)
    after = colors()
    assert {place for place, color in after.items() if color >= before[place]} == {(20, 11)}


def test_a_window_that_reaches_beyond_the_map_leaves_its_number_free(bound, qtbot):
    bound.flow.editing.change_settings("conv", {"kernel_size": 99})
    bound.flow.request()
    qtbot.waitUntil(lambda: bound.flow.view.result("conv") is not None)
    tile = bound.flow.view.row_of("input").tiles.rect(1)
    corner = bound.flow.view.mapFromScene(QPointF(tile.left - 4, tile.bottom + 4))

    def number():
        shown = bound.flow.view.viewport().grab().toImage()
        return shown.copy(corner.x(), corner.y(), tile.width + 8, 12)

    before = number()
    bound.pinning.pin("conv", Position(0, 20, 20))
    assert bound.value().sources["input"].extent.last_row > 56
    assert number() == before


@pytest.mark.parametrize(
    ("key", "place"),
    [
        (Qt.Key.Key_Right, Position(1, 4, 6)),
        (Qt.Key.Key_Left, Position(1, 4, 4)),
        (Qt.Key.Key_Up, Position(1, 3, 5)),
        (Qt.Key.Key_Down, Position(1, 5, 5)),
        (Qt.Key.Key_PageDown, Position(2, 4, 5)),
        (Qt.Key.Key_PageUp, Position(0, 4, 5)),
    ],
)
def test_keys_move_the_pin(bound, key, place):
    bound.pin("conv", 1, 4, 5)
    QTest.keyClick(bound.panel, key)
    assert bound.pinning.place == ("conv", place)


def test_escape_lets_go_of_the_value(bound):
    bound.pin("conv", 1, 4, 5)
    QTest.keyClick(bound.panel, Qt.Key.Key_Escape)
    assert bound.pinning.place is None
    assert "Point at a value" in bound.panel.place.text()


def test_hovering_does_not_move_a_pinned_value_until_it_is_let_go(bound):
    bound.pin("conv", 1, 4, 5)
    bound.flow.view.map_hovered.emit("relu", 2, 7, 7)
    assert bound.pinning.place == ("conv", Position(1, 4, 5))
    QTest.keyClick(bound.panel, Qt.Key.Key_Return)
    bound.flow.view.map_hovered.emit("relu", 2, 7, 7)
    assert bound.pinning.place == ("relu", Position(2, 7, 7))


def test_the_window_slides_to_the_right_edge_and_then_down(bound):
    width = bound.flow.document.analysis["pool"].shape.width
    bound.pin("pool", 0, 3, width - 1)
    bound.panel.stepped.emit()
    assert bound.pinning.place == ("pool", Position(0, 4, 0))
    marks = bound.pinning.marks(bound.flow.document.analysis, bound.value())
    assert marks["pool"].filled == 4 * width + 1


def test_space_plays_and_pauses(bound, qtbot):
    bound.pin("pool", 0, 0, 0)
    with qtbot.waitSignal(bound.panel.stepped):
        QTest.keyClick(bound.panel, Qt.Key.Key_Space)
    assert bound.panel.play.isChecked()
    QTest.keyClick(bound.panel, Qt.Key.Key_Space)
    assert not bound.panel.play.isChecked()


def test_the_speed_looks_like_a_choice(bound):
    speed = bound.panel.speed
    shown = speed.grab().toImage()
    right = range(shown.width() - 18, shown.width() - 8)
    line = {shown.pixel(x, shown.height() // 2) for x in right}
    assert len(line) > 1, "an arrow"


def test_an_edit_shows_the_new_arithmetic_once_the_maps_are_there(bound, qtbot):
    bound.pin("conv", 1, 4, 5)
    before = bound.value().arithmetic.result
    old = bound.flow.view.result("conv").maps
    bound.flow.editing.change_settings("conv", {"flip_kernel": True})
    bound.flow.request()
    qtbot.waitUntil(lambda: bound.flow.view.result("conv").maps is not old)
    maps = bound.flow.view.result("conv").maps
    assert bound.value().arithmetic.result == pytest.approx(float(maps[1, 4, 5]), abs=1e-4)
    assert bound.value().arithmetic.result != before


def test_a_value_of_a_layer_that_was_removed_is_let_go(bound):
    bound.pin("relu", 1, 4, 5)
    bound.flow.editing.remove("relu")
    assert bound.value() is None
    assert "Point at a value" in bound.panel.place.text()


def test_another_project_leaves_no_room_where_no_value_is(bound):
    bound.pin("conv", 1, 5, 7)
    assert bound.panel.canvas.isVisible()
    bound.flow.document.open(project())
    assert bound.pinning.place is None
    assert not bound.panel.canvas.isVisible()
    assert not bound.panel.sentence.isVisible()


def test_the_place_and_the_calculation_are_of_one_value_when_the_room_for_it_moves_the_rows(bound):
    """The flow gets shorter, its rows move, and another one lies below the pointer."""
    bound.panel.forget()
    moves = LooksElsewhere(lambda: bound.pinning.hover("relu", 0, 5, 5))
    bound.panel.canvas.installEventFilter(moves)
    bound.pinning.hover("conv", 0, 4, 4)
    assert moves.happened
    assert bound.panel.place.text() == "2 ReLU · map 0 · row 5, column 5"
    assert bound.panel.canvas.arithmetic.sentence == bound.value().arithmetic.sentence
    assert bound.panel.sentence.text() == (
        f"{bound.value().arithmetic.sentence} "
        "It reaches 1 place of 3 Max pooling and 2 × 2 places of 4 Convolution."
    )


def test_the_calculation_stands_on_the_color_of_its_card(bound, qapp):
    bound.pin("conv", 0, 4, 4)
    try:
        apply_theme(qapp, LIGHT)
        canvas = bound.panel.canvas
        corner = canvas.mapTo(bound.panel, canvas.visibleRegion().boundingRect().bottomRight())
        shown = bound.panel.grab().toImage()
        assert shown.pixelColor(corner).name() == LIGHT.card
    finally:
        apply_theme(qapp, DARK)


@pytest.fixture(params=[0.9, 1.0, 1.5, 2.0])
def text_scale(request, qapp):
    apply_theme(qapp, DARK, request.param)
    yield
    apply_theme(qapp, DARK)


@pytest.mark.usefixtures("text_scale")
def test_numbers_fit_their_cells_at_every_size_of_text():
    grid = Grid("weights", np.full((3, 3), -0.67), signed=True)
    written = QFontMetricsF(number_font(8.5)).horizontalAdvance(cell_text(-0.67, signed=True))
    assert written < grid_size(grid)[0] / 3


@pytest.mark.usefixtures("text_scale")
def test_a_result_below_its_steps_has_room_at_every_size_of_text():
    line = QFontMetricsF(number_font(9.5)).height() + 3
    lines = STEPS_IN_A_COLUMN + 1
    assert ValueCanvas(DARK).sizeHint().height() >= enlarged(TITLE) + lines * line
