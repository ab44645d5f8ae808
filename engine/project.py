"""The ground state: everything that a person decided, as one immutable value.

Sizes, maps, problems and pixels are derived from it and can be thrown away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, analyze
from engine.images import DecodedPicture, Picture, decode
from engine.network import Network
from engine.pixels import apply_policy, to_maps
from engine.problems import PictureError
from engine.shapes import Shape
from engine.size_policy import SizePolicy


@dataclass(frozen=True)
class Project:
    """A network, what it is shown, and how that is displayed.

    ``picture`` is a picture, only a size for a person who has none, or None. ``policy`` says how a
    picture is brought to size. ``display`` holds choices of the view by name; it is saved and
    never changes a number. ``embed_picture`` says whether a saved file holds the picture's bytes
    or its path.
    """

    network: Network
    picture: Picture | Shape | None = None
    policy: SizePolicy = field(default_factory=SizePolicy)
    embed_picture: bool = True
    display: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def with_network(self, network: Network) -> "Project":
        """Return the project with another network."""
        return replace(self, network=network)


@dataclass(frozen=True, eq=False)
class ProjectInput:
    """What the first layer gets.

    ``shape`` is None without a picture; ``maps`` (C, H, W; float32, read-only) are None where only
    a size is given. ``identity`` stands for the content in caches. ``warnings`` are sentences on
    what was changed to read the picture, ``missing`` is why there is none.
    """

    shape: Shape | None
    maps: NDArray[np.float32] | None
    identity: str
    warnings: tuple[str, ...] = ()
    missing: str = ""


def load_input(project: Project) -> ProjectInput:
    """Return the project's input, its picture decoded and brought to size; never raises.

    A picture that cannot be read gives an input without a shape, whose ``missing`` says why.
    """
    return _load_input(project.picture, project.policy)


@lru_cache(maxsize=4)
def _load_input(picture: Picture | Shape | None, policy: SizePolicy) -> ProjectInput:
    if picture is None:
        return ProjectInput(None, None, "none", missing="Open a picture, or give only a size.")
    if isinstance(picture, Shape):
        return ProjectInput(picture, None, f"size {picture}")
    try:
        decoded = _decoded(picture, _without_place(policy))
    except PictureError as error:
        return ProjectInput(None, None, f"unreadable {picture.digest}", missing=str(error))
    maps = to_maps(apply_policy(decoded.pixels, policy, decoded.original_size))
    return ProjectInput(
        Shape(*maps.shape), maps, f"{picture.digest} {policy}", warnings=decoded.warnings
    )


def original_size(picture: Picture, policy: SizePolicy) -> tuple[int, int]:
    """Return a picture's height and width before the size policy, upright.

    Raises:
        PictureError: the picture cannot be read.
    """
    return _decoded(picture, _without_place(policy)).original_size


def analyze_project(project: Project) -> Analysis:
    """Return sizes, costs and problems of a project's network; never raises."""
    given = load_input(project)
    return analyze(project.network, given.shape, given.missing)


# One picture is worked on at a time; a second one for going back and forth.
@lru_cache(maxsize=2)
def _decoded(picture: Picture, policy: SizePolicy) -> DecodedPicture:
    return decode(picture, policy)


def _without_place(policy: SizePolicy) -> SizePolicy:
    """Return the policy with its crop at the corner: moving it must not decode again."""
    if policy.crop is None:
        return policy
    _, _, height, width = policy.crop
    return replace(policy, crop=(0, 0, height, width))
