"""Where everything stands in the flow of rows: whole numbers, no widget, no pixel.

All lengths are in logical pixels of the scene, x to the right and y down.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import floor

from engine.analysis import Analysis
from engine.arithmetic import Position
from engine.network import INPUT_ID
from engine.rect import Rect
from engine.shapes import Shape
from engine.sheets.sheet_layout import SheetLayout
from gui.flow.row_lengths import BLOCK_LEFT, LANE, MARGIN, PADDING, TILE_GAP, Lengths, lengths
from gui.flow.stages import stage_members
from gui.flow.tile_sizes import fit, fitting, least_side, sheet_scale, spread, whole_side

FULL_LINES = 5
MOST_EXPANDED = 2048
"""The most maps that an expanded row shows."""


@dataclass(frozen=True)
class Tiles:
    """The maps of a row: the sheet that shows them, where it stands, and its zoom.

    ``zoom`` is the length of one of the sheet's pixels in the scene.
    """

    layout: SheetLayout
    zoom: float
    left: int
    top: int

    @property
    def count(self) -> int:
        """How many maps the layer has."""
        return self.layout.total

    @property
    def shown(self) -> int:
        """How many of them stand in the row."""
        return self.layout.count

    @property
    def width(self) -> int:
        """Width of a tile."""
        return max(round(self.layout.tile_size[1] * self.zoom), 1)

    @property
    def height(self) -> int:
        """Height of a tile."""
        return max(round(self.layout.tile_size[0] * self.zoom), 1)

    def rect(self, index: int) -> Rect:
        """Return the rectangle of one tile."""
        tile = self.layout.tile(index)
        left, top = self.left + tile.left * self.zoom, self.top + tile.top * self.zoom
        return Rect(round(left), round(top), self.width, self.height)

    def position_at(self, x: float, y: float) -> Position | None:
        """Return map, row and column at a point of the scene; None between maps."""
        row, column = (y - self.top) / self.zoom, (x - self.left) / self.zoom
        index = self.layout.index_at(floor(row), floor(column))
        if index is None:
            return None
        tile = self.layout.tile(index)
        in_row = int((row - tile.top) * self.layout.height / tile.height)
        in_column = int((column - tile.left) * self.layout.width / tile.width)
        return Position(
            index, min(in_row, self.layout.height - 1), min(in_column, self.layout.width - 1)
        )


@dataclass(frozen=True)
class Row:
    """One layer's row, or a folded stage's."""

    node_id: str
    number: int
    card: Rect
    block: Rect
    tiles: Tiles | None
    compact: bool
    color_bar: int
    """Room at the right of the card for the color bar."""
    hidden_ids: tuple[str, ...] = ()
    """The layers that are folded into this row."""
    withheld: bool = False
    """Its maps are not computed, because they do not fit into memory."""


@dataclass(frozen=True)
class FlowOptions:
    """What a person chose about the rows."""

    map_height: int = 112
    """Height of the picture's maps; others follow their size."""
    true_scale: bool = False
    compact: bool = False
    folded: frozenset[str] = frozenset()
    """Rows shown in one line."""
    expanded: frozenset[str] = frozenset()
    """Rows that show all their maps in several lines."""
    folded_stages: frozenset[str] = frozenset()
    """First layers of stages that are folded into one row."""
    withheld: frozenset[str] = frozenset()
    """Layers whose maps do not fit into memory; no person chose that."""
    pixel_ratio: float = 1.0
    """The screen's pixels per logical pixel."""
    text_scale: float = 1.0


def tile_size(shape: Shape, reference: Shape, options: FlowOptions) -> tuple[int, int]:
    """Return height and width of a map on the screen.

    With true scale a map is drawn in proportion to the picture; otherwise small maps shrink less,
    so that they stay readable.
    """
    side = max(shape.height, shape.width)
    ratio = side / max(reference.height, reference.width, 1)
    if options.true_scale:
        target = max(options.map_height * ratio, 6.0)
    else:
        least = least_side(options.map_height, options.text_scale, is_vector=side == 1)
        drawn = options.map_height * min(max(ratio, 0.02) ** 0.45, 1.6)
        pixels = options.pixel_ratio
        target = whole_side(side, max(drawn, least) * pixels, least * pixels) / pixels
    scale = target / side
    # A thin map keeps a visible breadth; its dimension lines tell the truth.
    height, width = (max(round(side * scale), 6) for side in (shape.height, shape.width))
    return height, width


def flow(
    analysis: Analysis,
    width: int,
    options: FlowOptions,
    lanes: int = 0,
    line_height: int = 17,
    long_texts: Collection[str] = (),
) -> tuple[Row, ...]:
    """Return the rows of a network from top to bottom.

    Args:
        analysis: of the network.
        width: of the scene.
        options: what a person chose.
        lanes: how many branch lanes stand left of the blocks.
        line_height: of a line of text in a block, at the current text size.
        long_texts: layers whose block has one line more.
    """
    stages = stage_members(analysis)
    room = lengths(options.text_scale)
    shift = lanes * LANE
    maps_room = _maps_room(width, shift, room)
    options = replace(options, map_height=round(options.map_height * fit(maps_room)))
    rows: list[Row] = []
    top = MARGIN
    picture = next(iter(analysis.layers.values())).shape or Shape(3, 224, 224)
    hidden: set[str] = set()
    shape_above: Shape | None = None
    for number, (node_id, layer) in enumerate(analysis.layers.items()):
        if node_id in hidden:
            continue
        members = stages.get(node_id, ())
        is_folded_stage = node_id in options.folded_stages and len(members) > 1
        if is_folded_stage:
            hidden.update(members[1:])
        compact = is_folded_stage or options.compact or node_id in options.folded
        compact = compact or bool(layer.problems) or layer.shape is None
        compact = compact or node_id in options.withheld
        if node_id == INPUT_ID:
            compact = options.compact or layer.shape is None
        shown_shape = analysis[members[-1]].shape if is_folded_stage else layer.shape
        tiles = None
        height = room.folded_height if options.compact else room.compact_height
        inset = 3 if options.compact else 6
        full_block = (FULL_LINES + (node_id in long_texts)) * line_height + 24
        if rows:
            keeps_size = layer.shape is not None and layer.shape[1:] == (shape_above or ())[1:]
            is_short = options.compact and keeps_size
            top += room.short_connector if is_short else room.connector
        shape_above = shown_shape
        if not compact and shown_shape is not None:
            beside = room.whole_picture if node_id == INPUT_ID and shown_shape.channels > 3 else 0
            tiles = _tiles(shown_shape, picture, width - beside, top, shift, options, node_id, room)
            last = tiles.rect(tiles.shown - 1)
            height = max(full_block, last.bottom + room.label + PADDING - top)
        block_width = room.compact_block_width if tiles is None else room.block_width
        if options.compact:
            block_width = room.folded_block_width
        elif layer.problems and node_id != INPUT_ID and maps_room < room.words_and_chips:
            height += room.chips
        card = Rect(MARGIN + shift, top, max(width - 2 * MARGIN - shift, 100), height)
        block = Rect(BLOCK_LEFT + shift, top + inset, block_width, height - 2 * inset)
        rows.append(
            Row(
                node_id,
                number,
                card,
                block,
                tiles,
                compact,
                room.color_bar,
                members[1:] if is_folded_stage else (),
                node_id in options.withheld,
            )
        )
        top += height
    return tuple(rows)


def _tiles(
    shape: Shape,
    picture: Shape,
    width: int,
    top: int,
    shift: int,
    options: FlowOptions,
    node_id: str,
    taken: Lengths,
) -> Tiles:
    """Return how a layer's maps stand in its row."""
    size, room = tile_size(shape, picture, options), _maps_room(width, shift, taken)
    expanded = node_id in options.expanded
    layout, zoom = _sheet(shape, size, options.pixel_ratio, room, expanded, taken)
    return Tiles(layout, zoom, taken.maps_left + shift, top + taken.dimension + PADDING)


# Many layers of a network have maps of one size.
@lru_cache(maxsize=1024)
def _sheet(
    shape: Shape,
    size: tuple[int, int],
    pixel_ratio: float,
    maps_room: int,
    expanded: bool,
    taken: Lengths,
) -> tuple[SheetLayout, float]:
    """Return the sheet of maps that are drawn in about that size, and its zoom."""
    scale, zoom = sheet_scale(shape, *size, pixel_ratio)
    tile_w = scale.size(shape.height, shape.width)[1]
    gap = max(round((TILE_GAP + taken.label) / zoom), 1), max(round(TILE_GAP / zoom), 1)
    room = maps_room / zoom
    count = shape.channels
    at_once = fitting(room, tile_w, gap[1])
    if expanded:
        columns, shown = min(at_once, count), min(count, MOST_EXPANDED)
    else:
        # From a thousand maps on, "+n" is longer.
        more = taken.more * (1 + 0.2 * max(len(str(count)) - 3, 0)) / zoom
        with_more = fitting(room - more, tile_w, gap[1])
        columns = shown = with_more if count > at_once else count
        room -= more
    if count > at_once:
        gap = gap[0], spread(gap[1], room, columns, tile_w, 2 * gap[1])
    layout = SheetLayout(count, shown, shape.height, shape.width, min(columns, shown), scale, gap)
    return layout, zoom


def _maps_room(width: int, shift: int, taken: Lengths) -> int:
    """Return how much room the maps have side by side."""
    return width - taken.maps_left - shift - taken.color_bar - 3 * MARGIN


def rows_near(rows: Sequence[Row], top: float, bottom: float) -> tuple[Row, ...]:
    """Return the rows between two heights of the scene."""
    first = bisect_left(rows, top, key=lambda row: row.card.bottom)
    last = bisect_right(rows, bottom, key=lambda row: row.card.top)
    return tuple(rows[first:last])
