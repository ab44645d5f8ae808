"""Cross-correlation and true convolution with the same kernels, side by side on one picture."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.network import Network, Node
from engine.problems import NetworkError
from engine.wording import counted


@dataclass(frozen=True)
class FlippedPair:
    """A network with a layer twice: ``correlated`` as it stands, ``convolved`` flipped by 180°."""

    network: Network
    correlated: str
    convolved: str


def flipped_pair(network: Network, node_id: str) -> FlippedPair:
    """Return the network with a twin of a convolution that reads the same and flips its kernel.

    The twin has the same weights, and no layer reads it. Where the layer itself flips its kernel,
    the twin does not.

    Raises:
        NetworkError: there is no such layer, or it has no kernel that could be flipped.
    """
    node = network.node(node_id)
    flips = _flips(node)
    if flips is None:
        raise NetworkError(f"{node.layer.kind.label} has no kernel that could be flipped.")
    twin_id = network.unused_id(node.layer.kind.id)
    twin = replace(node, id=twin_id, layer=node.layer.replace(flip_kernel=not flips))
    place = network.index(node_id) + 1
    both = Network((*network.nodes[:place], twin, *network.nodes[place:]))
    return FlippedPair(both, twin_id if flips else node_id, node_id if flips else twin_id)


def can_flip(node: Node) -> bool:
    """Return whether a layer has a kernel that could be flipped."""
    return _flips(node) is not None


def are_flipped(one: Node, other: Node) -> bool:
    """Return whether two layers differ in nothing but that one of them flips its kernel."""
    if not can_flip(one) or not can_flip(other) or one.weights != other.weights:
        return False
    if (one.inputs, one.bypassed) != (other.inputs, other.bypassed) or one.layer == other.layer:
        return False
    return one.layer.replace(flip_kernel=_flips(other)) == other.layer


def flip_sentence(kernels: NDArray[np.float32]) -> str:
    """Return what turning the kernels of a layer by 180° does.

    Args:
        kernels: (filters, channels, height, width).

    >>> edges, blur = np.float32([[[[-1, 0, 1]]]]), np.float32([[[[1, 2, 1]]]])
    >>> flip_sentence(blur).rpartition(": ")[2]
    'both give the same.'
    >>> flip_sentence(np.concatenate([edges, blur])).partition(". ")[2]
    '1 filter of 2 is the same turned by 180°: its maps are equal.'
    """
    what = "True convolution turns every kernel by 180° before it slides; networks do not"
    same = int((kernels == kernels[:, :, ::-1, ::-1]).all(axis=(1, 2, 3)).sum())
    if same == len(kernels):
        return f"{what}. These kernels are the same turned by 180°: both give the same."
    if not same:
        none = "This kernel is not" if len(kernels) == 1 else "None of these kernels is"
        return f"{what}. {none} the same turned by 180°."
    is_same, its = ("is", "its") if same == 1 else ("are", "their")
    return (
        f"{what}. {counted(same, 'filter')} of {len(kernels):,} {is_same} the same turned by 180°: "
        f"{its} maps are equal."
    )


def _flips(node: Node) -> bool | None:
    """Return whether a layer flips its kernel; None where it cannot."""
    flips = node.layer.settings_dict().get("flip_kernel")
    return None if flips is None else bool(flips)
