"""All layer kinds, found by importing every module of ``engine.layers``."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any

import engine.layers
from engine.layer import Layer, declared_kinds
from engine.problems import LayerError
from engine.wording import did_you_mean

CATEGORIES = (
    "Input",
    "Convolution",
    "Pooling",
    "Size",
    "Activation",
    "Normalization",
    "Classifier",
    "Merge",
)
"""The palette's sections, in order."""


@cache
def all_kinds() -> Mapping[str, type[Layer]]:
    """Return every kind by id, in the order of the palette."""
    for module in pkgutil.iter_modules(engine.layers.__path__):
        importlib.import_module(f"engine.layers.{module.name}")
    kinds = declared_kinds()

    def order(kind_id: str) -> tuple[int, int, str]:
        info = kinds[kind_id].kind
        return CATEGORIES.index(info.category), info.place, kind_id

    return {kind_id: kinds[kind_id] for kind_id in sorted(kinds, key=order)}


def kind_by_id(kind_id: str) -> type[Layer]:
    """Return the kind with that id.

    Raises:
        LayerError: when there is none; the text lists what there is.
    """
    kinds = all_kinds()
    if kind_id not in kinds:
        raise LayerError(
            f'There is no layer kind "{kind_id}"; there are {", ".join(kinds)}.'
            f"{did_you_mean(kind_id, kinds)}"
        )
    return kinds[kind_id]


def make_layer(kind_id: str, settings: Mapping[str, Any] | None = None) -> Layer:
    """Make a layer of that kind.

    Raises:
        LayerError: for an unknown kind.
        SettingError: naming the setting that is unknown or refused.
    """
    return kind_by_id(kind_id).from_settings(settings or {})
