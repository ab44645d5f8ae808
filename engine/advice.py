"""Repairs for a problem; each is tried before it is offered."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.layer import Layer, Shapes
from engine.network import Network, Node
from engine.problems import LayerError, Repair, SettingError
from engine.registry import make_layer

if TYPE_CHECKING:
    from engine.analysis import LayerFacts

MOST_REPAIRS = 4
"""More choices than these help nobody."""


def repairs_for(
    node_id: str, layer: Layer, shapes: Shapes, error: LayerError
) -> tuple[Repair, ...]:
    """Return changes after which the layer takes these inputs, at most `MOST_REPAIRS`."""
    repairs: list[Repair] = []
    if error.insert is not None and _fits_behind(error.insert, layer, shapes):
        inserted = make_layer(error.insert)
        text = f"insert {inserted.kind.label} before it"
        repairs.append(Repair(text, node_id, insert=error.insert))
    for candidate in error.candidates:
        changed = _changes(layer, candidate)
        if changed and _fits(layer, changed, shapes):
            text = ", ".join(spelled(layer, name, value) for name, value in changed.items())
            repairs.append(Repair(text, node_id, MappingProxyType(changed)))
        if len(repairs) == MOST_REPAIRS:
            break
    return tuple(repairs)


def weight_repairs(network: Network, node: Node, facts: "LayerFacts") -> tuple[Repair, ...]:
    """Return what makes a layer's own weights unnecessary."""
    return (Repair("use seeded weights instead", node.id, reset_weights=True),)


def spelled(layer: Layer, name: str, value: Any) -> str:
    """Return a setting's new value in words.

    >>> spelled(make_layer("conv2d"), "kernel_size", (7, 7))
    'kernel size 7'
    >>> spelled(make_layer("conv2d"), "padding", (1, 0, 1, 0))
    'padding 1, 0, 1, 0'
    """
    setting = next(setting for setting in layer.settings if setting.name == name)
    if isinstance(value, tuple):
        sides = " × " if len(value) == 2 else ", "
        value = str(value[0]) if len(set(value)) == 1 else sides.join(str(v) for v in value)
    elif isinstance(value, bool):
        value = "on" if value else "off"
    return f"{setting.label.lower()} {str(value).replace('_', ' ')}"


def _changes(layer: Layer, candidate: Mapping[str, Any]) -> dict[str, Any]:
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


def _fits(layer: Layer, changed: Mapping[str, Any], shapes: Shapes) -> bool:
    try:
        layer.replace(**changed).output_shape(shapes)
    except LayerError:
        return False
    return True


def _fits_behind(kind_id: str, layer: Layer, shapes: Shapes) -> bool:
    try:
        layer.output_shape((make_layer(kind_id).output_shape(shapes),))
    except LayerError:
        return False
    return True
