"""``analyze --layer``: everything on one layer, in the words and numbers of the side panel."""

import json

import pytest

import main
from engine.advice import denser, exact_size, same_size, smaller
from engine.analysis import analyze
from engine.commands.arguments import parse
from engine.commands.requests import AnalyzeRequest
from engine.dense_cost import dense_cost
from engine.dialects import DIALECTS, READ_AS, read_as, spell
from engine.formats.advice_text import advice_words, macs_words, totals_words
from engine.formats.analysis_json import layer_record
from engine.formats.json_text import plain
from engine.formats.layer_report import layer_report
from engine.formats.layer_report_text import report_text
from engine.network import INPUT_ID, stack
from engine.registry import all_kinds, make_layer
from engine.saving.examples import open_example
from engine.shapes import Shape
from engine.size_explanation import explain_size

PICTURE = Shape(3, 28, 26)
LAYERS = (
    ("conv", make_layer("conv2d", {"stride": 2, "padding": "same"})),
    ("pool", make_layer("max_pool2d", {"kernel_size": 3, "stride": 2})),
    ("late", make_layer("conv2d", {"kernel_size": 99})),
)
NETWORK = stack(LAYERS, make_layer(INPUT_ID))
ANALYSIS = analyze(NETWORK, PICTURE)


@pytest.fixture
def file(tmp_path):
    layers = [
        {"kind": node.layer.kind.id, "id": node.id, "settings": plain(node.layer.settings_dict())}
        for node in NETWORK.nodes[1:]
    ]
    path = tmp_path / "network.json"
    record = {"format": "convolens-network", "version": 1, "layers": layers}
    path.write_text(json.dumps(record), encoding="utf-8")
    return str(path)


def printed(capsys, file, *more):
    status = main.run(["analyze", file, "--input", "28x26x3", *more])
    out = capsys.readouterr()
    assert out.err == ""
    return status, out.out


def test_the_record_holds_what_the_engine_says(capsys, file):
    status, text = printed(
        capsys, file, "--layer", "conv", "--output-size", "9x13", "--format", "json"
    )
    assert status == 0
    record, layer = json.loads(text), ANALYSIS["conv"]
    assert {name: record[name] for name in layer_record(layer)} == plain(layer_record(layer))
    assert record["dense"]["macs"] == dense_cost(layer).macs
    expected = {
        "denser": denser(NETWORK, ANALYSIS, "conv"),
        "smaller": smaller(NETWORK, ANALYSIS, "conv"),
        "same": same_size(NETWORK, ANALYSIS, "conv"),
        "exact": exact_size(NETWORK, ANALYSIS, "conv", 9, 13),
    }
    assert record["advice"].keys() == expected.keys()
    for goal, advice in expected.items():
        assert advice
        for told, found in zip(record["advice"][goal], advice, strict=True):
            assert (told["text"], told["macs"], told["total_macs"]) == (
                found.text, found.macs, found.total_macs,
            )  # fmt: skip
            assert Shape(told["channels"], told["height"], told["width"]) == found.shape
            assert told["sentence"] == advice_words(found, layer).line
    assert record["dialects"].keys() == READ_AS.keys()
    for dialect, told in record["dialects"].items():
        reading = read_as(layer.node.layer, dialect, layer.input_shapes)
        assert told["consequences"] == list(reading.consequences)
        assert layer.node.layer.replace(**told["settings"]) == reading.layer
        if dialect in DIALECTS:
            assert told["code"] == spell(layer.node.layer, dialect, layer.input_shapes).code
    assert record["dialects"]["torch"]["settings"] == {"padding": [1, 1, 1, 1]}


def test_the_text_says_all_of_it(capsys, file):
    status, text = printed(capsys, file, "--layer", "conv", "--output-size", "9x13")
    assert status == 0
    layer = ANALYSIS["conv"]
    assert text.startswith("conv: Convolution, ")
    for sentence in (*explain_size(layer).sentences, dense_cost(layer).sentence):
        assert sentence in text
    for goal in (denser, smaller, same_size):
        for found in goal(NETWORK, ANALYSIS, "conv"):
            assert advice_words(found, layer).line in text
    assert "Make the output exactly 9 × 13\n" in text
    assert 'layers.Conv2D(8, 3, strides=2, padding="same")' in text
    assert "The same settings, read as PyTorch:" in text
    assert text.count("padding=1 gives the same size, with windows 1 pixel earlier.") == 1
    assert "Caffe" not in text
    assert "Caffe rounds up." in printed(capsys, file, "--layer", "pool")[1]


def test_what_has_no_size_is_told_with_its_problem(capsys, file):
    status, text = printed(capsys, file, "--layer", "late")
    assert status == 1
    assert "99 × 99 window" in text
    assert all(repair.text in text for repair in ANALYSIS["late"].problems[0].repairs)
    status, text = printed(capsys, file, "--layer", "late", "--format", "json")
    record = json.loads(text)
    assert (status, record["advice"], record["dialects"], record["dense"]) == (1, {}, {}, None)


def test_the_picture_and_what_is_switched_off_have_no_advice():
    off = NETWORK.bypass("pool")
    for network, name in ((NETWORK, INPUT_ID), (off, "pool")):
        report = layer_report(network, analyze(network, PICTURE), name)
        assert report.size is not None
        assert (report.advice, report.spellings, report.readings, report.dense) == (
            {},
            {},
            {},
            None,
        )
        assert report_text(report).startswith(f"{name}: ")


@pytest.mark.parametrize("kind", sorted(set(all_kinds()) - {INPUT_ID}))
def test_every_kind_is_told(kind):
    network = stack([("layer", make_layer(kind))], make_layer(INPUT_ID))
    shape = Shape(16, 1, 1) if kind == "dense" else Shape(16, 12, 10)
    report = layer_report(network, analyze(network, shape), "layer")
    assert report_text(report).endswith("\n")


def test_requests():
    assert parse(["analyze", "net", "--layer", "a", "--output-size", "7x9"]) == AnalyzeRequest(
        "net", None, "a", (7, 9), "table"
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--layer", "nowhere"], ["nowhere", "conv"]),
        (["--layer", "conv", "--format", "csv"], ["table or json"]),
        (["--output-size", "9x9"], ["--layer"]),
        (["--layer", "conv", "--output-size", "9"], ["HEIGHTxWIDTH"]),
    ],
)
def test_bad_requests_get_one_line(capsys, file, options, words):
    assert main.run(["analyze", file, "--input", "28x26x3", *options]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.count("\n") == 1
    assert all(word in out.err for word in words)


def test_totals_that_are_lost_are_said_so():
    network = open_example("resnet-18").network
    before = analyze(network, Shape(3, 224, 224)).totals
    broken = network.with_layer("conv1", make_layer("conv2d", {"kernel_size": 64, "stride": 64}))
    after = analyze(broken, Shape(3, 224, 224)).totals
    assert after.macs is None
    assert totals_words(before, after) == "Whole network: 1 more problem."
    assert totals_words(before, before) == (
        f"Whole network: {macs_words(1, 1)}, maps 32.5 MiB → 32.5 MiB."
    )
