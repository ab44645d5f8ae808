"""What has to be readable is: at the sizes that people have, no text without need cut off."""

import itertools

import pytest
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QFileDialog, QToolButton

from engine.analysis import analyze
from engine.lanes import lanes
from engine.saving.examples import example_names, open_example
from engine.shapes import Shape
from gui.flow.block_painting import TEXT_MARGINS, summary_font, title_font_for, two_lines
from gui.flow.flow_headings import FlowHeadings, totals_parts
from gui.flow.row_layout import FlowOptions, flow
from gui.flow.row_lengths import lengths
from gui.flow.row_painting import more_room
from gui.flow.row_state import block_text, words_without_maps
from gui.fonts import number_font, text_font
from gui.layer_palette import KindEntry, LayerPalette
from gui.pictures.picture_row_layout import NARROWEST, room_beside
from gui.theme import DARK, LIGHT, apply_theme
from gui.wording import parameters_text

NARROW = {"960 x 600": 946, "1100 x 700": 757, "1280 x 800": 759, "1440 x 900": 919}
"""Widths of the flow in windows of these sizes, with the panels that they show."""


def example(name):
    project = open_example(name)
    return analyze(project.network, Shape(3, 224, 224))


@pytest.mark.parametrize("font", [text_font, number_font])
def test_what_is_written_grows_with_the_text(qapp, font):
    usual = font(9).pointSizeF()
    apply_theme(qapp, DARK, 1.5)
    assert font(9).pointSizeF() == pytest.approx(1.5 * usual)
    apply_theme(qapp, DARK)
    assert font(9).pointSizeF() == pytest.approx(usual)


@pytest.mark.parametrize("width", NARROW.values(), ids=NARROW)
@pytest.mark.parametrize("name", ["start", "resnet-18", "u-net"])
def test_all_three_maps_of_the_picture_stand_beside_the_frame(name, width):
    analysis = example(name)
    picture = flow(analysis, width, FlowOptions(), lanes(analysis)[1])[0]
    assert picture.tiles.shown == 3
    assert room_beside(picture).width() >= 60


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", NARROW.values(), ids=NARROW)
@pytest.mark.parametrize("channels", [1, 3, 5, 40])
def test_the_picture_stands_right_of_how_many_maps_are_left_out(qapp, channels, width, scale):
    apply_theme(qapp, DARK, scale)
    analysis = analyze(open_example("start").network, Shape(channels, 224, 224))
    picture = flow(analysis, width, FlowOptions(text_scale=scale))[0]
    if picture.tiles.shown < channels:
        assert room_beside(picture).left() > more_room(picture.tiles).right()


@pytest.mark.parametrize("width", NARROW.values(), ids=NARROW)
def test_many_maps_of_an_array_leave_room_for_the_whole_picture(width):
    analysis = analyze(open_example("start").network, Shape(5, 32, 40))
    assert room_beside(flow(analysis, width, FlowOptions())[0]).width() >= NARROWEST


@pytest.mark.parametrize("width", range(0, 800, 20))
def test_a_sum_is_shown_with_its_unit_or_not_at_all(qapp, width):
    analysis = example("start")
    headings = FlowHeadings()
    headings.show_network(analysis.totals, flow(analysis, 900, FlowOptions()))
    shown = headings.totals.shown(width)
    assert "…" not in shown
    assert set(shown.split(" · ")) <= {*totals_parts(analysis.totals), ""}


@pytest.mark.parametrize("name", example_names())
def test_a_block_has_room_for_its_settings_in_two_lines(qapp, name):
    metrics, room = QFontMetricsF(summary_font()), lengths().block_width - TEXT_MARGINS

    def fits(text):
        return metrics.horizontalAdvance(text) <= room

    summaries = {layer.node.layer.summary() for layer in example(name).layers.values()}
    for summary in summaries:
        assert all(map(fits, two_lines(summary, fits)))


@pytest.mark.parametrize("name", example_names())
def test_a_block_has_room_for_its_title_and_costs(qapp, name):
    room = lengths().block_width - TEXT_MARGINS
    for number, layer in enumerate(example(name).layers.values()):
        title = f"{number}  {layer.node.layer.kind.label}"
        metrics = QFontMetricsF(title_font_for(title, room))
        assert metrics.horizontalAdvance(title) <= room
        costs = parameters_text(layer)
        assert QFontMetricsF(text_font(9)).horizontalAdvance(costs) <= room, costs


@pytest.mark.parametrize("text_size", ["1", "1.25", "1.5"])
def test_no_label_of_the_palette_is_cut_off(qapp, text_size):
    apply_theme(qapp, DARK, float(text_size))
    palette = LayerPalette(DARK)
    palette.resize(round(186 * float(text_size)), 800)
    palette.ensurePolished()
    palette.grab()
    metrics = QFontMetricsF(text_font(10))
    for entry in palette.findChildren(KindEntry):
        room = entry.width() - 2 - 15 - entry.fontMetrics().height() - 4
        assert "…" not in entry.fitting_label(metrics, room)


def test_the_buttons_of_a_file_dialog_have_room_for_their_icons(qapp, tmp_path):
    apply_theme(qapp, DARK)
    dialog = QFileDialog(None, "Open", str(tmp_path))
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    buttons = dialog.findChildren(QToolButton)
    assert buttons
    for button in buttons:
        button.ensurePolished()
        margins = button.sizeHint() - button.iconSize()
        assert button.width() - margins.width() >= 16, button.objectName()
        assert button.height() - margins.height() >= 16, button.objectName()


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_text_stands_out_from_what_it_is_written_on(theme):
    grounds = (theme.window, theme.panel, theme.card, theme.block, theme.block_hover, theme.field,
               theme.accent_soft, theme.chip, theme.problem_card, theme.problem_block)  # fmt: skip
    inks = (theme.text, theme.muted, theme.accent, theme.halves, theme.doubles, theme.warning,
            theme.problem)  # fmt: skip
    for ink, ground in itertools.product(inks, grounds):
        assert contrast(ink, ground) >= 4.5, f"{ink} on {ground}"
    assert contrast(theme.on_accent, theme.accent) >= 4.5


def contrast(one, other):
    """The ratio of the Web Content Accessibility Guidelines."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(shade):
    channels = (QColor(shade).redF(), QColor(shade).greenF(), QColor(shade).blueF())
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_repairs_of_a_problem_are_seen_in_a_narrow_window(window, computed):
    window.resize(1280, 800)
    window.editing.change_settings("conv", {"kernel_size": 99, "padding": "valid"})
    computed()
    window.grab()
    row = window.flow.item_of("conv")
    repairs = window.document.analysis["conv"].problems[0].repairs
    assert len(row.chips) == len(repairs) > 0
    assert "waits for 1 Convolution" in window.flow.description("relu")


def test_a_folded_stage_says_what_is_in_it_and_what_comes_out(window):
    window.viewing.toggle_stage("conv")
    stage = window.flow.item_of("conv").state
    text = block_text(stage)
    assert (text.title, text.size) == ("1–2  Stage", "56 × 48 × 8")
    assert words_without_maps(stage, None) == "Convolution · ReLU"


def test_numbers_stand_under_every_line_of_maps(window, computed):
    """The image of the maps fills the gaps between its lines, so it must lie below them."""
    window.viewing.toggle_all_maps("many")
    computed()
    window.flow.scroll_to("many")
    tiles = window.flow.row_of("many").tiles
    assert tiles.layout.columns < tiles.shown
    last_above = tiles.rect(tiles.layout.columns - 1)
    place = window.flow.mapFromScene(last_above.left, last_above.bottom + 1)
    image = window.flow.viewport().grab().toImage()
    line = {
        image.pixelColor(place.x() + x, place.y() + y).name()
        for x in range(last_above.width)
        for y in range(14)
    }
    assert len(line) > 2


def test_totals_leave_out_what_has_no_room_instead_of_cutting_it(qtbot):
    analysis = example("resnet-50")
    headings = FlowHeadings()
    qtbot.addWidget(headings)
    headings.show_network(analysis.totals, flow(analysis, 759, FlowOptions(), 2))
    full = headings.totals.shown(2000)
    assert full.startswith("175 layers · 25.6 M parameters · 4.09 G MACs · ")
    for width in (400, 330, 230):
        shown = headings.totals.shown(width)
        assert shown in full
        assert "…" not in shown


@pytest.mark.parametrize("width", [960, 1440, 1900])
@pytest.mark.parametrize("text_size", ["1.0", "2.0"])
def test_the_search_is_as_high_as_the_buttons_beside_it(window, qapp, width, text_size):
    window.preferences.choose("text_size", text_size)
    window.resize(width, 800)
    qapp.processEvents()
    search, button = window.bar.search, window.bar.side
    assert search.height() == button.height()
    assert search.iconSize() == button.iconSize()


@pytest.mark.parametrize("bad", [False, True], ids=["computed", "problem"])
@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_selected_row_shows_whether_it_has_the_keyboard(window, computed, theme, bad):
    window.preferences.choose("theme", theme)
    if bad:
        window.editing.change_settings("pool", {"kernel_size": 99})
    computed()
    window.activateWindow()

    def breadth(selected, focused):
        """How far the edge of a row reaches beyond its card: seen without colors too."""
        window.document.select(selected)
        focused.setFocus()
        window.flow.scroll_to("pool")
        corner = window.flow.viewport().mapFromGlobal(window.flow.screen_rect("pool").topLeft())
        image = window.flow.viewport().grab().toImage()
        line = [image.pixelColor(corner.x() + 60, corner.y() - y).name() for y in range(1, 8)]
        return sum(shade != line[-1] for shade in line)

    with_keyboard = breadth("pool", window.flow)
    without = breadth("pool", window.bar.search)
    assert with_keyboard >= without + 1
    plain = breadth("conv", window.flow)
    assert without > plain if bad else without == plain  # its own edge says that it does not fit
