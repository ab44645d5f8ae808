"""The window as a whole: maps appear, the keyboard suffices, and every step can be taken back."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from engine.arithmetic import Position
from gui.panel_space import PALETTE_FROM, SIDE_FROM
from gui.top_bar import Fullness
from tests.gui.window_harness import focused, press, write


def ids(window):
    return [node.id for node in window.document.project.network]


def test_maps_are_there_after_the_start(window):
    network, analysis = window.document.project.network, window.document.analysis
    for node in network:
        assert window.flow.result(node.id).shape == analysis[node.id].shape
    assert window.flow.result("conv").sheet is not None
    assert window.flow.hasFocus()


def test_a_new_window_fits_into_a_small_screen(window, preferences):
    window.state.fit(QSize(3840, 2160))
    assert window.size() == QSize(1440, 900)
    window.state.fit(QSize(1366, 728))
    assert window.width() == 1366
    assert 640 < window.height() < 728, "the title stands above it"
    preferences.set_layout("geometry", window.saveGeometry())
    window.state.fit(QSize(960, 600))
    assert window.width() == 1366, "a person made it so large"


def test_walking_through_the_layers(window):
    press("Home")
    assert window.document.selected == "input"
    press("Down", "Down")
    assert window.document.selected == "relu"
    press("Up")
    assert window.document.selected == "conv"
    press("End")
    assert window.document.selected == "many"
    press("Down")
    assert window.document.selected == "many"


def test_undoing_an_insertion_selects_the_layer_before_it(window):
    press("Home", "Down", "Ctrl+D")
    copy = window.document.selected
    assert copy != "conv"
    press("Ctrl+Z")
    assert window.document.selected == "conv"
    press("Ctrl+Y", "Down", "Up")
    window.document.select(copy)
    press("Del", "Ctrl+Z", "Ctrl+Y")
    assert window.document.selected == "conv"


def test_what_opened_the_panel_of_the_picture_has_the_keyboard_again(window):
    press("P")
    assert not window.flow.hasFocus()
    press("Esc")
    assert window.flow.hasFocus()
    window.bar.setFocus()
    window.palette_panel.filter.setFocus()
    QTest.mouseClick(window.picture_panels.bar, Qt.MouseButton.LeftButton)
    assert window.picture_panels.bar.popover is not None
    press("Esc")
    assert window.palette_panel.filter.hasFocus()


@pytest.fixture
def half_seen(window, qtbot):
    """The flow with its second row cut off above, so that selecting it scrolls."""
    window.resize(1440, 620)
    bar, card = window.flow.verticalScrollBar(), window.flow.row_of("relu").card
    bar.setValue(card.top + card.height // 2)
    qtbot.waitUntil(lambda: window.flow.item_of("relu") is not None)
    return window.flow


def test_pressing_a_row_that_then_scrolls_drags_nothing(window, half_seen):
    dragged = []
    window.flow.drag_started.disconnect(window.flow.start_drag)
    window.flow.drag_started.connect(dragged.append)
    block, view, left = (
        half_seen.row_of("relu").block,
        half_seen.viewport(),
        Qt.MouseButton.LeftButton,
    )
    place = half_seen.mapFromScene(QPoint(block.left + 20, block.bottom - 8))
    scrolled = half_seen.verticalScrollBar().value()
    QTest.mousePress(view, left, pos=place)
    assert half_seen.verticalScrollBar().value() < scrolled - 20
    QTest.mouseMove(view, place + QPoint(2, 1))
    QTest.mouseRelease(view, left, pos=place + QPoint(2, 1))
    assert window.document.selected == "relu"
    assert dragged == []
    QTest.mousePress(view, left, pos=place)
    QTest.mouseMove(view, place + QPoint(30, 1))
    QTest.mouseRelease(view, left, pos=place + QPoint(30, 1))
    assert len(dragged) == 1


def test_clicking_a_map_of_a_row_that_then_scrolls_opens_that_map(window, half_seen):
    tile = half_seen.row_of("relu").tiles.rect(1)
    place = half_seen.mapFromScene(QPoint(tile.left + 5, tile.bottom - 5))
    QTest.mouseClick(half_seen.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert (window.document.selected, window.maps.view.index) == ("relu", 1)
    assert window.maps.is_open


def test_a_folded_stage_is_one_step(window):
    window.document.select("conv")
    press("Shift+F", "Down")
    assert window.document.selected == "pool"
    press("Up")
    assert window.document.selected == "conv"


def test_editing_with_the_keyboard_alone(window, computed):
    press("Home", "Down", "I")
    write("average")
    press("Return")
    assert ids(window)[2] == "average_pool2d_1"
    press("Ctrl+D", "Alt+Down", "Ctrl+C", "End", "Ctrl+V", "B", "Up", "Del")
    assert window.document.project.network.nodes[-1].bypassed
    press("Ctrl+X")
    press("Home", "Ctrl+V")
    computed()
    assert window.flow.result(ids(window)[1]) is not None


def test_all_steps_back_give_the_start_again(window):
    start = window.document.project
    press("Home", "Down", "Ctrl+D", "I")
    write("dense")
    press("Return", "Alt+Up", "B", "Ctrl+C", "Ctrl+V", "Del", "Up", "Del")
    stack = window.document.undo_stack
    count = stack.count()
    assert count >= 7
    end = window.document.project
    press(*["Ctrl+Z"] * count)
    assert window.document.project == start
    assert not window.isWindowModified()
    press(*["Ctrl+Shift+Z"] * count)
    assert window.document.project == end


def test_every_step_has_its_name_in_the_menu(window):
    window.document.select("conv")
    window.side.setting_edited.emit("kernel_size", (5, 5))
    assert window.commands["undo"].text() == "Undo Change kernel size"
    press("Ctrl+Z")
    assert window.commands["redo"].text() == "Redo Change kernel size"


def test_map_size_keys(window):
    height = window.viewing.view.options.map_height
    press("+", "+", "-")
    assert window.viewing.view.options.map_height == round(height * 1.15)
    press("0")
    assert window.viewing.view.options.map_height == height


def test_fold_keys(window):
    window.document.select("conv")
    press("F")
    assert window.flow.row_of("conv").compact
    press("F", "M")
    assert not window.flow.row_of("conv").compact
    assert window.viewing.view.options.expanded == {"conv"}
    press("M", "Ctrl+Shift+F")
    assert all(window.flow.row_of(name).compact for name in ids(window)[1:])


@pytest.mark.parametrize("scope", ["map", "layer", "network"])
def test_color_range_of_each_scope(window, qtbot, scope):
    window.commands["color-gray"].trigger()
    window.commands[f"scope-{scope}"].trigger()

    def results():
        return [window.flow.result(name) for name in ("conv", "pool")]

    def are_drawn():
        wishes = [result.wish for result in results()]
        return all(wish and (wish.color, wish.scope.value) == ("gray", scope) for wish in wishes)

    qtbot.waitUntil(are_drawn)
    ranges = [result.sheet.levels.shared for result in results()]
    if scope == "network":
        assert ranges[0] == ranges[1] is not None
        assert ranges[0][1] >= max(result.range[1] for result in results())
    elif scope == "layer":
        assert None not in ranges
        assert ranges[0] != ranges[1]
    else:
        assert ranges[0] is None


def test_context_menu(window):
    window.document.select("pool")
    press("Menu")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert window.commands["duplicate"] in menu.actions()
    QTest.keyClick(menu, Qt.Key.Key_Escape)


def test_context_menu_of_a_row_selects_it(window, qtbot):
    window.flow.menu_requested.emit("relu", window.flow.mapToGlobal(QPoint(50, 50)).toPointF())
    assert window.document.selected == "relu"
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()


def test_pasting_says_what_can_be_pasted_when_there_is_none(window):
    QApplication.clipboard().setText("nn.Conv2d(3, 8, 3)")
    press("Ctrl+V")
    assert "Only layers that were copied here" in window.statusBar().currentMessage()


def test_every_menu_has_a_letter_of_its_own(window):
    titles = [action.text() for action in window.menuBar().actions()]
    letters = [title[title.index("&") + 1].lower() for title in titles]
    assert sorted(set(letters)) == sorted(letters)


def test_repair_in_the_side_panel(window):
    window.document.select("conv")
    window.side.setting_edited.emit("padding", "valid")
    window.side.setting_edited.emit("kernel_size", (61, 61))
    problem = window.document.analysis["conv"].problems[0]
    window.side.repair_chosen.emit(problem.repairs[0])
    assert window.document.analysis["conv"].problems == ()
    assert window.commands["undo"].text().startswith("Undo Repair")


class Shown(QObject):
    """Notes which windows are shown."""

    def __init__(self):
        super().__init__()
        self.windows: list[QObject] = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(watched)
        return False


def test_no_other_window_flashes(window, qapp, computed):
    """A part that is shown before it stands in the window takes the keyboard from it."""
    shown = Shown()
    qapp.installEventFilter(shown)
    window.commands["theme-light"].trigger()
    computed()
    qapp.removeEventFilter(shown)
    assert shown.windows == []
    assert window.isActiveWindow()


# Room


@pytest.mark.parametrize("width", [720, 959, 960, 1099, 1100, 1279, 1280, 1440, 1680])
@pytest.mark.parametrize("text_size", ["1.0", "1.5"])
def test_top_bar_never_overlaps(window, qtbot, width, text_size):
    window.commands[f"text_size-{text_size}"].trigger()
    window.resize(width, 600)
    QApplication.processEvents()
    assert window.width() == width
    bar = window.bar
    shown = [w for w in bar.children() if w.isWidgetType() and w.isVisible()]
    boxes = sorted((w.geometry() for w in shown), key=lambda box: box.left())
    assert all(a.right() < b.left() for a, b in pairwise(boxes))
    assert boxes[0].left() >= 0
    assert boxes[-1].right() < bar.width()
    assert all(w.width() >= w.sizeHint().width() for w in shown)
    if width < PALETTE_FROM:
        assert bar.fullness >= Fullness.ICONS
    room = width * {"1.0": 1, "1.5": 1 / 1.25}[text_size]
    assert window.palette_panel.isVisible() == (room >= PALETTE_FROM)
    assert window.side.isVisible() == (room >= SIDE_FROM)


def test_drawer(window, qtbot):
    window.resize(1000, 700)
    assert not window.side.isVisible()
    press("Ctrl+E")
    assert window.side.isVisible()
    assert window.commands["side-panel"].isChecked()
    assert window.side.isAncestorOf(focused())
    qtbot.waitUntil(lambda: window.side.mapTo(window, QPoint(window.side.width(), 0)).x() <= 1000)
    press("Esc")
    assert window.flow.hasFocus()
    qtbot.waitUntil(lambda: not window.side.isVisible())
    press("Ctrl+E")
    window.resize(1300, 700)
    # Where there is room, the panel is beside the flow again.
    assert window.side.isVisible()
    assert window.side.mapTo(window, QPoint(0, 0)).x() > window.flow.width()


def test_hiding_panels(window):
    press("F9")
    assert not window.palette_panel.isVisible()
    assert not window.side.isVisible()
    press("F9")
    assert window.palette_panel.isVisible()
    assert window.side.isVisible()
    press("Ctrl+L", "Ctrl+E")
    assert not window.palette_panel.isVisible()
    assert not window.side.isVisible()
    press("Ctrl+L", "Ctrl+E")
    assert window.palette_panel.isVisible()
    assert window.side.isVisible()


def test_panels_by_keyboard(window):
    press("F6")
    assert window.side.isAncestorOf(focused())
    press("F6")
    assert window.palette_panel.filter.hasFocus()
    press("Shift+F6", "Shift+F6")
    assert window.flow.hasFocus()


def test_full_screen(window):
    press("F11")
    assert window.isFullScreen()
    assert window.commands["full-screen"].isChecked()
    press("F11")
    assert not window.isFullScreen()


@pytest.mark.parametrize("name", ["shortcuts", "glossary", "about"])
def test_help(window, qtbot, name):
    window.commands[name].trigger()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert QApplication.activeModalWidget() is None


@pytest.fixture
def pointer(window):
    """Move the pointer to a place of a widget; afterwards it is on no row."""

    def move(widget, place):
        QCursor.setPos(widget.mapToGlobal(place))
        QTest.mouseMove(widget, place)

    yield move
    move(window, QPoint(5, 5))


def test_the_rows_stay_below_the_pointer_when_its_value_takes_room(
    window, qtbot, computed, pointer
):
    """The selected row is not brought into sight then: the pointer would be on another one."""
    flow, last = window.flow, ids(window)[-1]
    window.resize(1200, 700)
    window.document.select("conv")
    window.document.select(last)
    computed()
    top, height = flow.verticalScrollBar().value(), flow.height()
    assert top > 0
    pointer(flow.viewport(), QPoint(300, 20))
    qtbot.waitUntil(flow.viewport().underMouse)
    window.pinning.hover("conv", 0, 2, 2)
    qtbot.waitUntil(lambda: flow.height() < height)
    assert flow.verticalScrollBar().value() == top


def test_the_row_of_a_pinned_value_stays_in_sight(window, qtbot):
    flow, last = window.flow, ids(window)[-1]

    def is_in_sight():
        card, shown = flow.row_of(last).card, flow.mapToScene(flow.viewport().rect())
        return (
            shown.boundingRect().top() <= card.top and card.bottom <= shown.boundingRect().bottom()
        )

    window.resize(1200, 700)
    window.document.select("conv")
    window.document.select(last)
    qtbot.waitUntil(is_in_sight)
    height = flow.height()
    window.pinning.pin(last, Position(0, 2, 2))
    qtbot.waitUntil(lambda: flow.height() < height)
    assert is_in_sight()


def test_the_pictures_histogram_is_gray_as_its_maps_are(window, computed):
    window.document.select("input")
    computed()
    for histogram in (window.side.statistics.histogram, window.maps.view.statistics.histogram):
        red, green, blue, _ = histogram.color_of(0.7).getRgb()
        assert red == green == blue > 128
        window.commands.trigger("large-map")
    window.viewing.choose("color", "diverging")
    red, green, blue, _ = window.maps.view.statistics.histogram.color_of(0.7).getRgb()
    assert (red, green, blue) != (red, red, red)


def test_the_menu_of_colors_says_what_its_entries_are_of(window):
    menu = window.bar._choices["color"].menu()
    menu.popup(window.mapToGlobal(window.rect().center()))
    try:
        shown = [label.text() for label in menu.findChildren(QLabel) if label.isVisible()]
        assert shown == ["Colors", "Color range"]
    finally:
        menu.close()
