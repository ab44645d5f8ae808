"""The bundled examples: every one opens, fits, and is the graph that it says."""

import json

import pytest

from engine.pictures.images import Picture
from engine.problems import ProjectFileError
from engine.project import analyze_project
from engine.saving.examples import EXAMPLES_FOLDER, GROUPS, example_names, examples, open_example
from engine.saving.network_json import network_to_text
from resources.examples.make_examples import MADE
from tests.engine.evaluating import analyze_example, compute, pixels, read_example

NAMES = example_names()


@pytest.mark.parametrize("name", NAMES)
def test_every_example_opens_with_its_picture_and_fits_it(name):
    project = open_example(name)
    assert isinstance(project.picture, Picture)
    analysis = analyze_project(project)
    assert not analysis.problems
    assert all(layer.computable for layer in analysis.layers.values())
    height, width = project.policy.height, project.policy.width
    assert analysis["input"].shape == (3, height, width)


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_described(name):
    described = read_example(name)
    assert described.name
    assert described.about.endswith(".")
    assert described.sample


def test_the_menu_lists_every_file_once():
    files = sorted(path.stem for path in EXAMPLES_FOLDER.glob("*.json"))
    assert sorted(NAMES) == files
    listed = examples()
    assert [example.name for example in listed] == list(NAMES)
    assert {example.group for example in listed} == set(GROUPS)
    assert len({example.label for example in listed}) == len(listed)


def test_the_first_network_is_small_and_in_the_menu_first():
    assert NAMES[0] == "start"
    totals = analyze_example("start").totals
    assert totals.layers < 10
    assert totals.macs < 50e6


def test_an_example_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(ProjectFileError, match=r"no example “\.\./start”; there are start, edge-"):
        open_example("../start")


def test_an_example_that_is_nearly_named_is_asked_for():
    with pytest.raises(ProjectFileError, match=r'Did you mean "resnet-18"\?$'):
        open_example("ResNet18")


@pytest.mark.parametrize("name", MADE)
def test_long_examples_are_what_their_script_writes(name):
    text = (EXAMPLES_FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert text == network_to_text(MADE[name]())


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(MADE)))
def test_short_examples_have_a_line_for_each_layer(name):
    text = (EXAMPLES_FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert text == network_to_text(json.loads(text))


# Published totals: torchvision's documentation of each model's weights ("num_params"), Keras'
# documentation of its applications, LeCun et al. 1998 with full connections.


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("vgg-16", 14_714_688),
        ("vgg-16-classifier", 138_357_544),
        ("resnet-18", 11_689_512),
        ("resnet-50", 25_557_032),
        ("resnet-v1-50-slim", 25_557_032),
        ("mobilenet-v2", 3_504_872),
        ("alexnet", 61_100_840),
        ("lenet-5", 61_706),
    ],
)
def test_published_parameters_come_out(name, parameters):
    assert analyze_example(name).totals.parameters == parameters


def test_keras_counts_running_statistics_too():
    totals = analyze_example("resnet-50-keras").totals
    assert totals.parameters + totals.statistics == 25_636_712


def test_resnet_18_without_its_classifier():
    analysis = analyze_example("resnet-18")
    classifier = analysis["fc"].facts.parameters
    assert classifier == 513_000
    assert analysis.totals.parameters - classifier == 11_176_512


@pytest.mark.parametrize(
    ("name", "giga_macs"),
    # torchvision's documentation of each model's weights ("GFLOPS", which counts MACs).
    [("resnet-18", 1.81), ("resnet-50", 4.09), ("mobilenet-v2", 0.30), ("alexnet", 0.71)],
)
def test_published_macs_come_out(name, giga_macs):
    assert round(analyze_example(name).totals.macs / 1e9, 2) == giga_macs


def test_vgg_16_takes_15_35_giga_macs():
    assert analyze_example("vgg-16").totals.macs == 15_346_630_656


@pytest.mark.parametrize(
    ("name", "layer", "shape"),
    [
        ("alexnet", "features.12", (256, 6, 6)),
        ("alexnet-v2", "pool5", (256, 5, 5)),
        ("vgg-16", "block5_pool", (512, 7, 7)),
        ("resnet-18", "layer4.1.relu2", (512, 7, 7)),
        ("resnet-50", "layer4.2.relu3", (2048, 7, 7)),
        ("resnet-50-keras", "conv5_block3_out", (2048, 7, 7)),
        ("resnet-v1-50-slim", "block4/unit_3/relu", (2048, 7, 7)),
        ("mobilenet-v2", "features.18.2", (1280, 7, 7)),
        ("u-net", "mask_sigmoid", (1, 224, 224)),
    ],
)
def test_sizes_are_the_published_ones(name, layer, shape):
    assert analyze_example(name)[layer].shape == shape


def test_the_three_resnet_50_differ_where_they_say():
    """Where each halves the size: the first and the last unit of its second stage."""
    torch, keras = analyze_example("resnet-50"), analyze_example("resnet-50-keras")
    slim = analyze_example("resnet-v1-50-slim")
    assert torch["layer2.0.conv1"].shape.height == 56
    assert torch["layer2.0.conv2"].shape.height == 28
    assert keras["conv3_block1_1_conv"].shape.height == 28
    assert slim["block1/unit_3/conv1"].shape.height == 56
    assert slim["block1/unit_3/conv2"].shape.height == 28
    # A 1 × 1 window that moves by 2 reads every second row; the last of 56 is left out.
    assert len(keras["conv3_block1_1_conv"].unread_rows) == 28


def test_flipped_convolution_differs_from_cross_correlation():
    maps = compute(read_example("convolution-flipped").network, pixels((3, 32, 32)))
    assert abs(maps["convolution"] - maps["cross_correlation"]).max() > 0.1
