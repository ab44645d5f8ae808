"""Where weights come from: seeds, named kernels, files, and what is left of edits by hand."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.registry import all_kinds
from engine.shapes import Shape
from engine.weighting.kernel_bank import KERNELS
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported, NamedKernels, Seeded
from engine.weighting.weights import Weights
from gui.side.weights_form import WeightsForm
from gui.theme import DARK, LIGHT, apply_theme
from tests.gui.panel_harness import WeightsHolder, analyzed, focus, press


@pytest.fixture
def held(qtbot):
    return lambda *args, **more: WeightsHolder(qtbot, WeightsForm(), *args, **more)


def stored(**arrays):
    return {name: StoredArray(array) for name, array in arrays.items()}


def choose(form, text):
    """Choose a source by keys, as its first letters do."""
    focus(form.source_box)
    texts = [form.source_box.itemText(n) for n in range(form.source_box.count())]
    press(Qt.Key.Key_Home)
    press(*[Qt.Key.Key_Down] * texts.index(text))


def visible_boxes(form):
    return [name for name, box in form.file_arrays.boxes.items() if box.isVisible()]


@pytest.mark.parametrize("kind_id", sorted(set(all_kinds()) - {"input"}))
def test_it_is_there_exactly_for_layers_with_weights(qtbot, kind_id):
    form = WeightsForm()
    qtbot.addWidget(form)
    for shape in (Shape(3, 8, 8), Shape(3, 1, 1)):
        layer = analyzed(kind_id, shape)
        form.show_layer(layer)
        assert form.isHidden() != bool(layer.facts and layer.facts.weight_specs)


def test_a_seed_is_typed_stepped_and_drawn_anew(held):
    holder = held("conv2d", weights=Weights(Seeded(4)))
    form = holder.widget
    assert form.source_box.currentText() == "Random, He"
    focus(form.seed_field)
    press("12", Qt.Key.Key_Return)
    assert holder.weights == Weights(Seeded(12))
    press(Qt.Key.Key_Up)
    assert holder.weights == Weights(Seeded(13))
    assert holder.edits == [("Change seed", "seed")] * 2
    assert holder.settled == 2
    seen = set()
    for _ in range(5):
        focus(form.new_seed_button)
        press(Qt.Key.Key_Space)
        seen.add(holder.weights.source.seed)
    assert len(seen) > 1
    assert all(0 <= seed < 10_000 for seed in seen)
    assert form.seed_field.text() == str(holder.weights.source.seed)


def test_the_scheme_keeps_the_seed(held):
    holder = held("conv2d", weights=Weights(Seeded(4)))
    choose(holder.widget, "Random, Glorot")
    assert holder.weights == Weights(Seeded(4, "glorot"))
    choose(holder.widget, "Named kernels")
    choose(holder.widget, "Random, He")
    assert holder.weights == Weights(Seeded(4))


def test_named_kernels_are_chosen_in_order_by_mouse_and_keys(held):
    holder = held("conv2d")
    form = holder.widget
    choose(form, "Named kernels")
    assert holder.weights.source == NamedKernels(("sobel_x", "sobel_y"))
    names = list(KERNELS)
    picker = form.picker

    def click(name):
        room = picker.visualItemRect(picker.item(names.index(name)))
        QTest.mouseClick(picker.viewport(), Qt.MouseButton.LeftButton, pos=room.center())

    click("laplacian")
    click("sobel_x")
    assert holder.weights.source.names == ("sobel_y", "laplacian")
    focus(picker)
    picker.setCurrentRow(0)
    press(Qt.Key.Key_Right, Qt.Key.Key_Space)
    assert holder.weights.source.names == ("sobel_y", "laplacian", "sobel_x")
    assert form.picker_text.text().startswith("Sobel y, Laplacian, Sobel x;")
    said = picker.item(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Sobel x, chosen as number 3"
    kernel = holder.arrays["kernel"]
    expected = [KERNELS[name].make(3, 3).astype(np.float32) for name in ("sobel_y", "sobel_x")]
    np.testing.assert_allclose(kernel[0].sum(axis=0), expected[0], atol=1e-6)
    np.testing.assert_allclose(kernel[5].sum(axis=0), expected[1], atol=1e-6)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_line_keeps_the_white_cells_of_a_kernel_from_the_panel(held, qapp, theme):
    apply_theme(qapp, theme)
    form = held("conv2d", weights=Weights(NamedKernels(("box",)))).widget
    picker = form.picker
    room = picker.visualItemRect(picker.item(list(KERNELS).index("identity")))
    shown = picker.viewport().grab(room).toImage()
    upper = shown.height() // 4
    across = [shown.pixelColor(x, upper).lightness() for x in range(shown.width() // 2)]
    panel, cell, line = across[0], across[-1], across[4]
    assert min(abs(line - panel), abs(line - cell)) > 40


def test_the_last_kernel_stays_chosen(held):
    holder = held("conv2d", weights=Weights(NamedKernels(("box",))))
    picker = holder.widget.picker
    focus(picker)
    picker.setCurrentRow(list(KERNELS).index("box"))
    press(Qt.Key.Key_Space)
    assert not holder.edits


def test_all_kernels_are_in_sight(held):
    form = held("conv2d", weights=Weights(NamedKernels(("box",)))).widget
    QApplication.processEvents()
    picker = form.picker
    rooms = [picker.visualItemRect(picker.item(n)) for n in range(picker.count())]
    assert all(picker.viewport().rect().contains(room) for room in rooms)
    assert picker.itemAt(rooms[-1].center() + QPoint(0, 0)) is picker.item(picker.count() - 1)


def test_chosen_kernels_are_framed(held):
    form = held("conv2d", weights=Weights(NamedKernels(("box",)))).widget
    accent = form.palette().color(QPalette.ColorRole.Highlight)
    image = form.picker.grab().toImage()
    framed = {
        name
        for row, name in enumerate(KERNELS)
        if accent
        == image.pixelColor(
            (room := form.picker.visualItemRect(form.picker.item(row))).left() + 2,
            room.center().y(),
        )
    }
    assert framed == {"box"}


def test_what_a_layer_cannot_have_is_not_offered(held):
    def offered(kind_id, **more):
        holder = held(kind_id, **more)
        box = holder.widget.source_box
        return [box.itemText(n) for n in range(box.count())]

    random = ["Random, He", "Random, Glorot"]
    assert offered("conv2d") == [*random, "Named kernels", "From a file"]
    assert offered("conv2d", kernel_size=1) == [*random, "From a file"]
    assert offered("dense", shape=Shape(5, 1, 1)) == [*random, "From a file"]
    assert offered("batch_norm2d") == ["As in a new layer", "From a file"]


def test_a_file_is_asked_for_and_its_arrays_are_recognized(qtbot, held):
    holder = held("conv2d", out_channels=2)
    form = holder.widget
    focus(form.source_box)
    with qtbot.waitSignal(form.file_wanted):
        choose(form, "From a file")
    assert form.source_box.currentText() != "From a file", "there is none yet"
    kernel, bias = np.ones((2, 3, 3, 3)), np.array([1.0, 2.0])
    form.show_file("net.npz", stored(**{"conv1.weight": kernel, "conv1.bias": bias}))
    np.testing.assert_array_equal(holder.arrays["kernel"], kernel)
    np.testing.assert_array_equal(holder.arrays["bias"], bias)
    assert form.source_box.currentText() == "From a file"
    assert form.file_name.text() == "net.npz"
    with qtbot.waitSignal(form.file_wanted):
        form.open_button.click()


def test_arrays_of_a_file_are_matched_by_hand(held):
    holder = held("conv2d", out_channels=2)
    form = holder.widget
    file = stored(
        a=np.zeros((2, 3, 3, 3)), b=np.ones((2, 3, 3, 3)), c=np.zeros((9, 9)), d=np.ones(2)
    )
    form.show_file("many.safetensors", file)
    assert holder.layer.problems, "two arrays could be the kernel"
    box = form.file_arrays.boxes["kernel"]
    texts = [box.itemText(n) for n in range(box.count())]
    assert texts == ["nothing", "a · 2×3×3×3", "b · 2×3×3×3", "c · 9×9", "d · 2"]
    assert "⚠ kernel is missing, 2×3×3×3 needed" in {
        label.text() for label in form.file_arrays._labels.values()
    }
    focus(box)
    press(Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert not holder.layer.problems
    assert holder.arrays["kernel"].min() == 1
    assert holder.arrays["bias"].tolist() == [1, 1]
    assert box.currentText() == "b · 2×3×3×3"
    assert len(holder.edits) == 3


def test_the_arrays_of_a_file_are_listed_once_and_not_at_every_edit(held):
    holder = held("conv2d", out_channels=2)
    file = stored(a=np.zeros((2, 3, 3, 3)), b=np.zeros((2, 3, 3, 3)), d=np.ones(2))
    holder.widget.show_file("many.npz", file)
    box = holder.widget.file_arrays.boxes["kernel"]
    focus(box)
    press(Qt.Key.Key_Down, Qt.Key.Key_Down)
    listed: list[int] = []
    box.model().rowsInserted.connect(lambda _parent, first, _last: listed.append(first))
    edited = holder.weights.edited("bias", (0,), 3.0)
    holder.widget.weights_changed.emit(edited, "Change a weight", None)
    assert not listed
    assert box.currentText() == "b · 2×3×3×3"


def test_a_saved_import_shows_what_it_gives_and_no_choice(held):
    arrays = tuple(stored(kernel=np.zeros((8, 3, 3, 3)), bias=np.zeros(4)).items())
    holder = held("conv2d", weights=Weights(Imported(arrays, "edges.npz")))
    form = holder.widget
    texts = [label.text() for label in form.file_arrays._labels.values()]
    assert texts == ["kernel is 8×3×3×3", "⚠ bias is 4, 8 needed"]
    assert visible_boxes(form) == []


def test_another_layer_forgets_the_file(held):
    holder = held("conv2d", out_channels=2)
    form = holder.widget
    form.show_file("net.npz", stored(kernel=np.zeros((2, 3, 3, 3))))
    assert visible_boxes(form) == ["kernel", "bias"]
    form.show_layer(holder.layer, anew=True)
    assert visible_boxes(form) == []


def test_edits_by_hand_are_counted_and_discarded(held):
    weights = Weights(Seeded(4)).edited("kernel", (0, 0, 0, 0), 1.0).edited("bias", (1,), 2.0)
    holder = held("conv2d", weights=weights)
    form = holder.widget
    assert form.edits_text.text() == "2 weights"
    choose(form, "Random, Glorot")
    assert len(holder.weights.edits) == 2, "edits lie on top of any source"
    focus(form.discard_button)
    press(Qt.Key.Key_Space)
    assert holder.weights == Weights(Seeded(4, "glorot"))
    assert not form.discard_button.isEnabled()
    assert form.edits_text.text() == "none"
