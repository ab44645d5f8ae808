"""What the comparison shows: one map of each side in shared colors, their difference, the words."""

from dataclasses import dataclass

from engine.analysis import LayerAnalysis
from engine.comparison import Apart
from engine.network import INPUT_ID
from engine.sheets.level_range import LevelScope, Range, joined_range, level_range
from engine.sheets.map_sheet import MapSheet
from engine.sheets.sheet_layout import TileScale
from engine.sheets.single_map import single_map_sheet, statistics_of
from engine.side_by_side import MeasuredMaps, SideBySide
from gui.compare.comparing import Comparison, Subject
from gui.maps.map_contents import layer_name, map_name
from gui.maps.map_picture import MapContent
from gui.theme import Theme
from gui.wording import level_text


@dataclass(frozen=True)
class CompareState:
    """What is compared, and how it is shown."""

    comparison: Comparison
    theme: Theme
    selected: str
    size_order: str = "HWC"
    color: str = "auto"
    scope: LevelScope = LevelScope.MAP

    @property
    def layers(self) -> tuple[LayerAnalysis | None, LayerAnalysis | None]:
        """The two layers; None where a network has none of that id."""
        (one, other), (first, second) = self.comparison.sides, self.comparison.analyses
        return first.layers.get(one.node_id), second.layers.get(other.node_id)

    @property
    def title(self) -> str:
        """What is compared, in a few words."""
        one, other = self.comparison.names
        if self.comparison.subject is Subject.LAYERS:
            return f"{one} beside {other}"
        layer = layer_name(self.comparison.analyses[1], self.comparison.sides[1].node_id)
        if self.comparison.subject is Subject.FLIPPED:
            return f"{one} beside true convolution"
        return f"{layer}: pinned beside now"


@dataclass(frozen=True, eq=False)
class CompareContents:
    """The two maps and their difference; None where there is none, and ``reason`` says why."""

    one: MapContent | None
    other: MapContent | None
    apart: MapContent | None
    colors: str
    """Which values have the last colors, in words."""
    numbers: tuple[str, ...]
    """How far the shown map's values are apart, and those of all maps."""
    reason: str
    """Why neither side has maps, where that is so."""

    @property
    def fits(self) -> bool:
        """Whether both maps have one height and width, so that they can lie over each other."""
        one, other = self.one, self.other
        return one is not None and other is not None and one.values.shape == other.values.shape


def map_count(found: SideBySide) -> int:
    """Return how many maps the side with most of them has."""
    return max(len(side.maps) if side is not None else 0 for side in (found.one, found.other))


def contents(state: CompareState, found: SideBySide, index: int) -> CompareContents:
    """Return what is shown of a map of both layers."""
    sides = [side for side in (found.one, found.other) if side is not None]
    # The layers decide about the sign, as in their rows: a map alone may have no value below zero.
    signed = any(side.statistics.whole.minimum < 0 for side in sides)
    joined = joined_range(_range_of(side, index, state.scope) for side in sides)
    shared = level_range(*joined, signed=signed)
    (one, other), names = state.comparison.sides, state.comparison.names
    difference, statistics = found.difference, found.difference_statistics
    apart = None
    if difference is not None and statistics is not None:
        scoped = difference.whole if state.scope is not LevelScope.MAP else difference.each[index]
        # Where nothing differs any range around zero shows it.
        largest = scoped.largest if scoped.largest > 0 else 1.0
        measured = MeasuredMaps(difference.maps, statistics)
        apart = _content(measured, index, "Difference", (-largest, largest), "diverging")
    return CompareContents(
        _side_content(state, found.one, one.node_id, names[0], index, shared),
        _side_content(state, found.other, other.node_id, names[1], index, shared),
        apart,
        f"Both in the same colors: {level_text(shared[0])} to {level_text(shared[1])}.",
        _numbers(found, index),
        "" if sides else found.reason,
    )


def _side_content(
    state: CompareState,
    measured: MeasuredMaps | None,
    node_id: str,
    name: str,
    index: int,
    shared: Range,
) -> MapContent | None:
    if measured is None or index >= len(measured.maps):
        return None
    is_gray = node_id == INPUT_ID and state.color == "auto"
    title = f"{name}, {map_name(node_id, index, len(measured.maps))}"
    return _content(measured, index, title, shared, "gray" if is_gray else state.color)


def _content(
    measured: MeasuredMaps, index: int, name: str, shared: Range, color: str
) -> MapContent:
    def draw(scale: TileScale) -> MapSheet:
        return single_map_sheet(
            measured.maps,
            index,
            measured.statistics,
            scope=LevelScope.NETWORK,
            network_range=shared,
            color=color,
            scale=scale,
        )

    return MapContent(name, measured.maps[index], draw)


def _range_of(measured: MeasuredMaps, index: int, scope: LevelScope) -> Range:
    """Return what one side contributes to the colors that both share."""
    whole = measured.statistics.whole
    if scope is not LevelScope.MAP or whole.values == len(measured.maps):
        return whole.minimum, whole.maximum
    if index >= len(measured.maps):
        return float("nan"), float("nan")
    own = statistics_of(measured.maps, index, measured.statistics)[0]
    return own.minimum, own.maximum


def _numbers(found: SideBySide, index: int) -> tuple[str, ...]:
    difference = found.difference
    if difference is None:
        return ()
    count = len(difference.each)
    own = f"Map {index}: {apart_text(difference.each[index])}"
    if count == 1:
        return (own,)
    return own, f"All {count:,} maps: {apart_text(difference.whole, with_map=True)}"


def apart_text(apart: Apart, *, with_map: bool = False) -> str:
    """Return how far values are apart.

    >>> from engine.arithmetic import Position
    >>> apart_text(Apart(0.525, 0.0131, Position(2, 3, 7), 0.412, 0))
    'up to 0.525 apart (row 3, column 7), mean 0.0131, 41.2 % equal'
    >>> apart_text(Apart(0.0, 0.0, Position(0, 0, 0), 1.0, 0))
    'all values are equal'
    """
    if apart.equal == 1:
        return "all values are equal"
    if apart.position is None:
        return "no value is finite in both"
    channel, row, column = apart.position
    place = f"map {channel}, row {row}" if with_map else f"row {row}"
    parts = [
        f"up to {level_text(apart.largest)} apart ({place}, column {column})",
        f"mean {level_text(apart.mean)}",
        f"{share_text(apart.equal)} equal",
    ]
    if apart.undefined:
        parts.append(f"{apart.undefined:,} not finite")
    return ", ".join(parts)


def share_text(share: float) -> str:
    """Return a share in percent, never rounded to nothing or to all.

    >>> share_text(0.412), share_text(0.0), share_text(0.00001), share_text(0.99999)
    ('41.2 %', 'none', 'under 0.1 %', 'over 99.9 %')
    """
    if share == 0:
        return "none"
    if 0 < share < 0.001:
        return "under 0.1 %"
    if 0.999 < share < 1:
        return "over 99.9 %"
    return f"{share * 100:.3g} %"
