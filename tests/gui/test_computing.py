"""Long computations: said how far they are, stopped, gone on with; and what does not fit."""

import gc
import threading
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.layers.conv2d import Conv2d
from engine.layers.max_pool2d import MaxPool2d
from engine.memory_plan import layer_bytes
from engine.network import stack
from engine.pictures.size_policy import SizePolicy
from engine.registry import make_layer
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported
from engine.weighting.weights import Weights
from gui.computing import ComputingState
from gui.error_dialog import ErrorDialog
from gui.flow.row_state import words_without_maps
from gui.main_window import MainWindow
from tests.gui.flow_harness import project
from tests.gui.window_harness import Watch, press

SLOW = [
    (f"conv{number}", make_layer("conv2d", {"out_channels": 64, "kernel_size": 11}))
    for number in range(8)
]


@pytest.fixture
def slow(window, qtbot):
    """The main window with layers that take long, in the middle of computing them."""
    window.document.edit(
        "Make it slow", project(*SLOW, size=(1024, 1024)).with_network(
            stack(SLOW, make_layer("input"))
        )
    )  # fmt: skip
    qtbot.waitUntil(window.progress.isVisible)
    return window


def stopped(window):
    state = window.computing.state
    return state is not None and state.stopped


def test_progress_is_said_and_goes_when_all_is_there(slow, computed):
    state = slow.computing.state
    assert state == ComputingState(state.node_id, state.number, 8, "Convolution")
    assert slow.progress.text.text() == f"Computing layer {state.number} of 8 · Convolution"
    assert slow.commands["stop"].isEnabled()
    slow.document.undo_stack.undo()
    computed()
    assert slow.computing.state is None
    assert not slow.progress.isVisible()
    assert not slow.commands["stop"].isEnabled()


def test_thousands_of_layers_are_not_announced_one_by_one(slow, qtbot):
    said = []
    slow.computing.state_changed.connect(said.append)
    for node in slow.document.project.network.nodes[1:] * 100:
        slow.evaluator.progressed.emit(slow.evaluator.newest, node.id)
    assert not said
    qtbot.waitUntil(lambda: slow.computing.state.number == 8)
    assert slow.progress.text.text() == "Computing layer 8 of 8 · Convolution"


def test_the_button_stops_it_and_goes_on(slow, qtbot, computed):
    QTest.mouseClick(slow.progress.button, Qt.MouseButton.LeftButton)
    assert stopped(slow)
    computed()
    left = slow.document.project.network.nodes[-1].id
    assert slow.flow.result(left) is None
    assert slow.progress.button.text() == "Compute the rest"
    QTest.mouseClick(slow.progress.button, Qt.MouseButton.LeftButton)
    assert not stopped(slow)
    assert slow.progress.button.text() == "Stop"


def test_escape_stops_it_in_the_flow(slow):
    slow.flow.setFocus()
    press("Esc")
    assert stopped(slow)
    press("F5")
    assert not stopped(slow)


def test_escape_stops_it_from_a_field_too(slow):
    slow.palette_panel.filter.setFocus()
    press("Esc")
    assert stopped(slow)


def test_what_was_stopped_stays_stopped_while_one_scrolls(slow, computed):
    press("Esc")
    slow.flow.verticalScrollBar().setValue(slow.flow.verticalScrollBar().maximum())
    slow.viewing.enlarge_maps(1)
    computed()
    assert stopped(slow)


def test_an_edit_computes_again(slow, computed):
    press("Esc")
    slow.document.undo_stack.undo()
    computed()
    assert slow.computing.state is None
    last = slow.document.project.network.nodes[-1].id
    assert slow.flow.result(last) is not None


class Gate:
    """Lets the worker compute a convolution only when told to, and counts how often it did."""

    def __init__(self, monkeypatch):
        self.entered, self.may_go_on = threading.Event(), threading.Event()
        self.computed = []
        forward = Conv2d.forward

        def gated(layer, inputs, weights, out, workspace):
            self.entered.set()
            assert self.may_go_on.wait(30)
            workspace.checkpoint()
            forward(layer, inputs, weights, out, workspace)
            self.computed.append(layer.out_channels)

        monkeypatch.setattr(Conv2d, "forward", gated)


@pytest.fixture
def gated(window, computed, monkeypatch):
    """The main window whose worker stands in its first convolution, and what holds it there."""
    gate = Gate(monkeypatch)
    stages = [(f"conv{n}", make_layer("conv2d", {"out_channels": n})) for n in range(1, 21)]
    long = window.document.project.with_network(stack(stages, make_layer("input")))
    window.document.edit("Make it long", long)
    assert gate.entered.wait(30)
    yield window, gate
    gate.may_go_on.set()
    computed()


def scroll(flow, steps):
    place = QPointF(flow.viewport().rect().center())
    event = QWheelEvent(
        place, QPointF(flow.viewport().mapToGlobal(place)), QPoint(), QPoint(0, -120 * steps),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(flow.viewport(), event)


def test_scrolling_lets_the_layer_under_way_be_finished(gated, qtbot, computed):
    window, gate = gated
    asked = window.evaluator.newest
    for _ in range(4):
        scroll(window.flow, 30)  # by a page at the most
    qtbot.waitUntil(lambda: window.evaluator.newest > asked)
    gate.may_go_on.set()
    computed()
    assert gate.computed == list(range(1, 21)), "every layer once"
    shown = window.flow.wanted_sheets()
    assert "conv1" not in shown
    assert all(window.flow.result(name).wish == wish for name, wish in shown.items())


def test_an_edit_abandons_the_layer_under_way(gated, computed):
    window, gate = gated
    window.document.undo_stack.undo()
    gate.may_go_on.set()
    computed()
    assert 1 not in gate.computed


def test_late_maps_of_a_layer_that_is_gone_are_dropped(window, computed):
    late = window.flow.result("many")
    window.editing.remove("many")
    window.evaluator.layer_ready.emit(late)
    computed()
    assert window.flow.result("many") is None


def test_of_a_network_that_was_closed_the_worker_keeps_nothing(window, computed, qtbot):
    array = StoredArray(np.ones((64, 8, 3, 3), np.float32))
    imported = weakref.ref(array)
    weights = Weights(Imported((("kernel", array),), "k.npz"))
    network = window.document.project.network.with_weights("many", weights)
    window.document.edit("Import", window.document.project.with_network(network))
    computed()
    del array, weights, network
    window.files._show(project(), None, "Another")
    computed()
    gc.collect()
    assert imported() is None


@pytest.fixture(params=["flow", "large view"])
def looked_at(request, window, computed):
    """The main window while a person looks at maps that a fault will leave out of date."""
    if request.param == "flow":
        window.document.select("many")
        assert window.side.statistics.isVisible()
    else:
        window.maps.open("many", 3)
        assert window.maps.view.statistics.isVisible()
    return window


@pytest.fixture
def faulty(window, computed, monkeypatch, qtbot):
    """The main window after an edit at which its pooling failed; the dialog is closed."""
    with monkeypatch.context() as broken:

        def fail(*_):
            raise RuntimeError("a fault of the engine")

        broken.setattr(MaxPool2d, "forward", fail)
        with qtbot.waitSignal(window.evaluator.failed):
            window.editing.change_settings("conv", {"flip_kernel": True})
        (dialog,) = window.findChildren(ErrorDialog)
        assert "a fault of the engine" in dialog.details.toPlainText()
        dialog.reject()
    return window


def test_a_fault_leaves_no_maps_of_before_and_says_where_it_was(faulty):
    assert faulty.flow.result("relu") is not None
    assert faulty.flow.result("pool") is None
    assert faulty.flow.result("many") is None
    assert faulty.computing.state.fault
    assert faulty.progress.isVisible()
    assert faulty.progress.text.text() == "⚠ Failed at layer 3 of 4 · Max pooling"


def test_a_fault_leaves_no_numbers_of_before(looked_at, faulty, computed):
    large = faulty.maps.view
    assert faulty.side.statistics.isHidden()
    if faulty.maps.is_open:
        assert large.statistics.isHidden()
        assert not large.bar.buttons["fit"].isEnabled()
    QTest.mouseClick(faulty.progress.button, Qt.MouseButton.LeftButton)
    computed()
    shown = large.statistics if faulty.maps.is_open else faulty.side.statistics
    assert shown.isVisible()


def test_rows_behind_a_fault_say_what_they_wait_for(faulty, computed):
    faulty.flow.scroll_to("many")
    row = faulty.flow.item_of("many")
    assert not row.state.shows_maps
    assert words_without_maps(row.state, None) == "waits for 3 Max pooling"
    assert "waits for 3 Max pooling" in faulty.flow.description("many")
    assert not faulty.flow.item_of("relu").state.waits_for
    QTest.mouseClick(faulty.progress.button, Qt.MouseButton.LeftButton)
    computed()
    assert faulty.flow.item_of("many").state.shows_maps
    assert not faulty.flow.item_of("many").state.waits_for


def test_after_a_fault_the_rest_is_tried_again(faulty, computed):
    assert faulty.progress.button.text() == "Try again"
    QTest.mouseClick(faulty.progress.button, Qt.MouseButton.LeftButton)
    computed()
    assert faulty.flow.result("many") is not None
    assert not faulty.progress.isVisible()


def test_a_fault_is_said_in_the_row_that_it_befell_with_a_way_out(faulty, computed):
    row = faulty.flow.item_of("pool")
    faulty.flow.scroll_to("pool")
    faulty.flow.grab()  # the way out is laid out when it is painted
    assert row.state.fault == "Something went wrong while computing the maps."
    assert row.state.fault in faulty.flow.description("pool")
    assert not faulty.flow.item_of("many").state.fault
    assert "repair" not in faulty.document.undo_stack.undoText().lower()
    (chip,) = row.chips
    point = faulty.flow.mapFromScene(row.mapToScene(chip.center()))
    QTest.mouseClick(faulty.flow.viewport(), Qt.MouseButton.LeftButton, pos=point)
    computed()
    assert faulty.flow.result("many") is not None
    assert not faulty.flow.item_of("pool").state.fault


def test_an_edit_after_a_fault_forgets_it(faulty, computed):
    faulty.document.undo_stack.undo()
    computed()
    assert not faulty.flow.item_of("pool").state.fault


def test_a_fault_of_what_is_out_of_date_ends_nothing(window, computed):
    window.evaluator.failed.emit("Something went wrong.", "", window.evaluator.newest - 1)
    assert window.computing.state is None


@pytest.fixture
def scarce(qtbot, preferences):
    """The main window with memory for the first two layers of its network."""
    shown = project(size=(512, 512))
    first = MainWindow(shown, preferences, 1 << 28, limit=0)
    limit = sum(layer_bytes(first.document.analysis[name]) for name in ("input", "conv", "relu"))
    first.close()
    window = MainWindow(shown, preferences, 1 << 28, limit)
    watch = Watch(window)
    window.show()
    qtbot.waitUntil(watch.is_idle)
    yield window
    window.document.undo_stack.setClean()
    window.close()
    window.deleteLater()
    first.deleteLater()


def test_what_does_not_fit_is_said_and_not_computed(scarce):
    assert scarce.computed.notice.isVisible()
    assert "2 of 4 layers are not computed." in scarce.computed.notice.text.text()
    assert scarce.flow.result("relu") is not None
    assert scarce.flow.result("pool") is None
    assert "memory does not hold the network up to here" in scarce.flow.description("pool")
    assert scarce.flow.row_of("pool").tiles is None


def test_a_smaller_picture_is_offered_and_fits(scarce, qtbot):
    scarce.computed.notice.chips[0].click()
    assert scarce.document.project.policy == SizePolicy()
    assert not scarce.computed.notice.isVisible()
    qtbot.waitUntil(scarce.findChild(Watch).is_idle)
    assert scarce.flow.result("many") is not None
    scarce.document.undo_stack.undo()
    assert scarce.computed.notice.isVisible()


def test_a_comparison_that_does_not_fit_is_said_and_not_computed(scarce, qtbot):
    scarce.document.select("conv")
    scarce.flow.setFocus()
    press("Shift+F7")
    scarce.editing.change_settings("conv", {"flip_kernel": True})
    press("F7")
    view = scarce.compare.view
    qtbot.waitUntil(view.note.isVisible)
    assert "of memory can be used" in view.note.text()
    assert view.note.text().startswith("≠ The maps and weights of both take ")
    scarce.document.undo_stack.undo()  # the same network: its maps are in memory already
    qtbot.waitUntil(lambda: not view.note.isVisible())
