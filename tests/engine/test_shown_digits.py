"""What is shown of a value: near its map, no digit finer than that, no term forgotten."""

import math
import re
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.arithmetic import LISTED_TERMS, Arithmetic, Patch, Position
from engine.explanation import maximum_of, signed, weighted_sum, whole_patch
from engine.listed_terms import listed_terms
from engine.shown_digits import AGREEMENT, finest_step, sentence_text, value_text
from tests.engine.test_values import KINDS, compute, draw_case


def number(text):
    return float(text.replace("−", "-"))


def last_place(text):
    """The value of one step of the last digit."""
    digits, _, power = text.replace("−", "").partition("e")
    return 10.0 ** (Decimal(digits).as_tuple().exponent + int(power or 0))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_shown_value_is_that_of_the_map_and_no_finer(kind, data):
    layer, shapes, inputs, weights = draw_case(kind, data)
    out = compute(layer, shapes, inputs, weights)
    position = Position(*(data.draw(st.integers(0, size - 1)) for size in out.shape))
    arithmetic = layer.explain(position, inputs, weights)
    finest = finest_step(out)
    assert finest == pytest.approx(AGREEMENT * float(abs(out).max()))
    assert abs(arithmetic.result - float(out[position])) <= finest + 1e-12
    shown = value_text(arithmetic.result, finest)
    half = last_place(shown) / 2 if number(shown) else 5.0 * finest
    assert abs(number(shown) - arithmetic.result) <= half * (1 + 1e-9) + 1e-12
    if number(shown):
        assert last_place(shown) >= finest * (1 - 1e-6)
    sentence = sentence_text(arithmetic, finest)
    if shown != signed(arithmetic.result):
        before, after = (
            len(
                re.findall(rf"(?<![\d.−]){re.escape(signed(arithmetic.result))}(?!\d|\.\d|e)", text)
            )
            for text in (arithmetic.sentence, sentence)
        )
        assert after == 0 or before == 0


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_terms_rest_and_bias_make_the_value_of_a_sum(kind, data):
    layer, shapes, inputs, weights = draw_case(kind, data)
    shape = layer.output_shape(shapes)
    position = Position(*(data.draw(st.integers(0, size - 1)) for size in shape))
    arithmetic = layer.explain(position, inputs, weights)
    most = data.draw(st.integers(1, 6))
    terms, rest = listed_terms(arithmetic, most)
    count = sum(patch.values.size for patch in arithmetic.patches)
    summed = sum(step.terms for step in arithmetic.steps)
    assert len(terms) == min(most, count)
    assert len(terms) + rest.terms == count + summed
    every = list(arithmetic.terms())
    places = [every.index(term) for term in terms]
    assert places == sorted(places)
    if arithmetic.operation == "maximum":
        assert max(term["value"] for term in terms) == arithmetic.result
        assert rest.total <= min(term["value"] for term in terms)
    elif arithmetic.operation == "sum" and layer.kind.id != "preprocess":
        bias = sum(step.value for step in arithmetic.steps if step.label == "bias")
        total = sum(term["product"] for term in terms) + rest.total + bias
        assert total == pytest.approx(arithmetic.result, rel=1e-9, abs=1e-9)


def test_many_terms_are_listed_by_size_in_the_order_of_reading():
    rng = np.random.default_rng(0)
    maps = rng.normal(size=(3, 40, 40)).astype(np.float32)
    patches = tuple(
        Patch(0, c, tuple(range(40)), tuple(range(40)), maps[c].astype(float),
              np.full((40, 40), 0.5), float(maps[c].sum()) / 2)
        for c in range(3)
    )  # fmt: skip
    terms, rest = listed_terms(weighted_sum(patches, 1.0))
    assert len(terms) == LISTED_TERMS
    assert rest.terms == 3 * 1600 - LISTED_TERMS
    products = np.sort(abs(maps.ravel()))[::-1] / 2
    assert min(abs(term["product"]) for term in terms) == pytest.approx(products[LISTED_TERMS - 1])
    places = [(term["channel"], term["row"], term["column"]) for term in terms]
    assert places == sorted(places)


def test_the_winner_of_a_large_map_is_listed():
    maps = np.random.default_rng(0).normal(-5, 1, (1, 60, 60)).astype(np.float32)
    arithmetic = maximum_of(whole_patch(maps, 0))
    terms, rest = listed_terms(arithmetic)
    assert max(term["value"] for term in terms) == float(maps.max())
    assert rest.terms == 3600 - LISTED_TERMS


def test_values_that_are_not_finite_are_shown_and_do_not_count():
    maps = np.array([[[np.inf, np.nan, -2.0]]], np.float32)
    assert finest_step(maps) == pytest.approx(2e-4)
    assert value_text(math.inf, 0.1) == "inf"
    assert value_text(math.nan, 0.1) == "nan"
    assert finest_step(np.zeros((1, 2, 2), np.float32)) == 0
    assert value_text(0.0, 0.0) == "0"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2 products add up to 0.01234.", "2 products add up to 0.01."),
        ("−0.01234 + 10.01234 × 0.012345 = 0.01234", "−0.01234 + 10.01234 × 0.012345 = 0.01"),
    ],
)
def test_only_the_result_itself_is_shortened(sentence, expected):
    arithmetic = Arithmetic("sum", (), (), 0.01234, sentence)
    assert sentence_text(arithmetic, 0.002) == expected
