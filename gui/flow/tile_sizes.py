"""How large maps are drawn in the room that a row has, and how many stand side by side."""

from engine.shapes import Shape
from engine.sheets.sheet_layout import TileScale

_BESIDE_PICTURE = 160
"""Room for the whole picture and the gaps, beside its three maps."""
_PICTURE_ROOM = 3 * 112 + _BESIDE_PICTURE
"""Room for the picture's maps in their usual size and what stands beside them."""
_WIDE_ROOM = 1100
"""In a wider room maps grow."""


def fit(room: int) -> float:
    """Return how much smaller maps are drawn in a narrow room, and how much larger in a wide one.

    >>> [fit(room) for room in (370, 500, 1100, 1650)]
    [0.65, 1.0, 1.0, 1.5]
    """
    if room < _PICTURE_ROOM:
        return max((room - _BESIDE_PICTURE) / (_PICTURE_ROOM - _BESIDE_PICTURE), 0.65)
    return min(max(room / _WIDE_ROOM, 1.0), 1.6)


def fitting(room: float, tile: int, gap: int) -> int:
    """Return how many tiles fit side by side, at least one."""
    return max(int((room + gap) // (tile + gap)), 1)


def sheet_scale(
    shape: Shape, height: int, width: int, pixel_ratio: float
) -> tuple[TileScale, float]:
    """Return the sheet's scale and its zoom for maps of about height × width in the scene.

    One pixel of the sheet is one of the screen where that comes near the wanted size; a reduced
    map is otherwise drawn a little smaller than its sheet, never larger, so it is never blurred.
    """
    longer, wanted = max(shape.height, shape.width), max(height, width) * pixel_ratio
    if longer <= wanted:
        factor = max(int(wanted // longer), 1)
        return TileScale(enlargement=(factor, factor)), 1 / pixel_ratio
    reduction = max(int(longer // wanted), 1)
    drawn = -(-longer // reduction)
    zoom = wanted / drawn
    return TileScale((reduction, reduction)), (1 if zoom > 0.88 else zoom) / pixel_ratio
