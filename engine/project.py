"""The ground state: everything that a person decided, as one immutable value.

Sizes, maps, problems and pixels are derived from it and can be thrown away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.analysis import Analysis, analyze
from engine.network import Network
from engine.pictures.image_decoding import DecodedPicture, decode_bytes
from engine.pictures.image_headers import PictureHeader
from engine.pictures.images import Picture, header_of, reduction_for
from engine.pictures.pixels import apply_policy, to_maps
from engine.pictures.size_policy import SizePolicy, output_size
from engine.problems import PictureError
from engine.shapes import Shape

_DECODING = Lock()
"""Who asks for a picture that another thread decodes waits for it: twice takes twice the memory."""


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


def declared_input(project: Project) -> ProjectInput:
    """Return the size of what the first layer gets, as the picture's header declares it.

    Never raises and decodes nothing, so it can be asked in the middle of an edit. That the pixels
    behind a header are damaged shows when they are decoded.
    """
    picture = project.picture
    if picture is None:
        return ProjectInput(None, missing="Open a picture, or give only a size.")
    if isinstance(picture, MissingPicture):
        return ProjectInput(None, missing=picture.reason)
    if isinstance(picture, Shape):
        return ProjectInput(picture)
    try:
        return ProjectInput(shape_after(project.policy, picture_header(picture).shape))
    except PictureError as error:
        return ProjectInput(None, missing=str(error))


def project_input(project: Project) -> ProjectInput:
    """Return the size of what the first layer gets, with what was changed to read it.

    Never raises. A picture is decoded once and remembered; bringing it to size costs nothing here.
    """
    given = declared_input(project)
    if given.shape is None or not isinstance(project.picture, Picture):
        return given
    try:
        decoded = decoded_picture(project.picture, project.policy)
    except PictureError as error:
        return ProjectInput(None, missing=str(error))
    return replace(given, warnings=decoded.warnings)


def input_maps(project: Project) -> NDArray[np.float32] | None:
    """Return the picture at its size as maps (C, H, W), read-only; None where there is none.

    Raises:
        PictureError: the picture cannot be read.
    """
    if not isinstance(project.picture, Picture):
        return None
    return _input_maps(project.picture, project.policy)


def input_identity(project: Project) -> str:
    """Return what stands for the input's content in caches."""
    if isinstance(project.picture, Picture):
        return f"{project.picture.digest} {project.policy}"
    return f"{project.picture}"


def shape_after(policy: SizePolicy, original: Shape) -> Shape:
    """Return the size that a picture of that size has after the policy."""
    return Shape(original.channels, *output_size(policy, original.height, original.width))


# A header is small, but the key holds the picture's bytes: few are remembered.
@lru_cache(maxsize=4)
def picture_header(picture: Picture) -> PictureHeader:
    """Return the size that a picture declares, remembered; nothing is decoded.

    Raises:
        PictureError: it is no picture, or its header is damaged.
    """
    return header_of(picture)


def decoded_picture(picture: Picture, policy: SizePolicy) -> DecodedPicture:
    """Return a picture's pixels before the size policy, at the scale that it needs; remembered.

    Raises:
        PictureError: the picture cannot be read.
    """
    reduction = reduction_for(picture_header(picture), policy)
    with _DECODING:
        return _decoded(picture, reduction)


def analyze_project(project: Project, known: Analysis | None = None) -> Analysis:
    """Return sizes, costs and problems of a project's network; never raises, decodes nothing.

    An analysis of the project before an edit makes it quicker.
    """
    given = declared_input(project)
    return analyze(project.network, given.shape, given.missing, known)


# For going back and forth; of the largest each takes 800 MB.
@lru_cache(maxsize=2)
def _input_maps(picture: Picture, policy: SizePolicy) -> NDArray[np.float32]:
    decoded = decoded_picture(picture, policy)
    return to_maps(apply_policy(decoded.pixels, policy, decoded.original_size))


# One picture is worked on at a time; a second one for going back and forth. The key is the scale
# and not the policy: moving or resizing a crop must not decode again.
@lru_cache(maxsize=2)
def _decoded(picture: Picture, reduction: int) -> DecodedPicture:
    return decode_bytes(picture.name, picture.data, reduction)


def on_own_picture(opened: Project, earlier: Project) -> Project:
    """Return a network that was opened on the picture that a person has brought.

    It keeps its own sample where the person looks at a sample, or where it refuses the picture.
    """
    picture = earlier.picture
    if not isinstance(picture, Picture) or (picture.is_sample and opened.picture is not None):
        return opened
    moved = replace(opened, picture=picture)
    refuses = analyze_project(moved).problems and not analyze_project(opened).problems
    return opened if refuses else moved
