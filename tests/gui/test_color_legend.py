"""A row's color bar says what its colors stand for and what is clipped, in the true numbers."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest

from engine.sheets.level_range import LevelScope
from engine.sheets.map_sheet import make_sheet
from engine.sheets.sheet_layout import arrange
from gui.flow.color_legend import clipped_text, legend, legend_tip
from gui.wording import level_text

MAPS = np.random.default_rng(7).normal(size=(3, 40, 50)).astype(np.float32)
MAPS *= np.array([1, 3, 9], dtype=np.float32)[:, None, None]


def sheet(scope=LevelScope.MAP, clip=0.0, maps=MAPS):
    return make_sheet(maps, arrange(maps.shape), scope, clip=clip)


def outside(values, limit):
    return float(np.mean(np.abs(values) > np.float32(limit)))


@pytest.mark.parametrize("clip", [0.01, 0.05])
@pytest.mark.parametrize("scope", [LevelScope.MAP, LevelScope.LAYER])
def test_what_is_said_to_be_clipped_is_what_lies_outside_in_the_array(scope, clip):
    drawn = sheet(scope, clip)
    limits = drawn.levels.ranges[:, 1]
    shares = [outside(values, limit) for values, limit in zip(MAPS, limits, strict=True)]
    assert legend(drawn).clipped == clipped_text(np.mean(shares))
    for index, share in enumerate(shares):
        said = legend(drawn, index)
        assert said.clipped == clipped_text(share)
        assert said.top == f"{'≥' if share else ''}{level_text(limits[index])}"
    assert legend(drawn).clipped.endswith("% clipped")


def test_without_clipping_nothing_is_said_of_it():
    for scope in (LevelScope.MAP, LevelScope.LAYER):
        assert legend(sheet(scope)).clipped == ""


def test_ranges_of_their_own_are_named_by_the_bar_and_numbered_for_the_pointed_map():
    drawn = sheet()
    assert legend(drawn)[:3] == ("+max", "0", "−max")
    assert legend(sheet(maps=np.abs(MAPS)))[:3] == ("max", "", "0")
    largest = np.abs(MAPS[1]).max()
    assert legend(drawn, 1)[:3] == (level_text(largest), "0", level_text(-largest))
    # A clipped end is not the largest value's.
    assert legend(sheet(clip=0.05))[:3] == ("high", "0", "low")


def test_a_bar_of_zeros_says_zero_once_where_its_color_is():
    assert legend(sheet(maps=np.zeros_like(MAPS)))[:3] == ("", "", "0")
    one_of_zeros = MAPS * np.array([1, 0, 1], dtype=np.float32)[:, None, None]
    assert legend(sheet(maps=one_of_zeros), 1)[:3] == ("", "0", "")


def test_the_tip_lists_the_range_of_each_map_or_the_one_of_all():
    listed = legend_tip(sheet(clip=0.05).levels).split("\n")
    assert listed[1].startswith(f"Map 0: {level_text(-np.quantile(np.abs(MAPS[0]), 0.95))[:4]}")
    assert listed[1].endswith("5 % clipped")
    assert len(listed) == 4
    shared = legend_tip(sheet(LevelScope.LAYER).levels).split("\n")
    limit = level_text(np.abs(MAPS).max())
    assert shared[1] == f"−{limit} to {limit}, nothing clipped"
    many = np.repeat(MAPS, 10, axis=0) * np.arange(1, 31, dtype=np.float32)[:, None, None]
    assert legend_tip(sheet(maps=many).levels).split("\n")[-1] == "and 18 more maps"


def test_the_bar_follows_the_pointer_and_its_tip_explains_it(window, qtbot):
    window.viewing.choose("clip", "0.05")
    window.flow.scroll_to("conv")
    item = window.flow.item_of("conv")
    qtbot.waitUntil(lambda: bool(legend(item.result.sheet).clipped))
    row, levels = item.state.row, item.result.sheet.levels

    def grabbed():
        bar = window.flow.mapFromScene(row.card.right - row.color_bar, row.tiles.top)
        picture = window.flow.viewport().grab().toImage()
        return picture.copy(bar.x() - 8, bar.y(), row.color_bar, 140)

    def point_at(x, y):
        place = window.flow.mapFromScene(QPointF(x, y))
        QTest.mouseMove(window.flow.viewport(), place)

    before = grabbed()
    second = row.tiles.rect(1)
    assert item.toolTip() == ""
    point_at(second.left + 5, second.top + 5)
    assert grabbed() != before
    point_at(row.card.right - row.color_bar + 8, row.tiles.top + 10)
    assert grabbed() == before
    assert item.toolTip() == legend_tip(levels)
    point_at(row.block.left + 5, row.block.top + 5)
    assert item.toolTip() == ""


def test_screen_readers_hear_what_is_clipped(window, qtbot):
    assert "clipped" not in window.flow.description("conv")
    window.viewing.choose("clip", "0.05")
    qtbot.waitUntil(lambda: window.flow.result("conv").sheet.levels.clipped > 0)
    drawn = window.flow.result("conv").sheet
    assert clipped_text(drawn.levels.clipped) in window.flow.description("conv")
    assert "clipped" not in window.flow.description("input")
