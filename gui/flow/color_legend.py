"""What a row's color bar says: the colors that it blends, and the numbers beside them."""

from engine.sheets.map_sheet import MapSheet
from gui.wording import level_text

LEGEND = (0.0, 0.25, 0.5, 0.75, 1.0)
"""Fractions of the color map that a color bar blends."""


def legend(sheet: MapSheet) -> tuple[str, str, str]:
    """Return what stands at the top, the middle and the bottom of a color bar."""
    shared = sheet.levels.shared
    if shared is None:
        return ("max", "0", "min") if sheet.levels.signed else ("max", "", "0")
    low, high = shared
    # What is clipped lies beyond the last color.
    beyond = ("≥", "≤" if low < 0 else "") if sheet.levels.clipped else ("", "")
    return (
        f"{beyond[0]}{level_text(high)}",
        level_text((low + high) / 2),
        f"{beyond[1]}{level_text(low)}",
    )
