"""What layers are called for people, who see rows and no ids."""

from engine.network import INPUT_ID, Network


def numbered(network: Network, node_id: str) -> str:
    """Return what a layer is called in its row: its place and its kind's label."""
    label = network.node(node_id).layer.kind.label
    return label if node_id == INPUT_ID else f"{network.index(node_id)} {label}"
