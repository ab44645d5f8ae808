"""What is known of a network that fits, and of one that does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis import analyze, layer_facts
from engine.equations import SizeEquation
from engine.network import INPUT_ID, Network, Node, new_node, stack
from engine.registry import make_layer
from engine.saving.examples import open_example
from engine.shapes import Shape
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported
from engine.weighting.weights import Weights
from tests.engine.random_networks import OTHERS, REGULAR, layers, networks

PICTURE = Shape(3, 9, 11)


def chain(*layers):
    """A network of layers, given as (kind, settings), each reading the one before."""
    made = ((f"n{i}", make_layer(kind, given)) for i, (kind, given) in enumerate(layers))
    return stack(made, make_layer(INPUT_ID))


def states(network, picture=PICTURE):
    """Of each layer: its size, whether it can be computed, and what it waits for."""
    layers = analyze(network, picture).layers
    return {i: (layer.shape, layer.computable, layer.waiting_for) for i, layer in layers.items()}


def layer_of(network, node_id):
    return analyze(network, PICTURE)[node_id]


def test_layers_before_a_problem_are_known_and_those_behind_wait():
    network = chain(("relu", {}), ("conv2d", {"kernel_size": 10}), ("relu", {}), ("relu", {}))
    assert states(network) == {
        "input": (PICTURE, True, None),
        "n0": (PICTURE, True, None),
        "n1": (None, False, None),
        "n2": (None, False, "n1"),
        "n3": (None, False, "n1"),
    }
    ((node_id, problem),) = analyze(network, PICTURE).problems
    assert (node_id, problem.setting) == ("n1", "kernel_size")


def test_a_branch_beside_a_problem_is_known():
    network = Network(
        (
            Node(INPUT_ID, make_layer(INPUT_ID)),
            new_node("wrong", make_layer("dense"), (INPUT_ID,)),
            new_node("right", make_layer("relu"), (INPUT_ID,)),
            new_node("sum", make_layer("add"), ("right", "wrong")),
        )
    )
    assert states(network)["right"] == (PICTURE, True, None)
    assert states(network)["sum"] == (None, False, "wrong")


def test_weights_that_do_not_fit_leave_the_sizes_known():
    kernel = StoredArray([[[[1.0]]]])
    network = chain(("conv2d", {"kernel_size": 1, "out_channels": 1}), ("relu", {}))
    network = network.with_weights("n0", Weights(Imported((("kernel", kernel),), "one.npy")))
    assert states(network) == {
        "input": (PICTURE, True, None),
        "n0": (Shape(1, 9, 11), False, None),
        "n1": (Shape(1, 9, 11), False, "n0"),
    }
    ((_, problem),) = analyze(network, PICTURE).problems
    assert problem.message == "Weights are 1×1×1×1, 1×3×1×1 needed."
    assert problem.setting == "weights"


def test_a_layer_that_is_switched_off_hands_its_input_on():
    network = chain(("conv2d", {"kernel_size": 10}), ("conv2d", {}), ("relu", {}))
    network = network.bypass("n0").bypass("n1")
    assert states(network)["n2"] == (PICTURE, True, None)
    switched_off = layer_of(network, "n1")
    assert (switched_off.facts.parameters, switched_off.facts.macs) == (0, 0)
    assert switched_off.receptive_field.height == 1


def test_without_a_picture_everything_waits_for_it():
    analysis = analyze(chain(("relu", {})), None, "Open a picture.")
    assert [(i, p.message) for i, p in analysis.problems] == [("input", "Open a picture.")]
    assert analysis["n0"].waiting_for == "input"


def test_sums_are_unknown_where_a_layer_is():
    totals = analyze(chain(("conv2d", {}), ("dense", {})), PICTURE).totals
    assert (totals.layers, totals.problems) == (2, 1)
    assert (totals.parameters, totals.macs, totals.bytes) == (None, None, None)


@pytest.mark.parametrize(
    ("kind", "inputs", "words"),
    [
        ("relu", 0, "ReLU needs 1 input and has none; connect a layer to it."),
        ("add", 1, "Add needs 2 or more inputs and has 1; connect a layer to it."),
        ("relu", 3, "ReLU takes 1 input and has 3; disconnect 2 of them."),
        ("add", 65, "Add takes 64 inputs and has 65; disconnect 1 of them."),
    ],
)
def test_the_wrong_number_of_inputs_is_a_problem_with_a_way_out(kind, inputs, words):
    nodes = (
        Node(INPUT_ID, make_layer(INPUT_ID)),
        new_node("n", make_layer(kind), (INPUT_ID,) * inputs),
    )
    ((_, problem),) = analyze(Network(nodes), PICTURE).problems
    assert problem.message == words


def test_rows_and_columns_that_no_window_reads():
    layer = layer_of(chain(("conv2d", {"stride": 3})), "n0")
    assert (layer.unread_rows, layer.unread_columns) == ((), ((9, 11),))
    gaps = layer_of(chain(("conv2d", {"kernel_size": 1, "stride": 4})), "n0")
    assert gaps.unread_rows == ((1, 4), (5, 8))


def test_an_edit_asks_only_the_layers_that_it_touches():
    network = open_example("resnet-50").network
    picture = Shape(3, 224, 224)
    analyze(network, picture)
    before = layer_facts.cache_info().misses
    edited = network.with_layer(
        "layer4.2.conv2", network.node("layer4.2.conv2").layer.replace(bias=True)
    )
    analyze(edited, picture)
    assert layer_facts.cache_info().misses - before <= 1


def test_the_picture_s_own_equation_is_its_size():
    assert layer_of(chain(), INPUT_ID).facts.equation == SizeEquation(
        "the picture's size", "in", "9", "11", "of the picture"
    )


def test_an_edit_leaves_what_is_known_of_the_layers_before_it():
    before = open_example("lenet-5").network
    known = analyze(before, Shape(1, 32, 32))
    place = before.nodes[4].id
    network = before.bypass(place)
    found = analyze(network, Shape(1, 32, 32), known=known)
    kept = [name for name in known.ids if found[name] is known[name]]
    assert kept == [node.id for node in before.nodes[:4]]
    assert found == analyze(network, Shape(1, 32, 32))


def test_a_problem_is_looked_at_anew_for_its_repairs_speak_of_other_layers():
    layers = [("wide", make_layer("conv2d", {"kernel_size": 9})), ("next", make_layer("relu"))]
    network = stack(layers, make_layer(INPUT_ID))
    known = analyze(network, Shape(3, 7, 7))
    found = analyze(network, Shape(3, 7, 7), known=known)
    assert found["wide"] is not known["wide"]
    assert found == known


@given(st.data())
def test_what_was_known_changes_nothing_that_is_found(data):
    picture = Shape(2, 9, 11)
    before = data.draw(networks(picture, REGULAR | OTHERS))
    known = analyze(before, picture)
    node = data.draw(st.sampled_from(before.nodes))
    layer = data.draw(layers(REGULAR))
    edits = [before, before.insert_after(node.id, layer, "made")]
    if node.id != INPUT_ID:
        edits += [before.with_layer(node.id, layer), before.bypass(node.id), before.remove(node.id)]
    after = data.draw(st.sampled_from(edits))
    for seen in (picture, Shape(2, 9, 12)):
        assert analyze(after, seen, known=known) == analyze(after, seen)
