"""Everything about a network that whole numbers tell: sizes, costs, fields, problems.

Nothing here raises for a network that does not fit: that is a normal state, and the analysis says
why. No pixel is computed, so an edit's consequences are known in the same frame.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from engine.equations import SizeEquation
from engine.layer import Layer, Shapes, WeightSpec
from engine.network import INPUT_ID, Network, Node
from engine.problems import LayerError, Problem
from engine.reading import Reading, unread_ranges
from engine.receptive_field import (
    PICTURE,
    FieldPair,
    ReceptiveField,
    field_through,
    receptive_field,
)
from engine.repairs import repairs_for, weight_repairs
from engine.shapes import Shape
from engine.sides import Sides
from engine.weighting.weights import weights_mismatch
from engine.wording import counted

Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class LayerFacts:
    """What a layer says of itself for given input shapes; it fits them."""

    shape: Shape
    equation: SizeEquation
    padding: Sides
    readings: tuple[Reading, ...]
    weight_specs: tuple[WeightSpec, ...]
    macs: int

    @property
    def parameters(self) -> int:
        """How many numbers are learned."""
        return sum(spec.size for spec in self.weight_specs if spec.learned)

    @property
    def statistics(self) -> int:
        """How many numbers are kept without being learned, as running means are."""
        return sum(spec.size for spec in self.weight_specs if not spec.learned)


@dataclass(frozen=True)
class LayerAnalysis:
    """What is known of one layer in its network.

    ``facts`` is None where the size is not known: the layer has a problem, or ``waiting_for``
    names the layer whose problem comes first. ``field_pair`` and ``receptive_field``, which
    reports it, are then None too. ``computable`` says that the maps can be computed.
    """

    node: Node
    input_shapes: Shapes
    facts: LayerFacts | None
    receptive_field: ReceptiveField | None
    unread_rows: Ranges
    unread_columns: Ranges
    problems: tuple[Problem, ...] = ()
    waiting_for: str | None = None
    field_pair: FieldPair | None = field(default=None, repr=False, compare=False)

    @property
    def shape(self) -> Shape | None:
        """The size of the maps, where it is known."""
        return self.facts.shape if self.facts else None

    def reading_of(self, source: str) -> Reading | None:
        """Return how this layer reads another; None where it hands that on or has no size."""
        readings = self.facts.readings if self.facts else ()
        return dict(zip(self.node.inputs, readings, strict=False)).get(source)

    @property
    def computable(self) -> bool:
        """Whether the maps can be computed."""
        return self.facts is not None and not self.problems and self.waiting_for is None


@dataclass(frozen=True)
class Totals:
    """Sums over the layers; None where a layer's share is not known."""

    layers: int
    parameters: int | None
    statistics: int | None
    macs: int | None
    bytes: int | None
    problems: int


@dataclass(frozen=True)
class Analysis:
    """What is known of every layer, in the order of the network."""

    layers: Mapping[str, LayerAnalysis]

    def __getitem__(self, node_id: str) -> LayerAnalysis:
        return self.layers[node_id]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The layers in order."""
        return tuple(self.layers)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of every layer in that order."""
        return {node_id: place for place, node_id in enumerate(self.layers)}

    @cached_property
    def readers(self) -> Mapping[str, tuple[LayerAnalysis, ...]]:
        """The layers that read each one."""
        readers: dict[str, list[LayerAnalysis]] = {node_id: [] for node_id in self.layers}
        for layer in self.layers.values():
            for source in dict.fromkeys(layer.node.inputs):
                readers[source].append(layer)
        return {node_id: tuple(found) for node_id, found in readers.items()}

    def neighbor(self, node_id: str, step: int) -> str | None:
        """Return the layer so many places further in the network; None beyond its ends."""
        place = self.places[node_id] + step
        return self.ids[place] if 0 <= place < len(self.ids) else None

    @property
    def problems(self) -> tuple[tuple[str, Problem], ...]:
        """Every problem with the id of its layer."""
        return tuple((i, problem) for i, layer in self.layers.items() for problem in layer.problems)

    @cached_property
    def totals(self) -> Totals:
        """Sums over the layers, the picture's maps included in the bytes."""
        every = list(self.layers.values())
        facts = [layer.facts for layer in every if layer.facts is not None]
        whole = len(facts) == len(every)
        return Totals(
            layers=len(every) - 1,
            parameters=sum(f.parameters for f in facts) if whole else None,
            statistics=sum(f.statistics for f in facts) if whole else None,
            macs=sum(f.macs for f in facts) if whole else None,
            bytes=sum(f.shape.bytes for f in facts) if whole else None,
            problems=len(self.problems),
        )


@lru_cache(maxsize=8192)
def layer_facts(layer: Layer, shapes: Shapes) -> LayerFacts:
    """Return what a layer says of itself for these input shapes, remembered.

    Raises:
        LayerError: when it cannot take them.
    """
    _check_inputs(layer, len(shapes))
    return LayerFacts(
        shape=layer.output_shape(shapes),
        equation=layer.equation(shapes),
        padding=layer.padding_applied(shapes),
        readings=layer.reading(shapes),
        weight_specs=layer.weight_specs(shapes),
        macs=layer.macs(shapes),
    )


def _check_inputs(layer: Layer, count: int) -> None:
    """Refuse too few inputs and too many."""
    (fewest, most), label = layer.inputs, layer.kind.label
    if count < fewest:
        wanted = counted(fewest, "input") if fewest == most else f"{fewest} or more inputs"
        raise LayerError(
            f"{label} needs {wanted} and has {count or 'none'}; connect a layer to it."
        )
    if count > most:
        raise LayerError(
            f"{label} takes {counted(most, 'input') if most else 'no input'} and has {count}; "
            f"disconnect {count - most} of them."
        )


def analyze(
    network: Network, picture: Shape | None, missing: str = "", known: Analysis | None = None
) -> Analysis:
    """Return what is known of every layer for a picture of that shape; never raises.

    Args:
        network: the network.
        picture: channels, height and width of the picture as the network gets it.
        missing: why there is no picture, where ``picture`` is None.
        known: an analysis of the network before an edit, whose layers are taken over up to where
            the edit begins to tell.
    """
    found: dict[str, LayerAnalysis] = {}
    before = {} if known is None else known.layers
    for node in network:
        if node.layer.kind.id == INPUT_ID:
            made, last = _picture(node, picture, missing), before.get(node.id)
            found[node.id] = last if last is not None and last == made else made
        else:
            found[node.id] = _unchanged(node, found, before) or _layer(node, found)
    return Analysis(found)


def _unchanged(
    node: Node, found: Mapping[str, LayerAnalysis], before: Mapping[str, LayerAnalysis]
) -> LayerAnalysis | None:
    """Return what was known of a layer, if neither it nor anything before it is another now."""
    last = before.get(node.id)
    # The repairs of a problem may speak of layers that this one does not read.
    if last is None or last.node is not node or last.problems:
        return None
    return last if all(found[source] is before.get(source) for source in node.inputs) else None


def _picture(node: Node, picture: Shape | None, missing: str) -> LayerAnalysis:
    if picture is None:
        problem = Problem(missing or "There is no picture yet; open one or give a size.")
        return LayerAnalysis(node, (), None, None, (), (), (problem,))
    equation = SizeEquation(
        "the picture's size", "in", f"{picture.height}", f"{picture.width}", "of the picture"
    )
    facts = LayerFacts(picture, equation, Sides(), (), (), 0)
    return LayerAnalysis(node, (), facts, receptive_field(PICTURE), (), (), field_pair=PICTURE)


def _layer(node: Node, found: Mapping[str, LayerAnalysis]) -> LayerAnalysis:
    """Return what is known of one layer from what was found of those before it."""
    sources = node.inputs[:1] if node.bypassed else node.inputs
    before = [found[source] for source in sources]
    unknown = next((b for b in before if b.facts is None), None)
    if unknown is not None:
        waiting_for = unknown.waiting_for or unknown.node.id
        return LayerAnalysis(node, (), None, None, (), (), (), waiting_for)
    shapes = tuple(b.facts.shape for b in before if b.facts is not None)
    if node.bypassed and shapes:
        return _bypassed(node, shapes[0], before[0])
    try:
        facts = layer_facts(node.layer, shapes)
    except LayerError as error:
        earlier = {name: layer.shape for name, layer in found.items()}
        repairs = repairs_for(node, shapes, error, earlier)
        problem = Problem(str(error), error.setting, repairs)
        return LayerAnalysis(node, shapes, None, None, (), (), (problem,))
    seen = field_through(facts.readings, [b.field_pair for b in before if b.field_pair], shapes)
    mismatch = weights_mismatch(node.weights, facts.weight_specs)
    problems: tuple[Problem, ...] = ()
    if mismatch is not None:
        problems = (Problem(mismatch, "weights", weight_repairs(node, shapes)),)
    return LayerAnalysis(
        node,
        shapes,
        facts,
        receptive_field(seen),
        unread_ranges(facts.readings[0].rows),
        unread_ranges(facts.readings[0].columns),
        problems,
        next((b.waiting_for or b.node.id for b in before if not b.computable), None),
        seen,
    )


def _bypassed(node: Node, shape: Shape, before: LayerAnalysis) -> LayerAnalysis:
    """Return the facts of a layer that hands its input on."""
    equation = SizeEquation(
        "switched off, hands its input on",
        "in",
        f"{shape.height}",
        f"{shape.width}",
        "as the input",
    )
    facts = LayerFacts(shape, equation, Sides(), (), (), 0)
    waiting_for = None if before.computable else before.waiting_for or before.node.id
    reported = before.receptive_field
    return LayerAnalysis(
        node, (shape,), facts, reported, (), (), (), waiting_for, before.field_pair
    )
