"""What a change would do to a network's sizes and costs, said before it is made.

Every piece of advice is an edit together with what an analysis of the edited network says: the
numbers that are shown are those that applying it gives.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from engine.analysis import Analysis, LayerAnalysis, analyze, layer_facts
from engine.applied_edits import applied
from engine.edits import Edit
from engine.layer import Layer
from engine.network import INPUT_ID, Network
from engine.problems import ConvolensError, LayerError
from engine.reading import Reading
from engine.receptive_field import ReceptiveField
from engine.registry import make_layer
from engine.repairs import changes, spelled, value_words
from engine.shapes import Shape

MOST_SIZES = 6
"""So many ways to an exact size are listed."""

Goal: TypeAlias = Literal["denser", "smaller", "same"] | tuple[int, int]
"""What is wanted of the output: as many places as the input, or a height and width."""

_BEFORE = ("max_pool2d", "upsample2d")
"""Kinds that are proposed as a further layer before this one."""


@dataclass(frozen=True)
class Advice:
    """An edit, and what it would come to.

    ``measured`` is the layer whose size and cost are given: the edited one, or the one that takes
    its place. ``macs`` and ``bytes`` are of that layer, the totals of the whole network, None where
    some size is not known any more. ``broken`` are the layers that would get a problem.
    """

    edit: Edit
    measured: str
    shape: Shape
    macs: int
    bytes: int
    receptive_field: ReceptiveField
    total_macs: int | None
    total_bytes: int | None
    broken: tuple[str, ...]

    @property
    def text(self) -> str:
        """The edit in a few words, with ids."""
        return self.edit.text


def denser(network: Network, analysis: Analysis, node_id: str) -> tuple[Advice, ...]:
    """Return the edits after which a layer has more values side by side, and their price."""
    return harmless_first(advice_for("denser", network, analysis, node_id))


def smaller(network: Network, analysis: Analysis, node_id: str) -> tuple[Advice, ...]:
    """Return the edits after which a layer has fewer values side by side, and what they save."""
    return harmless_first(advice_for("smaller", network, analysis, node_id))


def same_size(network: Network, analysis: Analysis, node_id: str) -> tuple[Advice, ...]:
    """Return the settings with which a layer keeps the size of its input, the best first."""
    return harmless_first(advice_for("same", network, analysis, node_id))


def exact_size(
    network: Network, analysis: Analysis, node_id: str, height: int, width: int
) -> tuple[Advice, ...]:
    """Return the settings that make the maps exactly that large, the best first; often none.

    Kernel, stride, padding and output padding are tried within the bounds that people use.
    """
    return harmless_first(advice_for((height, width), network, analysis, node_id))


def harmless_first(found: Iterable[Advice | None]) -> tuple[Advice, ...]:
    """Return advice in its order, what breaks another layer behind what breaks none."""
    advice = (one for one in found if one is not None)
    return tuple(sorted(advice, key=lambda one: bool(one.broken)))


def advice_for(
    goal: Goal, network: Network, analysis: Analysis, node_id: str
) -> Iterator[Advice | None]:
    """Yield advice as it is found, None for each proposal that does not serve the goal.

    Every proposal takes an analysis of the whole network, so who asks may do something else between
    two of them.
    """
    layer = analysis[node_id]
    if layer.facts is None or layer.node.bypassed or node_id == INPUT_ID:
        return
    if goal == "same":
        _, height, width = layer.input_shapes[0]
        goal = height, width
    if isinstance(goal, tuple):
        yield from _exact(layer, goal, network, analysis)
    else:
        yield from _advice(layer, network, analysis, larger=goal == "denser")


def _exact(
    layer: LayerAnalysis, size: tuple[int, int], network: Network, analysis: Analysis
) -> Iterator[Advice | None]:
    assert layer.facts is not None
    height, width = size
    wanted, found = layer.facts.shape._replace(height=height, width=width), 0
    for settings in _usual_first(layer, wanted):
        advice = _measured(network, analysis, _settings_edit(layer, settings), layer.node.id)
        serves = advice is not None and advice.shape == wanted
        yield advice if serves else None
        found += serves
        if found == MOST_SIZES:
            return


def _usual_first(layer: LayerAnalysis, wanted: Shape) -> Iterator[dict[str, Any]]:
    """Yield settings for a size: of every set of settings that are changed, the best one first."""
    node = layer.node
    rounds: dict[frozenset[str], int] = {}
    proposals: list[tuple[int, int, int, dict[str, Any]]] = []
    for settings in node.layer.settings_for(layer.input_shapes, wanted):
        changed = changes(node.layer, settings)
        if changed:
            names = frozenset(changed)
            rounds[names] = rounds.get(names, 0) + 1
            proposals.append((rounds[names], len(names), len(proposals), changed))
    proposals.sort(key=lambda proposal: proposal[:3])
    yield from (changed for number, *_, changed in proposals if number <= MOST_SIZES)


def _advice(
    layer: LayerAnalysis, network: Network, analysis: Analysis, *, larger: bool
) -> Iterator[Advice | None]:
    """Yield the edits that make the output larger, or smaller, in the order of their kinds."""
    assert layer.facts is not None
    now, texts = layer.facts.shape, set()
    for edit in _edits(network, analysis, layer.node.id):
        advice = _measured(network, analysis, edit, layer.node.id)
        if advice is None or advice.text in texts:
            yield None
            continue
        positions, before = advice.shape.height * advice.shape.width, now.height * now.width
        if positions > before if larger else positions < before:
            texts.add(advice.text)
            yield advice
        else:
            yield None


def _edits(network: Network, analysis: Analysis, node_id: str) -> Iterator[Edit]:
    """Yield what might change the size: the layer's own settings, then what stands before it."""
    layer = analysis[node_id]
    for variant in layer.node.layer.variants():
        if variant.kind is not None:
            yield Edit(
                variant.text, node_id, MappingProxyType(variant.settings), replace_with=variant.kind
            )
            continue
        changed = changes(layer.node.layer, variant.settings)
        if changed:
            yield _settings_edit(layer, changed)
    yield from _removals(analysis, node_id)
    yield from _other_strides(analysis, node_id)
    for kind_id in _BEFORE if len(layer.node.inputs) == 1 else ():
        made = make_layer(kind_id)
        yield Edit(f"{made.kind.label} ({made.summary()}) before it", node_id, insert=kind_id)


def _settings_edit(layer: LayerAnalysis, changed: Mapping[str, Any]) -> Edit:
    """Return the edit of some settings; of a single one it says what it was before."""
    own = layer.node.layer
    if len(changed) == 1:
        ((name, value),) = changed.items()
        text = f"{spelled(own, name, getattr(own, name))} → {value_words(own, name, value)}"
    else:
        text = ", ".join(spelled(own, name, value) for name, value in changed.items())
    return Edit(text, layer.node.id, MappingProxyType(dict(changed)))


def _removals(analysis: Analysis, node_id: str) -> Iterator[Edit]:
    """Yield doing without the layer, and without the nearest before it that changes the size."""
    if _changes_size(analysis[node_id]):
        yield Edit("remove it", node_id, remove=True)
    place = node_id
    while analysis[place].node.inputs:
        place = analysis[place].node.inputs[0]
        if _changes_size(analysis[place]):
            yield Edit("remove {} before it", place, remove=True, named=(place,))
            return


def _other_strides(analysis: Analysis, node_id: str) -> Iterator[Edit]:
    """Yield other strides of the nearest layer before it that leaves places out."""
    place = node_id
    while analysis[place].node.inputs:
        place = analysis[place].node.inputs[0]
        node = analysis[place].node
        stride = node.layer.settings_dict().get("stride")
        if node.bypassed or stride is None or max(stride) == 1:
            continue
        for variant in node.layer.variants():
            changed = {} if variant.kind else changes(node.layer, variant.settings)
            if changed.keys() == {"stride"}:
                edit = _settings_edit(analysis[place], changed)
                yield replace(edit, wording=f"{edit.wording} in {{}} before it", named=(place,))
        return


def _changes_size(layer: LayerAnalysis) -> bool:
    """Whether a layer of one input, without weights of its own, changes height or width."""
    facts = layer.facts
    if facts is None or len(layer.input_shapes) != 1 or facts.weight_specs:
        return False
    return layer.input_shapes[0][1:] != facts.shape[1:]


def outlook(network: Network, analysis: Analysis, edit: Edit) -> Analysis | None:
    """Return the analysis of the network with an edit carried out; None where it cannot be."""
    try:
        return analyze(applied(network, edit), analysis[INPUT_ID].shape, known=analysis)
    except ConvolensError:
        return None


def _measured(network: Network, analysis: Analysis, edit: Edit, node_id: str) -> Advice | None:
    """Return an edit with what it comes to; None where the layer would not fit any more."""
    after = outlook(network, analysis, edit)
    if after is None:
        return None
    measured = node_id if node_id in after.layers else analysis[node_id].node.inputs[0]
    layer = after[measured]
    if layer.facts is None or layer.receptive_field is None or layer.problems:
        return None
    totals = after.totals
    return Advice(
        edit=edit,
        measured=measured,
        shape=layer.facts.shape,
        macs=layer.facts.macs,
        bytes=layer.facts.shape.bytes,
        receptive_field=layer.receptive_field,
        total_macs=totals.macs,
        total_bytes=totals.bytes,
        broken=tuple(_broken(analysis, after)),
    )


def _broken(before: Analysis, after: Analysis) -> Iterable[str]:
    """Yield the layers that have a problem now and had none."""
    for name, layer in after.layers.items():
        had = name in before.layers and before[name].problems
        if layer.problems and not had:
            yield name


@dataclass(frozen=True)
class Preview:
    """What an insertion would do, in words, and whether the layer would fit.

    ``shape`` is the size that the layer would have, where it is known, and ``reading`` how it would
    read the maps for that.
    """

    text: str
    fits: bool
    shape: Shape | None = None
    reading: Reading | None = None


def insertion_preview(layer: Layer, before: Shape | None) -> Preview:
    """Return what a layer would do to maps of that shape, None where it is not known."""
    label = layer.kind.label
    if layer.inputs[0] > 1:
        return Preview(f"{label} here; then connect its other inputs", True)
    if before is None:
        return Preview(f"{label} here; its size is not known yet", True)
    try:
        facts = layer_facts(layer, (before,))
    except LayerError as error:
        return Preview(f"{label} does not fit here: {error}", False)
    text = f"{label} here:  {before}  →  {facts.shape}"
    return Preview(text, True, facts.shape, facts.readings[0])
