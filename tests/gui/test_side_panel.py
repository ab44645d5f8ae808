"""The panel as a whole: one layer's problem, equation, settings, weights, cost and values."""

import itertools
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from engine.analysis import analyze
from engine.naming import by_id
from engine.network import stack
from engine.project import Project
from engine.registry import all_kinds, make_layer
from engine.row_names import numbered
from engine.shapes import Shape
from engine.sheets.histogram import histogram
from engine.sheets.level_range import LevelScope
from engine.sheets.map_sheet import make_sheet, sheet_rgb
from engine.sheets.map_statistics import MapStatistics, layer_statistics
from engine.sheets.sheet_layout import arrange
from engine.size_explanation import explain_size
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported, NamedKernels
from engine.weighting.weights import Weights
from gui.document import Document
from gui.editing import Editing
from gui.maps.map_statistics_view import MapStatisticsView, ShownMap
from gui.panel_memory import keep_sections
from gui.side import side_panel
from gui.side.cost_table import CostTable, cost_rows
from gui.side.setting_editors import SwitchedEditor
from gui.side.side_panel import NARROWEST, SidePanel
from gui.theme import DARK, LIGHT, apply_theme
from tests.gui.panel_harness import PICTURE, analyzed, focus, press

LAYERS = (
    ("conv", make_layer("conv2d")),
    ("pool", make_layer("max_pool2d")),
    ("late", make_layer("conv2d", {"kernel_size": 99})),
    ("last", make_layer("relu")),
)


class Window:
    """The panel with a document, connected as the main window does."""

    def __init__(self, qtbot, *layers, picture=PICTURE):
        self.document = Document(Project(stack(layers or LAYERS, make_layer("input")), picture))
        self.editing = Editing(self.document)
        self.panel = SidePanel()
        qtbot.addWidget(self.panel)
        self.document.project_changed.connect(self._show)
        self.document.selection_changed.connect(self._show)
        self.panel.setting_edited.connect(self._on_setting_edited)
        self.panel.weights_changed.connect(self._on_weights_changed)
        self.panel.settled.connect(self.document.end_merge)
        self.panel.repair_chosen.connect(self.editing.apply_repair)
        self.panel.layer_wanted.connect(self.document.select)
        self.document.select(self.document.project.network.nodes[1].id)
        self._show()
        with qtbot.waitActive(self.panel):
            self.panel.resize(330, 500)
            self.panel.show()
            self.panel.activateWindow()

    def _show(self):
        document = self.document
        network, layer = document.project.network, document.analysis[document.selected]
        self.panel.show_layer(network.index(document.selected), layer, partial(numbered, network))

    def _on_setting_edited(self, name, value):
        node_id = self.document.selected
        self.editing.change_settings(node_id, {name: value}, merge=(node_id, name))

    def _on_weights_changed(self, weights, text, merge):
        node_id = self.document.selected
        key = None if merge is None else (node_id, merge)
        self.editing.change_weights(node_id, weights, text, key)

    @property
    def layer(self):
        return self.document.project.network.node(self.document.selected).layer

    @property
    def steps(self):
        return self.document.undo_stack.count()


@pytest.fixture
def window(qtbot):
    return lambda *layers, **more: Window(qtbot, *layers, **more)


def test_the_heading_names_number_and_kind(window):
    shown = window()
    assert shown.panel.title.text() == "LAYER 1 · CONVOLUTION"
    shown.document.select("input")
    assert shown.panel.title.text() == "PICTURE"


def test_the_parts_stand_in_order(window):
    shown = window(("conv", make_layer("conv2d", {"kernel_size": 9, "out_channels": 4})))
    panel = shown.panel
    imported = Imported((("kernel", StoredArray(np.zeros((1, 1)))),), "a.npz")
    shown.editing.change_weights("conv", Weights(imported))
    assert panel.problems.isVisible()
    parts = (
        panel.title, panel.problems, panel.equation, panel.form, panel.costs, panel.advice,
        panel.weights,
    )  # fmt: skip
    QApplication.processEvents()
    tops = [part.geometry().top() for part in parts]
    assert tops == sorted(tops)
    shown.document.undo_stack.undo()
    assert not panel.problems.isVisible()
    assert panel.kernel.isVisible()


def test_the_equation_is_the_one_of_the_analysis(window):
    panel = window(("conv", make_layer("conv2d", {"stride": 2})), picture=Shape(3, 112, 111)).panel
    card = panel.equation
    assert card.rule.text() == "valid, floor"
    assert card.symbols.text() == "⌊(in + padding − window) / stride⌋ + 1"
    assert card.terms[0].text().replace("\xa0", " ") == "H = ⌊(112 + 0 − 3) / 2⌋ + 1 ="
    assert [label.text() for label in card.results] == ["55", "55", "8"]
    assert card.terms[2].text() == "C: 8 filters, one map each"
    assert card.unread.text() == "Row 111 of the input is never read."


def test_the_sentences_behind_the_equation_are_shown_when_asked_for(window):
    shown = window(
        ("conv", make_layer("conv2d", {"padding": "same"})), ("relu", make_layer("relu"))
    )
    card = shown.panel.equation
    assert not card.sentences.isVisible()
    focus(card.fold)
    press(Qt.Key.Key_Space)
    assert card.sentences.isVisible()
    expected = explain_size(shown.document.analysis["conv"]).sentences
    assert card.sentences.text().split("\n") == [f"• {sentence}" for sentence in expected]
    assert "Padding: 1 pixel on every side." in expected
    shown.document.select("relu")
    assert [term.text() for term in card.terms] == [f"{axis}: as the input" for axis in "HWC"]
    assert not card.fold.isVisible(), "its rule says it all"
    assert not card.sentences.isVisible()
    shown.document.select("conv")
    assert card.sentences.isVisible()


def test_what_is_folded_is_kept(qtbot, preferences):
    first, second = SidePanel(), SidePanel()
    for panel in (first, second):
        qtbot.addWidget(panel)
    keep_sections(first, preferences)
    assert first.equation.is_folded
    first.equation.fold.click()
    keep_sections(second, preferences)
    assert not second.equation.is_folded


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_the_longest_numbers_of_a_map_keep_a_gap_to_what_is_beside_them(qtbot, qapp, scale):
    apply_theme(qapp, DARK, scale)
    view = MapStatisticsView()
    qtbot.addWidget(view)
    numbers = MapStatistics(12_345_678, -8.22e-4, 1.23e-4, -1.23e-4, 6.78e-4, 0.123, 0, 0)
    counts = histogram(np.float32([[0, 1]]), 4)
    view.show_map(ShownMap("Map 0 of 1", numbers, counts))
    view.resize(round(216 * scale), view.sizeHint().height())
    with qtbot.waitExposed(view):
        view.show()
    labels = [label for label in view.findChildren(QLabel) if label.isVisible()]
    for one, other in itertools.permutations(labels, 2):
        are_beside = abs(one.geometry().center().y() - other.geometry().center().y()) < 6
        if are_beside and one.x() < other.x():
            assert text_ends(one)[1] + 16 * scale <= text_ends(other)[0]


def text_ends(label):
    """Where a label's one line of text begins and ends."""
    width = label.fontMetrics().horizontalAdvance(label.text())
    assert width <= label.width()
    at_right = bool(label.alignment() & Qt.AlignmentFlag.AlignRight)
    begin = label.x() + label.width() - width if at_right else label.x()
    return begin, begin + width


def test_costs_say_how_they_come_about():
    layer = analyzed("conv2d", Shape(8, 112, 112), out_channels=12, stride=2)
    rows = {row.name: (row.how, row.amount) for row in cost_rows(layer)}
    assert rows == {
        "Parameters": ("12 × 8 × 3 × 3 + 12", "876"),
        "MACs": ("55 × 55 × 12 × 72", "2.61 M"),
        "Output, float32": ("", "142 KiB"),
        "Receptive field · stride": ("", "3×3 · 2"),
        "Weights as a dense layer": ("", "3.64 G"),
        "MACs as a dense layer": ("", "3.64 G"),
    }

    def row(name, *args, **more):
        return next(row for row in cost_rows(analyzed(*args, **more)) if row.name == name)

    assert row("Statistics", "batch_norm2d").amount == "6"
    assert row("Receptive field", "upsample2d", mode="bilinear").note
    assert "none here" in row("MACs as a dense layer", "max_pool2d").tip
    assert all("dense" not in row.name for row in cost_rows(analyzed("relu")))
    assert row("Padding applied", "zero_padding2d", padding=(1, 2, 3, 4)).amount == "1, 2, 3, 4"


@pytest.mark.parametrize(("filters", "below"), [(4, False), (256, True)])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_how_costs_come_about_is_never_wrapped(qtbot, qapp, filters, below, scale):
    apply_theme(qapp, DARK, scale)
    table = CostTable()
    qtbot.addWidget(table)
    table.resize(round(286 * scale), 10)
    table.show_layer(analyzed("conv2d", Shape(128, 56, 56), out_channels=filters, padding="same"))
    with qtbot.waitExposed(table):
        table.show()
    by_text = {label.text(): label for label in table.findChildren(QLabel) if label.isVisible()}
    name, how = by_text["Parameters"], by_text[f"{filters} × 128 × 3 × 3 + {filters}"]
    assert how.height() < 2 * how.fontMetrics().height()
    assert (how.y() > name.geometry().bottom()) is below
    assert by_text["MACs"].y() > how.geometry().bottom()


def test_a_repair_is_chosen_and_the_problem_goes(window):
    shown = window()
    shown.document.select("late")
    card = shown.panel.problems
    assert card.sentence.text().startswith("A 99 × 99 window does not fit")
    assert not shown.panel.equation.isVisible()
    assert not shown.panel.costs.isVisible()
    chip = next(chip for chip in card.chips if chip.text().startswith("kernel size"))
    focus(chip)
    press(Qt.Key.Key_Space)
    assert not card.isVisible()
    assert shown.panel.equation.isVisible()
    shown.document.undo_stack.undo()
    assert card.isVisible()


def test_repairs_follow_from_one_problem_to_the_next(window):
    shown = window()
    shown.document.select("late")
    for kernel in (90, 80):
        shown.editing.change_settings("late", {"kernel_size": kernel})
        problem = shown.document.analysis["late"].problems[0]
        chips = shown.panel.problems.chips
        assert [chip.text() for chip in chips] == [repair.text for repair in problem.repairs]
        assert all(chip.isVisible() for chip in chips)
        focus(chips[0])
        for following in (*chips[1:], shown.panel.form.editors["out_channels"].field):
            press(Qt.Key.Key_Tab)
            assert QApplication.focusWidget() is following


def test_a_waiting_layer_says_for_which_and_leads_there(window):
    shown = window()
    shown.document.select("last")
    card = shown.panel.problems
    assert card.sentence.text() == "Waits for 3 Convolution, which has a problem."
    (chip,) = card.chips
    assert chip.text() == "Go to 3 Convolution"
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert shown.document.selected == "late"


def test_a_drag_is_one_step_and_two_drags_are_two(window):
    shown = window()
    slider = shown.panel.form.editors["kernel_size"].slider
    middle, left = slider.height() // 2, Qt.MouseButton.LeftButton
    for start, end in ((10, 40), (40, 70)):
        QTest.mousePress(slider, left, pos=QPoint(start, middle))
        for x in range(start, end, 3):
            QTest.mouseMove(slider, QPoint(x, middle))
        QTest.mouseRelease(slider, left, pos=QPoint(end, middle))
    assert shown.steps == 2
    shown.document.undo_stack.undo()
    shown.document.undo_stack.undo()
    assert shown.layer.kernel_size == (3, 3)
    assert slider.value() == 2


def test_stepping_a_weight_is_merged_until_the_key_is_let_go(window):
    shown = window()
    focus(shown.panel.kernel.number_fields["bias"])
    press(Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert shown.steps == 2, "a key that was let go is a step of its own"
    assert shown.document.undo_stack.undoText() == "Edit bias"


def test_an_edit_leaves_the_kernel_under_the_pointer(window):
    shown = window()
    table = shown.panel.kernel.table
    shown.panel.ensureWidgetVisible(table)
    before = table.rect().translated(table.mapToGlobal(table.rect().topLeft()))
    for steps in (1, 2):
        table.setCurrentIndex(table.cells.index(1, steps))
        focus(table)
        press(Qt.Key.Key_Delete)
        assert shown.document.undo_stack.count() == steps
        assert table.rect().translated(table.mapToGlobal(table.rect().topLeft())) == before
    QTest.mouseClick(shown.panel.weights.discard_button, Qt.MouseButton.LeftButton)
    assert table.rect().translated(table.mapToGlobal(table.rect().topLeft())) == before


def test_an_edit_after_which_rows_are_not_read_leaves_the_settings_under_the_pointer(window):
    shown = window(("conv", make_layer("conv2d")), picture=Shape(3, 28, 28))
    form, unread = shown.panel.form, shown.panel.equation.unread
    before = form.geometry()
    focus(form.editors["stride"].field)
    press("5", Qt.Key.Key_Return)
    QApplication.processEvents()
    assert unread.isVisible()
    assert form.geometry() == before
    assert unread.geometry().top() > before.bottom()


def test_the_focus_survives_an_undo(window):
    shown = window()
    field = shown.panel.form.editors["out_channels"].field
    focus(field)
    press("24", Qt.Key.Key_Return)
    assert shown.layer.out_channels == 24
    shown.document.undo_stack.undo()
    assert (field.text(), QApplication.focusWidget()) == ("8", field)
    press(Qt.Key.Key_Up)
    assert shown.layer.out_channels == 9
    table = shown.panel.kernel.table
    focus(table)
    press(Qt.Key.Key_Right, "5", Qt.Key.Key_Return)
    shown.document.undo_stack.undo()
    assert table.hasFocus()
    assert table.currentIndex().column() == 1


def test_a_click_elsewhere_takes_what_is_typed_for_the_layer_it_was_typed_for(window):
    shown = window()
    field = shown.panel.form.editors["out_channels"].field
    focus(field)
    press("24")
    shown.panel.weights.source_box.setFocus(Qt.FocusReason.MouseFocusReason)
    shown.document.select("late")
    assert shown.layer.out_channels == 8
    shown.document.select("conv")
    assert shown.layer.out_channels == 24


def test_the_wheel_over_a_field_scrolls_the_panel(window):
    shown = window()
    panel = shown.panel
    panel.resize(330, 300)
    QApplication.processEvents()
    editor = panel.form.editors["kernel_size"]
    padding = panel.form.editors["padding"]
    assert isinstance(padding, SwitchedEditor)
    before = shown.layer
    for widget in (editor.field, editor.slider, padding.box, panel.weights.source_box):
        focus(panel.form.editors["groups"].field)
        panel.ensureWidgetVisible(widget)
        start = panel.verticalScrollBar().value()
        place = QPointF(widget.mapTo(panel, QPoint(8, 8)))
        QTest.wheelEvent(panel.windowHandle(), place, QPoint(0, -120))
        assert panel.verticalScrollBar().value() > start
        assert QApplication.focusWidget() is panel.form.editors["groups"].field
    assert shown.layer == before


def test_a_weight_file_is_asked_for_and_taken(qtbot, window):
    shown = window()
    shown.editing.change_weights("conv", Weights(NamedKernels(("box",))))
    with qtbot.waitSignal(shown.panel.weight_file_wanted):
        shown.panel.weights.open_button.click()
    kernel = StoredArray(np.ones((8, 3, 3, 3)))
    shown.panel.show_weight_file("net.npz", {"conv.weight": kernel})
    weights = shown.document.project.network.node("conv").weights
    assert weights.source == Imported((("kernel", kernel),), "net.npz")
    assert shown.document.undo_stack.undoText() == "Weights from net.npz"


def test_the_numbers_of_a_map_and_its_filter_are_shown(window):
    shown = window()
    panel = shown.panel
    assert not panel.statistics.isVisible()
    maps = np.zeros((8, 4, 5), np.float32)
    maps[3] = np.linspace(-1, 3, 20).reshape(4, 5)
    maps[3, 0, :2] = np.nan, np.inf
    panel.show_map(maps, layer_statistics(maps), 3)
    view = panel.statistics
    assert view.title.text() == "Map 3 of 8"
    texts = {name: label.text() for name, label in view.values.items()}
    assert texts["minimum"] == "−0.579"
    assert texts["maximum"] == "3"
    assert texts["zeros"] == "0%"
    assert texts["values"] == "20"
    assert view.broken.text().startswith("⚠ 1 value is NaN, 1 is infinite;")
    assert "1 value, 5.6%" in view.histogram.bar_text(0)
    assert view.histogram.accessibleDescription()
    assert panel.kernel.filter_field.text() == "3"
    panel.show_map(maps, layer_statistics(maps), 0)
    assert view.values["zeros"].text() == "100%"
    maps[0] = np.nan
    panel.show_map(maps, layer_statistics(maps), 0)
    assert view.values["mean"].text() == "–"
    assert not view.histogram.isVisible()
    shown.document.select("pool")
    assert not view.isVisible(), "they were of another layer"


@pytest.mark.parametrize("scope", LevelScope)
@pytest.mark.parametrize("color", ["auto", "gray", "diverging"])
def test_the_histogram_has_the_colors_of_the_maps(window, scope, color):
    panel = window().panel
    maps = np.random.default_rng(3).normal(size=(3, 30, 20)).astype(np.float32)
    statistics = layer_statistics(maps)
    drawn = make_sheet(
        maps, arrange(maps.shape), scope, network_range=(-9, 7), color=color, statistics=statistics
    )
    panel.show_map(maps, statistics, 1, drawn)
    pixels, tile = sheet_rgb(drawn), drawn.layout.tile(1)
    for row, column in ((0, 0), (7, 3), (29, 19)):
        shown = panel.statistics.histogram.color_of(float(maps[1, row, column])).getRgb()[:3]
        pixel = pixels[tile.top + row, tile.left + column].tolist()
        assert shown == pytest.approx(pixel, abs=3)  # the sheet has 253 colors


def test_numbers_that_are_shown_are_not_counted_again(window, monkeypatch):
    panel = window().panel
    maps = np.ones((2, 6, 6), np.float32)
    statistics = layer_statistics(maps, 2)
    panel.show_map(maps, statistics, 0)
    counted: list[int] = []
    monkeypatch.setattr(side_panel, "shown_map", lambda *given: counted.append(given[2]))
    panel.show_map(maps, statistics, 0)
    assert counted == []
    panel.show_map(maps, statistics, 1)
    assert counted == [1]


def test_a_large_map_is_counted_in_a_sample(window):
    panel = window().panel
    maps = np.random.default_rng(0).normal(size=(1, 1400, 1500)).astype(np.float32)
    panel.show_map(maps, layer_statistics(maps, 1), 0)
    histogram = panel.statistics.histogram
    assert "of an 11% sample" in histogram.bar_text(panel.width() / 2)


def test_another_layer_is_laid_out_before_it_is_painted(window):
    shown = window()
    for node_id in ("conv", "last", "pool", "late", "conv", "pool"):
        shown.document.select(node_id)
        parts = shown.panel.widget().findChildren(QLabel)
        places = [part.geometry() for part in parts if part.isVisible()]
        for _ in range(3):
            QApplication.processEvents()
        assert [part.geometry() for part in parts if part.isVisible()] == places


KINDS = sorted(set(all_kinds()) - {"input"})


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("kind_id", KINDS)
def test_every_kind_fits_the_narrowest_panel(qtbot, qapp, kind_id, scale):
    shape = Shape(600, 1, 1) if kind_id == "dense" else Shape(64, 28, 28)
    check_fit(qtbot, qapp, kind_id, shape, scale)


@pytest.mark.parametrize("kind_id", sorted(set(KINDS) - {"dense"}))
def test_every_kind_fits_the_narrowest_panel_with_a_photo_as_it_is(qtbot, qapp, kind_id):
    check_fit(qtbot, qapp, kind_id, Shape(64, 4000, 6000), 1.0)


def check_fit(qtbot, qapp, kind_id, shape, scale):
    apply_theme(qapp, DARK, scale)
    try:
        panel = SidePanel()
        qtbot.addWidget(panel)
        panel.show_layer(1, analyzed(kind_id, shape), by_id)
        panel.resize(panel.minimumWidth(), 400)
        panel.show()
        assert panel.minimumWidth() == round(NARROWEST * scale)
        room = panel.width() - panel.verticalScrollBar().sizeHint().width()
        content = panel.widget()
        assert content is not None
        assert content.minimumSizeHint().width() <= room
        for label in panel.findChildren(QLabel):
            if label.isVisible():
                words = label.text().split() if label.wordWrap() else [label.text()]
                widest = max(map(label.fontMetrics().horizontalAdvance, words), default=0)
                assert label.width() >= widest, label.text()
        for field in panel.findChildren(QLineEdit):
            assert field.accessibleName() or not field.isVisible()
    finally:
        apply_theme(qapp, DARK)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_problem_and_waiting_cards_have_their_colors(qtbot, qapp, theme):
    apply_theme(qapp, theme)
    network = stack(LAYERS, make_layer("input"))
    analysis = analyze(network, Shape(3, 20, 20))
    panel = SidePanel()
    qtbot.addWidget(panel)
    panel.show_layer(3, analysis["late"], by_id)
    panel.resize(330, 400)
    panel.show()
    QApplication.processEvents()

    def edge():
        card = panel.problems
        image = card.grab().toImage()
        return image.pixelColor(image.width() // 2, 0).name()

    assert edge() == theme.problem
    panel.show_layer(4, analysis["last"], by_id)
    QApplication.processEvents()
    assert edge() == theme.border


def test_what_a_cost_means_is_said_in_lines_that_fit(window):
    shown = window()
    table = shown.panel.costs
    tips = {label.toolTip() for label in table.findChildren(QLabel) if label.toolTip()}
    assert any("One MAC is often counted as two FLOPs." in tip for tip in tips)
    assert all(tip.startswith("<p>") for tip in tips), "Qt wraps rich text only"
