"""The public Python API: what it composes, and that what it refuses is named."""

import numpy as np
import pytest

from engine import api
from engine.api import (
    LayerError,
    PictureError,
    ProjectFileError,
    SettingError,
    Shape,
    SizePolicy,
    WeightsError,
    analyze,
    compute,
    evaluate,
    kind_ids,
    layer_facts,
    make_layer,
    network_from_json,
    open_network_or_project,
    open_project,
    open_sample,
    picture_maps,
    read_picture,
    read_weights,
    save_project,
    seeded_weights,
    sequential,
    with_weights,
)
from engine.project import Project
from tests.naive import conv2d as naive_conv2d


def ramp(*shape):
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


def test_all_names_exist_and_are_sorted():
    assert sorted(api.__all__) == api.__all__
    assert all(hasattr(api, name) for name in api.__all__)


@pytest.mark.parametrize("kind", kind_ids())
def test_every_kind_is_made_with_its_defaults(kind):
    layer = make_layer(kind)
    assert layer.kind.id == kind
    assert make_layer(kind, layer.settings_dict()) == layer


def test_settings_come_as_mapping_or_by_keyword():
    assert make_layer("conv2d", {"stride": 2}, kernel_size=5) == make_layer(
        "conv2d", kernel_size=(5, 5), stride=(2, 2)
    )


@pytest.mark.parametrize(
    ("settings", "named"),
    [({"stride": 0}, "stride"), ({"kernel_size": "big"}, "kernel_size"), ({"size": 3}, "size")],
)
def test_refused_setting_is_named(settings, named):
    with pytest.raises(SettingError) as caught:
        make_layer("conv2d", settings)
    assert caught.value.setting == named


def test_unknown_kind_lists_what_there_is():
    with pytest.raises(LayerError, match="conv2d"):
        make_layer("conv9d")


def test_facts_take_shapes_and_tuples():
    conv = make_layer("conv2d", kernel_size=5, out_channels=6)
    facts = layer_facts(conv, (3, 32, 30))
    assert facts is layer_facts(conv, Shape(3, 32, 30))
    assert facts.shape == (6, 28, 26)
    assert facts.parameters == 6 * 76
    assert facts.macs == 6 * 28 * 26 * 75
    assert facts.readings[0].rows.affine == (5, 1, 0)


@pytest.mark.parametrize(
    "shape", [(3, 28), (3, 28, 0), (3, 28, 2.5), "3x28x28", None, (True, 28, 28), 28]
)
def test_what_is_no_shape_is_refused(shape):
    with pytest.raises(SettingError, match=r"channels, height, width") as caught:
        layer_facts(make_layer("relu"), shape)
    assert caught.value.setting == "shape"


def test_layer_that_does_not_fit_names_its_setting():
    with pytest.raises(LayerError) as caught:
        layer_facts(make_layer("conv2d", kernel_size=9), (3, 7, 7))
    assert caught.value.setting == "kernel_size"


def test_compute_with_given_weights_equals_the_slow_twin():
    layer = make_layer("conv2d", out_channels=4, kernel_size=(2, 3), stride=(2, 1))
    maps = ramp(3, 9, 8) / 64
    weights = seeded_weights(layer, maps.shape, seed=7)
    expected = naive_conv2d.naive(layer, (maps,), weights)
    np.testing.assert_allclose(compute(layer, maps, weights=weights), expected, rtol=1e-5)


def test_compute_converts_real_numbers_and_leaves_the_input_alone():
    given = np.asfortranarray(np.arange(-6, 6).reshape(1, 3, 4))
    before = given.copy()
    out = compute(make_layer("relu"), given)
    assert out.dtype == np.float32
    np.testing.assert_array_equal(out, np.maximum(before, 0))
    np.testing.assert_array_equal(given, before)


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (ramp(4, 4), r"\(channels, height, width\)"),
        (np.zeros((1, 0, 3)), r"\(1, 0, 3\)"),
        (np.zeros((1, 2, 2), complex), "complex"),
        (np.full((1, 2, 2), "a"), "<U1"),
        (np.full((1, 2, 2), None), "object"),
        ([[[1.0], [2.0, 3.0]]], "no array"),
        (np.array([[[1, np.nan], [np.inf, 1]]]), r"2 values.*\(0, 0, 1\): nan"),
        (np.full((1, 1, 1), 1e300), "1e\\+300"),
    ],
)
def test_arrays_that_are_no_maps_are_refused(array, words):
    with pytest.raises(LayerError, match=words):
        compute(make_layer("relu"), array)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"kernel": None}, "kernel"),
        ({"kernel": np.zeros((8, 3, 3))}, "8×3×3"),
        ({"kernel": np.full((8, 3, 3, 3), np.nan)}, "kernel"),
        ({"bias": np.zeros(7)}, "bias"),
        ({"bias": [[0.0], [1.0, 2.0]]}, "bias"),
        ({"kernal": np.zeros(8)}, "kernal"),
    ],
)
def test_refused_weights_are_named(change, named):
    layer = make_layer("conv2d")
    weights = {**seeded_weights(layer, (3, 8, 8)), **change}
    weights = {name: array for name, array in weights.items() if array is not None}
    with pytest.raises(WeightsError, match=named):
        compute(layer, ramp(3, 8, 8), weights=weights)


def test_weights_that_start_with_one_value_may_be_left_out():
    layer = make_layer("conv2d")
    weights = seeded_weights(layer, (3, 8, 8))
    maps = ramp(3, 8, 8)
    without_bias = compute(layer, maps, weights={"kernel": weights["kernel"]})
    np.testing.assert_array_equal(without_bias, compute(layer, maps, weights=weights))


def test_wrong_number_of_inputs_is_said():
    with pytest.raises(LayerError, match="takes 1 input and has 2"):
        compute(make_layer("relu"), ramp(1, 2, 2), ramp(1, 2, 2))


def test_evaluated_shapes_are_the_analyzed_ones():
    network = sequential([make_layer("conv2d"), make_layer("relu"), make_layer("max_pool2d")])
    maps = evaluate(network, ramp(3, 20, 24))
    analysis = analyze(network, (3, 20, 24))
    assert {i: array.shape for i, array in maps.items()} == {
        i: layer.shape for i, layer in analysis.layers.items()
    }
    assert not any(array.flags.writeable for array in maps.values())


def test_network_with_a_problem_is_analyzed_and_not_evaluated():
    network = sequential([make_layer("conv2d", kernel_size=9)])
    analysis = analyze(network, (3, 7, 7))
    assert analysis["conv2d_1"].problems[0].repairs
    with pytest.raises(LayerError, match="conv2d_1: A 9 × 9 window") as caught:
        evaluate(network, ramp(3, 7, 7))
    assert caught.value.setting == "kernel_size"


def test_plain_network():
    layers = [{"kind": "conv2d", "settings": {"out_channels": 2}}, {"kind": "relu"}]
    network = network_from_json({"format": "convolens-network", "version": 1, "layers": layers})
    assert network.nodes[1].layer == make_layer("conv2d", out_channels=2)
    with pytest.raises(ProjectFileError, match="layer 1"):
        network_from_json({"format": "convolens-network", "version": 1, "layers": [{}]})
    with pytest.raises(ProjectFileError, match=r'^The network: its "format" must'):
        network_from_json({})


def test_weights_of_a_file_are_given_to_a_layer(tmp_path):
    kernel = ramp(2, 3, 1, 1)
    np.savez(tmp_path / "w.npz", kernel=kernel)
    network = sequential([make_layer("conv2d", out_channels=2, kernel_size=1)])
    given = with_weights(network, "conv2d_1", read_weights(tmp_path / "w.npz"))
    maps = evaluate(given, np.ones((3, 4, 5)))["conv2d_1"]
    np.testing.assert_array_equal(maps[:, 0, 0], kernel.sum(axis=(1, 2, 3)))
    with pytest.raises(LayerError, match="conv2d_1: Weights are 2×3×1×1, 2×1×1×1 needed"):
        evaluate(given, np.ones((1, 4, 5)))


@pytest.mark.parametrize("kernel", [np.full((1, 1, 1, 1), np.nan), "text", [[1.0], [2.0, 3.0]]])
def test_weights_that_are_no_numbers_are_refused_by_name(kernel):
    with pytest.raises(WeightsError, match="“kernel”"):
        with_weights(sequential([make_layer("conv2d")]), "conv2d_1", {"kernel": kernel})


def test_pictures_are_decoded_and_brought_to_size(tmp_path):
    maps = picture_maps(open_sample("scene.png"), SizePolicy("stretch", 20, 30))
    assert maps.shape == (3, 20, 30)
    assert maps.dtype == np.float32
    assert 0 <= maps.min() < maps.max() <= 1
    with pytest.raises(PictureError, match=r"missing\.png"):
        read_picture(tmp_path / "missing.png")


def test_a_picture_is_evaluated_at_the_policy_s_size():
    maps = evaluate(
        sequential([make_layer("relu")]), open_sample("scene.png"), SizePolicy("crop", 9, 8)
    )
    assert maps["relu_1"].shape == (3, 9, 8)


def test_a_project_is_saved_and_opened(tmp_path):
    project = Project(sequential([make_layer("conv2d")]), Shape(3, 9, 8))
    save_project(project, tmp_path / "Übung.convolens")
    assert open_project(tmp_path / "Übung.convolens") == project
    assert open_network_or_project(str(tmp_path / "Übung.convolens")) == project
