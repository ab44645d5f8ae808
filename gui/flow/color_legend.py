"""What a row's color bar says: the colors that it blends, and the numbers beside them."""

from typing import NamedTuple

from engine.sheets.level_range import Levels
from engine.sheets.map_sheet import MapSheet
from engine.wording import counted
from gui.wording import level_text

STOPS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Fractions of the color map that a color bar blends."""

MOST_LISTED = 12
"""How many maps a tip lists with their ranges."""


class Legend(NamedTuple):
    """What stands at the top, the middle and the bottom of a color bar, and what under it."""

    top: str
    middle: str
    bottom: str
    clipped: str = ""


def legend(sheet: MapSheet, pointed: int | None = None) -> Legend:
    """Return what a row's color bar says; where every map has its own range, of the pointed map."""
    levels = sheet.levels
    if pointed is not None and pointed >= len(levels.ranges):
        pointed = None
    if levels.shared is None and pointed is None:
        return Legend(*_end_words(levels), clipped_text(levels.clipped))
    clipped = levels.clipped if pointed is None else float(levels.clipped_per_map[pointed])
    low, high = levels.ranges[pointed or 0].tolist()
    if low == high:
        zero = ("", "0", "") if levels.signed else ("", "", "0")
        return Legend(*zero, clipped_text(clipped))
    beyond = ("≥", "≤" if low < 0 else "") if clipped else ("", "")
    return Legend(
        f"{beyond[0]}{level_text(high)}",
        level_text((low + high) / 2),
        f"{beyond[1]}{level_text(low)}",
        clipped_text(clipped),
    )


def _end_words(levels: Levels) -> tuple[str, str, str]:
    """Return what the ends and the middle of a bar are in every map's own range."""
    if levels.clipped:  # what lies beyond has the last color too, which is not the largest value's
        return ("high", "0", "low") if levels.signed else ("high", "", "0")
    # A range with a sign ends at plus and minus the largest size, wherever the smallest value is.
    return ("+max", "0", "−max") if levels.signed else ("max", "", "0")


def clipped_text(share: float) -> str:
    """Return what share of the values is clipped, in few words; nothing for none.

    >>> clipped_text(0.0102), clipped_text(0.25), clipped_text(0.0004), clipped_text(0.0)
    ('1 % clipped', '25 % clipped', '<0.1 % clipped', '')
    """
    if not share:
        return ""
    if share < 0.001:
        return "<0.1 % clipped"
    percent = f"{100 * share:.{0 if share >= 0.0995 else 1}f}"
    return f"{percent.removesuffix('.0')} % clipped"


def legend_tip(levels: Levels) -> str:
    """Return which values have the colors of a bar, in lines: of all maps, or of each."""
    if levels.shared is not None:
        words = "All these maps share one range."
        ranges = [f"{_range_text(levels, 0)}, {clipped_sentence(levels.clipped)}"]
    else:
        words = "Each map has its own range; point at a map to see its numbers here."
        shown = min(len(levels.ranges), MOST_LISTED)
        ranges = [_map_text(levels, index) for index in range(shown)]
        if more := len(levels.ranges) - shown:
            ranges.append(f"and {counted(more, 'more map')}")
    return "\n".join((words, *ranges))


def _map_text(levels: Levels, index: int) -> str:
    share = float(levels.clipped_per_map[index])
    clipped = f", {clipped_sentence(share)}" if levels.clipped else ""
    return f"Map {index}: {_range_text(levels, index)}{clipped}"


def _range_text(levels: Levels, index: int) -> str:
    low, high = levels.ranges[index].tolist()
    return f"{level_text(low)} to {level_text(high)}"


def clipped_sentence(share: float) -> str:
    """Return how much lies beyond a range, in words that no tip takes for markup."""
    return clipped_text(share).replace("<", "under ") or "nothing clipped"
