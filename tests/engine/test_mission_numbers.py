"""The eight questions that the program was made for, each with every number of its answer.

Each is asked of the worked case that comes with the program, for a color picture of the size that
the case was made for. Shapes are (channels, height, width); people read H × W × C.
"""

import numpy as np

from engine.arithmetic import Position
from engine.network import INPUT_ID, stack
from engine.registry import make_layer
from engine.shapes import same_padding
from engine.sides import Sides
from tests.engine.evaluating import analyze_example, compute, pixels, read_example


def facts(example, layer):
    return analyze_example(example)[layer].facts


def shape(example, layer):
    return facts(example, layer).shape


def test_1_why_cant_a_map_exceed_the_image():
    assert shape("size-valid", "input") == (3, 28, 28)
    assert shape("size-valid", "conv_3x3") == (32, 26, 26)
    assert shape("size-valid", "conv_5x5") == (32, 24, 24)
    assert shape("size-same", "conv_3x3") == (32, 28, 28)
    assert shape("size-same", "pool_2x2") == (32, 14, 14)
    # What a window loses at each edge is what padding "same" gives back.
    assert facts("size-same", "conv_3x3").padding == Sides(1, 1, 1, 1)
    assert same_padding(28, span=5, stride=1) == (2, 2)
    assert shape("size-enlarged", "transposed") == (3, 56, 56)
    assert shape("size-enlarged", "upsampled") == (3, 56, 56)


def test_2_why_are_sizes_equal_here_and_different_there():
    assert shape("sizes-chain", "input") == (3, 28, 28)
    assert shape("sizes-chain", "stride_2_valid") == (16, 13, 13)
    assert shape("sizes-chain", "stride_1_same") == (16, 28, 28)
    assert shape("sizes-chain", "pool_2x2") == (16, 14, 14)
    assert shape("sizes-chain", "transposed") == (3, 28, 28)
    equation = facts("sizes-chain", "stride_2_valid").equation
    assert equation.symbols == "⌊(in + padding − window) / stride⌋ + 1"
    assert equation.height == equation.width == "⌊(28 + 0 − 3) / 2⌋ + 1 = 13"
    # The window leaves one row and one column at the end unread.
    layer = analyze_example("sizes-chain")["stride_2_valid"]
    assert layer.unread_rows == layer.unread_columns == ((27, 28),)


def test_2_enlarging_restores_the_size_and_not_the_content():
    picture = pixels((3, 224, 224))
    maps = compute(read_example("size-restored").network, picture)
    for name in ("nearest", "bilinear", "transposed"):
        assert maps[name].shape == picture.shape
        assert abs(maps[name] - picture).mean() > 0.1


def test_3_what_is_one_feature():
    assert shape("one-feature", "input") == (3, 32, 32)
    assert shape("one-feature", "one_filter") == (1, 28, 28)
    one = facts("one-feature", "one_filter")
    assert one.macs // one.shape.values == 3 * 5 * 5 == 75
    assert [spec.size for spec in one.weight_specs] == [75, 1]
    assert one.parameters == 76
    assert facts("one-feature", "one_unit").parameters == 3_073


def test_3_padding_1_for_3x3_and_2_for_5x5_keep_the_size():
    assert shape("one-feature-padded", "conv_3x3") == (1, 32, 32)
    assert shape("one-feature-padded", "conv_5x5") == (1, 32, 32)
    assert facts("one-feature-padded", "conv_3x3").padding == Sides(1, 1, 1, 1)
    assert facts("one-feature-padded", "conv_5x5").padding == Sides(2, 2, 2, 2)


def test_3_six_filters_and_stride_2():
    six = facts("one-feature-six-filters", "six_filters")
    assert six.shape == (6, 28, 28)
    filters, slices, *_ = six.weight_specs[0].shape
    assert filters * slices == 18
    assert shape("one-feature-stride-2", "stride_2") == (1, 14, 14)


def test_3_a_larger_picture_needs_no_more_weights_and_a_dense_unit_does():
    assert shape("one-feature-256", "input") == (3, 256, 256)
    assert facts("one-feature-256", "one_filter").parameters == 76
    assert facts("one-feature-256", "one_unit").parameters == 196_609


def test_3_the_arithmetic_of_one_value_has_75_products():
    picture = pixels((3, 32, 32))
    network = read_example("one-feature").network
    layer = network.node("one_filter").layer
    weights = {"kernel": pixels((1, 3, 5, 5), seed=1), "bias": np.full(1, 0.25, np.float32)}
    arithmetic = layer.explain(Position(0, 3, 4), (picture,), weights)
    assert sum(patch.values.size for patch in arithmetic.patches) == 75
    expected = (picture[:, 3:8, 4:9].astype(float) * weights["kernel"][0]).sum() + 0.25
    np.testing.assert_allclose(arithmetic.result, expected)


def test_4_why_not_a_dense_network():
    assert shape("dense-1000", "input").values == 196_608
    dense = facts("dense-1000", "dense_1")
    assert dense.parameters == 196_608_000
    assert dense.shape == (1000, 1, 1)


def test_5_what_is_convolution_exactly():
    for name, size in (("cross_correlation", 5), ("true_convolution", 5), ("stride_2", 3)):
        assert shape("exact-convolution", name) == (1, size, size)
        # Depth of input and filter match: each filter has a slice for every channel.
        assert facts("exact-convolution", name).weight_specs[0].shape == (1, 3, 3, 3)
    assert shape("exact-convolution", "activation") == (1, 5, 5)


def test_5_where_the_filter_does_not_fit_it_pads_or_drops():
    analysis = analyze_example("exact-convolution")
    assert analysis["stride_3_drops"].shape == (1, 2, 2)
    assert analysis["stride_3_drops"].unread_rows == ((6, 7),)
    assert analysis["stride_3_pads"].shape == (1, 3, 3)
    assert analysis["stride_3_pads"].facts.padding == Sides(1, 1, 1, 1)
    assert analysis["stride_3_pads"].unread_rows == ()


def test_5_true_convolution_flips_the_kernel():
    picture = pixels((3, 7, 7))
    maps = compute(read_example("exact-convolution").network, picture)
    turned = compute(read_example("exact-convolution").network, picture[:, ::-1, ::-1].copy())
    assert abs(maps["true_convolution"] - maps["cross_correlation"]).max() > 0.1
    # Flipping the kernel is turning the picture, and the map back.
    np.testing.assert_allclose(
        maps["true_convolution"], turned["cross_correlation"][:, ::-1, ::-1], atol=1e-5
    )
    np.testing.assert_array_equal(maps["activation"], np.maximum(maps["cross_correlation"], 0))


def test_6_what_does_pooling_do():
    picture = pixels((3, 224, 224))
    maps = compute(read_example("pooling-max-average").network, picture)
    assert maps["maximum"].shape == maps["average"].shape == (3, 56, 56)
    blocks = picture.reshape(3, 56, 4, 56, 4)
    np.testing.assert_array_equal(maps["maximum"], blocks.max(axis=(2, 4)))
    np.testing.assert_allclose(maps["average"], blocks.mean(axis=(2, 4)), atol=1e-6)


def test_7_the_whole_chain():
    analysis = analyze_example("whole-chain")
    kinds = [layer.node.layer.kind.id for layer in analysis.layers.values()]
    once = ["conv2d", "relu", "max_pool2d"]
    assert kinds == [INPUT_ID, *once, *once, "flatten", "dense", "softmax"]
    assert analysis["flatten"].shape == (16 * 16 * 16, 1, 1)
    classes = compute(read_example("whole-chain").network, pixels((3, 64, 64)))["softmax"]
    assert classes.shape == (10, 1, 1)
    np.testing.assert_allclose(classes.sum(), 1, atol=1e-6)


def test_7_the_same_classifier_fully_convolutional():
    dense, convolutional = read_example("whole-chain"), read_example("fully-convolutional")
    kinds = {node.layer.kind.id for node in convolutional.network}
    assert kinds.isdisjoint({"dense", "flatten"})
    totals = [analyze_example(name).totals for name in ("whole-chain", "fully-convolutional")]
    assert totals[0].parameters == totals[1].parameters
    picture = pixels((3, 64, 64))
    np.testing.assert_allclose(
        compute(dense.network, picture)["softmax"],
        compute(convolutional.network, picture)["softmax"],
        atol=1e-5,
    )
    # On a larger picture one answers once per place, and the other cannot.
    assert analyze_example("fully-convolutional")["softmax"].shape == (10, 9, 9)


def test_8_how_can_an_output_be_made_denser():
    answers = {}
    for name in ("denser-stride-2", "denser-stride-1", "denser-same", "denser-1x1"):
        analysis = analyze_example(name)
        assert analysis["gray"].shape == (1, 28, 28)
        conv = analysis["conv"]
        answers[name] = conv.shape, conv.facts.macs, conv.receptive_field.height
    assert answers == {
        "denser-stride-2": ((32, 13, 13), 48_672, 3),
        "denser-stride-1": ((32, 26, 26), 194_688, 3),
        "denser-same": ((32, 28, 28), 225_792, 3),
        "denser-1x1": ((32, 28, 28), 25_088, 1),
    }


def test_sizes_of_question_2_hold_in_one_chain_too():
    """Same, pooling and transposed convolution one after the other, without the branch."""
    layers = [
        ("same", make_layer("conv2d", {"out_channels": 16, "padding": "same"})),
        ("pool", make_layer("max_pool2d")),
        ("up", make_layer("conv_transpose2d", {"out_channels": 3, "kernel_size": 2, "stride": 2})),
    ]
    maps = compute(stack(layers, make_layer(INPUT_ID)), pixels((3, 28, 28)))
    assert [maps[name].shape for name, _ in layers] == [(16, 28, 28), (16, 14, 14), (3, 28, 28)]
