"""Repairs for a layer that cannot be computed; each is tried before it is offered."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from engine.bridging import bridges
from engine.constraints import Optional
from engine.layer import Layer, Shapes
from engine.network import Node
from engine.problems import LayerError, Repair, SettingError
from engine.registry import make_layer
from engine.settings import Setting
from engine.shapes import Shape
from engine.sliding.windows import rule_words
from engine.weighting.weight_sources import Imported
from engine.weighting.weights import weights_mismatch

MOST_REPAIRS = 4
"""More choices than these help nobody."""

MOST_PARTNERS = 8
"""So many earlier layers are tried as further inputs, the nearest first."""


def repairs_for(
    node: Node, shapes: Shapes, error: LayerError, earlier: Mapping[str, Shape | None]
) -> tuple[Repair, ...]:
    """Return edits after which the layer takes its inputs, at most `MOST_REPAIRS`.

    Args:
        node: the layer in its network.
        shapes: of its inputs.
        error: why it cannot take them.
        earlier: the layers that stand before it, with their shapes where those are known.
    """
    proposals = itertools.chain(
        _inserts(node, shapes, error.inserts),
        _settings(node, shapes, error.candidates),
        _bridges(node, shapes, error),
        _connections(node, shapes, earlier),
    )
    repairs = tuple(itertools.islice(_different(proposals), MOST_REPAIRS))
    return repairs or (_without(node),)


def weight_repairs(node: Node, shapes: Shapes) -> tuple[Repair, ...]:
    """Return what makes weights fit that do not: the layer as they want it, or seeded ones."""
    repairs = []
    if isinstance(node.weights.source, Imported):
        arrays = {name: array.shape for name, array in node.weights.source.tensors}
        wanted = node.layer.settings_of_weights(arrays, shapes)
        repairs += list(_settings(node, shapes, (wanted,)))
    repairs.append(Repair("use seeded weights instead", node.id, reset_weights=True))
    return tuple(repairs)


def _settings(
    node: Node, shapes: Shapes, candidates: Iterable[Mapping[str, Any]]
) -> Iterator[Repair]:
    """Yield the changed settings with which the layer and its weights fit."""
    for candidate in candidates:
        changed = changes(node.layer, candidate)
        if changed and _fits(replace(node, layer=node.layer.replace(**changed)), shapes):
            text = ", ".join(spelled(node.layer, name, value) for name, value in changed.items())
            yield Repair(text, node.id, MappingProxyType(changed))


def _inserts(node: Node, shapes: Shapes, kind_ids: Iterable[str]) -> Iterator[Repair]:
    """Yield the layers of a kind that make the first input fit as they are."""
    for kind_id in kind_ids:
        inserted = make_layer(kind_id)
        try:
            shape = inserted.output_shape(shapes[:1])
        except LayerError:
            continue
        if _fits(node, (shape, *shapes[1:])):
            yield Repair(f"insert {inserted.kind.label} before it", node.id, insert=kind_id)


def _bridges(node: Node, shapes: Shapes, error: LayerError) -> Iterator[Repair]:
    """Yield the layers that bring an input to a shape that is wanted, one input after the other."""
    several = len(shapes) > 1
    found = [
        [
            Repair(
                f"after {{}} insert {_in_words(layer)}"
                if several
                else f"insert {_in_words(layer)} before it",
                node.id,
                MappingProxyType(_unusual(layer)),
                insert=layer.kind.id,
                place=wanted.place,
                named=(node.inputs[wanted.place],) if several else (),
            )
            for layer in bridges(shapes[wanted.place], wanted.shape)
            if _fits(node, _with(shapes, wanted.place, wanted.shape))
        ]
        for wanted in error.wanted
    ]
    for choices in itertools.zip_longest(*found):
        yield from (repair for repair in choices if repair is not None)


def _in_words(layer: Layer) -> str:
    summary = layer.summary()
    return f"{layer.kind.label} ({summary})" if summary else layer.kind.label


def _unusual(layer: Layer) -> dict[str, Any]:
    """Return the settings that are not the kind's own."""
    usual = {setting.name: setting.default for setting in layer.settings}
    return {name: v for name, v in layer.settings_dict().items() if v != usual[name]}


def _connections(
    node: Node, shapes: Shapes, earlier: Mapping[str, Shape | None]
) -> Iterator[Repair]:
    """Yield the earlier layers that would do for inputs that are missing, the nearest first."""
    missing = node.layer.inputs[0] - len(node.inputs)
    if missing < 1:
        return
    known = [(name, shape) for name, shape in earlier.items() if shape and name not in node.inputs]
    for partners in itertools.combinations(known[: -MOST_PARTNERS - 1 : -1], missing):
        if _fits(node, (*shapes, *(shape for _, shape in partners))):
            names = tuple(name for name, _ in partners)
            text = " and ".join(f"{{}} ({shape})" for _, shape in partners)
            yield Repair(f"let it read {text}", node.id, connect=names, named=names)


def _without(node: Node) -> Repair:
    """Return the repair that always helps: to do without the layer."""
    if node.inputs:
        return Repair("switch it off: its first input is handed on", node.id, bypass=True)
    return Repair("remove it", node.id, remove=True)


def _different(proposals: Iterable[Repair]) -> Iterator[Repair]:
    """Yield the repairs without those that say the same again."""
    texts = set()
    for repair in proposals:
        if repair.text not in texts:
            texts.add(repair.text)
            yield repair


def _with(shapes: Shapes, place: int, shape: Shape) -> Shapes:
    return (*shapes[:place], shape, *shapes[place + 1 :])


def spelled(layer: Layer, name: str, value: Any) -> str:
    """Return a setting's new value in words.

    >>> spelled(make_layer("conv2d"), "kernel_size", (7, 7))
    'kernel size 7'
    >>> spelled(make_layer("conv2d"), "padding", (1, 0, 1, 0))
    'padding 1, 0, 1, 0'
    """
    return f"{_setting(layer, name).label.lower()} {value_words(layer, name, value)}"


def value_words(layer: Layer, name: str, value: Any) -> str:
    """Return a setting's value as it stands in a sentence.

    >>> pool = make_layer("max_pool2d")
    >>> value_words(pool, "kernel_size", (3, 3)), value_words(pool, "kernel_size", (3, 1))
    ('3', '3 × 1')
    >>> value_words(pool, "padding", "same_lower"), value_words(pool, "stride", None)
    ('same, odd pixel first', 'as the window')
    """
    if value is None:
        constraint = _setting(layer, name).constraint
        assert isinstance(constraint, Optional)
        return constraint.meaning
    if isinstance(value, tuple):
        sides = " × " if len(value) == 2 else ", "
        return f"{value[0]:g}" if len(set(value)) == 1 else sides.join(f"{v:g}" for v in value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return rule_words(str(value))


def _setting(layer: Layer, name: str) -> Setting:
    return next(setting for setting in layer.settings if setting.name == name)


def changes(layer: Layer, candidate: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a candidate really changes, in canonical form; empty if it is refused."""
    try:
        proposed = layer.replace(**candidate)
    except SettingError:
        return {}
    return {
        name: getattr(proposed, name)
        for name in candidate
        if getattr(proposed, name) != getattr(layer, name)
    }


def _fits(node: Node, shapes: Shapes) -> bool:
    """Whether the layer takes inputs of these shapes, and its weights fit it then."""
    try:
        node.layer.output_shape(shapes)
        return weights_mismatch(node.weights, node.layer.weight_specs(shapes)) is None
    except LayerError:
        return False
