"""Repairs for a problem; each is tried before it is offered."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from engine.layer import Layer, Shapes
from engine.network import Node
from engine.problems import LayerError, Repair, SettingError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.weight_sources import Imported
from engine.weights import weights_mismatch

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
            repairs.append(_settings_repair(node_id, layer, changed))
        if len(repairs) == MOST_REPAIRS:
            break
    return tuple(repairs)


def weight_repairs(node: Node, shapes: Shapes) -> tuple[Repair, ...]:
    """Return what makes weights fit that do not: the layer as they want it, or seeded ones."""
    repairs = []
    tensors = node.weights.source.tensors if isinstance(node.weights.source, Imported) else ()
    kernel = next((array.shape for name, array in tensors if name == "kernel"), ())
    if len(kernel) == 4:
        changed = _changes(
            node.layer, {"out_channels": kernel[0], "kernel_size": (kernel[2], kernel[3])}
        )
        if changed and _fits(node.layer, changed, shapes):
            specs = node.layer.replace(**changed).weight_specs(shapes)
            if weights_mismatch(node.weights, specs) is None:
                repairs.append(_settings_repair(node.id, node.layer, changed))
    repairs.append(Repair("use seeded weights instead", node.id, reset_weights=True))
    return tuple(repairs)


def _settings_repair(node_id: str, layer: Layer, changed: dict[str, Any]) -> Repair:
    text = ", ".join(spelled(layer, name, value) for name, value in changed.items())
    return Repair(text, node_id, MappingProxyType(changed))


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


@dataclass(frozen=True)
class Preview:
    """What an insertion would do, in words, and whether the layer would fit.

    ``shape`` is the size that the layer would have, where it is known.
    """

    text: str
    fits: bool
    shape: Shape | None = None


def insertion_preview(layer: Layer, before: Shape | None) -> Preview:
    """Return what a layer would do to maps of that shape, None where it is not known."""
    label = layer.kind.label
    if layer.inputs[0] > 1:
        return Preview(f"{label} here; then connect its other inputs", True)
    if before is None:
        return Preview(f"{label} here; its size is not known yet", True)
    try:
        result = layer.output_shape((before,))
    except LayerError as error:
        return Preview(f"{label} does not fit here: {error}", False)
    return Preview(f"{label} here:  {before}  →  {result}", True, result)
