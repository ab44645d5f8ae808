"""How much room the parts of a row take, in logical pixels; what holds text grows with it."""

from dataclasses import dataclass
from functools import cache

MARGIN = 8
BLOCK_LEFT = MARGIN + 6
PADDING = 8
TILE_GAP = 10
WORDS_GAP = 14
"""Between a block in one line and the words beside it."""
LANE = 14
"""Width of one lane in which a branch passes other rows."""


@dataclass(frozen=True)
class Lengths:
    """The lengths that depend on the size of text."""

    block_width: int = 230
    compact_block_width: int = 250
    """Of a row in one line, whose words begin where other rows have their maps."""
    folded_block_width: int = 320
    """Of a row in one line where all are: title and size stand beside each other."""
    compact_height: int = 38
    folded_height: int = 28
    """Of a row in one line where all are."""
    chip: int = 22
    """Height of a button within a row."""
    chips: int = 28
    """Height of a second line in a row with a problem, for its repairs."""
    words_and_chips: int = 640
    """In a narrower room a problem's repairs stand below its words."""
    connector: int = 24
    """Height of the gap between two rows, where the change of size is written."""
    short_connector: int = 9
    """Of the gap between two rows of one size where all are folded: there is nothing to write."""
    dimension: int = 22
    """Room above and left of the first map for its dimension line."""
    label: int = 16
    """Room under the maps for their numbers."""
    color_bar: int = 72
    """Room at the right for the color bar and its numbers."""
    more: int = 44
    """Room at the right of the maps for "+n"."""
    whole_picture: int = 150
    """Room that more than three maps of a picture leave for the whole of it."""

    @property
    def maps_left(self) -> int:
        """Where the maps begin, without lanes."""
        return BLOCK_LEFT + self.block_width + self.dimension + self.dimension // 2 + 1


@cache
def lengths(text_scale: float = 1.0) -> Lengths:
    """Return the lengths for text so many times the usual size.

    >>> lengths(1.5).block_width
    345
    """
    usual = vars(Lengths())
    return Lengths(**{name: round(length * text_scale) for name, length in usual.items()})
