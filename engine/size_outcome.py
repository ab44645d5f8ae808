"""What a size of the input would cost, stated before it is chosen."""

from dataclasses import dataclass

from engine.analysis import analyze
from engine.network import Network
from engine.pictures.images import Picture
from engine.pictures.size_policy import SizePolicy
from engine.problems import PictureError
from engine.project import Project, picture_header, shape_after
from engine.shapes import Shape


@dataclass(frozen=True)
class SizeOutcome:
    """The input's size, and the memory of all maps of the network whose size is then known.

    ``unknown`` counts the layers that would not fit or wait for one that does not.
    """

    shape: Shape
    maps_bytes: int
    unknown: int


def size_outcome(network: Network, shape: Shape) -> SizeOutcome:
    """Return what an input of that size means for a network."""
    layers = analyze(network, shape).layers.values()
    known = [layer.shape.bytes for layer in layers if layer.shape is not None]
    return SizeOutcome(shape, sum(known), len(layers) - len(known))


def policy_outcome(project: Project, policy: SizePolicy) -> SizeOutcome | None:
    """Return what a size policy means for a project; None without a picture to bring to size."""
    if not isinstance(project.picture, Picture):
        return None
    try:
        original = picture_header(project.picture).shape
    except PictureError:
        return None
    return size_outcome(project.network, shape_after(policy, original))
