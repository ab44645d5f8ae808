"""What a connection would do is what making it does, and finding that out makes nothing."""

from engine.connecting import connection_previews
from engine.network import Network, new_node, stack
from engine.problems import NetworkError
from engine.registry import make_layer
from engine.shapes import Shape


def branched():
    """Two ReLUs in a row, a sum of the second, a product of both, and a layer without input."""
    relu, add, multiply = (make_layer(kind) for kind in ("relu", "add", "multiply"))
    first = stack((("one", relu), ("two", relu)), make_layer("input"))
    more = (
        new_node("sum", add, ("two",)),
        new_node("product", multiply, ("one", "two")),
        new_node("alone", relu, ()),
    )
    return Network((*first.nodes, *more))


NETWORK = branched()
IDS = [node.id for node in NETWORK]
SIZES = {name: Shape(8, 4, 4) for name in IDS}


def changed(source, target):
    """Whether a connection is made, and is not there before."""
    try:
        return NETWORK.connect(source, target) != NETWORK
    except NetworkError:
        return False


def test_possible_is_what_can_be_connected_and_is_not_yet():
    for source in IDS:
        previews = connection_previews(NETWORK, SIZES, source, IDS)
        possible = {target: preview.possible for target, preview in previews.items()}
        assert possible == {target: changed(source, target) for target in IDS}


def test_looking_at_all_connections_makes_no_network(monkeypatch):
    made = []
    monkeypatch.setattr(Network, "__post_init__", lambda network: made.append(network))
    connection_previews(NETWORK, SIZES, "one", IDS)
    assert not made
