"""Receptive fields: what was published for each graph, and what changing a pixel shows."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.analysis import analyze
from engine.network import INPUT_ID, Network, Node, new_node, stack
from engine.receptive_field import DIFFERENT_STRIDES, EVERYTHING, MISALIGNED, VARIES
from engine.registry import make_layer
from engine.shapes import Shape
from engine.weighting.weight_sources import NamedKernels
from engine.weighting.weights import Weights
from tests.engine.evaluating import analyze_example, compute, pixels

ALL_POSITIVE = Weights(NamedKernels(("box",)))
"""Weights with which no two effects of a pixel cancel each other."""


def chain(*layers):
    """A network of layers, given as (kind, settings), each reading the one before."""
    made = ((f"n{i}", make_layer(kind, given)) for i, (kind, given) in enumerate(layers))
    return stack(made, make_layer(INPUT_ID))


def last_field(network, shape):
    return analyze(network, shape)[network.nodes[-1].id].receptive_field


@pytest.mark.parametrize(
    ("example", "layer", "size", "stride", "padding"),
    [
        # Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks",
        # Distill 2019; the graphs of TF-slim, without padding that depends on the picture's size.
        ("vgg-16", "block5_pool", 212, 32, 90),
        ("vgg-16", "block5_conv3", 196, 16, 90),
        ("alexnet-v2", "pool5", 195, 32, 64),
        ("mobilenet-v2", "features.18.2", 491, 32, 245),
        # With the pads that padding "same" gives an even size.
        ("resnet-v1-50-slim", "block4/unit_3/relu", 483, 32, 239),
        # The same formula on the graphs of Keras and torchvision.
        ("resnet-50-keras", "conv5_block3_out", 483, 32, 241),
        ("resnet-50", "layer4.2.relu3", 427, 32, 213),
        ("resnet-18", "layer4.1.relu2", 435, 32, 217),
        ("alexnet", "features.12", 195, 32, 66),
    ],
)
def test_published_fields_come_out(example, layer, size, stride, padding):
    field = analyze_example(example)[layer].receptive_field
    assert (field.height, field.width) == (size, size)
    assert (field.stride, field.padding) == ((stride, stride), (padding, padding))
    assert field.reason == ""


def test_the_two_axes_are_independent():
    conv = {"kernel_size": (3, 5), "stride": (2, 1), "padding": (0, 1, 0, 2), "dilation": (2, 1)}
    field = last_field(chain(("conv2d", conv), ("conv2d", conv)), Shape(1, 40, 40))
    assert (field.height, field.width) == (5 + 4 * 2, 5 + 4)
    assert (field.stride, field.padding) == ((4, 1), (0, 2))


def test_a_global_layer_sees_the_whole_picture_and_has_no_stride():
    field = last_field(chain(("global_average_pool2d", {})), Shape(1, 7, 9))
    assert (field.height, field.width, field.stride) == (7, 9, None)
    assert field.reason == EVERYTHING


def branches(left, right, merge="add"):
    """A network of two layers that read the picture, and their merge."""
    nodes = [
        Node(INPUT_ID, make_layer(INPUT_ID)),
        new_node("left", make_layer(*left), (INPUT_ID,)),
        new_node("right", make_layer(*right), (INPUT_ID,)),
        new_node("merged", make_layer(merge), ("left", "right")),
    ]
    return Network(tuple(nodes))


def test_aligned_branches_have_the_larger_field():
    network = branches(
        ("average_pool2d", {"kernel_size": 3, "stride": 1, "padding": 1}),
        ("average_pool2d", {"kernel_size": 7, "stride": 1, "padding": 3}),
    )
    field = last_field(network, Shape(1, 9, 9))
    assert (field.height, field.stride, field.padding) == (7, (1, 1), (3, 3))


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        # 3 × 3 around the pixel, 2 × 2 from the pixel: half a pixel apart.
        (
            {"kernel_size": 3, "stride": 2, "padding": 1},
            {"kernel_size": 2, "stride": 2},
            MISALIGNED,
        ),
        # ONNX has a padding "same" that begins one pixel earlier.
        (
            {"kernel_size": 2, "stride": 1, "padding": "same"},
            {"kernel_size": 2, "stride": 1, "padding": "same_lower"},
            MISALIGNED,
        ),
        (
            {"kernel_size": 4, "stride": 2, "padding": 1},
            {"kernel_size": 5, "stride": 1},
            DIFFERENT_STRIDES,
        ),
    ],
)
def test_branches_that_do_not_meet_say_undefined(left, right, reason):
    field = last_field(
        branches(("average_pool2d", left), ("average_pool2d", right)), Shape(1, 8, 8)
    )
    assert (field.stride, field.padding, field.reason) == (None, None, reason)
    assert reason.startswith("undefined: ")


def test_what_reads_after_misaligned_branches_is_undefined_too():
    analysis = analyze_example("misaligned-branches")
    assert analysis["sum"].receptive_field.reason == MISALIGNED
    network = branches(
        ("average_pool2d", {"kernel_size": 3, "stride": 2, "padding": 1}),
        ("average_pool2d", {"kernel_size": 2, "stride": 2}),
    ).append(make_layer("average_pool2d", {"kernel_size": 2, "stride": 1}), "after")
    field = last_field(network, Shape(1, 8, 8))
    # Two neighbors 2 pixels apart, each seeing 3 pixels.
    assert (field.height, field.stride, field.reason) == (5, None, MISALIGNED)


# Perturbation: the field is what a changed pixel reaches, and no more


def window(pool=False):
    """Settings of a window that leaves no pixel out."""
    kernel = st.integers(1, 4)
    pads = st.tuples(*[st.integers(0, 1)] * 4)
    return st.fixed_dictionaries(
        {
            "kernel_size": st.tuples(kernel, kernel),
            "stride": st.tuples(st.integers(1, 2), st.integers(1, 2)),
            "padding": pads | st.sampled_from(["valid", "same", "same_lower"]),
            **({} if pool else {"out_channels": st.integers(1, 2)}),
        }
    )


GAPLESS: Any = (
    st.tuples(st.just("conv2d"), window())
    | st.tuples(st.just("average_pool2d"), window(pool=True))
    | st.just(("relu", {}))
)
WITH_GAPS = (
    GAPLESS
    | st.tuples(st.just("max_pool2d"), window(pool=True))
    | st.just(("conv2d", {"kernel_size": 2, "stride": 3, "dilation": (2, 3), "padding": 1}))
    | st.just(("max_pool2d", {"kernel_size": 2, "stride": 3, "ceil_mode": True}))
)


def draw_network(data, layers):
    """A small graph: some layers, perhaps two branches, perhaps more layers; and its analysis."""
    shape = Shape(data.draw(st.integers(1, 2)), 13, 15)
    network = chain(*data.draw(st.lists(layers, min_size=1, max_size=3)))
    if data.draw(st.booleans()):
        fork = network.nodes[-1].id
        ends = []
        for name in ("left", "right"):
            kind, given_settings = data.draw(layers)
            made = new_node(name, make_layer(kind, given_settings), (fork,))
            network = Network((*network.nodes, made))
            ends.append(name)
        network = Network((*network.nodes, new_node("sum", make_layer("add"), ends)))
        for kind, given_settings in data.draw(st.lists(layers, max_size=1)):
            network = network.append(make_layer(kind, given_settings))
    for node in network.nodes[1:]:
        network = network.with_weights(node.id, ALL_POSITIVE)
    analysis = analyze(network, shape)
    assume(not analysis.problems)
    return network, analysis, shape


def changed_outputs(network, picture, row, column):
    """Which values (height, width) of the last layer change with a pixel."""
    last = network.nodes[-1].id
    brighter = picture.copy()
    brighter[:, row, column] += 10_000
    before, after = compute(network, picture)[last], compute(network, brighter)[last]
    return (abs(after - before) > 1e-3).any(axis=0)


def seen_by(field, axis, output):
    """The picture's first row (or column) that an output sees, and one past the last."""
    size = (field.height, field.width)[axis]
    first = field.stride[axis] * output - field.padding[axis]
    return first, first + size


@given(data=st.data())
@settings(max_examples=150)
def test_a_pixel_outside_the_field_never_changes_a_value(data):
    network, _, shape = draw_network(data, WITH_GAPS)
    field = last_field(network, shape)
    assume(field.stride is not None)
    row, column = data.draw(st.integers(0, 12)), data.draw(st.integers(0, 14))
    changed = changed_outputs(network, pixels(shape), row, column)
    for out_row, out_column in zip(*np.nonzero(changed), strict=True):
        top, bottom = seen_by(field, 0, out_row)
        left, right = seen_by(field, 1, out_column)
        assert top <= row < bottom
        assert left <= column < right


@given(data=st.data())
@settings(max_examples=150)
def test_a_pixel_inside_the_field_changes_the_value_away_from_the_border(data):
    network, analysis, shape = draw_network(data, GAPLESS)
    # A window that moves farther than it is long leaves pixels out.
    for node in network:
        given_settings = node.layer.settings_dict()
        kernel, stride = given_settings.get("kernel_size", ()), given_settings.get("stride", ())
        assume(all(k >= s for k, s in zip(kernel, stride, strict=True)))
    field = last_field(network, shape)
    assume(field.stride is not None)
    _, height, width = analysis[network.nodes[-1].id].shape
    out_row, out_column = (
        data.draw(st.integers(0, height - 1)),
        data.draw(st.integers(0, width - 1)),
    )
    top, bottom = seen_by(field, 0, out_row)
    left, right = seen_by(field, 1, out_column)
    assume(top >= 0 and left >= 0 and bottom <= 13 and right <= 15)
    row, column = data.draw(st.integers(top, bottom - 1)), data.draw(st.integers(left, right - 1))
    assert changed_outputs(network, pixels(shape), row, column)[out_row, out_column]


@pytest.mark.parametrize(
    "layers",
    [
        [("average_pool2d", {"kernel_size": 3, "stride": 2}), ("upsample2d", {"scale_factor": 2})],
        [("conv_transpose2d", {"kernel_size": 3, "stride": 2}), ("conv2d", {"kernel_size": 3})],
        [("upsample2d", {"scale_factor": 2, "mode": "bilinear"}), ("conv2d", {"kernel_size": 3})],
        [("adaptive_average_pool2d", {"output_size": 5}), ("conv2d", {"kernel_size": 2})],
        # Between kernels that do not meet lies nothing but bias, which sees no pixel.
        [("conv_transpose2d", {"kernel_size": 1, "stride": 3}), ("conv2d", {"kernel_size": 3})],
        [
            ("conv_transpose2d", {"kernel_size": 2, "stride": 4, "padding": "valid"}),
            ("conv2d", {"kernel_size": 4, "dilation": 2, "stride": 3}),
            ("upsample2d", {"mode": "bilinear"}),
        ],
        [
            ("conv_transpose2d", {"kernel_size": 2, "stride": 5}),
            ("adaptive_average_pool2d", {"output_size": 7}),
            ("average_pool2d", {"kernel_size": 3, "stride": 1}),
        ],
    ],
)
def test_an_irregular_field_reports_its_largest_extent(layers):
    network = chain(*layers)
    for node in network.nodes[1:]:
        network = network.with_weights(node.id, ALL_POSITIVE)
    shape = Shape(1, 12, 12)
    field = last_field(network, shape)
    assert (field.stride, field.padding, field.reason) == (None, None, VARIES)
    picture = pixels(shape)
    reached = np.array([changed_outputs(network, picture, row, 6).any(axis=1) for row in range(12)])
    seen = [np.flatnonzero(column) for column in reached.T if column.any()]
    assert field.height == max(rows[-1] - rows[0] + 1 for rows in seen)


def test_values_of_bias_alone_see_nothing():
    # Each of the 3 inputs is put 4 apart, and only what lies between them is kept.
    network = chain(
        ("conv_transpose2d", {"kernel_size": 1, "stride": 4, "padding": "valid"}),
        ("crop2d", {"cropping": (1, 1, 3, 3)}),
        ("max_pool2d", {"kernel_size": 3, "stride": 4}),
    )
    field = last_field(network, Shape(1, 3, 3))
    assert (field.height, field.width, field.stride) == (0, 0, None)
