"""Carrying out an edit that a repair or a piece of advice proposes."""

from dataclasses import replace

from engine.edits import Edit
from engine.network import Network, new_node
from engine.problems import NetworkError
from engine.registry import make_layer


def applied(network: Network, edit: Edit) -> Network:
    """Return the network with an edit carried out.

    Raises:
        NetworkError: the network has changed since, and the edit's layers are not there.
        SettingError: a setting is unknown or refused.
        LayerError: there is no such layer kind.
    """
    node = network.node(edit.node)
    if edit.insert is not None:
        return _inserted(network, edit, edit.insert)
    if edit.reset_weights:
        return network.with_weights(node.id, new_node(node.id, node.layer, ()).weights)
    if edit.replace_with is not None:
        return network.with_layer(node.id, make_layer(edit.replace_with, edit.settings))
    if edit.bypass:
        return network.bypass(node.id)
    if edit.remove:
        return network.remove(node.id)
    for source in edit.connect:
        network = network.connect(source, node.id)
    if edit.connect:
        return network
    return network.with_layer(node.id, node.layer.replace(**edit.settings))


def _inserted(network: Network, edit: Edit, kind_id: str) -> Network:
    """Return the network with a new layer on one input of a node, and on no other edge."""
    node = network.node(edit.node)
    if not 0 <= edit.place < len(node.inputs):
        raise NetworkError(f'"{node.id}" has no input {edit.place}.')
    layer = make_layer(kind_id, edit.settings)
    made = new_node(network.unused_id(kind_id), layer, (node.inputs[edit.place],))
    inputs = (*node.inputs[: edit.place], made.id, *node.inputs[edit.place + 1 :])
    at = network.index(node.id)
    before, behind = network.nodes[:at], network.nodes[at + 1 :]
    return Network((*before, made, replace(node, inputs=inputs), *behind))
