"""Cross-correlation and true convolution with the same kernels, side by side on one picture."""

from dataclasses import dataclass, replace

from engine.network import Network
from engine.problems import NetworkError


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
    flips = node.layer.settings_dict().get("flip_kernel")
    if flips is None:
        raise NetworkError(f"{node.layer.kind.label} has no kernel that could be flipped.")
    twin_id = network.unused_id(node.layer.kind.id)
    twin = replace(node, id=twin_id, layer=node.layer.replace(flip_kernel=not flips))
    place = network.index(node_id) + 1
    both = Network((*network.nodes[:place], twin, *network.nodes[place:]))
    return FlippedPair(both, twin_id if flips else node_id, node_id if flips else twin_id)
