"""Sizes predicted from integers, and the pixels that must agree with them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.pictures.pixels import apply_policy
from engine.pictures.size_policy import (
    MAX_SIDE,
    MODE_LABELS,
    SizePolicy,
    output_size,
    place,
    useful_reduction,
)
from engine.problems import ConvolensError, ProjectFileError, SettingError

# After engine.opencv, which engine.pictures.pixels imports and which sets numpy's threads.
# isort: split
import numpy as np

sides = st.integers(1, 80)
crops = st.tuples(st.integers(0, 90), st.integers(0, 90), st.integers(1, 90), st.integers(1, 90))
policies = st.builds(
    SizePolicy, st.sampled_from(list(MODE_LABELS)), sides, sides, st.none() | crops
)


@given(policy=policies, height=sides, width=sides, channels=st.sampled_from([1, 3, 4, 5, 130]))
def test_the_predicted_size_is_the_size_of_the_pixels(policy, height, width, channels):
    pixels = np.zeros((height, width, channels), np.uint8)
    result = apply_policy(pixels, policy)
    assert result.shape == (*output_size(policy, height, width), channels)
    assert result.dtype == pixels.dtype
    assert not result.flags.writeable


@given(policy=policies, height=sides, width=sides)
def test_the_region_lies_inside_and_the_content_in_the_output(policy, height, width):
    (top, left, rows, columns), content, output = place(policy, height, width)
    assert min(top, left) >= 0
    assert min(rows, columns, *content, *output) >= 1
    assert top + rows <= height
    assert left + columns <= width
    assert content[0] <= output[0]
    assert content[1] <= output[1]


@given(side=st.integers(1, 300), height=st.integers(1, 5000), width=st.integers(1, 5000))
def test_limit_keeps_proportions_and_never_enlarges(side, height, width):
    rows, columns = output_size(SizePolicy("limit", side, side), height, width)
    if max(height, width) <= side:
        assert (rows, columns) == (height, width)
    else:
        assert max(rows, columns) == side
        scale = side / max(height, width)
        assert abs(rows - height * scale) <= 0.5 or rows == 1
        assert abs(columns - width * scale) <= 0.5 or columns == 1


@given(policy=policies, height=st.integers(1, 3000), width=st.integers(1, 3000))
def test_a_reduced_copy_keeps_four_times_what_is_needed(policy, height, width):
    scale = useful_reduction(policy, height, width)
    assert scale in (1, 2, 4, 8)
    region, content, output = place(policy, height, width)
    if scale > 1:
        assert region[2] >= 4 * scale * content[0]
        assert region[3] >= 4 * scale * content[1]
    reduced = np.zeros((-(-height // scale), -(-width // scale), 1), np.uint8)
    assert apply_policy(reduced, policy, (height, width)).shape == (*output, 1)


@given(policy=policies)
def test_a_policy_survives_json(policy):
    assert SizePolicy.from_json(json.loads(json.dumps(policy.to_json()))) == policy


@pytest.mark.parametrize(
    ("policy", "size", "expected"),
    [
        (SizePolicy(), (3000, 4000), (192, 256)),
        (SizePolicy(), (256, 256), (256, 256)),
        (SizePolicy(), (1, 10_000), (1, 256)),
        (SizePolicy("as_is", 5, 5), (300, 7), (300, 7)),
        (SizePolicy("letterbox", 224, 224), (10, 20), (224, 224)),
        (SizePolicy("crop", 224, 200), (10, 20), (224, 200)),
        (SizePolicy("stretch", 28, 32), (480, 640), (28, 32)),
    ],
)
def test_sizes_by_hand(policy, size, expected):
    assert output_size(policy, *size) == expected


def test_the_centered_crop_and_a_rectangle_of_ones_own():
    assert place(SizePolicy("crop", 10, 10), 40, 61).region == (0, 10, 40, 40)
    assert place(SizePolicy("crop", 10, 20), 41, 60).region == (5, 0, 30, 60)
    own = SizePolicy("crop", 10, 20, (3, 4, 12, 6))
    assert place(own, 40, 60).region == (3, 4, 12, 6)
    # Moved inside where it would stick out, cut where it is larger than the picture.
    assert place(own, 13, 7).region == (1, 1, 12, 6)
    assert place(own, 5, 5).region == (0, 0, 5, 5)


def test_other_modes_keep_a_crop_and_do_not_read_it():
    with_crop = SizePolicy("stretch", 9, 9, (1, 1, 2, 2))
    assert with_crop.crop == (1, 1, 2, 2)
    assert place(with_crop, 30, 30) == place(SizePolicy("stretch", 9, 9), 30, 30)


@pytest.mark.parametrize(
    ("arguments", "setting", "words"),
    [
        (("zoom",), "mode", "received 'zoom'."),
        (("limit", 0, 5), "height", "from 1 to 8,192 pixels; received 0."),
        (("limit", 5, MAX_SIDE + 1), "width", "received 8193"),
        (("limit", 5.0, 5), "height", "received 5.0"),
        (("limit", True, 5), "height", "received True"),
        (("limit", 5, "5"), "width", "received '5'"),
        (("crop", 5, 5, (0, 0, 0, 5)), "crop", "The size policy's crop height is from 1"),
        (("crop", 5, 5, (0, -1, 5, 5)), "crop", "crop left"),
        (("crop", 5, 5, (0, 0, 5)), "crop", "(top, left, height, width)"),
        (("crop", 5, 5, 7), "crop", "received 7"),
        (("crop", 5, 5, (0, 0, 5, 1.5)), "crop", "received 1.5"),
        (("z" * 999,), "mode", "zzz…."),
    ],
)
def test_values_out_of_range_are_refused_by_name(arguments, setting, words):
    with pytest.raises(SettingError) as caught:
        SizePolicy(*arguments)
    assert caught.value.setting == setting
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "record",
    [
        None,
        [],
        "limit",
        {},
        {"mode": "limit", "height": 5},
        {"mode": "limit", "height": 5, "width": 5, "depth": 5},
    ],
)
def test_records_of_another_form_are_refused(record):
    with pytest.raises(ProjectFileError, match="size policy"):
        SizePolicy.from_json(record)


@pytest.mark.parametrize("change", [{"mode": ["limit"]}, {"height": None}, {"crop": {"top": 1}}])
def test_values_of_another_type_are_refused(change):
    with pytest.raises(ConvolensError):
        SizePolicy.from_json({"mode": "limit", "height": 5, "width": 5, **change})


def test_the_crop_may_be_missing_in_json():
    assert SizePolicy.from_json({"mode": "limit", "height": 5, "width": 5}).crop is None
