"""Repairs: each that is offered makes its problem go away, and there is one for every problem."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis import analyze
from engine.applied_edits import applied
from engine.edits import Edit
from engine.network import INPUT_ID, Network, Node, new_node, stack
from engine.problems import NetworkError
from engine.registry import make_layer
from engine.saving.unknown_layer import UnknownLayer
from engine.shapes import Shape
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported
from engine.weighting.weights import Weights

SMALL = st.integers(1, 4)
PAIR = st.tuples(SMALL, SMALL)
SIDES = st.tuples(*[st.integers(0, 5)] * 4)
KERNEL = st.tuples(st.integers(1, 9), st.integers(1, 9))
RULES = st.sampled_from(["valid", "same"])
WINDOW = {"kernel_size": KERNEL, "stride": PAIR, "padding": RULES | SIDES}
CONVOLUTION = {**WINDOW, "out_channels": st.integers(1, 12), "dilation": PAIR, "groups": SMALL}
MODES = st.sampled_from(["zeros", "reflect", "circular"])

DRAWN = {
    "conv2d": {**CONVOLUTION, "padding_mode": MODES},
    "conv_transpose2d": {**CONVOLUTION, "output_padding": st.none() | PAIR},
    "depthwise_conv2d": {**WINDOW, "padding_mode": MODES},
    "separable_conv2d": WINDOW,
    "max_pool2d": {**WINDOW, "dilation": PAIR, "ceil_mode": st.booleans()},
    "average_pool2d": WINDOW,
    "crop2d": {"cropping": SIDES},
    "upsample2d": {"scale_factor": st.tuples(*[st.sampled_from([0.05, 0.5, 2.0])] * 2)},
    "space_to_depth": {"block_size": SMALL},
    "depth_to_space": {"block_size": SMALL},
    "group_norm": {"groups": SMALL},
    "dense": {},
    "flatten": {},
    "global_average_pool2d": {},
    "preprocess": {
        "grayscale": st.booleans(),
        "channel_order": st.sampled_from(["rgb", "bgr"]),
        "mean": st.sampled_from([(0.0,), (0.5, 0.4, 0.3)]),
        "deviation": st.sampled_from([(1.0,), (0.5, 0.4)]),
    },
    "prelu": {"shared": st.booleans()},
    "batch_norm2d": {},
    "add": {},
    "multiply": {},
    "concatenate": {},
    "unknown": {},
}


@st.composite
def imported(draw, layer):
    """Weights from a file that was made for other channels, filters or kernels, or for these."""
    made, shape = layer, Shape(draw(st.sampled_from([3, 4])), 9, 9)
    if draw(st.booleans()) or isinstance(layer, UnknownLayer):
        kind = draw(st.sampled_from(["conv2d", "dense", "prelu", "separable_conv2d"]))
        made, shape = make_layer(kind), Shape(4, 1, 1)
    specs = made.weight_specs((shape,)) if made.inputs == (1, 1) else ()
    arrays = [(s.name, StoredArray(np.ones(s.shape, np.float32))) for s in specs]
    return Weights(Imported(tuple(arrays), "other.npz"))


@st.composite
def broken_networks(draw):
    """Layers whose settings, inputs and weights fit or not, as it comes."""
    nodes = [Node(INPUT_ID, make_layer(INPUT_ID))]
    for number in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(sorted(DRAWN)))
        if kind == "unknown":
            layer = UnknownLayer.of("from_the_future", 7, {})
        else:
            layer = make_layer(kind, draw(st.fixed_dictionaries(DRAWN[kind])))
        count = draw(st.sampled_from([0, 1, 1, 1, 2, 3] if layer.inputs[1] == 1 else [0, 1, 2, 3]))
        names = [draw(st.sampled_from([n.id for n in nodes])) for _ in range(count)]
        node = new_node(f"n{number}", layer, names)
        if draw(st.integers(0, 3)) == 0:
            node = replace(node, weights=draw(imported(layer)))
        nodes.append(node)
    return Network(tuple(nodes))


def layer_problems(analysis):
    return [(name, problem) for name, problem in analysis.problems if name != INPUT_ID]


@given(
    network=broken_networks(),
    picture=st.sampled_from([Shape(3, 12, 9), Shape(1, 5, 7), Shape(4, 1, 1), Shape(6, 8, 2)]),
)
@settings(max_examples=400)
def test_every_problem_has_a_repair_and_every_repair_removes_it(network, picture):
    for name, problem in layer_problems(analyze(network, picture)):
        assert 1 <= len(problem.repairs) <= 4
        assert len({repair.text for repair in problem.repairs}) == len(problem.repairs)
        for repair in problem.repairs:
            mended = applied(network, repair)
            if repair.remove:
                assert name not in mended
                continue
            after = analyze(mended, picture)[name]
            assert after.problems == (), repair.text
            assert after.facts is not None


def branches(left, right, merge, picture):
    """The problem of a merge of two layers that read the picture."""
    network = Network(
        (
            Node(INPUT_ID, make_layer(INPUT_ID)),
            new_node("left", make_layer(*left), (INPUT_ID,)),
            new_node("right", make_layer(*right), (INPUT_ID,)),
            new_node("merged", make_layer(merge), ("left", "right")),
        )
    )
    ((_, problem),) = analyze(network, picture).problems
    return network, problem


def texts(problem):
    return [repair.text for repair in problem.repairs]


def test_a_shortcut_of_other_size_and_channels_gets_a_strided_1x1_convolution():
    main = ("conv2d", {"out_channels": 16, "stride": 2, "padding": "same"})
    _, problem = branches(main, ("relu", {}), "add", Shape(8, 28, 28))
    assert texts(problem)[0] == (
        "after “right” insert Convolution (1×1 · 16 filters · stride 2 · valid)"
    )


def test_the_larger_of_two_stacked_branches_is_cropped_or_the_smaller_padded():
    network, problem = branches(
        ("conv2d", {}), ("conv2d", {"padding": "same"}), "concatenate", Shape(3, 28, 28)
    )
    assert texts(problem)[:2] == [
        "after “right” insert Cropping (1 per side)",
        "after “left” insert Zero padding (1 per side)",
    ]
    mended = applied(network, problem.repairs[0])
    assert [node.id for node in mended] == ["input", "left", "right", "crop2d_1", "merged"]
    assert mended.node("merged").inputs == ("left", "crop2d_1")


def test_a_branch_of_half_the_size_is_upsampled_or_the_other_pooled():
    _, problem = branches(
        ("conv2d", {"padding": "same"}), ("conv2d", {"padding": "same", "stride": 2}), "add",
        Shape(3, 28, 28),
    )  # fmt: skip
    assert texts(problem)[:2] == [
        "after “right” insert Upsampling (× 2 · nearest)",
        "after “left” insert Max pooling (2×2 · stride 2 · valid)",
    ]


def test_a_gate_of_other_channels_stays_a_gate():
    gate = stack([("pool", make_layer("global_average_pool2d"))], make_layer(INPUT_ID))
    network = gate.append(make_layer("conv2d", {"out_channels": 4, "kernel_size": 1}), "gate")
    merged = new_node("merged", make_layer("multiply"), (INPUT_ID, "gate"))
    ((_, problem),) = analyze(Network((*network.nodes, merged)), Shape(8, 9, 9)).problems
    assert texts(problem)[0] == "after “gate” insert Convolution (1×1 · 8 filters · valid)"


def test_a_merge_without_a_second_input_is_offered_the_nearest_layer_that_fits():
    layers = [("a", make_layer("conv2d", {"padding": "same"})), ("b", make_layer("conv2d"))]
    network = stack([*layers, ("sum", make_layer("add"))], make_layer(INPUT_ID))
    network = network.insert_after("b", make_layer("relu"), "c")
    ((_, problem),) = analyze(network, Shape(8, 9, 9)).problems
    assert texts(problem) == ["let it read “b” (7 × 7 × 8)"]
    assert applied(network, problem.repairs[0]).node("sum").inputs == ("c", "b")


def test_a_repair_acts_on_one_input_of_a_layer_that_reads_the_same_twice():
    network = Network(
        (
            Node(INPUT_ID, make_layer(INPUT_ID)),
            new_node("sum", make_layer("add"), (INPUT_ID, INPUT_ID)),
        )
    )
    edit = Edit("", "sum", insert="relu", place=1)
    assert applied(network, edit).node("sum").inputs == (INPUT_ID, "relu_1")
    with pytest.raises(NetworkError, match="no input 2"):
        applied(network, replace(edit, place=2))


def test_imported_weights_are_not_broken_by_a_repair_of_the_size():
    layer = make_layer("conv2d", {"kernel_size": 9})
    kernel = StoredArray(np.ones((8, 3, 9, 9), np.float32))
    network = stack([("c", layer)], make_layer(INPUT_ID))
    network = network.with_weights("c", Weights(Imported((("kernel", kernel),), "k.npz")))
    ((_, problem),) = analyze(network, Shape(3, 7, 7)).problems
    assert texts(problem) == ["padding 1", "padding same"]


@pytest.mark.parametrize(
    ("kind", "made", "text"),
    [
        ("conv2d", {"out_channels": 5, "kernel_size": (3, 2), "bias": False},
         "filters 5, kernel size 3 × 2, bias off"),
        ("conv2d", {"out_channels": 8, "groups": 2}, "groups 2"),
        ("conv_transpose2d", {"out_channels": 3, "kernel_size": 5}, "filters 3, kernel size 5"),
        ("depthwise_conv2d", {"depth_multiplier": 2, "kernel_size": 5},
         "maps per channel 2, kernel size 5"),
        ("separable_conv2d", {"depth_multiplier": 3, "out_channels": 2},
         "filters 2, maps per channel 3"),
        ("prelu", {"shared": True}, "one slope for all on"),
    ],
)  # fmt: skip
def test_a_layer_can_become_what_imported_weights_were_made_for(kind, made, text):
    picture = Shape(4, 9, 9)
    specs = make_layer(kind, made).weight_specs((picture,))
    arrays = tuple((s.name, StoredArray(np.ones(s.shape, np.float32))) for s in specs)
    network = stack([("layer", make_layer(kind))], make_layer(INPUT_ID))
    network = network.with_weights("layer", Weights(Imported(arrays, "k.npz")))
    ((_, problem),) = analyze(network, picture).problems
    assert texts(problem) == [text, "use seeded weights instead"]


@pytest.mark.parametrize("kind", ["conv2d", "conv_transpose2d"])
def test_filters_that_make_no_equal_groups_may_be_more(kind):
    layer = make_layer(kind, {"out_channels": 7, "groups": 3})
    for channels, wanted in ((6, ["filters 9", "groups 1"]), (14, ["groups 7", "groups 1"])):
        network = stack([("layer", layer)], make_layer(INPUT_ID))
        ((_, problem),) = analyze(network, Shape(channels, 9, 9)).problems
        assert texts(problem) == wanted


def test_a_dense_layer_takes_the_units_of_imported_weights():
    kernel = StoredArray(np.ones((7, 4), np.float32))
    network = stack([("d", make_layer("dense"))], make_layer(INPUT_ID))
    network = network.with_weights("d", Weights(Imported((("kernel", kernel),), "k.npz")))
    ((_, problem),) = analyze(network, Shape(4, 1, 1)).problems
    assert texts(problem)[0] == "units 7, bias off"


def test_a_layer_that_is_not_known_can_be_switched_off():
    layer = UnknownLayer.of("from_the_future", 7, {})
    network = stack([("x", layer), ("r", make_layer("relu"))], make_layer(INPUT_ID))
    ((_, problem),) = analyze(network, Shape(3, 5, 5)).problems
    assert texts(problem) == ["switch it off: its first input is handed on"]


def test_without_a_picture_there_is_nothing_to_repair_in_the_network():
    network = stack([("c", make_layer("conv2d"))], make_layer(INPUT_ID))
    ((name, problem),) = analyze(network, None).problems
    assert (name, problem.repairs) == (INPUT_ID, ())
