"""Two layers' maps and their difference, from the cache where they are in it."""

from dataclasses import replace

import numpy as np
import pytest

from engine.evaluation import Evaluation
from engine.flipped_kernels import are_flipped, flip_sentence, flipped_pair
from engine.memory_plan import HeldLayers, bytes_together
from engine.network import stack
from engine.pictures.images import open_sample
from engine.pictures.size_policy import SizePolicy
from engine.problems import CancelledError
from engine.project import Project, analyze_project, input_identity, input_maps
from engine.registry import make_layer
from engine.side_by_side import Side, side_by_side
from engine.weighting.weight_sources import NamedKernels
from engine.weighting.weights import Weights


def project(**settings):
    layers = [
        ("conv", make_layer("conv2d", {"padding": "same", **settings})),
        ("relu", make_layer("relu")),
        ("pool", make_layer("max_pool2d")),
        ("mean", make_layer("average_pool2d", {"stride": 1, "padding": "same"})),
    ]
    return Project(
        stack(layers, make_layer("input")), open_sample("scene.png"), SizePolicy("crop", 24, 20)
    )


def computed(shown, node_id):
    run = Evaluation().run(
        shown.network, analyze_project(shown), input_maps(shown), input_identity(shown)
    )
    return next(layer.maps for layer in run if layer.node_id == node_id)


def test_both_sides_are_the_maps_of_their_networks():
    before, now = project(), project(flip_kernel=True)
    found = side_by_side(Evaluation(), Side(before, "relu"), Side(now, "relu"))
    np.testing.assert_array_equal(found.one.maps, computed(before, "relu"))
    np.testing.assert_array_equal(found.other.maps, computed(now, "relu"))
    np.testing.assert_array_equal(found.difference.maps, found.other.maps - found.one.maps)
    assert found.reason == ""
    assert found.difference_statistics.whole.maximum <= found.difference.whole.largest


def test_what_was_computed_before_comes_from_the_cache():
    evaluation, shown = Evaluation(), project()
    run = evaluation.run(
        shown.network, analyze_project(shown), input_maps(shown), input_identity(shown)
    )
    maps = {layer.node_id: layer.maps for layer in run}
    found = side_by_side(evaluation, Side(shown, "conv"), Side(shown, "relu"))
    assert found.one.maps.base is maps["conv"].base
    assert found.other.maps.base is maps["relu"].base


def test_two_layers_of_other_sizes_have_no_difference():
    shown = project()
    found = side_by_side(Evaluation(), Side(shown, "relu"), Side(shown, "pool"))
    assert (found.one.shape, found.other.shape) == ((8, 24, 20), (8, 12, 10))
    assert found.difference is found.difference_statistics is None
    assert found.reason == "The sizes differ: 24 × 20 × 8 and 12 × 10 × 8."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda p: p.with_network(p.network.remove("relu")), "has no such layer"),
        (
            lambda p: p.with_network(
                p.network.with_layer("relu", make_layer("max_pool2d", {"kernel_size": 99}))
            ),
            "2 Max pooling has no maps: ",
        ),
        (
            lambda p: p.with_network(
                p.network.with_layer("conv", make_layer("conv2d", {"kernel_size": 99}))
            ),
            "2 ReLU waits for 1 Convolution.",
        ),
        (lambda p: replace(p, picture=None), "2 ReLU waits for Picture."),
    ],
)
def test_a_side_without_maps_is_explained(change, reason):
    shown = project()
    for sides in ((shown, change(shown)), (change(shown), shown)):
        found = side_by_side(Evaluation(), *(Side(side, "relu") for side in sides))
        assert (found.one is None) != (found.other is None)
        assert found.difference is None
        assert reason in found.reason


def test_it_is_given_up_for_something_newer():
    shown = project()
    with pytest.raises(CancelledError):
        side_by_side(Evaluation(), Side(shown, "conv"), Side(shown, "relu"), lambda: True)


def test_kernels_that_are_the_same_turned_give_the_same():
    shown = project(out_channels=1)
    for kernel, is_same in (("gaussian", True), ("sobel_x", False)):
        network = shown.network.with_weights("conv", Weights(NamedKernels((kernel,))))
        pair = flipped_pair(network, "conv")
        both = shown.with_network(pair.network)
        assert are_flipped(pair.network.node("conv"), pair.network.node(pair.convolved))
        found = side_by_side(Evaluation(), Side(both, "conv"), Side(both, pair.convolved))
        assert (found.difference.whole.equal == 1.0) is is_same
        assert ("both give the same" in found.note) is is_same


def test_only_a_flipped_twin_is_one():
    network = project().network
    pair = flipped_pair(network, "conv")
    twin = pair.network.node(pair.convolved)
    conv = network.node("conv")
    assert not are_flipped(conv, conv)
    assert not are_flipped(conv, network.node("relu"))
    assert not are_flipped(conv, replace(twin, weights=Weights(NamedKernels(("sobel_x",)))))
    assert not are_flipped(conv, replace(twin, inputs=("relu",)))
    assert not are_flipped(conv, replace(twin, layer=twin.layer.replace(stride=2)))


def test_how_many_kernels_are_the_same_turned_is_said():
    edges, blur = np.float32([[[[-1, 0, 1]]]]), np.float32([[[[1, 2, 1]]]])
    assert flip_sentence(edges).endswith("This kernel is not the same turned by 180°.")
    assert "2 filters of 3 are the same" in flip_sentence(np.concatenate([blur, edges, blur]))


def test_what_takes_too_much_memory_is_not_computed():
    before, now = project(), project(flip_kernel=True)
    analysis = analyze_project(now)
    held = HeldLayers(input_identity(now), analysis, {"input", "conv"})
    needed = bytes_together(
        [held, HeldLayers(input_identity(before), analyze_project(before), {"conv"})]
    )
    sides = Side(before, "conv"), Side(now, "conv")
    fits = side_by_side(Evaluation(), *sides, limit=needed, held=(held,))
    assert fits.one is not None
    found = side_by_side(Evaluation(), *sides, limit=needed - 1, held=(held,))
    assert (found.one, found.other, found.difference) == (None, None, None)
    assert found.reason.startswith("The maps and weights of both take ")
