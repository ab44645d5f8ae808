"""Dragging a crop's frame: it stays in the picture, and keeps what it should keep."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.pictures.crop_frame import SMALLEST_SIDE, moved, resized, retargeted, scaled
from engine.pictures.size_policy import SizePolicy, place

HANDLES = [(v, h) for v in (-1, 0, 1) for h in (-1, 0, 1) if v or h]
sides = st.integers(1, 300)
offsets = st.integers(-500, 500)


@st.composite
def framed(draw):
    """A picture's size, and a frame inside it."""
    height, width = draw(sides), draw(sides)
    rows, columns = draw(st.integers(1, height)), draw(st.integers(1, width))
    top, left = draw(st.integers(0, height - rows)), draw(st.integers(0, width - columns))
    return (height, width), (top, left, rows, columns)


def assert_inside(frame, size):
    top, left, height, width = frame
    assert min(top, left) >= 0
    assert min(height, width) >= 1
    assert top + height <= size[0]
    assert left + width <= size[1]


@given(framed(), offsets, offsets)
def test_a_moved_frame_keeps_its_size_and_stays_inside(picture, down, right):
    size, frame = picture
    new = moved(frame, down, right, size)
    assert_inside(new, size)
    assert new[2:] == frame[2:]
    if size[0] - frame[2] >= frame[0] + down >= 0:
        assert new[0] == frame[0] + down


@given(framed(), st.sampled_from(HANDLES), offsets, offsets, st.booleans())
def test_a_resized_frame_stays_inside_and_the_other_end_where_it_was(
    picture, handle, row, column, keep
):
    size, frame = picture
    new = resized(frame, handle, (row, column), size, keep_proportions=keep)
    assert_inside(new, size)
    for axis in (0, 1):
        if handle[axis] == 1:
            assert new[axis] == frame[axis]
        elif handle[axis] == -1:
            assert new[axis] + new[axis + 2] == frame[axis] + frame[axis + 2]
        elif not keep:
            assert (new[axis], new[axis + 2]) == (frame[axis], frame[axis + 2])
        assert new[axis + 2] >= min(SMALLEST_SIDE, frame[axis + 2])


@given(framed(), st.sampled_from(HANDLES), offsets, offsets)
def test_proportions_are_kept_to_half_a_pixel(picture, handle, row, column):
    size, frame = picture
    _, _, height, width = resized(frame, handle, (row, column), size, keep_proportions=True)
    factors = (height - 0.5) / frame[2], (height + 0.5) / frame[2]
    # A side of less than the smallest is never made smaller than it was.
    assume(min(frame[2:]) >= SMALLEST_SIDE)
    assert factors[0] * frame[3] - 0.5 <= width <= factors[1] * frame[3] + 0.5


@given(framed(), st.floats(0.1, 10))
def test_scaling_keeps_the_middle_where_there_is_room(picture, factor):
    size, frame = picture
    new = scaled(frame, factor, size)
    assert_inside(new, size)
    for axis in (0, 1):
        middle = frame[axis] + frame[axis + 2] / 2
        room = min(middle, size[axis] - middle)
        if new[axis + 2] / 2 + 1 <= room:
            assert new[axis] + new[axis + 2] / 2 == pytest.approx(middle, abs=0.5)


def test_shrinking_takes_back_what_growing_did():
    frame = (40, 60, 100, 100)
    assert scaled(scaled(frame, 1.05, (200, 300)), 1 / 1.05, (200, 300)) == frame


@pytest.mark.parametrize("handle", HANDLES)
def test_an_edge_follows_the_pointer(handle):
    frame, size = (20, 30, 40, 40), (100, 120)
    row, column = {-1: 10, 0: 55, 1: 80}[handle[0]], {-1: 25, 0: 33, 1: 90}[handle[1]]
    top, left, height, width = resized(frame, handle, (row, column), size, keep_proportions=False)
    assert {-1: top, 0: row, 1: top + height}[handle[0]] == row
    assert {-1: left, 0: column, 1: left + width}[handle[1]] == column


def test_a_corner_follows_the_axis_that_asks_for_more():
    frame, size = (0, 0, 40, 80), (1000, 1000)
    assert resized(frame, (1, 1), (60, 81), size, keep_proportions=True) == (0, 0, 60, 120)
    assert resized(frame, (1, 1), (41, 120), size, keep_proportions=True) == (0, 0, 60, 120)


@given(framed(), sides, sides, sides, sides)
def test_another_target_brings_its_proportions(picture, height, width, new_height, new_width):
    size, frame = picture
    policy = SizePolicy("crop", height, width, frame)
    new = retargeted(policy, new_height, new_width, size)
    assert (new.height, new.width) == (new_height, new_width)
    assert new.crop is not None
    assert_inside(new.crop, size)
    assert place(new, *size).region == new.crop


def test_a_target_of_other_proportions_keeps_middle_area_and_stretching():
    size = (1000, 1000)
    square = SizePolicy("crop", 100, 100, (400, 400, 200, 200))
    assert retargeted(square, 50, 200, size).crop == (450, 300, 100, 400)
    assert retargeted(square, 300, 300, size).crop == square.crop
    stretched = SizePolicy("crop", 100, 100, (400, 400, 200, 100))
    assert retargeted(stretched, 200, 50, size).crop == (300, 425, 400, 50)


def test_without_a_rectangle_only_the_target_changes():
    policy = SizePolicy("crop", 28, 28)
    assert retargeted(policy, 20, 30, (100, 100)) == SizePolicy("crop", 20, 30)


def test_a_rectangle_beyond_the_picture_is_cut_before_it_follows():
    policy = SizePolicy("limit", 10, 10, (0, 0, 900, 900))
    assert retargeted(policy, 10, 20, (100, 100)).crop == (25, 0, 50, 100)
