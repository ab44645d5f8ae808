"""The large view of one map: what it shows is the array's own, and both panes show one place."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.evaluation import Evaluation
from engine.map_alignment import align, matching_map, padding_of_input, window_of
from engine.network import stack
from engine.pictures.size_policy import SizePolicy
from engine.project import Project, analyze_project, input_identity, input_maps
from engine.reading import WindowAxis
from engine.registry import make_layer
from engine.shapes import Shape
from engine.sheets.level_range import LevelScope
from engine.sheets.map_sheet import INFINITY_INDEX, NAN_INDEX
from engine.sheets.map_statistics import layer_statistics
from engine.sides import Sides
from gui.map_results import LayerResult
from gui.maps.map_contents import MapViewState
from gui.maps.map_view import MapView
from gui.theme import DARK
from tests.gui.flow_harness import project

LEFT = Qt.MouseButton.LeftButton


def opened(qtbot, shown, selected, index=0, size=(1100, 700)):
    """Show a map of a project, computed."""
    view = MapView(DARK)
    qtbot.addWidget(view)
    view.resize(*size)
    analysis, picture = analyze_project(shown), input_maps(shown)
    if picture is not None:
        identity = input_identity(shown)
        for layer in Evaluation().run(shown.network, analysis, picture, identity):
            view.show_result(result_of(layer.maps, layer.node_id))
    view.show_state(MapViewState(analysis, DARK, selected))
    view.show()
    view.show_map(index)
    return view


@pytest.fixture
def view(qtbot):
    """Map 3 of a convolution of stride 2 that does not read its last row and column."""
    layers = [
        ("conv", make_layer("conv2d", {"padding": "same"})),
        ("half", make_layer("conv2d", {"stride": 2, "out_channels": 12})),
        ("relu", make_layer("relu")),
    ]
    return opened(qtbot, project(*layers, size=(56, 48)), "half", 3)


def canvas(view):
    return view.maps.output.canvas


def given(view):
    return view.maps.given.canvas


def point_at(canvas, row, column):
    """Move the pointer to the middle of a cell."""
    place = QPointF(canvas.sight.x(column + 0.5), canvas.sight.y(row + 0.5))
    QTest.mouseMove(canvas.viewport(), place.toPoint())


def wheel(canvas, place, steps):
    buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place,
        QPointF(canvas.viewport().mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120 * steps),
        buttons,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), event)


def drag(canvas, start, way):
    area = canvas.viewport()
    QTest.mousePress(area, LEFT, pos=start)
    QTest.mouseMove(area, start + way)
    QTest.mouseRelease(area, LEFT, pos=start + way)


def result_of(maps, node_id="half"):
    maps = np.ascontiguousarray(maps, dtype=np.float32)
    return LayerResult(node_id, maps, layer_statistics(maps), None, None, False)


# Numbers and sizes


@pytest.mark.parametrize(("row", "column"), [(0, 0), (23, 20), (26, 22)])
def test_the_number_under_the_pointer_is_the_arrays_own(view, row, column):
    point_at(canvas(view), row, column)
    value = float(canvas(view).content.values[row, column])
    text = f"row {row}, column {column}: {value:+.4g}".replace("-", "−")
    assert view.maps.output.cell.text() == text


def test_the_number_under_the_pointer_is_right_at_every_zoom(view):
    value = f"{float(canvas(view).content.values[12, 11]):+.4g}".replace("-", "−")
    for steps in (-3, 4, 9):
        sight = canvas(view).sight
        wheel(canvas(view), QPointF(sight.x(11.5), sight.y(12.5)), steps)
        point_at(canvas(view), 12, 11)
        assert view.maps.output.cell.text() == f"row 12, column 11: {value}"


def test_the_dimensions_are_the_arrays_own_shape(view):
    for step in (0, -1, -1, 3):
        view.step_layer(step)
        assert canvas(view).dimensions == canvas(view).content.values.shape
        assert given(view).dimensions == given(view).content.values.shape
    assert canvas(view).dimensions == (27, 23)
    assert given(view).dimensions == (56, 48)
    assert view.maps.output.title.text() == "map 3 of 12:  27 × 23"
    assert view.bar.size_label.text() == "27 × 23 × 12"


def test_large_cells_have_their_numbers(view):
    before = canvas(view).grab().toImage()
    QTest.keyClick(canvas(view), Qt.Key.Key_N)
    assert canvas(view).sight.zoom > 36
    assert canvas(view).grab().toImage() != before


def test_the_numbers_of_the_map_are_counted(view):
    values = canvas(view).content.values
    numbers = view.statistics.values
    assert numbers["minimum"].text() == f"{values.min():.3g}".replace("-", "−")
    assert numbers["values"].text() == f"{values.size:,}"


def test_what_is_no_number_is_named_and_counted(view):
    maps = np.linspace(-1, 1, 12 * 27 * 23).reshape(12, 27, 23)
    maps[3, 5, 7], maps[3, 5, 8], maps[3, 5, 9] = np.nan, np.inf, -np.inf
    view.show_result(result_of(maps))
    texts = []
    for column in (7, 8, 9):
        point_at(canvas(view), 5, column)
        texts.append(view.maps.output.cell.text().partition(": ")[2])
    assert texts == ["NaN", "+∞", "−∞"]
    assert canvas(view).sheet.indices[5, 7:10].tolist() == [
        NAN_INDEX,
        INFINITY_INDEX,
        INFINITY_INDEX,
    ]
    assert "1 value is NaN, 2 are infinite" in view.statistics.broken.text()
    QTest.keyClick(canvas(view), Qt.Key.Key_N)
    canvas(view).grab()


def test_a_map_without_any_number_is_shown_all_the_same(view):
    view.show_result(result_of(np.full((12, 27, 23), np.nan)))
    point_at(canvas(view), 3, 3)
    QTest.keyClick(canvas(view), Qt.Key.Key_N)
    canvas(view).grab()
    view.maps.output.bar.grab()
    assert view.maps.output.cell.text().endswith(": NaN")


def test_a_map_larger_than_the_screen_is_drawn_reduced_and_read_exactly(qtbot):
    shown = Project(
        stack([("relu", make_layer("relu"))], make_layer("input")),
        Shape(1, 2400, 1800),
        SizePolicy("as_is"),
    )
    view = opened(qtbot, shown, "relu")
    maps = np.random.default_rng(3).random((1, 2400, 1800))
    view.show_result(result_of(maps, "relu"))
    assert canvas(view).sheet.layout.scale.reduction[0] > 1
    point_at(canvas(view), 1234, 777)
    row, column = canvas(view).cell
    value = float(canvas(view).content.values[row, column])
    assert view.maps.output.cell.text() == f"row {row}, column {column}: {value:.4g}"


# The map that is read


def test_a_value_marks_the_cells_that_it_reads(view):
    point_at(canvas(view), 10, 4)
    assert view.maps.given.cell.text() == "reads rows 20 to 22, columns 8 to 10"


def test_padding_stands_around_the_input_as_cells(view):
    view.show_state(replace(view._state, selected="conv"))
    assert given(view).content.padding == Sides(1, 1, 1, 1)
    assert view.maps.given.notes.text() == "Dashed: padding 1."
    point_at(given(view), -1, 4)
    assert view.maps.given.cell.text() == "row −1, column 4: padding"
    point_at(given(view), -2, 4)
    assert given(view).cell is None


def test_what_is_never_read_is_hatched_and_said(view):
    assert given(view).content.unread == (((55, 56),), ((47, 48),))
    assert "row 55 and column 47 of the input are never read" in view.maps.given.notes.text()
    view.show_state(replace(view._state, selected="conv"))
    assert canvas(view).content.unread == (((55, 56),), ((47, 48),))


def assert_linked(view):
    """Hold what is in the middle of both panes to be the same place."""
    output, read = canvas(view), given(view)
    reading = view.maps._joint.reading
    row, column = output.sight.place(*output.room.middle)
    found = read.sight.place(*read.room.middle)
    assert found[0] == pytest.approx(align(reading.rows).input_place(row))
    assert found[1] == pytest.approx(align(reading.columns).input_place(column))
    assert read.sight.zoom * 2 == pytest.approx(output.sight.zoom)


def test_zoom_is_linked_in_the_pictures_proportions(view):
    assert_linked(view)
    wheel(canvas(view), QPointF(120, 200), 5)
    assert_linked(view)
    wheel(given(view), QPointF(200, 120), -2)
    assert_linked(view)


def test_moving_one_map_moves_the_other(view):
    wheel(canvas(view), QPointF(200, 200), 4)
    before = canvas(view).sight
    drag(canvas(view), QPoint(200, 200), QPoint(60, -35))
    assert (canvas(view).sight.left, canvas(view).sight.top) == (before.left + 60, before.top - 35)
    assert_linked(view)
    drag(given(view), QPoint(150, 150), QPoint(-40, 20))
    assert_linked(view)


def test_panes_stay_linked_when_the_window_changes_its_size(view):
    wheel(canvas(view), QPointF(200, 200), 4)
    view.resize(1300, 820)
    assert_linked(view)
    drag(given(view), QPoint(150, 150), QPoint(-40, 20))
    view.resize(1000, 640)
    assert_linked(view)


def test_a_fitted_map_stays_fitted_when_the_window_changes_its_size(view):
    view.resize(1500, 950)
    assert canvas(view).is_fitted
    assert_linked(view)
    room, sight = canvas(view).room, canvas(view).sight
    assert sight.x(0) >= room.left
    assert sight.x(23) <= room.right
    assert sight.y(27) <= room.bottom


def test_a_narrow_window_shows_the_map_alone(view):
    view.resize(640, 600)
    assert not view.maps.given.isVisible()
    view.resize(1100, 700)
    assert view.maps.given.isVisible()


def test_another_map_of_the_input_can_be_chosen(view):
    field = view.maps.chooser.map_field.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    expected = view._results["conv"].maps[5]
    assert given(view).content.values is not expected
    assert np.array_equal(given(view).content.values, expected)


def test_a_layer_that_changes_each_map_shows_the_map_that_it_was_made_of(view):
    view.show_state(replace(view._state, selected="relu"))
    for index in (0, 7, 11):
        view.show_map(index)
        source = view._results["half"].maps[index]
        assert np.array_equal(given(view).content.values, source)


# Keys, buttons and choices


def test_keys_go_from_map_to_map(view):
    QTest.keyClick(canvas(view), Qt.Key.Key_PageDown)
    assert view.index == 4
    QTest.keyClick(canvas(view), Qt.Key.Key_PageUp)
    QTest.keyClick(canvas(view), Qt.Key.Key_PageUp)
    assert view.index == 2
    QTest.keyClick(canvas(view), Qt.Key.Key_End)
    QTest.keyClick(canvas(view), Qt.Key.Key_PageDown)
    assert view.index == 11
    QTest.keyClick(canvas(view), Qt.Key.Key_Home)
    assert view.index == 0


def test_keys_and_buttons_go_from_layer_to_layer(view, qtbot):
    with qtbot.waitSignal(view.layer_chosen) as chosen:
        QTest.keyClick(canvas(view), Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert chosen.args == ["relu"]
    with qtbot.waitSignal(view.layer_chosen) as chosen:
        QTest.mouseClick(view.bar.buttons["previous-layer"], LEFT)
    assert chosen.args == ["conv"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Backspace])
def test_keys_lead_back_to_the_flow(view, qtbot, key):
    with qtbot.waitSignal(view.closed):
        QTest.keyClick(canvas(view), key)


def test_arrow_keys_read_cell_by_cell(view):
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(canvas(view), key)
    row, column = canvas(view).cell
    QTest.keyClick(canvas(view), Qt.Key.Key_Up)
    assert canvas(view).cell == (row - 1, column)
    for _ in range(40):
        QTest.keyClick(canvas(view), Qt.Key.Key_Left)
    assert canvas(view).cell == (row - 1, 0)
    assert canvas(view).accessibleDescription() == view.maps.output.cell.text()


def test_a_cell_taken_by_keys_is_brought_into_sight(view):
    QTest.keyClick(canvas(view), Qt.Key.Key_N)
    for _ in range(30):
        QTest.keyClick(canvas(view), Qt.Key.Key_Down)
    room, sight = canvas(view).room, canvas(view).sight
    assert canvas(view).cell[0] == 26
    assert sight.y(27) <= room.bottom + 1e-6


def test_a_key_shows_the_whole_map_again(view):
    fitted = canvas(view).sight
    QTest.keyClick(canvas(view), Qt.Key.Key_Plus)
    assert canvas(view).sight.zoom > fitted.zoom
    QTest.keyClick(canvas(view), Qt.Key.Key_0)
    assert canvas(view).sight == fitted
    QTest.keyClick(canvas(view), Qt.Key.Key_1)
    assert canvas(view).sight.zoom == 1 / canvas(view).devicePixelRatioF()


def test_a_map_cannot_be_lost_by_moving_it(view):
    drag(canvas(view), QPoint(200, 200), QPoint(9000, 9000))
    room, sight = canvas(view).room, canvas(view).sight
    assert sight.x(0) < room.right
    assert sight.y(0) < room.bottom


def test_colors_range_and_clipping_are_choices_of_the_view(view):
    made = []
    view.choice_made.connect(lambda name, value: made.append((name, value)))
    for name, place in (("color", 3), ("scope", 1), ("clip", 2)):
        field = view.choices.fields[name]
        field.activated.emit(place)
    assert made == [("color", "gray"), ("scope", "layer"), ("clip", "0.01")]


def test_a_shared_range_is_that_of_the_layer_or_the_network(view):
    view.show_state(replace(view._state, scope=LevelScope.LAYER))
    found = view._results["half"].statistics.whole
    largest = max(-found.minimum, found.maximum)
    assert canvas(view).sheet.levels.shared == (-largest, largest)
    view.show_state(replace(view._state, scope=LevelScope.NETWORK))
    ranges = [view._results[name].range for name in ("conv", "half", "relu")]
    largest = max(max(-low, high) for low, high in ranges)
    assert canvas(view).sheet.levels.shared == (-largest, largest)


def test_clipping_is_said_with_its_share(view):
    view.show_state(replace(view._state, clip=0.05))
    assert "of the values lie beyond the colors" in view.maps.output.notes.text()
    assert view.maps.output.bar.numbers()[-1][0].startswith("≥ ")


def test_the_color_bar_has_the_numbers_of_the_map(view):
    low, high = canvas(view).sheet.levels.ranges[0]
    texts = [text for text, _ in view.maps.output.bar.numbers()]
    assert texts[0] == f"{low:.4g}".replace("-", "−")
    assert texts[2] == "0"
    assert texts[-1] == f"{high:+.4g}"


def test_a_value_is_pinned_with_ctrl_and_a_click(view, qtbot):
    point_at(canvas(view), 8, 9)
    place = QPointF(canvas(view).sight.x(9.5), canvas(view).sight.y(8.5)).toPoint()
    with qtbot.waitSignal(view.value_chosen) as chosen:
        QTest.mouseClick(canvas(view).viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, place)
    assert chosen.args == ["half", 3, 8, 9]


# In the window


def test_enter_opens_a_map_of_the_selected_layer_and_escape_leads_back(window):
    window.document.select("pool")
    QTest.keyClick(window.flow, Qt.Key.Key_Return)
    assert window.maps.is_open
    assert canvas(window.maps.view).hasFocus()
    QTest.keyClick(canvas(window.maps.view), Qt.Key.Key_Escape)
    assert not window.maps.is_open
    assert window.flow.hasFocus()


def test_a_click_on_a_map_opens_it(window):
    window.flow.scroll_to("conv")
    rect = window.flow.row_of("conv").tiles.rect(2)
    place = window.flow.mapFromScene(QPointF(rect.left + 5, rect.top + 5))
    QTest.mouseClick(window.flow.viewport(), LEFT, pos=place)
    assert window.maps.is_open
    assert window.document.selected == "conv"
    assert window.maps.view.index == 2


def test_the_large_view_follows_an_edit(window, computed):
    window.flow.map_chosen.emit("pool", 0)
    shown = canvas(window.maps.view)
    before = shown.dimensions
    window.editing.change_settings("pool", {"stride": (4, 4)})
    computed()
    assert shown.dimensions == tuple(window.flow.result("pool").maps.shape[1:])
    assert shown.dimensions != before


def test_the_large_view_survives_another_theme(window, computed):
    window.flow.map_chosen.emit("pool", 3)
    window.commands["theme-light"].trigger()
    computed()
    assert window.maps.is_open
    assert window.maps.view.index == 3


def test_another_project_leads_back_to_the_flow(window):
    window.flow.map_chosen.emit("pool", 0)
    window.document.open(project(size=(28, 28)))
    assert not window.maps.is_open


# Geometry, without a window


def test_an_output_lies_over_the_middle_of_its_windows():
    same = align(WindowAxis(28, 28, kernel=3, before=1))
    assert same.input_place(5.0) == 5.0
    valid = align(WindowAxis(28, 26, kernel=3))
    assert valid.input_place(0.5) == 1.5
    strided = align(WindowAxis(112, 55, kernel=3, stride=2))
    assert strided.input_place(10.5) == 21.5
    assert strided.output_place(21.5) == 10.5


def test_maps_that_follow_each_other_are_found_in_their_inputs():
    network = stack([("a", make_layer("conv2d")), ("b", make_layer("conv2d"))], make_layer("input"))
    network = network.append(make_layer("concatenate"), "join").connect("a", "join", 0)
    network = network.connect("a", "join")
    shown = Project(network, Shape(3, 9, 9), SizePolicy("as_is"))
    layer = analyze_project(shown)["join"]
    assert [matching_map(layer, index) for index in (0, 7, 8, 15)] == [
        (0, 0), (0, 7), (1, 0), (1, 7),
    ]  # fmt: skip


def test_a_transposed_convolution_has_no_cells_around_its_input():
    layers = stack(
        [("up", make_layer("conv_transpose2d", {"padding": 1, "kernel_size": 3}))],
        make_layer("input"),
    )
    layer = analyze_project(Project(layers, Shape(3, 9, 9), SizePolicy("as_is")))["up"]
    assert padding_of_input(layer, 0) == Sides()
    assert layer.facts is not None
    assert window_of(layer.facts.readings[0], 0, 0) is not None
