"""Layers in other words: the code computes what is claimed, and what is said of it is true."""

import ast
import importlib
import json
import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.dialects import READ_AS, read_as, spell
from engine.problems import LayerError
from engine.reading import WindowAxis
from engine.registry import all_kinds, make_layer
from engine.saving.unknown_layer import UnknownLayer
from engine.shapes import Shape
from engine.spelling import DIALECTS, in_lines
from engine.workspace import Workspace
from tests.vectors.recording import FOLDER

KINDS = [kind for kind in all_kinds() if kind != "input"]
TOLERANCE = 1e-4
"""Of the largest value of the maps."""


class Recorded:
    """One case of `tests.vectors.record_spellings`."""

    def __init__(self, file, number, case):
        kind = file.stem
        with np.load(file, allow_pickle=False) as arrays:
            mine = {
                name.removeprefix(f"{number}."): arrays[name].astype(np.float32)
                for name in arrays.files
                if name.startswith(f"{number}.")
            }
        self.case = case
        self.layer = all_kinds()[kind].from_settings(case["settings"])
        self.inputs = tuple(mine[name] for name in sorted(mine) if name.startswith("input"))
        self.shapes = tuple(Shape(*array.shape) for array in self.inputs)
        self.outputs = {dialect: mine.get(dialect) for dialect in DIALECTS}
        self.weights = {
            name.removeprefix("weights."): array
            for name, array in mine.items()
            if name.startswith("weights.")
        }

    def computed(self):
        out = np.empty(self.layer.output_shape(self.shapes), np.float32)
        self.layer.forward(self.inputs, self.weights, out, Workspace())
        return out


def recorded_cases():
    for file in sorted((FOLDER / "spellings").glob("*.npz")):
        with np.load(file, allow_pickle=False) as arrays:
            cases = json.loads(str(arrays["cases"]))
        for number, case in enumerate(cases):
            yield pytest.param(file, number, case, id=f"{file.stem}-{number}")


def agree(one, other):
    limit = TOLERANCE * float(abs(one).max()) + 1e-6
    return one.shape == other.shape and np.allclose(one, other, rtol=0, atol=limit)


@pytest.mark.parametrize(("file", "number", "case"), list(recorded_cases()))
def test_the_code_computes_what_it_is_claimed_to(file, number, case):
    recorded = Recorded(file, number, case)
    ours = recorded.computed()
    for dialect in DIALECTS:
        spelling = spell(recorded.layer, dialect, recorded.shapes)
        # What was carried out is what is shown; after a change, record again.
        assert spelling.code == case["codes"][dialect]
        assert spelling.exact == case["exact"][dialect]
        theirs = recorded.outputs[dialect]
        if theirs is None:
            assert not spelling.exact
        else:
            assert agree(ours, theirs) == spelling.exact, (dialect, spelling.code)


def test_every_kind_was_recorded():
    assert {file.stem for file in (FOLDER / "spellings").glob("*.npz")} == set(KINDS)


def draw_layer(kind, data):
    settings, shapes = data.draw(importlib.import_module(f"tests.naive.{kind}").cases())
    layer, shapes = make_layer(kind, settings), tuple(Shape(*shape) for shape in shapes)
    try:
        layer.output_shape(shapes)
    except LayerError:
        assume(False)
    return layer, shapes


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_every_layer_has_code_or_a_reason(kind, data):
    layer, shapes = draw_layer(kind, data)
    for dialect in DIALECTS:
        spelling = spell(layer, dialect, shapes)
        if spelling.code:
            compile(spelling.code, dialect, "eval")
        if not spelling.exact:
            assert spelling.notes
        for note in spelling.notes:
            assert note[-1] == "."


@pytest.mark.parametrize(("file", "number", "case"), list(recorded_cases()))
def test_code_in_lines_is_the_same_code(file, number, case):
    for code in filter(None, case["codes"].values()):
        for width in (24, 40):
            lines = in_lines(code, width)
            assert ast.dump(ast.parse(lines, mode="eval")) == ast.dump(ast.parse(code, mode="eval"))
            assert lines == code or len(code) > width


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_reading_words_in_a_dialect_says_what_comes_of_it(kind, data):
    layer, shapes = draw_layer(kind, data)
    for dialect in READ_AS:
        reading = read_as(layer, dialect, shapes)
        assert all(sentence[-1] == "." for sentence in reading.consequences)
        if reading.layer == layer:
            (sentence,) = reading.consequences
            if "the same words mean the same" in sentence and dialect in DIALECTS:
                spelling = spell(layer, dialect, shapes)
                assert spelling.code
                assert spelling.exact
            continue
        said = " ".join(reading.consequences)
        before = layer.output_shape(shapes)
        if not fits(reading.layer, shapes):
            continue
        assert read_as(reading.layer, dialect, shapes).layer == reading.layer
        after = reading.layer.output_shape(shapes)
        expected = f"The size stays {before}." if before == after else f"instead of {before}."
        assert expected in said
        for noun in ("rows", "columns"):
            found = re.search(rf"Along the {noun}, windows begin (\d+) pixels? (\w+)", said)
            axes = [getattr(made.reading(shapes)[0], noun) for made in (layer, reading.layer)]
            if all(isinstance(axis, WindowAxis) for axis in axes):
                moved = axes[1].before - axes[0].before
                if axes[0].stride == axes[1].stride and moved:
                    assert (int(found[1]), found[2]) == (
                        abs(moved), "earlier" if moved > 0 else "later",
                    )  # fmt: skip
                else:
                    assert found is None


def fits(layer, shapes):
    try:
        layer.output_shape(shapes)
    except LayerError:
        return False
    return True


@given(
    length=st.integers(3, 30), kernel=st.integers(1, 7), stride=st.integers(2, 4),
    dilation=st.integers(1, 2), rule=st.sampled_from(["same", "same_lower"]),
)  # fmt: skip
def test_the_note_on_padding_of_equal_sides_is_true(length, kernel, stride, dilation, rule):
    settings = {"kernel_size": kernel, "stride": stride, "dilation": dilation}
    layer = make_layer("conv2d", {**settings, "padding": rule})
    shapes = (Shape(1, length, length),)
    note = spell(layer, "torch", shapes).notes[0]
    padding = int(re.search(r"padding=(\d+)", note)[1])
    assert padding == dilation * (kernel - 1) // 2
    numbers = layer.replace(padding=padding)
    if not fits(numbers, shapes):
        return
    moved = padding - layer.padding_applied(shapes).top
    if numbers.output_shape(shapes) != layer.output_shape(shapes):
        size = numbers.output_shape(shapes)
        assert f"gives {size.height} × {size.width} instead" in note
    elif moved:
        plural = "" if abs(moved) == 1 else "s"
        assert f"{abs(moved)} pixel{plural} {'earlier' if moved > 0 else 'later'}." in note
    else:
        assert "the same windows here" in note


# Cases that people meet


def notes(kind, settings, dialect, shape):
    return " ".join(spell(make_layer(kind, settings), dialect, (shape,)).notes)


def code(kind, settings, dialect, shape):
    return spell(make_layer(kind, settings), dialect, (shape,)).code


def test_same_with_a_stride_in_pytorch():
    conv = {"out_channels": 16, "stride": 2, "padding": "same"}
    assert code("conv2d", conv, "torch", Shape(3, 28, 28)) == (
        "nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(3, 16, 3, stride=2))"
    )
    assert notes("conv2d", conv, "torch", Shape(3, 28, 28)) == (
        "PyTorch has no “same” with a stride: padding=1 gives the same size, with windows 1 pixel "
        "earlier."
    )
    assert code("conv2d", conv, "torch", Shape(3, 27, 27)) == (
        "nn.Conv2d(3, 16, 3, stride=2, padding=1)"
    )
    assert code("conv2d", conv, "keras", Shape(3, 28, 28)) == (
        'layers.Conv2D(16, 3, strides=2, padding="same")'
    )
    assert code("conv2d", conv, "onnx", Shape(3, 28, 28)) == (
        'Conv(x, kernel, bias, strides=[2, 2], auto_pad="SAME_UPPER")'
    )


def test_padding_of_numbers_in_keras():
    conv = {"out_channels": 16, "stride": 2, "padding": 1}
    assert code("conv2d", conv, "keras", Shape(3, 28, 28)) == (
        "keras.Sequential([layers.ZeroPadding2D(((1, 0), (1, 0))), "
        "layers.Conv2D(16, 3, strides=2)])"
    )
    assert "with windows 1 pixel later" in notes("conv2d", conv, "keras", Shape(3, 28, 28))
    # One row more, and Keras' own word does the same.
    assert code("conv2d", conv, "keras", Shape(3, 27, 27)) == (
        'layers.Conv2D(16, 3, strides=2, padding="same")'
    )


def test_what_an_average_divides_by():
    pool = {"kernel_size": 3, "stride": 2, "padding": 1}
    assert "count_include_pad=False" in code("average_pool2d", pool, "torch", Shape(3, 28, 28))
    assert "divides by all cells" in notes("average_pool2d", pool, "torch", Shape(3, 28, 28))
    reading = read_as(make_layer("average_pool2d", pool), "torch", (Shape(3, 28, 28),))
    assert reading.layer.count_include_pad
    assert reading.consequences[-1] == "The size stays 14 × 14 × 3."


def test_caffe_rounds_up():
    pool = make_layer("max_pool2d", {"kernel_size": 3, "stride": 2})
    assert "Caffe rounds up: there it would be 56 × 56." in notes(
        "max_pool2d", {"kernel_size": 3, "stride": 2}, "torch", Shape(3, 112, 112)
    )
    reading = read_as(pool, "caffe", (Shape(3, 112, 112),))
    assert reading.layer.ceil_mode
    assert reading.consequences[-1] == "The size becomes 56 × 56 × 3 instead of 55 × 55 × 3."
    same = read_as(make_layer("relu"), "caffe", (Shape(3, 4, 4),))
    assert same.consequences == ("In Caffe the same words mean the same.",)


def test_reading_same_as_pytorch_moves_the_windows():
    conv = make_layer("conv2d", {"stride": 2, "padding": "same"})
    reading = read_as(conv, "torch", (Shape(3, 28, 28),))
    assert reading.layer == conv.replace(padding=1)
    assert reading.consequences == (
        "Padding same → 1.",
        "PyTorch has no “same” with a stride: padding=1 gives the same size, with windows 1 pixel "
        "earlier.",
        "The size stays 14 × 14 × 8.",
        "Along the rows, windows begin 1 pixel earlier.",
        "Along the columns, windows begin 1 pixel earlier.",
    )


@pytest.mark.parametrize(
    ("kind", "settings", "dialect", "expected"),
    [
        ("batch_norm2d", {}, "keras", {"epsilon": 0.001}),
        ("batch_norm2d", {"epsilon": 0.02}, "keras", {"epsilon": 0.02}),
        ("leaky_relu", {"negative_slope": 0.3}, "torch", {"negative_slope": 0.01}),
        ("hard_sigmoid", {}, "onnx", {"alpha": 0.2}),
        ("flatten", {}, "keras", {"order": "channels_last"}),
        (
            "upsample2d",
            {"scale_factor": 1.5},
            "torch",
            {"coordinates": "asymmetric", "rounding": "floor"},
        ),
        ("upsample2d", {"mode": "bilinear", "scale_factor": 1.1}, "keras", {"size": (9, 9)}),
        (
            "upsample2d",
            {"mode": "bilinear", "scale_factor": (2.5, 1.1)},
            "torch",
            {"scale_factor": (2.5, 1.0)},
        ),
        ("upsample2d", {"mode": "bicubic"}, "keras", {"cubic_coefficient": -0.5}),
        ("depth_to_space", {}, "torch", {"mode": "CRD"}),
        ("conv_transpose2d", {"kernel_size": 3}, "torch", {"padding": (1, 1, 1, 1)}),
        ("conv_transpose2d", {"padding": 1}, "keras", {"padding": "same"}),
        # ONNX Runtime 1.32 makes 26 of 9 rows, and 27 of them with output padding.
        ("conv_transpose2d", {"kernel_size": 2, "stride": 3}, "onnx", {"padding": (0, 0, 0, 0)}),
        (
            "conv_transpose2d",
            {"kernel_size": 3, "stride": 3, "output_padding": 1},
            "onnx",
            {"padding": (0, 0, 1, 1)},
        ),
        ("conv2d", {"padding": 1, "padding_mode": "reflect"}, "onnx", {"padding_mode": "zeros"}),
        ("prelu", {}, "torch", {"shared": True}),
        ("instance_norm2d", {}, "onnx", {"affine": True}),
        ("max_pool2d", {"ceil_mode": True}, "keras", {"ceil_mode": False}),
    ],
)
def test_words_that_mean_something_else(kind, settings, dialect, expected):
    layer = make_layer(kind, settings)
    meant = read_as(layer, dialect, (Shape(4, 9, 9),)).layer
    assert {name: getattr(meant, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("kind", "settings", "dialect", "expected"),
    [
        ("conv2d", {"padding": (0, 0, 1, 1)}, "torch", "PyTorch takes one number for both sides"),
        ("max_pool2d", {"padding": (0, 0, 1, 1)}, "torch", "PyTorch takes one number"),
        ("max_pool2d", {"padding": 1, "dilation": 2}, "keras", "Keras' max pooling has no dil"),
        ("max_pool2d", {"stride": 3, "padding": "same"}, "onnx", "Where “same” windows leave"),
        ("local_response_norm", {"size": 4}, "onnx", "Of an even size ONNX takes the odd"),
        ("local_response_norm", {}, "keras", "Keras has no such layer"),
        ("conv2d", {"flip_kernel": True}, "torch", "The kernel is not flipped there"),
        ("conv2d", {"flip_kernel": True}, "caffe", "The kernel is not flipped there"),
        ("conv2d", {"padding": "same"}, "caffe", "Caffe has no padding “same”"),
        ("conv2d", {"padding": "same_lower"}, "caffe", "Caffe has no padding “same_lower”"),
        ("conv2d", {"padding": (0, 0, 1, 1)}, "caffe", "Caffe takes one number for both sides"),
        ("conv2d", {"padding": 1, "padding_mode": "reflect"}, "caffe", "Caffe pads with zeros"),
        ("conv_transpose2d", {}, "caffe", "Caffe has no padding “same”"),
        ("conv_transpose2d", {"padding": 1, "output_padding": 1}, "caffe", "Caffe has no output"),
        ("batch_norm2d", {}, "caffe", "Caffe's BatchNorm does not scale and shift"),
        ("upsample2d", {}, "caffe", "Caffe has no such layer."),
        ("gelu", {}, "caffe", "Caffe has no such layer."),
        ("adaptive_average_pool2d", {"output_size": 2}, "caffe", "Caffe has no such layer."),
        ("layer_norm", {}, "caffe", "Caffe has no such layer."),
        ("instance_norm2d", {}, "caffe", "Caffe has no such layer."),
    ],
)
def test_words_that_no_settings_here_could_say(kind, settings, dialect, expected):
    layer = make_layer(kind, settings)
    reading = read_as(layer, dialect, (Shape(4, 9, 9),))
    assert reading.layer == layer
    assert reading.consequences[0].startswith(expected)


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_resampling_that_comes_to_the_same_is_not_read_otherwise(mode, dialect):
    layer = make_layer("upsample2d", {"mode": mode})
    shapes = (Shape(3, 9, 9),)
    assert spell(layer, dialect, shapes).exact
    assert read_as(layer, dialect, shapes).layer == layer


def test_settings_that_an_interpolation_does_not_read_are_not_spoken_of():
    settings = {"mode": "bilinear", "coordinates": "asymmetric"}
    layer = make_layer("upsample2d", settings)
    read = read_as(layer, "onnx", (Shape(3, 9, 9),)).layer
    assert read == layer.replace(coordinates="half_pixel")


def test_what_cannot_be_spelled_says_why():
    unknown = UnknownLayer.of("later", 1, {})
    assert unknown.spellings(()) == {}
    spelling = spell(make_layer("local_response_norm"), "keras", (Shape(4, 9, 9),))
    assert (spelling.code, spelling.exact) == ("", False)
    assert "Keras has no such layer" in spelling.notes[0]
    flipped = spell(make_layer("conv2d", {"flip_kernel": True}), "torch", (Shape(4, 9, 9),))
    assert not flipped.exact
    assert "turned by 180°" in flipped.notes[0]
    with pytest.raises(KeyError):
        spell(make_layer("relu"), "fortran", (Shape(4, 9, 9),))


@pytest.mark.parametrize(
    ("coordinates", "rounding", "length", "to", "agrees"),
    [
        # In PyTorch 2.13, output 81 of 162 is cell 10 of 22, and output 49 of 99 is cell 13 of 28.
        ("asymmetric", "floor", 22, 162, False),
        ("half_pixel", "round_prefer_ceil", 28, 99, False),
        ("asymmetric", "floor", 22, 160, True),
    ],
)
def test_pytorchs_single_precision_is_said_where_it_takes_other_cells(
    coordinates, rounding, length, to, agrees
):
    where = {"coordinates": coordinates, "rounding": rounding}
    layer = make_layer("upsample2d", {"mode": "nearest", "size": (length, to), **where})
    spelling = spell(layer, "torch", (Shape(1, length, length),))
    assert spelling.exact == agrees
    assert ("single precision" in " ".join(spelling.notes)) != agrees
