"""``explain``: one value's arithmetic, as text and as data; what is wrong in one line."""

import json
import re

import numpy as np
import pytest
from PIL import Image

import main
from engine.api import make_layer, save_project, sequential, with_weights
from engine.commands import explain
from engine.commands.arguments import parse
from engine.commands.requests import ExplainRequest
from engine.commands.sizes import parse_position
from engine.project import Project
from tests.engine.picture_files import encoded, smooth

LAYERS = [
    {"kind": "conv2d", "id": "conv", "settings": {"out_channels": 4, "padding": "same"}},
    {"kind": "max_pool2d", "id": "pool", "settings": {"kernel_size": 3, "padding": 1}},
    {"kind": "relu", "id": "off", "bypassed": True},
    {"kind": "conv2d", "id": "deep", "settings": {"out_channels": 64, "kernel_size": 1}},
    {"kind": "conv2d", "id": "wide", "settings": {"out_channels": 10}},
    {"kind": "flatten", "id": "flat"},
    {"kind": "dense", "id": "dense"},
    {"kind": "softmax", "id": "shares"},
    {"kind": "add", "id": "sum", "inputs": ["conv", "conv"]},
    {"kind": "conv2d", "id": "large", "inputs": ["conv"], "settings": {"kernel_size": 99}},
    {"kind": "relu", "id": "behind", "inputs": ["large"]},
]


@pytest.fixture
def network(tmp_path):
    path = tmp_path / "network.json"
    record = {"format": "convolens-network", "version": 1, "layers": LAYERS}
    path.write_text(json.dumps(record), encoding="utf-8")
    return str(path)


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "ein Bild.png"
    path.write_bytes(encoded(Image.fromarray(smooth(20, 24)), "PNG"))
    return str(path)


def explained(capsys, network, image, layer, at, *more):
    arguments = ["explain", network, "--image", image, "--layer", layer, "--at", at, *more]
    assert main.run(arguments) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def record_of(capsys, *arguments):
    return json.loads(explained(capsys, *arguments, "--format", "json"))


@pytest.mark.parametrize(
    ("layer", "at"),
    [
        ("conv", "0,0,3"), ("conv", "7,9,1"), ("deep", "2,3,63"), ("wide", "1,2,5"),
        ("dense", "0,0,9"), ("sum", "5,5,2"),
    ],
)  # fmt: skip
def test_terms_rest_and_bias_add_up_to_the_value(capsys, network, image, layer, at):
    record = record_of(capsys, network, image, layer, at)
    row, column, channel = map(int, at.split(","))
    assert record["position"] == {"row": row, "column": column, "channel": channel}
    steps = {step["label"]: step["value"] for step in record["steps"]}
    total = sum(term["product"] for term in record["terms"]) + record["rest"]["sum"]
    assert total + steps.get("bias", 0.0) == pytest.approx(record["value"], abs=1e-9)
    assert len(record["terms"]) <= 256
    assert abs(record["value"] - record["map_value"]) <= record["finest"]
    assert record["sentence"].endswith(".")


def test_at_most_256_terms_are_listed_and_the_rest_is_counted(capsys, network, image):
    wide = record_of(capsys, network, image, "wide", "1,2,5")
    assert (len(wide["terms"]), wide["rest"]["count"]) == (256, 64 * 9 - 256)
    dense = record_of(capsys, network, image, "dense", "0,0,3")
    values = record_of(capsys, network, image, "flat", "0,0,0")["equation"]["channels"]
    assert f"= {256 + dense['rest']['count']:,}" in values
    assert [step["label"] for step in dense["steps"]] == ["bias"]


def test_padding_is_marked_and_has_no_number_in_max_pooling(capsys, network, image):
    record = record_of(capsys, network, image, "pool", "0,0,1")
    padding = [term for term in record["terms"] if term["padding"]]
    assert len(padding) == 5
    assert {term["value"] for term in padding} == {None}
    assert {min(term["row"], term["column"]) for term in padding} == {-1}
    real = [term["value"] for term in record["terms"] if not term["padding"]]
    assert record["value"] == max(real)
    assert record["rest"] == {"count": 0, "sum": None}


def test_the_receptive_field_reaches_into_the_padding(capsys, network, image):
    record = record_of(capsys, network, image, "pool", "0,0,1")
    assert record["receptive_field"] == {
        "rows": [-2, 2], "columns": [-2, 2], "height": 5, "width": 5, "cells": 9,
    }  # fmt: skip
    assert record_of(capsys, network, image, "input", "3,4,1")["receptive_field"]["rows"] == [3, 3]


def test_a_picture_and_a_layer_that_is_off_hand_values_on(capsys, network, image):
    pixel = record_of(capsys, network, image, "input", "3,4,1")
    assert pixel["value"] == pytest.approx(smooth(20, 24)[3, 4, 1] / 255)
    off, pool = (record_of(capsys, network, image, name, "2,2,0") for name in ("off", "pool"))
    assert off["value"] == pytest.approx(pool["value"])
    assert (off["operation"], off["inputs"]) == ("copy", ["pool"])


@pytest.fixture
def transposed(tmp_path):
    path = tmp_path / "transposed.json"
    layers = [{"kind": "conv_transpose2d", "id": "up", "settings": {"out_channels": 2}}]
    record = {"format": "convolens-network", "version": 1, "layers": layers}
    path.write_text(json.dumps(record), encoding="utf-8")
    return str(path)


def test_a_transposed_convolution_is_shown_with_zeros_inserted_too(capsys, transposed, image):
    text = explained(capsys, transposed, image, "up", "5,0,1")
    _, same = text.split("The same value in another way:")
    assert "channel 0, row 2 and inserted zeros, column 0 and padding:" in same
    assert "·" in same
    assert "pad" in same
    assert "1 zero between neighboring inputs, kernel turned by 180°" in same
    record = record_of(capsys, transposed, image, "up", "5,0,1")
    other = record["equivalent"]
    total = sum(term["product"] for term in other["terms"]) + other["rest"]["sum"]
    total += sum(step["value"] for step in other["steps"] if step["label"] == "bias")
    assert total == pytest.approx(record["value"], abs=1e-9)
    assert {-2, -1} <= {min(term["row"], term["column"]) for term in other["terms"]}
    assert record_of(capsys, transposed, image, "input", "5,0,1")["equivalent"] is None


def test_text_shows_size_windows_calculation_and_field(capsys, network, image):
    text = explained(capsys, network, image, "wide", "1,2,5")
    record = record_of(capsys, network, image, "wide", "1,2,5")
    assert "row 1, column 2, channel 5 of 5 × 6 × 10" in text
    assert "⌊(7 + 0 − 3) / 1⌋ + 1 = 5" in text
    assert text.count("channel ") == 1 + 3  # the position, and the first three windows
    assert "The windows of the other 61 channels add up to " in text
    assert "64 × 9 = 576 products add up to" in text
    assert "bias" in text
    assert "Receptive field on the picture: " in text
    shown = next(line.split()[-1] for line in text.splitlines() if line.startswith("= result"))
    assert float(shown.replace("−", "-")) == pytest.approx(
        record["value"], abs=record["finest"] * 5
    )


@pytest.mark.parametrize("layer", ["pool", "dense", "shares", "sum", "flat", "off", "input"])
def test_text_of_other_kinds(capsys, network, image, layer):
    text = explained(capsys, network, image, layer, "0,0,1")
    assert "= result" in text
    assert "nan" not in text
    if layer == "pool":
        assert "pad" in text
        assert "largest" in text
    if layer == "dense":
        assert "smaller terms add up to" in text
    if layer == "sum":
        assert "“conv”, channel 1" in text


def test_numbers_with_exponents_do_not_touch(capsys, image, tmp_path):
    network = sequential([make_layer("conv2d", out_channels=1, bias=False)])
    network = with_weights(network, "conv2d_1", {"kernel": np.full((1, 3, 3, 3), -1.234e-5)})
    save_project(Project(network), tmp_path / "small.convolens")
    text = explained(capsys, str(tmp_path / "small.convolens"), image, "conv2d_1", "0,0,0")
    lines = [line for line in text.splitlines() if "−1.234e−05" in line]
    assert len(lines) == 9
    for line in lines:
        assert len(re.split(r"[\s×=]+", line.strip())) == 9


def test_input_size_is_as_in_render(capsys, network, image):
    record = record_of(capsys, network, image, "conv", "0,0,0", "--input-size", "10x12")
    assert record["equation"]["height"].endswith("= 10")
    assert record["equation"]["width"].endswith("= 12")


def test_only_what_the_value_depends_on_is_computed(capsys, network, image, monkeypatch):
    computed = []
    run = explain.Evaluation.run

    def noting(self, network, *arguments, **more):
        computed.extend(node.id for node in network)
        return run(self, network, *arguments, **more)

    monkeypatch.setattr(explain.Evaluation, "run", noting)
    record_of(capsys, network, image, "pool", "0,0,0")
    assert computed == ["input", "conv", "pool"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"--layer": "nowhere"}, ["nowhere", "conv"]),
        ({"--at": "20,0,0"}, ["20 rows, 24 columns and 4 channels", "received row 20"]),
        ({"--at": "0,24,0"}, ["column 24"]),
        ({"--at": "0,0,4"}, ["channel 4"]),
        ({"--at": "0,0"}, ["“0,0”", "ROW,COLUMN,CHANNEL"]),
        ({"--at": "-1,0,0"}, ["ROW,COLUMN,CHANNEL"]),
        ({"--at": "1.5,0,0"}, ["1.5,0,0"]),
        ({"--layer": "large"}, ["large", "99 × 99 window"]),
        ({"--layer": "behind"}, ["large", "99 × 99 window"]),
        ({"--image": "nothing.png"}, ["nothing.png"]),
        ({"--input-size": "9"}, ["HEIGHTxWIDTH"]),
        ({"--format": "xml"}, ["xml"]),
    ],
)
def test_bad_requests_get_one_line(capsys, network, image, changes, words):
    options = {"--image": image, "--layer": "conv", "--at": "0,0,0", **changes}
    arguments = ["explain", network, *(f"{name}={value}" for name, value in options.items())]
    assert main.run(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    for word in words:
        assert word in printed.err


def test_too_large_a_network_is_refused_before_it_is_computed(capsys, network, image, monkeypatch):
    monkeypatch.setattr(explain, "DEFAULT_MEMORY", 1)
    arguments = ["explain", network, "--image", image, "--layer", "conv", "--at", "0,0,0"]
    assert main.run(arguments) == 2
    assert "--input-size" in capsys.readouterr().err


def test_the_request_is_a_plain_value():
    request = parse(["explain", "vgg-16", "--image=a.png", "--layer=conv", "--at= 4, 7 ,2"])
    assert isinstance(request, ExplainRequest)
    assert (request.position, request.format, request.input_size) == ((4, 7, 2), "text", None)
    with pytest.raises(ValueError, match="4;7;2"):
        parse_position("4;7;2")
