"""The networks that come with the program: plain files in ``resources/examples``."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from engine.problems import ProjectFileError
from engine.project import Project
from engine.saving.network_file import open_network, read_network
from engine.wording import did_you_mean

EXAMPLES_FOLDER = Path(__file__).parents[2] / "resources" / "examples"

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Lessons": (
            "start",
            "edge-detectors",
            "convolution-flipped",
            "dilated-windows",
            "size-restored",
            "transposed-overlap",
            "misaligned-branches",
        ),
        "Worked cases": (
            "size-valid",
            "size-same",
            "size-enlarged",
            "sizes-chain",
            "one-feature",
            "one-feature-padded",
            "one-feature-six-filters",
            "one-feature-stride-2",
            "one-feature-256",
            "dense-1000",
            "exact-convolution",
            "pooling-max-average",
            "whole-chain",
            "fully-convolutional",
            "denser-stride-2",
            "denser-stride-1",
            "denser-same",
            "denser-1x1",
        ),
        "Classic networks": (
            "lenet-5",
            "alexnet",
            "alexnet-v2",
            "vgg-16",
            "vgg-16-classifier",
            "resnet-18",
            "resnet-50",
            "resnet-50-keras",
            "resnet-v1-50-slim",
            "mobilenet-v2",
            "u-net",
        ),
    }
)
"""The names of the examples in the order of a menu, by the menu's section."""


class Example(NamedTuple):
    """An example as a menu lists it; ``about`` is a sentence or two on what it shows."""

    name: str
    label: str
    about: str
    group: str


def example_names() -> tuple[str, ...]:
    """Return the names of all examples, in the order of the menu.

    >>> example_names()[0]
    'start'
    """
    return tuple(name for names in GROUPS.values() for name in names)


@cache
def examples() -> tuple[Example, ...]:
    """Return all examples, in the order of the menu."""
    return tuple(
        Example(name, described.name, described.about, group)
        for group, names in GROUPS.items()
        for name in names
        for described in (read_network(_file(name)),)
    )


def open_example(name: str) -> Project:
    """Return an example with its sample picture, at the size that it was made for.

    Raises:
        ProjectFileError: there is none of that name; the text lists those there are.
    """
    if name not in example_names():
        raise ProjectFileError(
            f"There is no example “{name:.80}”; there are {', '.join(example_names())}."
            f"{did_you_mean(name, example_names())}"
        )
    return open_network(_file(name))


def _file(name: str) -> Path:
    return EXAMPLES_FOLDER / f"{name}.json"
