"""Layers that bring maps from one shape to another: what can stand between two that do not fit."""

from functools import lru_cache

from engine.layer import Layer
from engine.problems import LayerError, SettingError
from engine.registry import all_kinds
from engine.shapes import Shape


@lru_cache(maxsize=512)
def bridges(given: Shape, wanted: Shape) -> tuple[Layer, ...]:
    """Return one layer of each kind that makes maps of the wanted shape, the most usual first.

    A layer is the more usual the fewer of its settings differ from its kind's own; one without
    weights comes before one with.

    >>> [layer.kind.id for layer in bridges(Shape(8, 28, 28), Shape(8, 26, 26))][:1]
    ['crop2d']
    >>> bridges(Shape(8, 28, 28), Shape(16, 14, 14))[0].summary()
    '1×1 · 16 filters · stride 2 · valid'
    """
    larger = wanted.height > given.height or wanted.width > given.width
    found = []
    for kind in all_kinds().values():
        # Nobody enlarges maps by pooling, though padding would make that possible.
        if kind.inputs[0] != 1 or (larger and kind.kind.category == "Pooling"):
            continue
        usual = kind()
        if kind.kind.category == "Convolution" and not larger:
            # What only changes size and channels needs no neighbors.
            usual = usual.replace(kernel_size=1)
        layer = _bridge(usual, given, wanted)
        if layer is not None:
            found.append((_unusual(layer), bool(layer.weight_specs((given,))), layer))
    return tuple(layer for _, _, layer in sorted(found, key=lambda entry: entry[:2]))


def _unusual(layer: Layer) -> int:
    return sum(getattr(layer, setting.name) != setting.default for setting in layer.settings)


def _bridge(usual: Layer, given: Shape, wanted: Shape) -> Layer | None:
    """Return the first layer of a kind that makes the wanted shape."""
    for settings in usual.settings_for((given,), wanted):
        try:
            layer = usual.replace(**settings)
            if layer.output_shape((given,)) == wanted:
                return layer
        except (LayerError, SettingError):
            continue
    return None
