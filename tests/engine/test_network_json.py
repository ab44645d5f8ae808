"""Plain networks: what they say, what may be left out, and every refusal with its place."""

import contextlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis import analyze
from engine.layer import KindInfo
from engine.network import INPUT_ID, seed_of, stack
from engine.pictures.size_policy import SizePolicy
from engine.problems import LayerError, ProjectFileError, SettingError
from engine.registry import all_kinds, make_layer
from engine.saving.network_json import (
    DescribedNetwork,
    network_from_json,
    network_to_json,
    network_to_text,
    parse_network,
)
from engine.saving.saved_versions import unstamped
from engine.saving.unknown_layer import UnknownLayer
from engine.shapes import Shape
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported, NamedKernels, Seeded
from engine.weighting.weights import Weights

HEAD = {"format": "convolens-network", "version": 1}


def read(*layers, **more):
    return network_from_json({**HEAD, "layers": list(layers), **more})


def network_of(*layers):
    return read(*layers).network


def refusal(*layers, **more):
    with pytest.raises(ProjectFileError) as caught:
        read(*layers, **more)
    return str(caught.value)


def text_refusal(text):
    with pytest.raises(ProjectFileError) as caught:
        parse_network(text if isinstance(text, bytes) else text.encode())
    return str(caught.value)


def round_trip(network):
    return parse_network(network_to_text(network_to_json(network)).encode()).network


# What it says


def test_ten_lines_by_hand():
    described = parse_network(
        b"""{"format": "convolens-network", "version": 1,
        "name": "Two edges", "about": "Both directions.",
        "input": {"mode": "crop", "height": 32, "width": 48}, "sample": "scene.png",
        "layers": [
          {"kind": "conv2d", "settings": {"out_channels": 2, "kernel_size": [5, 3], "padding": 2},
           "weights": {"source": {"type": "named_kernels", "names": ["sobel_x"]}, "edits": []}},
          {"kind": "relu", "bypassed": true},
          {"kind": "add", "id": "both", "inputs": ["relu_1", "conv2d_1"]}
        ]}"""
    )
    assert described == DescribedNetwork(
        described.network, "Two edges", "Both directions.", SizePolicy("crop", 32, 48), "scene.png"
    )
    picture, conv, relu, add = described.network
    assert (picture.id, picture.inputs) == (INPUT_ID, ())
    assert conv.layer == make_layer(
        "conv2d", {"out_channels": 2, "kernel_size": (5, 3), "padding": (2, 2, 2, 2)}
    )
    assert (conv.id, conv.inputs) == ("conv2d_1", ("input",))
    assert conv.weights == Weights(NamedKernels(("sobel_x",)))
    assert (relu.id, relu.inputs, relu.bypassed) == ("relu_1", ("conv2d_1",), True)
    assert relu.weights == Weights(Seeded(seed_of("relu_1")))
    assert (add.id, add.inputs) == ("both", ("relu_1", "conv2d_1"))


def test_a_byte_order_mark_is_read_over():
    text = json.dumps({**HEAD, "layers": []})
    assert len(parse_network(b"\xef\xbb\xbf" + text.encode()).network) == 1


def test_ids_left_out_count_up_around_those_that_are_given():
    network = network_of(
        {"kind": "relu"}, {"kind": "relu", "id": "relu_1"}, {"kind": "relu"}, {"kind": "conv2d"}
    )
    assert [node.id for node in network][1:] == ["relu_2", "relu_1", "relu_3", "conv2d_1"]


# What is written


def test_written_networks_hold_every_setting_and_the_version_of_the_kind():
    network = stack([("conv", make_layer("conv2d"))], make_layer("input"))
    (layer,) = network_to_json(network)["layers"]
    assert set(layer) == {"kind", "id", "version", "settings"}
    assert set(layer["settings"]) == {s.name for s in all_kinds()["conv2d"].settings}
    assert layer["version"] == all_kinds()["conv2d"].kind.version


def test_written_networks_have_one_line_for_each_layer():
    network = stack([("a", make_layer("relu")), ("b", make_layer("relu"))], make_layer("input"))
    text = network_to_text(network_to_json(network, name="Zwei", policy=SizePolicy()))
    assert [line.strip()[:12] for line in text.splitlines()].count('{"kind": "re') == 2
    assert parse_network(text.encode()) == DescribedNetwork(network, "Zwei", "", SizePolicy())


@pytest.mark.parametrize("kind", [kind for kind in all_kinds() if kind != INPUT_ID])
def test_every_kind_comes_back_with_every_example_of_its_settings(kind):
    network = stack([], make_layer("input"))
    for setting in all_kinds()[kind].settings:
        for value in setting.constraint.examples():
            try:
                layer = make_layer(kind, {setting.name: value})
            except SettingError:
                continue
            network = network.append(layer)
    network = network.append(make_layer(kind))
    assert round_trip(network) == network


def test_branches_weights_and_switches_come_back():
    network = (
        stack([("a", make_layer("conv2d")), ("b", make_layer("relu"))], make_layer("input"))
        .insert_after("b", make_layer("add"), "sum")
        .connect("a", "sum")
        .append(make_layer("relu"), "loose")
        .disconnect("loose", 0)
        .with_weights("a", Weights(Seeded(3, "glorot")).edited("kernel", (0, 0, 1, 1), 0.25))
        .bypass("b")
    )
    assert round_trip(network) == network
    assert network.node("loose").inputs == ()


def test_imported_weights_have_no_room_in_a_plain_network():
    imported = Imported((("kernel", StoredArray(np.zeros((1, 1, 1, 1)))),), "edges.npz")
    network = stack([("a", make_layer("conv2d"))], make_layer("input"))
    with pytest.raises(ProjectFileError, match="holds no imported weights, and a has some"):
        network_to_json(network.with_weights("a", Weights(imported)))


# Kinds of other versions


def test_an_unknown_kind_is_kept_shown_and_written_again_as_it_was():
    layer = {
        "kind": "attention",
        "id": "attention_1",
        "version": 3,
        "settings": {"heads": 4, "scale": 0.1, "mask": None, "names": ["ä", {"deep": [1]}]},
    }
    after = {"kind": "relu", "id": "relu_1"}
    network = network_of({"kind": "conv2d"}, layer, after)
    node = network.node("attention_1")
    assert isinstance(node.layer, UnknownLayer)
    assert (node.layer.kind.id, node.layer.kind.label) == ("attention", "attention")
    assert network_to_json(network)["layers"][1] == layer
    assert round_trip(network) == network
    assert hash(round_trip(network)) == hash(network)

    found = analyze(network, Shape(3, 8, 8))
    assert found["conv2d_1"].computable
    (problem,) = found["attention_1"].problems
    assert problem.message.startswith(
        'This version of Convolens does not know the layer kind "attention".'
    )
    assert found["relu_1"].waiting_for == "attention_1"


def test_unknown_layers_are_compared_by_all_that_they_hold():
    layers = [
        UnknownLayer.of("a", 1, {"x": 1}),
        UnknownLayer.of("b", 1, {"x": 1}),
        UnknownLayer.of("a", 2, {"x": 1}),
        UnknownLayer.of("a", 1, {"x": 2}),
    ]
    assert len({*layers}) == 4
    assert UnknownLayer.of("a", 1, {"x": 1, "y": 2}) == UnknownLayer.of("a", 1, {"y": 2, "x": 1})
    assert UnknownLayer.kind.id == "unknown"


def test_settings_of_an_unknown_layer_cannot_be_changed():
    layer = UnknownLayer.of("attention", 1, {"heads": 4})
    assert layer.replace() is layer
    with pytest.raises(SettingError, match="does not know") as caught:
        layer.replace(heads=8)
    assert caught.value.setting == "heads"
    with pytest.raises(LayerError, match="does not know"):
        layer.output_shape((Shape(1, 2, 3),))


def test_a_newer_version_of_a_known_kind_is_kept_too():
    layer = {"kind": "relu", "id": "relu_1", "version": 99, "settings": {"leak": 0.5}}
    network = network_of(layer)
    assert network_to_json(network)["layers"] == [layer]
    (problem,) = analyze(network, Shape(3, 8, 8))["relu_1"].problems
    assert 'does not know version 99 of the layer kind "relu"' in problem.message


def test_renamed_settings_are_read_by_their_earlier_names(monkeypatch):
    conv = all_kinds()["conv2d"]
    now = KindInfo("conv2d", "Convolution", "Convolution", 2, {"filters": "out_channels"}, 1)
    monkeypatch.setattr(conv, "kind", now)
    (node,) = network_of({"kind": "conv2d", "version": 1, "settings": {"filters": 5}}).nodes[1:]
    assert node.layer == make_layer("conv2d", {"out_channels": 5})
    both = {"kind": "conv2d", "settings": {"filters": 5, "out_channels": 5}}
    assert refusal(both).endswith('"out_channels" is given twice, once by its earlier name.')


# Refusals


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ({"settings": {"kernel_size": 0}}, "Kernel size must be from 1 to 4,096, received 0."),
        ({"settings": {"size": 3}}, "Convolution has no setting 'size'; it has bias,"),
        ({"settings": []}, '"settings" is an object in braces; received [].'),
        ({"inputs": ["conv2d_2"]}, 'it reads "conv2d_2", which does not stand before it.'),
        ({"inputs": ["relu_1"]}, 'it reads "relu_1", which does not stand before it.'),
        ({"inputs": ["ghost"]}, 'it reads "ghost", which is not there.'),
        ({"inputs": "input"}, "\"inputs\" is a list in brackets; received 'input'."),
        ({"inputs": [3]}, "an input is text; received 3."),
        ({"bypassed": 1}, '"bypassed" is true or false; received 1.'),
        ({"version": 0}, '"version" is a whole number from 1 to 1,000,000; received 0.'),
        ({"weights": {}}, "The file's weights must be an object of source, edits; received {}."),
    ],
)
def test_a_bad_layer_is_refused_with_its_place(layer, words):
    text = refusal({"kind": "conv2d"}, {"kind": "conv2d", **layer}, {"kind": "relu"})
    assert text.startswith(f'layer 2, "conv2d_2": {words}')


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        ("conv2d", "a layer is an object in braces; received 'conv2d'."),
        ({}, 'it has no "kind", such as "conv2d".'),
        ({"kind": 3}, '"kind" is text; received 3.'),
        ({"kind": "a kind"}, "\"kind\" is up to 64 letters, digits and _.-; received 'a kind'."),
        ({"kind": "input"}, "the picture is there without being listed."),
        ({"kind": "relu", "setings": {}}, "a layer has no 'setings'; it has kind, id, settings,"),
        ({"kind": "relu", "id": 1}, '"id" is text; received 1.'),
    ],
)
def test_what_is_no_layer_is_refused_with_its_place(layer, words):
    assert refusal({"kind": "relu"}, layer).startswith(f"layer 2: {words}")


def test_ids_are_checked():
    assert "same id" in refusal({"kind": "relu", "id": "a"}, {"kind": "relu", "id": "a"})
    assert "same id" in refusal({"kind": "relu", "id": "input"})
    assert "cannot be a layer's id" in refusal({"kind": "relu", "id": "two words"})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ([], "the file's content is an object in braces; received []."),
        ({}, 'its "format" must be "convolens-network"; it names none.'),
        ({"format": "other"}, "must be \"convolens-network\"; received 'other'."),
        ({"format": "convolens-network"}, '"version" must be a whole number, now 1; received None'),
        ({**HEAD, "version": True}, '"version" must be a whole number'),
        ({**HEAD, "version": 2}, "of version 2, written by a newer Convolens; this one reads"),
        (HEAD, '"layers" is a list in brackets; received None.'),
        ({**HEAD, "layers": [], "nodes": []}, "a network's file has no 'nodes'; it has name,"),
        ({**HEAD, "layers": [], "name": 1}, '"name" is text; received 1.'),
        ({**HEAD, "layers": [], "input": {"mode": "crop"}}, '"input": the size policy lacks'),
        (
            {**HEAD, "layers": [], "input": {"mode": "crop", "height": 0, "width": 1}},
            '"input": The size policy\'s height is from 1 to',
        ),
    ],
)
def test_a_bad_file_is_refused(data, words):
    with pytest.raises(ProjectFileError) as caught:
        network_from_json(data)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is not JSON at line 1, column 1: expecting value."),
        ('{"a": 1,\n "b"}', "it is not JSON at line 2, column 5: expecting ':' delimiter."),
        ('{"a": 1, "a": 2}', "the key 'a' stands twice in one object."),
        ('{"a": NaN}', "NaN is no number that JSON knows"),
        ('{"a": [-Infinity]}', "-Infinity is no number that JSON knows"),
        ('{"a": 1e999}', "the number 1e999 is too long or too large."),
        (f'{{"a": {"9" * 5000}}}', "is too long."),
        (f'{{"a": 0.{"9" * 5000}}}', "is too long or too large."),
        ("[" * 40 + "]" * 40, "nested more than 32 deep."),
        ("[" * 200_000 + "]" * 200_000, "nested more than 32 deep."),
        ('{"a": "\\ud800"}', "holds half a character."),
        ('{"\\udc00": 1}', "holds half a character."),
        ("[" + "0," * 1_000_000 + "0]", "it holds more than 1,000,000 values."),
        (b'{"a": "\xff"}', "it is not text in UTF-8: byte 7 cannot be."),
        (b" " * 16_000_001, "it has 16,000,001 bytes of JSON; at most 16,000,000 are read."),
    ],
    ids=range(15),
)
def test_json_beyond_its_limits_is_refused(text, words):
    assert words in text_refusal(text)


def test_too_many_layers_and_inputs_are_refused():
    assert "it has 5,001 layers" in refusal(*[{"kind": "relu"}] * 5001)
    many = {"kind": "add", "inputs": ["input"] * 1001}
    assert "it has 1,001 inputs" in refusal(many)


# Versions


def test_migrations_bring_every_earlier_version_to_the_newest():
    migrations = (
        lambda record: {"b": record.pop("a"), **record},
        lambda record: {**record, "c": record["b"] + 1},
    )
    for data in ({"version": 1, "a": 5}, {"version": 2, "b": 5}, {"version": 3, "b": 5, "c": 6}):
        assert unstamped("f", migrations, {"format": "f", **data}) == {"b": 5, "c": 6}
    with pytest.raises(ProjectFileError, match="of version 4, written by a newer Convolens"):
        unstamped("f", migrations, {"format": "f", "version": 4})


# Nothing but a refusal comes of any data


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
KEYS = ["kind", "id", "settings", "inputs", "weights", "bypassed", "version", "kernel_size"]


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), JSON | st.sampled_from(["conv2d", "x"]))))
def test_any_layers_are_read_or_refused(layers):
    with contextlib.suppress(ProjectFileError):
        read(*layers)


@given(st.text() | st.binary())
def test_any_text_is_read_or_refused(text):
    data = text if isinstance(text, bytes) else text.encode(errors="surrogatepass")
    with pytest.raises(ProjectFileError):
        parse_network(data)
