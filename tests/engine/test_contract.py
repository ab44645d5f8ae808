"""What every layer kind must keep, read off its declaration."""

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from engine.layer import Layer, declared_kinds, layer_kind
from engine.problems import LayerError, SettingError
from engine.registry import all_kinds, make_layer
from engine.saving.unknown_layer import UnknownLayer
from engine.settings import int_setting, number_setting, padding_setting, pair_setting
from engine.shapes import Shape

KINDS = all_kinds()
SETTINGS = [(kind, setting) for kind in KINDS.values() for setting in kind.settings]
LONG = {
    "text": "x" * 5000,
    "list": [1] * 5000,
    "mapping": {1: "x" * 5000},
    "number": -(10**400),
    "number that Python does not write": 10**5000,
}
each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
each_setting = pytest.mark.parametrize(
    ("kind", "setting"), SETTINGS, ids=[f"{k.kind.id}.{s.name}" for k, s in SETTINGS]
)


@each_setting
def test_what_a_setting_may_not_be_is_refused_by_its_name(kind, setting):
    for value in setting.constraint.invalid():
        with pytest.raises(SettingError) as refused:
            kind.from_settings({setting.name: value})
        assert refused.value.setting == setting.name
        sentence = str(refused.value)
        assert sentence.startswith(setting.label)
        assert "received" in sentence
        assert sentence.endswith(".")


@each_setting
def test_what_a_setting_may_be_is_kept(kind, setting):
    for value in setting.constraint.examples():
        layer = kind.from_settings({setting.name: value})
        assert getattr(layer, setting.name) == value
        assert layer.replace(**{setting.name: setting.default}) == kind()


@each_setting
def test_a_setting_says_what_it_is(kind, setting):
    assert setting.label[0].isupper() or setting.label in {"k"}
    assert setting.help[0].isupper()
    assert setting.help.endswith(".")


@each_kind
def test_an_unknown_setting_is_refused_with_those_there_are(kind):
    with pytest.raises(SettingError, match="has no setting 'colour'") as refused:
        kind.from_settings({"colour": 1})
    assert refused.value.setting == "colour"
    assert all(setting.name in str(refused.value) for setting in kind.settings)


@each_kind
def test_a_kind_is_an_immutable_value(kind):
    layer = kind()
    assert (layer, hash(layer)) == (kind(), hash(kind()))
    for setting in kind.settings:
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(layer, setting.name, setting.default)


@each_kind
def test_the_wrong_number_of_inputs_is_refused(kind):
    fewest, most = kind.inputs
    wrong = [count for count in (fewest - 1, most + 1) if count >= 0]
    for count in wrong:
        with pytest.raises(LayerError):
            kind().output_shape(((3, 8, 8),) * count)


def test_an_unknown_kind_is_refused_with_those_there_are():
    with pytest.raises(LayerError, match=r'no layer kind "conv3d"; there are input, .*conv2d'):
        make_layer("conv3d")


def test_a_name_that_is_nearly_right_is_asked_for():
    with pytest.raises(LayerError, match=r'there are .*\. Did you mean "conv2d"\?$'):
        make_layer("Conv2D")
    with pytest.raises(SettingError, match=r'stride\. Did you mean "kernel_size"\?$'):
        make_layer("conv2d", {"kernal_size": 3})
    unknown = UnknownLayer.of("MaxPool2d", 1, {})
    with pytest.raises(LayerError, match=r'"MaxPool2d"\. Did you mean "max_pool2d"\? It is kept'):
        unknown.output_shape((Shape(3, 8, 8),))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"out_channels": np.int64(5)}, {"out_channels": 5}),
        ({"kernel_size": np.uint8(5)}, {"kernel_size": (5, 5)}),
        ({"stride": (np.int32(2), 3.0)}, {"stride": (2, 3)}),
        ({"padding": np.int16(2)}, {"padding": (2, 2, 2, 2)}),
    ],
)
def test_whole_numbers_of_numpy_are_whole_numbers(settings, expected):
    found = make_layer("conv2d", settings).settings_dict()
    assert {name: found[name] for name in expected} == expected
    assert type(found["out_channels"]) is int


def test_real_numbers_of_any_library_are_numbers():
    def checked(kind, setting, value):
        return make_layer(kind, {setting: value}).settings_dict()[setting]

    assert type(checked("leaky_relu", "negative_slope", np.float32(0.5))) is float
    assert checked("leaky_relu", "negative_slope", Fraction(1, 4)) == 0.25
    assert checked("upsample2d", "scale_factor", np.float64(2)) == (2.0, 2.0)
    assert checked("preprocess", "mean", np.float32(0.5)) == (0.5,)


@pytest.mark.parametrize(
    ("kind", "setting"),
    [
        ("conv2d", "kernel_size"),
        ("conv2d", "padding"),
        ("conv2d", "padding_mode"),
        ("conv2d", "bias"),
        ("conv2d", "out_channels"),
        ("leaky_relu", "negative_slope"),
        ("preprocess", "mean"),
    ],
)
@pytest.mark.parametrize("value", LONG.values(), ids=LONG)
def test_a_long_value_is_not_quoted_in_full(kind, setting, value):
    with pytest.raises(SettingError) as refused:
        make_layer(kind, {setting: value})
    assert len(str(refused.value)) < 250


# The decorator keeps declarations honest


def test_a_default_out_of_range_is_refused():
    with pytest.raises(ValueError, match="must be from 1 to 8"):
        int_setting(default=0, minimum=1, maximum=8, label="Size", help="A size.")


@pytest.mark.parametrize(
    ("declare", "limits"),
    [
        (pair_setting, {"minimum": 1, "maximum": 8}),
        (padding_setting, {}),
        (number_setting, {"minimum": 0, "maximum": 8}),
    ],
)
def test_a_default_in_another_form_is_refused(declare, limits):
    with pytest.raises(TypeError, match="is not canonical"):
        declare(default=1, label="Size", help="A size.", **limits)


def test_a_field_that_is_no_setting_is_refused():
    with pytest.raises(TypeError, match="'width' is not declared"):

        @layer_kind("undeclared", label="Undeclared", category="Size")
        class Undeclared(Layer):
            """A kind with a bare field."""

            width: int = 3

    assert "undeclared" not in declared_kinds()


def test_an_id_in_use_is_refused():
    with pytest.raises(TypeError, match="'relu' is declared twice"):

        @layer_kind("relu", label="ReLU", category="Activation")
        class Again(Layer):
            """A kind whose id another has."""


def test_a_kind_without_a_manual_is_refused():
    with pytest.raises(TypeError, match="needs a docstring"):

        @layer_kind("mute", label="Mute", category="Size")
        class Mute(Layer):
            pass


@pytest.mark.parametrize(
    ("kind", "settings", "shape", "words"),
    [
        ("conv2d", {"groups": 2}, (1, 8, 8), "1 channel cannot be split into 2 equal groups."),
        ("group_norm", {"groups": 2}, (1, 8, 8), "1 channel cannot be split into 2 equal groups"),
        ("depth_to_space", {}, (1, 8, 8), "1 channel cannot be laid out in blocks"),
        ("crop2d", {"cropping": 2}, (1, 2, 2), "at most 1 row and 1 column can go."),
        (
            "conv2d",
            {"padding": 3, "padding_mode": "reflect"},
            (1, 2, 1),
            "at most 1 row and 0 columns can be padded.",
        ),
    ],
)
def test_one_is_not_many(kind, settings, shape, words):
    with pytest.raises(LayerError) as refused:
        make_layer(kind, settings).output_shape((Shape(*shape),))
    assert words in str(refused.value)
