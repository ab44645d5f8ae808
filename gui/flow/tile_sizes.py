"""How large maps are drawn in the room that a row has, and how many stand side by side."""

from engine.shapes import Shape
from engine.sheets.sheet_layout import TileScale

_BESIDE_PICTURE = 160
"""Room for the whole picture and the gaps, beside its three maps."""
_PICTURE_ROOM = 3 * 112 + _BESIDE_PICTURE
"""Room for the picture's maps in their usual size and what stands beside them."""
_ENOUGH = 0.75
"""A map that whole numbers make smaller than so much of what is wanted is drawn larger."""
_MANY = 8
"""Fewer maps of a row keep the usual gap, so that they stand below those of other rows."""
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


def least_side(map_height: int, text_scale: float, *, is_vector: bool) -> float:
    """Return how large small maps are drawn at least, where the scale is not the true one.

    So large they cost no height beside the words of a block. A single value is seen in less room.

    >>> least_side(112, 1.0, is_vector=False), least_side(112, 1.0, is_vector=True)
    (45.0, 30.0)
    >>> least_side(50, 1.0, is_vector=False), least_side(24, 1.0, is_vector=False)
    (30.0, 24.0)
    """
    usual = float(min(30, map_height))
    if is_vector:
        return usual
    return max(usual, min(45 * text_scale, 0.6 * map_height), 0.4 * map_height)


def whole_side(side: int, wanted: float, least: float) -> float:
    """Return how large a map is drawn that is wanted so large, a small one by whole numbers.

    All are pixels of the screen.

    >>> [whole_side(side, 45.0, 45.0) for side in (56, 28, 14, 7, 5)]
    [56, 56, 42, 42, 45]
    >>> whole_side(224, 112.0, 45.0), whole_side(56, 60.0, 45.0)
    (112.0, 56)
    """
    is_small = side < wanted or (wanted <= least and _ENOUGH * side <= wanted)
    if not is_small:
        return wanted
    times = max(int(wanted // side), 1)
    return side * (times + (side * times < _ENOUGH * wanted))


def spread(gap: int, room: float, columns: int, tile: int, most: int) -> int:
    """Return the gap with which a row's maps take the room that they have, at most ``most``.

    >>> spread(10, 400, 8, 40, 20), spread(10, 800, 8, 40, 20), spread(10, 400, 3, 40, 20)
    (11, 20, 10)
    """
    if columns < _MANY:
        return gap
    return max(gap, min(int((room - columns * tile) // (columns - 1)), most))


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
        # The wanted size is rounded to whole pixels of the scene.
        factor = max(int((wanted + pixel_ratio / 2) // longer), 1)
        return TileScale(enlargement=(factor, factor)), 1 / pixel_ratio
    reduction = max(int(longer // wanted), 1)
    drawn = -(-longer // reduction)
    zoom = wanted / drawn
    return TileScale((reduction, reduction)), (1 if zoom > 0.88 else zoom) / pixel_ratio
