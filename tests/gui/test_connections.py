"""Connections between layers: drawn, chosen, removed and dropped on, and all of it by keyboard."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from engine.network import Network, new_node, stack
from engine.pictures.size_policy import SizePolicy
from engine.project import Project
from engine.registry import make_layer
from engine.shapes import Shape
from gui.connections import Connections
from gui.flow.connection_menu import connection_entries
from gui.flow.drop_guide import KIND_MIME
from gui.flow.flow_edges import in_port, out_port
from gui.theme import DARK
from gui.viewing import Viewing
from tests.gui.flow_harness import opened


def branched():
    """Input, two convolutions, and an add that reads the second; a pooling at the end."""
    network = stack(
        [
            ("one", make_layer("conv2d", {"padding": "same"})),
            ("two", make_layer("conv2d", {"padding": "same"})),
            ("add", make_layer("add")),
            ("pool", make_layer("max_pool2d")),
        ],
        make_layer("input"),
    )
    return Project(network, Shape(3, 24, 20), SizePolicy("as_is"))


def joined():
    """The same with the add reading both convolutions."""
    project = branched()
    return project.with_network(project.network.connect("one", "add"))


@pytest.fixture
def flow(qtbot):
    with opened(qtbot, branched()) as shown:
        shown.view.resize(1000, 900)
        yield shown


@pytest.fixture
def merged(qtbot):
    with opened(qtbot, joined()) as shown:
        shown.view.resize(1000, 900)
        yield shown


def at(flow, point):
    return flow.view.mapFromScene(QPointF(*point))


def port_of(flow, node_id):
    return at(flow, out_port(flow.view.row_of(node_id)))


def block_of(flow, node_id):
    block = flow.view.row_of(node_id).block
    return at(flow, (block.left + 80, block.top + block.height / 2))


def draw(flow, source, target, *, let_go=True):
    """Press at a port, move to another block, and maybe let go."""
    area = flow.view.viewport()
    QTest.mouseMove(area, port_of(flow, source))
    QTest.mousePress(area, Qt.MouseButton.LeftButton, pos=port_of(flow, source))
    QTest.mouseMove(area, block_of(flow, target))
    if let_go:
        QTest.mouseRelease(area, Qt.MouseButton.LeftButton, pos=block_of(flow, target))


def let_go(flow):
    QTest.mouseRelease(flow.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))


def lane_point(flow, source, target):
    edge = next(e for e in flow.view.connections.edges if e.key == (source, target))
    (_, _), (x, y0), (_, y1), _ = edge.corners
    return at(flow, (x, (y0 + y1) / 2))


def inputs(flow, node_id):
    return flow.document.project.network.node(node_id).inputs


# Drawing


def test_a_line_drawn_from_a_port_to_an_add_connects_them(flow):
    draw(flow, "one", "add")
    assert inputs(flow, "add") == ("two", "one")
    assert flow.document.analysis["add"].shape == Shape(8, 24, 20)
    assert flow.document.undo_stack.undoText() == "Connect Convolution to Add"


def test_one_undo_takes_a_drawn_connection_back(flow):
    before = flow.document.project
    draw(flow, "one", "add")
    flow.document.undo_stack.undo()
    assert flow.document.project == before


def test_over_a_block_the_line_says_what_it_would_do(flow):
    draw(flow, "one", "add", let_go=False)
    assert flow.view.connections.hint == "Add: 24 × 20 × 8 + 24 × 20 × 8"
    let_go(flow)


def test_over_a_block_that_does_not_fit_the_line_says_why(flow):
    draw(flow, "input", "add", let_go=False)
    hint = flow.view.connections.hint
    assert "24 × 20 × 8" in hint
    assert "24 × 20 × 3" in hint
    assert "channels" in hint
    let_go(flow)


def test_what_does_not_fit_can_be_connected_and_shows_its_problem(flow):
    draw(flow, "input", "add")
    assert inputs(flow, "add") == ("two", "input")
    assert flow.document.analysis["add"].problems


def test_a_circle_is_refused_in_words_and_nothing_changes(flow):
    before = flow.document.project
    draw(flow, "add", "one", let_go=False)
    assert flow.view.connections.hint == (
        "3 Add depends on 1 Convolution already; connecting them would close a circle."
    )
    QTest.mouseRelease(flow.view.viewport(), Qt.MouseButton.LeftButton, pos=block_of(flow, "one"))
    assert flow.document.project == before


def test_a_layer_of_one_input_reads_another_instead_of_its_own(flow):
    draw(flow, "two", "pool", let_go=False)
    assert flow.view.connections.hint.endswith("instead of 3 Add")
    QTest.mouseRelease(flow.view.viewport(), Qt.MouseButton.LeftButton, pos=block_of(flow, "pool"))
    assert inputs(flow, "pool") == ("two",)


def test_escape_abandons_the_line(flow):
    draw(flow, "one", "add", let_go=False)
    QTest.keyClick(flow.view, Qt.Key.Key_Escape)
    assert not flow.view.connections.is_drawing
    QTest.mouseRelease(flow.view.viewport(), Qt.MouseButton.LeftButton, pos=block_of(flow, "add"))
    assert inputs(flow, "add") == ("two",)


def test_a_line_let_go_beside_all_blocks_does_nothing(flow):
    before = flow.document.project
    draw(flow, "one", "add", let_go=False)
    let_go(flow)
    assert flow.document.project == before
    assert not flow.view.connections.is_drawing


def test_a_click_on_a_block_still_selects_it(flow):
    QTest.mouseClick(flow.view.viewport(), Qt.MouseButton.LeftButton, pos=block_of(flow, "two"))
    assert flow.document.selected == "two"


# Connections that are there


def test_a_lane_is_chosen_by_a_click_and_removed_with_delete(merged):
    point = lane_point(merged, "one", "add")
    QTest.mouseClick(merged.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert merged.view.connections.chosen == ("one", "add")
    QTest.keyClick(merged.view, Qt.Key.Key_Delete)
    assert inputs(merged, "add") == ("two",)
    assert merged.view.connections.chosen is None


def test_an_arrow_between_neighbors_is_removed_too(merged):
    row = merged.view.row_of("two")
    point = at(merged, (row.block.left + 24, row.card.top - 12))
    QTest.mouseClick(merged.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    QTest.keyClick(merged.view, Qt.Key.Key_Delete)
    assert inputs(merged, "two") == ()
    assert merged.document.analysis["two"].problems


def test_a_click_elsewhere_leaves_the_connection(merged):
    area = merged.view.viewport()
    QTest.mouseClick(area, Qt.MouseButton.LeftButton, pos=lane_point(merged, "one", "add"))
    QTest.mouseClick(area, Qt.MouseButton.LeftButton, pos=block_of(merged, "two"))
    assert merged.view.connections.chosen is None


def test_the_pointer_over_a_lane_says_what_reads_what(merged):
    QTest.mouseMove(merged.view.viewport(), lane_point(merged, "one", "add"))
    assert merged.view.connections.hint == "3 Add reads 1 Convolution"


def test_a_kind_dropped_on_a_lane_stands_on_that_connection_alone(merged):
    merged.drop(KIND_MIME, "relu", lane_point(merged, "one", "add"))
    assert inputs(merged, "add") == ("two", "relu_1")
    assert inputs(merged, "two") == ("one",)


def test_while_dragging_over_a_lane_it_says_what_a_drop_would_do(merged):
    merged.drag(KIND_MIME, "max_pool2d", lane_point(merged, "one", "add"))
    assert merged.view.drop_preview().text == "Max pooling here:  24 × 20 × 8  →  12 × 10 × 8"


def test_a_screen_reader_hears_what_a_merging_layer_reads(merged):
    assert merged.view.description("add").endswith("reads 2 Convolution and 1 Convolution")
    assert "reads" not in merged.view.description("two")


def test_lanes_end_at_the_ports_of_their_rows(merged):
    edge = next(e for e in merged.view.connections.edges if e.is_lane)
    assert edge.corners[0] == out_port(merged.view.row_of("one"))
    x, y = in_port(merged.view.row_of("add"))
    assert edge.corners[-1] == (x - 1, y)


# Without a mouse


@pytest.fixture
def menus(qtbot, merged):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    editing, document = merged.editing, merged.document
    return Connections(window, DARK, document, editing, Viewing(document), merged.view), window


def popup_in(window):
    return next(child for child in window.findChildren(QWidget) if child.objectName() == "popup")


def test_the_keyboard_connects_the_selected_layer(menus, merged):
    connections, window = menus
    merged.document.select("input")
    connections.show_connect()
    popup = popup_in(window)
    assert popup.current.text == "2 Convolution"
    QTest.keyClicks(popup.field, "2")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert inputs(merged, "two") == ("input",)


def test_the_keyboard_removes_a_connection(menus, merged):
    connections, window = menus
    merged.document.select("one")
    connections.show_connect()
    popup = popup_in(window)
    QTest.keyClicks(popup.field, "remove add")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert inputs(merged, "add") == ("two",)


def test_what_cannot_be_connected_is_listed_with_the_reason(merged):
    entries = connection_entries(merged.document.analysis, "add", "HWC")
    refused = {entry.text: entry.hint for entry in entries if not entry.enabled}
    assert set(refused) == {"1 Convolution", "2 Convolution", "4 Max pooling"}
    assert "circle" in refused["1 Convolution"]
    assert "already" in refused["4 Max pooling"]


def test_layers_that_merge_are_offered_first(merged):
    entries = connection_entries(merged.document.analysis, "one", "HWC")
    assert entries[0].text == "3 Add"
    assert entries[0].detail == "24 × 20 × 8"


def test_the_menu_of_a_lane_removes_it(menus, merged, qtbot):
    connections, window = menus
    connections.show_edge_menu("one", "add", QPointF(40, 40))
    remove = next(
        action
        for menu in window.children()
        if hasattr(menu, "actions") and hasattr(menu, "popup")
        for action in menu.actions()
        if action.text() == "Remove 1 Convolution → 3 Add"
    )
    remove.trigger()
    remove.parent().close()
    assert inputs(merged, "add") == ("two",)


def test_a_layer_without_readers_can_be_read_by_a_later_one():
    relu = make_layer("relu")
    network = stack([("a", relu), ("b", relu)], make_layer("input"))
    side = Network((*network.nodes, new_node("c", make_layer("concatenate"), ("b",))))
    assert side.connect("a", "c").node("c").inputs == ("b", "a")
