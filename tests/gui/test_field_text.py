"""What a text in a field means, and whether typing on can make it legal. Without Qt."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.constraints import IntRange, NumberRange, NumbersOf, PairOf
from engine.registry import all_kinds
from gui.fields.field_text import RealText, WholeText, number_text
from gui.fields.number_scale import DecadeScale, EvenScale, WholeScale, number_scale
from gui.fields.numbers_text import NumbersText, PairText, parts_of

RANGES: list[IntRange | NumberRange] = [
    IntRange(0, 4096, (0, 8)),
    IntRange(1, 64, (1, 8)),
    IntRange(3, 1_000_000, (3, 1000)),
    NumberRange(0.0, 1.0, (0.0, 1.0)),
    NumberRange(-1.0, 0.0, (-1.0, 0.0)),
    NumberRange(1e-12, 1.0, (1e-6, 1e-2)),
    NumberRange(0.01, 256.0, (0.25, 8.0)),
    NumberRange(-1e6, 1e6, (0.0, 1.0)),
    NumberRange(1e-6, 1e6, (1.0, 255.0)),
]


def declared_ranges():
    """Return every range of a number that a layer kind declares."""
    found = set()
    for kind in all_kinds().values():
        for setting in kind.settings:
            pending = [setting.constraint]
            while pending:
                part = pending.pop()
                if isinstance(part, IntRange | NumberRange):
                    found.add(part)
                names = ("constraint", "axis", "side", "number")
                pending += [getattr(part, name) for name in names if hasattr(part, name)]
    return sorted(found, key=repr)


def values_of(numbers):
    if isinstance(numbers, IntRange):
        return st.integers(numbers.minimum, numbers.maximum)
    return st.floats(numbers.minimum, numbers.maximum, allow_nan=False)


@pytest.mark.parametrize("numbers", RANGES)
@given(data=st.data())
def test_every_legal_number_can_be_typed_character_by_character(numbers, data):
    text = number_text(numbers)
    value = data.draw(values_of(numbers))
    written = text.write(value)
    assert text.read(written, shown=value) == value
    usual = "e" not in written or isinstance(number_scale(numbers), DecadeScale)
    # Six digits may round beyond the end of the range.
    if usual and text.read(written) is not None:
        for length in range(len(written) + 1):
            assert text.can_become_legal(written[:length]), written[:length]


@pytest.mark.parametrize("numbers", RANGES)
@given(typed=st.text("0123456789.-+e x,/", max_size=9))
def test_what_is_read_is_legal(numbers, typed):
    text = number_text(numbers)
    value = text.read(typed)
    if value is not None:
        assert numbers.check(value) == value
        assert type(value) is (int if isinstance(numbers, IntRange) else float)


@pytest.mark.parametrize(
    ("numbers", "typed"),
    [
        (IntRange(1, 64, (1, 8)), ["0", "65", "-", "1.", "a", "640", "²", "١", "1/2", "1,5"]),
        (NumberRange(0.0, 1.0, (0.0, 1.0)), ["2", "-", "1.1", "nan", "inf", "1e5", "0x1", "1_0"]),
        (NumberRange(0.0, 1.0, (0.0, 1.0)), ["/2", "1/2/3", "1/x", "1,2,3"]),
        (NumberRange(1e-12, 1.0, (1e-6, 1e-2)), ["1e-13", "-1", "1e-0.5", "10"]),
        (NumberRange(1e-12, 1.0, (1e-6, 1e-2)), ["1/1e13"]),
        (NumberRange(-1.0, 0.0, (-1.0, 0.0)), ["1", "-2", "0.5"]),
        (NumberRange(-1e6, 1e6, (0.0, 1.0)), ["1e400", "-1e400", "1e400/2"]),
    ],
)
def test_what_cannot_become_legal_is_told_at_once(numbers, typed):
    text = number_text(numbers)
    for wrong in typed:
        assert not text.can_become_legal(wrong), wrong
        assert text.read(wrong) is None


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0,5", 0.5), ("1/2", 0.5), ("1/3", 1 / 3), ("-1/4", -0.25), ("0,5/2", 0.25), ("−0.5", -0.5)],
)
def test_a_real_number_is_read_as_people_write_it(typed, value):
    text = RealText(NumberRange(-1.0, 1.0, (-1.0, 1.0)))
    assert text.read(typed) == value
    assert all(text.can_become_legal(typed[:end]) for end in range(len(typed)))


def test_a_decimal_comma_in_a_pair_is_told_from_one_that_separates():
    text = PairText(PairOf(NumberRange(0.01, 256.0, (0.25, 8.0))))
    for typed in ("0,5 × 2,5", "0,5x2,5", "0,5; 2,5", "0,5, 2,5", "0.5,2.5", "(0.5, 2.5)"):
        assert text.read(typed) == (0.5, 2.5), typed
    assert text.read("0,5") == (0.5, 0.5)
    assert text.read("[1,2]") == (1.0, 2.0)


def test_a_pair_is_read_as_people_and_code_write_it():
    text = PairText(PairOf(IntRange(1, 64, (1, 8))))
    for typed in ("3 × 5", "3x5", "3,5", "3 5", "(3, 5)", "[3, 5]", " 3 * 5 "):
        assert text.read(typed) == (3, 5), typed
        assert all(text.can_become_legal(typed[:end]) for end in range(len(typed))), typed
    assert text.read("7") == (7, 7)
    for typed in ("", "3 ×", "3 × 5 × 7", "0", "3 × 65"):
        assert text.read(typed) is None


def test_a_side_that_was_not_touched_keeps_digits_that_are_not_written():
    text = PairText(PairOf(NumberRange(0.01, 256.0, (0.25, 8.0))))
    shown = (1 / 3, 2 / 3)
    assert text.write(shown) == "0.333333 × 0.666667"
    assert text.read("0.333333 × 2", shown) == (1 / 3, 2.0)


def test_a_list_takes_so_many_numbers_and_no_more():
    text = NumbersText(NumbersOf(NumberRange(0.0, 1.0, (0.0, 1.0)), most=3))
    values = (1 / 3, 0.1, 1.0)
    assert text.read(text.write(values)) == values
    assert text.read("0.5, 0.25,") == (0.5, 0.25)
    assert not text.can_become_legal("0, 0, 0, 0")
    assert not text.can_become_legal("0, 7")
    assert text.read("") is None


@pytest.mark.parametrize("numbers", declared_ranges(), ids=repr)
def test_a_step_changes_a_number_and_stays_legal(numbers):
    text = number_text(numbers)
    low, high = numbers.comfortable
    assert text.stepped(low, 1, None) > low
    assert text.stepped(high, -1, None) < high
    for value in (numbers.minimum, low, high, numbers.maximum):
        for steps in (-10, -1, 1, 10):
            stepped = text.stepped(value, steps, None)
            assert numbers.check(stepped) == stepped


def test_a_step_of_a_pair_changes_one_side_or_both():
    text = PairText(PairOf(IntRange(1, 64, (1, 8))))
    assert text.stepped((3, 5), 1, None) == (4, 6)
    assert text.stepped((3, 5), 1, 0) == (4, 5)
    assert text.stepped((1, 64), -1, 0) == (1, 64)
    assert parts_of("12 × 345") == [(0, 2), (5, 8)]


@pytest.mark.parametrize("numbers", declared_ranges(), ids=repr)
def test_a_slider_covers_the_comfortable_range_with_legal_numbers(numbers):
    scale = number_scale(numbers)
    values = [scale.value(place) for place in range(scale.places + 1)]
    assert values == sorted(set(values))
    assert values[0] == pytest.approx(numbers.comfortable[0])
    assert values[-1] == pytest.approx(numbers.comfortable[1])
    for place, value in enumerate(values):
        assert numbers.check(value) == value
        assert scale.place(value) == place
    assert scale.place(numbers.minimum) == 0
    assert scale.place(numbers.maximum) == scale.places


def test_slider_values_are_round():
    assert isinstance(number_scale(RANGES[0]), WholeScale)
    factor = EvenScale(NumberRange(0.01, 256.0, (0.25, 8.0)))
    assert {0.5, 1.0, 2.0, 4.0} <= {factor.value(place) for place in range(factor.places + 1)}
    epsilon = DecadeScale(NumberRange(1e-12, 1.0, (1e-6, 1e-2)))
    assert {1e-5, 1e-3} <= {epsilon.value(place) for place in range(epsilon.places + 1)}
    assert math.isclose(epsilon.stepped(1e-3, 3), 1e-2)


def test_the_texts_of_the_two_kinds_of_number():
    assert isinstance(number_text(RANGES[0]), WholeText)
    assert isinstance(number_text(RANGES[3]), RealText)
