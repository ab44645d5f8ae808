"""What the large view shows of a layer: one of its maps, and one of the maps that it reads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.analysis import Analysis, LayerAnalysis, Ranges
from engine.map_alignment import Alignment, align, input_reading, padding_of_input
from engine.network import INPUT_ID
from engine.reading import Reading, unread_ranges
from engine.sheets.level_range import LevelScope, joined_range
from engine.sheets.map_sheet import MapSheet
from engine.sheets.sheet_layout import TileScale
from engine.sheets.single_map import single_map_sheet
from engine.size_explanation import unread_sentence
from gui.flow.row_state import numbered_title, unread_by_reader
from gui.map_results import LayerResult
from gui.maps.map_picture import MapContent
from gui.maps.map_sight import Extents, Margins, margins_for_input
from gui.theme import Theme


@dataclass(frozen=True)
class MapViewState:
    """What the large view shows besides the maps; ``selected`` is the layer that it shows."""

    analysis: Analysis
    theme: Theme
    selected: str
    size_order: str = "HWC"
    color: str = "auto"
    scope: LevelScope = LevelScope.MAP
    clip: float = 0.0

    @property
    def layer(self) -> LayerAnalysis:
        """The layer that is shown."""
        return self.analysis[self.selected]


@dataclass(frozen=True, eq=False)
class Joint:
    """A layer's map and the map that it reads, laid over each other."""

    given: MapContent
    reading: Reading
    rows: Alignment
    columns: Alignment
    notes: str


def output_content(
    state: MapViewState, results: Mapping[str, LayerResult], index: int
) -> tuple[MapContent, str]:
    """Return a map of the shown layer, and what is marked on it in words."""
    result = results[state.selected]
    unread: tuple[Ranges, Ranges] = ((), ())
    if result.shape == state.layer.shape:
        unread = unread_by_reader(state.analysis, state.selected)
    content = _content(state, results, state.selected, index)
    return replace(content, unread=unread), _hatched(unread, "of this map")


def input_content(
    state: MapViewState, results: Mapping[str, LayerResult], place: int, index: int
) -> Joint | None:
    """Return a map of one of the shown layer's inputs; None while its maps are not those."""
    layer = state.layer
    source = layer.node.inputs[place]
    reading, result = input_reading(layer, place), results.get(source)
    if reading is None or result is None or result.shape != layer.input_shapes[place]:
        return None
    unread = unread_ranges(reading.rows), unread_ranges(reading.columns)
    padding = padding_of_input(layer, place)
    content = replace(
        _content(state, results, source, index),
        padding=padding,
        unread=unread,
        around=Margins(*map(float, padding)),
    )
    notes = [f"Dashed: padding {padding}."] if any(padding) else []
    notes += [_hatched(unread, "of the input")] if any(unread) else []
    return Joint(content, reading, align(reading.rows), align(reading.columns), " ".join(notes))


def around_output(output: MapContent, joint: Joint) -> MapContent:
    """Return the output with as much around it as shows all of the input beside it."""
    given = joint.given.extents
    height, width = output.values.shape
    margins = margins_for_input(Extents(height, width), given, joint.rows, joint.columns)
    return replace(output, around=margins)


def _hatched(unread: tuple[Ranges, Ranges], where: str) -> str:
    words = unread_sentence(*unread, where)
    return f"Hatched: {words[:1].lower()}{words[1:]}" if words else ""


def map_name(node_id: str, index: int, count: int) -> str:
    """Return what a map is called: a color of the picture, or its number."""
    if node_id == INPUT_ID and count == 3:
        return ("red", "green", "blue")[index]
    return f"map {index} of {count:,}"


def layer_name(analysis: Analysis, node_id: str) -> str:
    """Return a layer's place and label, as in its row."""
    label = analysis[node_id].node.layer.kind.label
    return label if node_id == INPUT_ID else f"{list(analysis.layers).index(node_id)}  {label}"


def why_no_maps(analysis: Analysis, layer: LayerAnalysis) -> str:
    """Return why a layer has no maps to show."""
    if layer.problems:
        return layer.problems[0].message
    if layer.waiting_for:
        return f"These maps wait for {numbered_title(analysis, layer.waiting_for)}."
    return "These maps are not computed yet."


def _content(
    state: MapViewState, results: Mapping[str, LayerResult], node_id: str, index: int
) -> MapContent:
    result = results[node_id]
    is_picture = node_id == INPUT_ID
    shared = None
    if state.scope is LevelScope.NETWORK and not is_picture:
        others = (r.range for name, r in results.items() if name != INPUT_ID)
        shared = joined_range(others)

    def draw(scale: TileScale) -> MapSheet:
        return single_map_sheet(
            result.maps,
            index,
            result.statistics,
            scope=LevelScope.MAP if is_picture else state.scope,
            network_range=shared,
            color="gray" if is_picture and state.color == "auto" else state.color,
            clip=0.0 if is_picture else state.clip,
            scale=scale,
        )

    title = map_name(node_id, index, len(result.maps))
    name = f"{layer_name(state.analysis, node_id)}, {title}"
    return MapContent(name, result.maps[index], draw)
