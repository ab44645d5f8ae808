"""One value of a transposed convolution in the window: scattered, or zeros between the inputs."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.arithmetic import Position
from engine.registry import make_layer
from tests.gui.flow_harness import project
from tests.gui.window_harness import press

LAYERS = (
    ("up", make_layer("conv_transpose2d", {"out_channels": 2, "kernel_size": 3})),
    ("relu", make_layer("relu")),
)


@pytest.fixture
def panel(window, computed):
    window.document.open(project(*LAYERS, size=(12, 10)))
    computed()
    window.pinning.pin("up", Position(1, 6, 8))
    return window.value_panel


def titles(panel):
    return [grid.title for grid in panel.canvas._grids()]


def test_the_switch_shows_the_other_calculation_of_the_same_value(window, panel):
    assert titles(panel) == ["channel 0, 1 of 3", "weights", "products"]
    before = panel.result.text()
    QTest.mouseClick(panel.equivalent, Qt.MouseButton.LeftButton)
    assert titles(panel) == [
        "zeros between inputs", "channel 0, 1 of 3", "kernel turned by 180°", "products",
    ]  # fmt: skip
    assert panel.sentence.text().startswith("1 zero between neighboring inputs, kernel turned")
    assert panel.result.text() == before
    value = float(window.flow.result("up").maps[1, 6, 8])
    assert panel.canvas.arithmetic.result == pytest.approx(value, abs=1e-4)


def test_a_key_switches_and_the_choice_stays_while_the_pin_moves(panel):
    panel.setFocus()
    press("Z", "Right", "]")
    assert "column 9" in panel.place.text()
    assert titles(panel)[:2] == ["zeros between inputs", "channel 1, 2 of 3"]
    press("Z")
    assert titles(panel)[0] == "channel 1, 2 of 3"


def test_the_window_is_marked_on_the_input_with_its_zeros(panel):
    panel.equivalent.click()
    near, window, *_ = panel.canvas._grids()
    lines, cells = near.read
    read = near.numbers[lines[0] : lines[-1] + 1, cells[0] : cells[-1] + 1]
    assert read.tolist() == window.numbers.tolist()
    assert near.inserted.any()
    assert not near.numbers[near.inserted].any()


def test_how_many_inputs_reach_each_output_is_counted(panel):
    overlaps = panel.canvas._overlaps()
    line, cell = overlaps.winner
    patch = panel.canvas.arithmetic.patches[0]
    assert overlaps.numbers[line, cell] == patch.values.size
    assert set(overlaps.numbers.ravel()) == {1, 2, 4}
    assert not panel.grab().isNull()


def test_other_layers_have_no_switch(window, panel):
    assert panel.equivalent.isVisible()
    window.pinning.pin("relu", Position(0, 1, 1))
    assert not panel.equivalent.isVisible()
    panel.setFocus()
    press("Z")
    assert not panel.equivalent.isChecked()
