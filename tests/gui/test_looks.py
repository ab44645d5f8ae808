"""What has to be readable is: at the sizes that people have, no text without need cut off."""

import pytest
from PySide6.QtGui import QFontMetricsF

from engine.analysis import analyze
from engine.lanes import lanes
from engine.saving.examples import example_names, open_example
from engine.shapes import Shape
from gui.flow.block_painting import TEXT_MARGINS, summary_font, two_lines
from gui.flow.flow_headings import FlowHeadings
from gui.flow.row_layout import FlowOptions, flow
from gui.flow.row_lengths import lengths
from gui.pictures.picture_row_layout import room_beside

NARROW = {"960 x 600": 946, "1100 x 700": 757, "1280 x 800": 759, "1440 x 900": 919}
"""Widths of the flow in windows of these sizes, with the panels that they show."""


def example(name):
    project = open_example(name)
    return analyze(project.network, Shape(3, 224, 224))


@pytest.mark.parametrize("width", NARROW.values(), ids=NARROW)
@pytest.mark.parametrize("name", ["start", "resnet-18", "u-net"])
def test_all_three_maps_of_the_picture_stand_beside_the_frame(name, width):
    analysis = example(name)
    picture = flow(analysis, width, FlowOptions(), lanes(analysis)[1])[0]
    assert picture.tiles.shown == 3
    assert room_beside(picture).width() >= 60


@pytest.mark.parametrize("name", example_names())
def test_a_block_has_room_for_its_settings_in_two_lines(qapp, name):
    metrics, room = QFontMetricsF(summary_font()), lengths().block_width - TEXT_MARGINS

    def fits(text):
        return metrics.horizontalAdvance(text) <= room

    summaries = {layer.node.layer.summary() for layer in example(name).layers.values()}
    for summary in summaries:
        assert all(map(fits, two_lines(summary, fits)))


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
