"""The plain data for other programs: its form is fixed, and what is unknown is never a number."""

import csv
import io
import json
from pathlib import Path

import pytest
from PIL import Image

from engine.formats.analysis_json import analysis_record
from engine.formats.analysis_table import CSV_COLUMNS, analysis_csv, analysis_table, summary_text
from engine.formats.json_text import LINE_LENGTH, json_text
from engine.formats.kinds_json import kinds_record
from engine.formats.kinds_table import kinds_text
from engine.network import Network, Node, stack
from engine.pictures.images import Picture
from engine.pictures.size_policy import SizePolicy
from engine.project import Project, analyze_project
from engine.registry import all_kinds, make_layer
from engine.saving.unknown_layer import UnknownLayer
from engine.settings import settings_of
from engine.shapes import Shape
from engine.weighting.weight_sources import Imported
from engine.weighting.weights import Weights
from tests.engine.picture_files import encoded, smooth

GOLDEN = Path(__file__).parent / "golden_analysis.json"


def png(height, width):
    return encoded(Image.fromarray(smooth(height, width)), "PNG")


def network(*layers):
    return stack(
        [(f"{kind}_{n}", make_layer(kind, settings)) for n, (kind, settings) in enumerate(layers)],
        make_layer("input"),
    )


def small_network():
    """One layer of every state: known, with unread input, with a problem, and waiting."""
    return network(
        ("conv2d", {"out_channels": 4, "stride": (2, 1), "padding": "same"}),
        ("max_pool2d", {}),
        ("conv2d", {"kernel_size": (9, 3)}),
        ("relu", {}),
    )


def records(project):
    analysis = analyze_project(project)
    record = analysis_record(project, analysis)
    return record, {layer["id"]: layer for layer in record["layers"]}


def test_golden():
    """The file is the contract with other programs: read it before changing it."""
    record, _ = records(Project(small_network(), Shape(3, 29, 27)))
    assert json_text(record) == GOLDEN.read_text(encoding="utf-8")


def test_record_is_plain_and_survives_json():
    record, _ = records(Project(small_network(), Shape(3, 29, 27)))
    assert json.loads(json_text(record)) == record


def test_unknown_is_null_with_a_reason():
    record, layers = records(Project(small_network(), Shape(3, 29, 27)))
    for node_id in ("conv2d_2", "relu_3"):
        layer = layers[node_id]
        for name in ("height", "width", "channels", "parameters", "statistics", "macs", "bytes"):
            assert layer[name] is None
        assert layer["receptive_field"]["height"] is None
        assert layer["reason"] == layer["receptive_field"]["reason"]
        assert not layer["computable"]
    assert layers["conv2d_2"]["reason"] == layers["conv2d_2"]["problems"][0]["message"]
    assert layers["relu_3"]["waiting_for"] == "conv2d_2"
    assert record["totals"]["parameters"] is None
    assert record["totals"]["reason"] == "The size of 2 layers is not known."


def test_sizes_of_the_notes():
    _, layers = records(Project(network(("conv2d", {"out_channels": 32})), Shape(3, 28, 28)))
    conv = layers["conv2d_0"]
    assert (conv["height"], conv["width"], conv["channels"]) == (26, 26, 32)
    assert conv["parameters"] == 32 * (75 - 48 + 1)
    assert conv["bytes"] == 4 * 26 * 26 * 32


def test_vector_is_one_by_one():
    _, layers = records(Project(network(("flatten", {})), Shape(2, 3, 4)))
    flat = layers["flatten_0"]
    assert (flat["height"], flat["width"], flat["channels"]) == (1, 1, 24)


def test_undefined_stride_has_a_reason():
    _, layers = records(Project(network(("global_average_pool2d", {})), Shape(2, 9, 8)))
    field = layers["global_average_pool2d_0"]["receptive_field"]
    assert (field["height"], field["width"], field["stride"]) == (9, 8, None)
    assert field["reason"]


def test_repairs_by_insertion_and_by_resetting_weights_are_told():
    project = Project(network(("relu", {}), ("dense", {})), Shape(3, 5, 4))
    _, layers = records(project)
    inserts = [
        repair["insert"]
        for layer in layers.values()
        for problem in layer["problems"]
        for repair in problem["repairs"]
    ]
    assert "flatten" in inserts
    wrong = Weights(Imported((), "empty.npz"))
    mismatched = Project(network(("conv2d", {})).with_weights("conv2d_0", wrong), Shape(3, 5, 4))
    _, layers = records(mismatched)
    problem = layers["conv2d_0"]["problems"][0]
    assert (problem["setting"], problem["repairs"][0]["reset_weights"]) == ("weights", True)
    # The size is known all the same.
    assert layers["conv2d_0"]["height"] == 3
    assert layers["conv2d_0"]["reason"] is None


def test_input_of_a_picture():
    picture = Picture("häuser.png", png(40, 60))
    record, layers = records(Project(network(), picture, SizePolicy("crop", 20, 24)))
    assert record["input"] == {
        "file": "häuser.png",
        "original": {"height": 40, "width": 60},
        "used": {"height": 20, "width": 24, "channels": 3},
        "policy": {"mode": "crop", "height": 20, "width": 24, "crop": None},
        "warnings": [],
    }
    assert (layers["input"]["height"], layers["input"]["width"]) == (20, 24)


def test_picture_that_cannot_be_read():
    record, layers = records(Project(network(("relu", {})), Picture("a.png", b"no picture")))
    assert record["input"]["used"] == {"height": None, "width": None, "channels": None}
    assert "a.png" in layers["input"]["problems"][0]["message"]


def test_layer_of_an_unknown_kind_keeps_its_settings():
    layer = UnknownLayer.of("fold3d", 2, {"depth": [1, {"a": None}]})
    strange = Network((*network().nodes, Node("strange", layer, ("input",))))
    _, layers = records(Project(strange, Shape(3, 5, 5)))
    assert layers["strange"]["kind"] == "fold3d"
    assert layers["strange"]["settings"] == {"depth": [1, {"a": None}]}


@pytest.mark.parametrize("kind", [kind for kind in all_kinds() if kind != "input"])
def test_every_kind_gives_plain_data(kind):
    """A numpy number, NaN or a tuple would be refused or come back changed."""
    given = Project(network(("conv2d", {"out_channels": 4}), (kind, {})), Shape(3, 12, 10))
    record, _ = records(given)
    assert json.loads(json_text(record)) == record
    analysis_table(analyze_project(given))


def test_kinds_tell_what_is_declared():
    record = kinds_record()
    assert json.loads(json_text(record)) == record
    assert [kind["id"] for kind in record["kinds"]] == list(all_kinds())
    for told, kind in zip(record["kinds"], all_kinds().values(), strict=True):
        assert told["label"]
        assert told["help"]
        names = [setting["name"] for setting in told["settings"]]
        assert names == [setting.name for setting in settings_of(kind)]
        for setting in told["settings"]:
            assert setting["help"]
            # What is told as the default is accepted as a setting.
            make_layer(told["id"], {setting["name"]: setting["default"]})
    text = kinds_text(record)
    assert all(f"{kind} · " in text for kind in all_kinds())


def test_csv_has_a_row_per_layer_and_leaves_the_unknown_empty():
    project = Project(small_network(), Shape(3, 29, 27))
    rows = list(csv.DictReader(io.StringIO(analysis_csv(analyze_project(project)))))
    assert tuple(rows[0]) == CSV_COLUMNS
    by_id = {row["id"]: row for row in rows}
    assert by_id["max_pool2d_1"]["inputs"] == "conv2d_0"
    assert by_id["max_pool2d_1"]["height"] == "7"
    assert by_id["max_pool2d_1"]["receptive_field_stride_vertical"] == "4"
    assert by_id["max_pool2d_1"]["receptive_field_padding_top"] == "1"
    assert by_id["max_pool2d_1"]["padding_top"] == "0"
    assert by_id["relu_3"]["height"] == ""
    assert "9 × 3 window" in by_id["conv2d_2"]["problems"]


def test_table_says_sizes_unread_input_and_repairs():
    text = analysis_table(analyze_project(Project(small_network(), Shape(3, 29, 27))))
    assert "7 × 13 × 4" in text
    assert "max_pool2d_1: 1 row (14) and 1 column (26) of its input" in text
    assert "Problem in conv2d_2: A 9 × 3 window does not fit" in text
    assert "What helps: padding" in text
    assert "waits for conv2d_2" in text


def test_summary_names_the_picture_and_what_was_done_to_it():
    project = Project(network(), Picture("a.png", png(40, 60)), SizePolicy("crop", 20, 24))
    analysis = analyze_project(project)
    text = summary_text(analysis_record(project, analysis), analysis)
    assert text.startswith("Convolens: a.png\n40 × 60 pixels (height × width), used as 20 × 24 × 3")


def test_json_breaks_long_values_only():
    text = json_text({"a": [1, 2], "b": [["x" * 40] * 2, {"c": "y" * 60}]})
    assert text.splitlines()[1] == '  "a": [1, 2],'
    assert all(len(line) <= LINE_LENGTH for line in text.splitlines())
    with pytest.raises(ValueError, match="JSON compliant"):
        json_text({"a": float("nan")})
