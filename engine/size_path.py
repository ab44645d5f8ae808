"""The sizes of a network from its picture to its output, as one drawing: geometry, no painting.

Every layer is a block as wide as its maps in proportion, and the thicker the more channels it has
(by their logarithm). Blocks stand below each other on one axis; where a layer reads the one above,
a funnel joins both, and other connections run in lanes at the left. Lengths are in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

from engine.analysis import Analysis, LayerAnalysis
from engine.lanes import lanes
from engine.shapes import Shape
from engine.size_changes import change_text

_THINNEST, _THICKEST = 0.16, 0.76
"""The thickness of blocks with one and with most channels, of a row's height."""
_NARROWEST = 2.0


@dataclass(frozen=True)
class PathColumns:
    """How the drawing is divided: widths from left to right, and the height of a row."""

    lane: float = 9.0
    name: float = 170.0
    blocks: float = 320.0
    size: float = 130.0
    badge: float = 190.0
    gap: float = 12.0
    row_height: float = 26.0


@dataclass(frozen=True)
class PathBlock:
    """One layer: its row from ``top`` over a row's height, and its block within.

    ``width`` and ``thickness`` are 0 where the size is not known. ``change`` is what the layer
    does to the height and width of its first input, and ``sign`` the sign that goes with it.
    """

    node_id: str
    number: int
    title: str
    shape: Shape | None
    top: float
    left: float
    width: float
    block_top: float
    thickness: float
    change: str
    sign: str

    @property
    def right(self) -> float:
        """Where the block ends."""
        return self.left + self.width

    @property
    def block_bottom(self) -> float:
        """Where the block ends below."""
        return self.block_top + self.thickness


@dataclass(frozen=True)
class PathLane:
    """A connection past other rows: down at ``x``, from the middle of one row to another's."""

    source: str
    target: str
    x: float
    top: float
    bottom: float


@dataclass(frozen=True)
class SizePath:
    """The whole drawing; ``funnels`` are pairs of places in ``blocks`` that are joined."""

    width: float
    height: float
    columns: PathColumns
    names_left: float
    blocks: tuple[PathBlock, ...]
    funnels: tuple[tuple[int, int], ...]
    lanes: tuple[PathLane, ...]

    @property
    def axis(self) -> float:
        """Where the middles of all blocks are."""
        return self.names_left + self.columns.name + self.columns.gap + self.columns.blocks / 2

    @property
    def sizes_left(self) -> float:
        """Where the sizes are written."""
        return self.axis + self.columns.blocks / 2 + self.columns.gap

    @property
    def badges_left(self) -> float:
        """Where it is written what each layer does to the size."""
        return self.sizes_left + self.columns.size + self.columns.gap

    def block_at(self, y: float) -> PathBlock | None:
        """Return the layer whose row is at a height; None above and below all rows."""
        place = int(y // self.columns.row_height) if y >= 0 else -1
        return self.blocks[place] if 0 <= place < len(self.blocks) else None


def size_path(analysis: Analysis, columns: PathColumns | None = None) -> SizePath:
    """Lay out the sizes of a network.

    >>> from engine.analysis import analyze
    >>> from engine.network import stack
    >>> from engine.registry import make_layer
    >>> network = stack((("pool", make_layer("max_pool2d")),), make_layer("input"))
    >>> path = size_path(analyze(network, Shape(3, 28, 28)))
    >>> [(block.title, block.width, block.change) for block in path.blocks]
    [('Picture', 320.0, ''), ('Max pooling', 160.0, 'halves')]
    """
    columns = columns or PathColumns()
    layers = list(analysis.layers.values())
    shapes = [layer.shape for layer in layers if layer.shape is not None]
    widest = max((shape.width for shape in shapes), default=1)
    deepest = max((shape.channels for shape in shapes), default=1)
    found, lane_count = lanes(analysis)
    names_left = columns.gap + columns.lane * lane_count
    axis = names_left + columns.name + columns.gap + columns.blocks / 2
    blocks = tuple(
        _block(analysis, layer, place, axis, columns, widest, deepest)
        for place, layer in enumerate(layers)
    )
    tops = {block.node_id: block.top + columns.row_height / 2 for block in blocks}
    return SizePath(
        width=axis + columns.blocks / 2 + 3 * columns.gap + columns.size + columns.badge,
        height=columns.row_height * len(blocks),
        columns=columns,
        names_left=names_left,
        blocks=blocks,
        funnels=tuple(_funnels(layers)),
        lanes=tuple(
            PathLane(
                lane.source,
                lane.target,
                names_left - columns.gap / 2 - columns.lane * (lane.lane + 0.5),
                tops[lane.source],
                tops[lane.target],
            )
            for lane in found
        ),
    )


def path_summary(analysis: Analysis) -> str:
    """Return the sizes at both ends, and how often they change between them.

    >>> from engine.analysis import analyze
    >>> from engine.network import stack
    >>> from engine.registry import make_layer
    >>> network = stack((("pool", make_layer("max_pool2d")),), make_layer("input"))
    >>> path_summary(analyze(network, Shape(3, 28, 28)))
    'From 28 × 28 × 3 to 14 × 14 × 3 in 1 layer, of which 1 changes height or width.'
    """
    layers = list(analysis.layers.values())
    changing = sum(_change(analysis, layer)[1] not in ("", "=") for layer in layers)
    count = len(layers) - 1
    end = layers[-1].shape if layers[-1].shape is not None else "an unknown size"
    start = layers[0].shape if layers[0].shape is not None else "an unknown size"
    words = "changes" if changing == 1 else "change"
    return (
        f"From {start} to {end} in {count} layer{'' if count == 1 else 's'}, of which "
        f"{changing or 'none'} {words} height or width."
    )


def _block(
    analysis: Analysis,
    layer: LayerAnalysis,
    place: int,
    axis: float,
    columns: PathColumns,
    widest: int,
    deepest: int,
) -> PathBlock:
    shape, row = layer.shape, columns.row_height
    width = thickness = 0.0
    if shape is not None:
        width = max(columns.blocks * shape.width / widest, _NARROWEST)
        share = log2(shape.channels) / log2(deepest) if deepest > 1 else 0.0
        thickness = row * (_THINNEST + (_THICKEST - _THINNEST) * share)
    change, sign = _change(analysis, layer)
    return PathBlock(
        node_id=layer.node.id,
        number=place,
        title=layer.node.layer.kind.label,
        shape=shape,
        top=place * row,
        left=axis - width / 2,
        width=width,
        block_top=place * row + (row - thickness) / 2,
        thickness=thickness,
        change=change,
        sign=sign,
    )


def _change(analysis: Analysis, layer: LayerAnalysis) -> tuple[str, str]:
    """Return what a layer does to the size of its first input; empty where one is not known."""
    source = next(iter(layer.node.inputs), None)
    before = None if source is None else analysis[source].shape
    if source is None or before is None or layer.shape is None:
        return "", ""
    return change_text(before, layer.shape, layer.reading_of(source))


def _funnels(layers: Sequence[LayerAnalysis]) -> list[tuple[int, int]]:
    """Return the places of the neighbors of which one reads the other, both of known size."""
    return [
        (place - 1, place)
        for place, layer in enumerate(layers)
        if place
        and layers[place - 1].node.id in layer.node.inputs
        and layer.shape is not None
        and layers[place - 1].shape is not None
    ]
