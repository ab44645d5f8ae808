"""Every edit of a network: what it changes, what it keeps, and what it refuses in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.network import INPUT_ID, Network, Node, new_node, seed_of, stack
from engine.problems import NetworkError
from engine.registry import make_layer
from engine.weighting.weight_sources import Seeded
from engine.weighting.weights import Weights


def conv(**settings):
    return make_layer("conv2d", settings)


def relu():
    return make_layer("relu")


def chain(*ids):
    """A network of ReLUs, each reading the one before."""
    return stack(((node_id, relu()) for node_id in ids), make_layer("input"))


def diamond():
    """``a`` is read by ``left`` and ``right``, which ``sum`` adds; ``end`` reads the sum."""
    network = chain("a", "left")
    nodes = (
        *network.nodes,
        new_node("right", relu(), ("a",)),
        new_node("sum", make_layer("add"), ("left", "right")),
        new_node("end", relu(), ("sum",)),
    )
    return Network(nodes)


def ids(network):
    return [node.id for node in network]


def reads(network):
    return {node.id: node.inputs for node in network if node.inputs}


def test_appended_layers_read_the_one_before():
    network = chain("a", "b").append(conv(), "c")
    assert ids(network) == ["input", "a", "b", "c"]
    assert reads(network) == {"a": ("input",), "b": ("a",), "c": ("b",)}


def test_a_new_layer_gets_the_lowest_free_id():
    network = chain().append(conv()).append(relu()).append(conv())
    assert ids(network) == ["input", "conv2d_1", "relu_1", "conv2d_2"]
    assert network.remove("conv2d_1").unused_id("conv2d") == "conv2d_1"


def test_new_weights_come_from_the_id_alone():
    first = chain("a").append(conv(), "conv")
    second = chain("a", "b").append(conv(), "conv")
    assert first.node("conv").weights == second.node("conv").weights
    assert first.node("conv").weights == Weights(Seeded(seed_of("conv")))
    assert first.node("a").weights != first.node("conv").weights


def test_inserted_layer_stands_between_a_node_and_all_its_readers():
    network = diamond().insert_after("a", conv(), "new")
    assert ids(network) == ["input", "a", "new", "left", "right", "sum", "end"]
    assert reads(network)["new"] == ("a",)
    assert reads(network)["left"] == reads(network)["right"] == ("new",)


def test_layer_inserted_on_an_edge_leaves_other_readers_alone():
    network = diamond().insert_on_edge("a", "right", conv(), "new")
    assert reads(network)["right"] == ("new",)
    assert reads(network)["left"] == ("a",)
    assert network.index("new") == network.index("right") - 1


def test_insert_on_an_edge_that_is_not_there_is_refused():
    with pytest.raises(NetworkError, match='"end" does not read "left"'):
        diamond().insert_on_edge("left", "end", relu())


def test_readers_of_a_removed_layer_read_its_input():
    network = diamond().remove("left")
    assert ids(network) == ["input", "a", "right", "sum", "end"]
    assert reads(network)["sum"] == ("a", "right")


def test_readers_of_a_removed_merge_read_its_first_input():
    assert reads(diamond().remove("sum"))["end"] == ("left",)


def test_removing_a_layer_without_inputs_leaves_its_readers_without_it():
    network = chain("a", "b").disconnect("a", 0).remove("a")
    assert ids(network) == ["input", "b"]
    assert network.node("b").inputs == ()


def test_moved_layer_is_taken_out_and_put_between_the_other_and_its_readers():
    network = chain("a", "b", "c", "d").move_after("a", "c")
    assert ids(network) == ["input", "b", "c", "a", "d"]
    assert reads(network) == {"b": ("input",), "c": ("b",), "a": ("c",), "d": ("a",)}
    assert ids(network.move_after("d", "input")) == ["input", "d", "b", "c", "a"]


def test_moving_a_layer_where_it_is_changes_nothing():
    network = chain("a", "b")
    assert network.move_after("b", "a") is network
    assert network.move_after("b", "b") is network


def test_merge_moved_into_one_of_its_branches_keeps_its_other_input():
    network = diamond().move_after("sum", "end")
    assert reads(network) == {
        "a": ("input",),
        "left": ("a",),
        "right": ("a",),
        "end": ("left",),
        "sum": ("end", "right"),
    }


def test_merge_cannot_be_moved_before_what_it_also_reads():
    with pytest.raises(NetworkError, match="“sum” also reads “right”, so it cannot be moved"):
        diamond().move_after("sum", "input")


def test_copy_has_the_same_weights_and_stands_right_after():
    network = diamond().with_weights("left", Weights(Seeded(7))).bypass("left")
    copied = network.duplicate("left")
    assert ids(copied) == ["input", "a", "left", "relu_1", "right", "sum", "end"]
    made = copied.node("relu_1")
    assert (made.weights, made.bypassed) == (Weights(Seeded(7)), True)
    assert reads(copied)["sum"] == ("relu_1", "right")


def test_connecting_replaces_the_only_input_of_a_layer():
    network = chain("a", "b", "c").connect("a", "c")
    assert reads(network)["c"] == ("a",)
    assert network.readers("b") == ()


def test_connecting_adds_an_input_to_a_merge_or_replaces_one():
    assert reads(diamond().connect("a", "sum"))["sum"] == ("left", "right", "a")
    assert reads(diamond().connect("a", "sum", 0))["sum"] == ("a", "right")


def test_connecting_moves_only_what_came_before_what_it_reads():
    network = diamond().connect("input", "right").connect("right", "left")
    assert ids(network) == ["input", "a", "right", "left", "sum", "end"]


@pytest.mark.parametrize(("source", "target"), [("end", "a"), ("sum", "left"), ("a", "a")])
def test_a_circle_is_refused_in_words(source, target):
    with pytest.raises(NetworkError, match="would close a circle"):
        diamond().connect(source, target)


def test_a_circle_by_replacing_a_node_is_refused_in_words():
    network = diamond()
    with pytest.raises(NetworkError, match="in a circle"):
        network.replace_node(Node("a", relu(), ("end",)))


def test_reading_what_is_not_there_is_refused_by_its_name():
    with pytest.raises(NetworkError, match='"a" reads "ghost", which is not there'):
        chain("a", "b").replace_node(Node("a", relu(), ("ghost",)))


def test_a_full_layer_takes_no_more_inputs():
    with pytest.raises(NetworkError, match="takes 1 input and has all"):
        chain("a", "b").connect("input", "b", 1)


@pytest.mark.parametrize("place", [-1, -2])
def test_an_input_before_the_first_is_refused(place):
    with pytest.raises(NetworkError, match="has no input -"):
        diamond().connect("a", "sum", place)
    with pytest.raises(NetworkError, match="has no input -"):
        diamond().disconnect("sum", place)


def test_disconnecting_takes_one_input_away():
    assert reads(diamond().disconnect("sum", 0))["sum"] == ("right",)
    with pytest.raises(NetworkError, match='"sum" has no input 2'):
        diamond().disconnect("sum", 2)


@pytest.mark.parametrize(
    "edit",
    [
        lambda network: network.remove(INPUT_ID),
        lambda network: network.bypass(INPUT_ID),
        lambda network: network.duplicate(INPUT_ID),
        lambda network: network.move_after(INPUT_ID, "a"),
        lambda network: network.connect("a", INPUT_ID),
    ],
)
def test_the_picture_stays_where_it_is(edit):
    with pytest.raises(NetworkError, match="The picture cannot be"):
        edit(chain("a"))


def test_ids_are_unique():
    with pytest.raises(NetworkError, match='already a layer "a"'):
        chain("a").append(relu(), "a")
    with pytest.raises(NetworkError, match='Two layers have the id "a"'):
        Network((*chain("a").nodes, Node("a", relu(), (INPUT_ID,))))


@pytest.mark.parametrize("node_id", ["", "two words", "ü", "x" * 101, "a\n", "a\0"])
def test_an_id_that_cannot_be_written_down_is_refused(node_id):
    with pytest.raises(NetworkError, match="cannot be a layer's id") as refused:
        Network((*chain().nodes, Node(node_id, relu(), (INPUT_ID,))))
    assert str(refused.value).isprintable()


def test_a_network_begins_with_one_picture_of_that_id():
    picture = make_layer("input")
    with pytest.raises(NetworkError, match="begins with the picture"):
        Network((Node("a", relu()),))
    with pytest.raises(NetworkError, match="begins with the picture"):
        Network(())
    with pytest.raises(NetworkError, match="has one picture"):
        Network((Node(INPUT_ID, picture), Node("second", picture)))
    with pytest.raises(NetworkError, match='id is "input", not "data"'):
        Network((Node("data", picture),))


def test_an_unknown_layer_is_refused_with_what_there_is():
    with pytest.raises(NetworkError, match='no layer "b"; there are input, a'):
        chain("a").node("b")


def test_descendants_are_all_that_depend_on_a_layer():
    network = diamond()
    assert network.descendants("left") == {"sum", "end"}
    assert network.descendants(INPUT_ID) == {"a", "left", "right", "sum", "end"}
    assert network.descendants("end") == frozenset()


LAYERS = st.sampled_from(
    [conv(), conv(kernel_size=5, stride=2), relu(), make_layer("add"), make_layer("max_pool2d")]
)
EDITS = (
    lambda network, first, second, layer, place: network.append(layer),
    lambda network, first, second, layer, place: network.insert_after(first, layer),
    lambda network, first, second, layer, place: network.insert_on_edge(first, second, layer),
    lambda network, first, second, layer, place: network.remove(first),
    lambda network, first, second, layer, place: network.move_after(first, second),
    lambda network, first, second, layer, place: network.duplicate(first),
    lambda network, first, second, layer, place: network.connect(first, second, place),
    lambda network, first, second, layer, place: network.disconnect(second, place or 0),
    lambda network, first, second, layer, place: network.bypass(first),
)


def draw_edit(data, network):
    """The network after one drawn edit, or the sentence that refuses it."""
    nodes = st.sampled_from(ids(network))
    edit = data.draw(st.sampled_from(EDITS))
    place = data.draw(st.sampled_from([None, 0, 1, 2]))
    try:
        return edit(network, data.draw(nodes), data.draw(nodes), data.draw(LAYERS), place)
    except NetworkError as error:
        return str(error)


@given(data=st.data())
def test_any_row_of_edits_gives_a_network_and_changes_no_earlier_one(data):
    history = [(diamond(), repr(diamond()))]
    for _ in range(data.draw(st.integers(1, 12))):
        network, _ = history[-1]
        edited = draw_edit(data, network)
        if isinstance(edited, str):
            assert edited.endswith(".")
            continue
        # Made again from its nodes: the constructor checks order, ids and inputs.
        assert Network(tuple(edited.nodes)) == edited
        history.append((edited, repr(edited)))
    for network, as_it_was in history:
        assert repr(network) == as_it_was
        for node in network:
            for source in node.inputs:
                assert node.id in network.readers(source)
                assert network.index(source) < network.index(node.id)
