"""The ground state: everything that a person decided, as one immutable value.

Sizes, maps, problems and pixels are derived from it and can be thrown away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, analyze
from engine.image_decoding import DecodedPicture
from engine.images import Picture, decode
from engine.network import Network
from engine.pixels import apply_policy, to_maps
from engine.problems import PictureError
from engine.shapes import Shape
from engine.size_policy import SizePolicy, output_size


@dataclass(frozen=True)
class MissingPicture:
    """A picture that a saved project names by its path and that cannot be read from there.

    The name and the path are kept, so that saving loses nothing; ``reason`` is a sentence.
    """

    name: str
    path: Path
    reason: str


@dataclass(frozen=True)
class Project:
    """A network, what it is shown, and how that is displayed.

    ``picture`` is a picture, only a size for a person who has none, one that went missing while
    the project was closed, or None. ``policy`` says how a picture is brought to size. ``display``
    holds choices of the view by name; it is saved and never changes a number. ``embed_picture``
    says whether a saved file holds the picture's bytes or its path.
    """

    network: Network
    picture: Picture | Shape | MissingPicture | None = None
    policy: SizePolicy = field(default_factory=SizePolicy)
    embed_picture: bool = True
    display: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def with_network(self, network: Network) -> "Project":
        """Return the project with another network."""
        return replace(self, network=network)


@dataclass(frozen=True, eq=False)
class ProjectInput:
    """What the first layer gets.

    ``shape`` is None without a picture, and ``missing`` says why. ``warnings`` are sentences on
    what was changed to read the picture.
    """

    shape: Shape | None
    warnings: tuple[str, ...] = ()
    missing: str = ""


def project_input(project: Project) -> ProjectInput:
    """Return the size of what the first layer gets; never raises.

    A picture is decoded once and remembered; bringing it to size costs nothing here.
    """
    picture = project.picture
    if picture is None:
        return ProjectInput(None, missing="Open a picture, or give only a size.")
    if isinstance(picture, MissingPicture):
        return ProjectInput(None, missing=picture.reason)
    if isinstance(picture, Shape):
        return ProjectInput(picture)
    try:
        decoded = decoded_picture(picture, project.policy)
    except PictureError as error:
        return ProjectInput(None, missing=str(error))
    height, width = output_size(project.policy, *decoded.original_size)
    return ProjectInput(Shape(decoded.pixels.shape[2], height, width), decoded.warnings)


def input_maps(project: Project) -> NDArray[np.float32] | None:
    """Return the picture at its size as maps (C, H, W), read-only; None where there is none."""
    if not isinstance(project.picture, Picture) or project_input(project).shape is None:
        return None
    return _input_maps(project.picture, project.policy)


def input_identity(project: Project) -> str:
    """Return what stands for the input's content in caches."""
    if isinstance(project.picture, Picture):
        return f"{project.picture.digest} {project.policy}"
    return f"{project.picture}"


def decoded_picture(picture: Picture, policy: SizePolicy) -> DecodedPicture:
    """Return a picture's pixels before the size policy, remembered.

    Raises:
        PictureError: the picture cannot be read.
    """
    return _decoded(picture, _without_place(policy))


def analyze_project(project: Project) -> Analysis:
    """Return sizes, costs and problems of a project's network; never raises."""
    given = project_input(project)
    return analyze(project.network, given.shape, given.missing)


@lru_cache(maxsize=4)
def _input_maps(picture: Picture, policy: SizePolicy) -> NDArray[np.float32]:
    decoded = decoded_picture(picture, policy)
    return to_maps(apply_policy(decoded.pixels, policy, decoded.original_size))


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
