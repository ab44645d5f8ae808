"""The exact numbers that a seed gives, and what they do not depend on."""

import hashlib
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.layer import WeightSpec
from engine.weighting.weight_sources import MAX_SEED, Seeded
from engine.weighting.weights import Weights, make_weights
from tests.engine.weight_cases import kernel_spec, made, schemes, seeds, small, transposed_spec


def philox(key, counter):
    """Philox-4x64-10 by its definition (Salmon et al. 2011), in slow and obvious steps."""
    words = [counter >> 64 * i & 2**64 - 1 for i in range(4)]
    low, high = key & 2**64 - 1, key >> 64
    for _ in range(10):
        first, second = words[0] * 0xD2E7470EE14C6C93, words[2] * 0xCA5A826395121157
        words = [
            second >> 64 ^ words[1] ^ low, second & 2**64 - 1,
            first >> 64 ^ words[3] ^ high, first & 2**64 - 1,
        ]  # fmt: skip
        low, high = (low + 0x9E3779B97F4A7C15) & 2**64 - 1, (high + 0xBB67AE8584CAA73B) & 2**64 - 1
    return words


def naive_draws(seed, name, filters, count):
    """Multiples of 2⁻²³ from −1 up to and without 1."""
    key = int.from_bytes(hashlib.sha256(f"weights {seed} {name}".encode()).digest()[:16], "little")
    rows = []
    for number in range(filters):
        halves = []
        for block in range(1, count // 8 + 2):
            for word in philox(key, (number << 128) + block):
                halves += [word & 2**32 - 1, word >> 32]
        rows.append([(half >> 8) / 2**23 - 1 for half in halves[:count]])
    return np.array(rows)


def unscaled(source, spec):
    fans = spec.fan_in if source.scheme == "he" else spec.fan_in + spec.fan_out
    return made(source, spec).astype(float) / float(np.float32(math.sqrt(6 / fans)))


@given(seed=seeds, filters=small, channels=small, height=small, width=small, scheme=schemes)
def test_draws_equal_those_of_the_slow_twin(seed, filters, channels, height, width, scheme):
    spec = kernel_spec(filters, channels, height, width)
    fans = spec.fan_in if scheme == "he" else spec.fan_in + spec.fan_out
    expected = naive_draws(seed, "kernel", filters, channels * height * width)
    bound = np.float32(math.sqrt(6 / fans))
    np.testing.assert_array_equal(
        made(Seeded(seed, scheme), spec),
        (expected.astype(np.float32) * bound).reshape(spec.shape),
    )


def test_the_numbers_of_a_seed_are_pinned_for_ever():
    """Lessons show these numbers. If this fails, the code is wrong, not the test."""
    kernel = made(Seeded(4), kernel_spec(2, 3, 3, 3))
    dense = made(Seeded(0, "glorot"), kernel_spec(3, 5))
    assert " ".join(f"{bits:08x}" for bits in kernel.view(np.uint32)[1, 2].flat) == KERNEL_BITS
    assert " ".join(f"{bits:08x}" for bits in dense.view(np.uint32)[2]) == DENSE_BITS
    large = np.ascontiguousarray(made(Seeded(MAX_SEED), kernel_spec(70, 300, 5, 5)))
    assert hashlib.sha256(large.astype("<f4").tobytes()).hexdigest() == LARGE_DIGEST


KERNEL_BITS = "3e668ec3 3dfde4e7 bdef041a beaa12bf beb0caa3 bd4774f2 bda21744 bee6ecf8 be405bcd"
DENSE_BITS = "3f004c8c 3f187223 3ec054e6 bf0c0d26 3d9e84de"
LARGE_DIGEST = "8fc257e21889b8a5f1433ad11712630f3ac3450c19dfcbb23ec0d66306a11a84"


@given(seed=seeds, filters=small, more=small, channels=small, area=st.tuples(small, small))
def test_more_filters_leave_the_others_unchanged(seed, filters, more, channels, area):
    fewer = unscaled(Seeded(seed), kernel_spec(filters, channels, *area))
    all_of_them = unscaled(Seeded(seed), kernel_spec(filters + more, channels, *area))
    np.testing.assert_array_equal(all_of_them[:filters], fewer)


@given(seed=seeds, filters=small, channels=small, more=small, area=st.tuples(small, small))
def test_more_channels_change_the_earlier_ones_only_in_scale(seed, filters, channels, more, area):
    fewer = unscaled(Seeded(seed), kernel_spec(filters, channels, *area))
    wider = unscaled(Seeded(seed), kernel_spec(filters, channels + more, *area))
    np.testing.assert_allclose(wider[:, :channels], fewer, rtol=3e-7)


@given(seed=seeds, channels=small, filters=small, more=small, area=st.tuples(small, small))
def test_transposed_kernels_are_drawn_for_their_filters(seed, channels, filters, more, area):
    plain = made(Seeded(seed), kernel_spec(filters + more, channels, *area, fan_in=4))
    turned = made(Seeded(seed), transposed_spec(channels, filters, 1, *area))
    np.testing.assert_array_equal(turned, plain[:filters].swapaxes(0, 1))


@given(seed=seeds, groups=small, channels=small, filters=small, area=st.tuples(small, small))
def test_grouped_transposed_kernels_give_each_filter_its_own_draws(
    seed, groups, channels, filters, area
):
    plain = made(Seeded(seed), kernel_spec(groups * filters, channels, *area, fan_in=4))
    spec = transposed_spec(groups * channels, groups * filters, groups, *area)
    turned = made(Seeded(seed), spec)
    assert turned.flags.c_contiguous
    for group in range(groups):
        # What output channel `group * filters + j` reads of its group's channel i.
        mine = turned[group * channels : (group + 1) * channels]
        np.testing.assert_array_equal(
            mine.swapaxes(0, 1), plain[group * filters : (group + 1) * filters]
        )


@pytest.mark.parametrize("scheme", ["he", "glorot"])
def test_draws_fill_the_range_of_their_scheme(scheme):
    spec = kernel_spec(64, 16, 5, 5)
    bound = {"he": math.sqrt(6 / 400), "glorot": math.sqrt(6 / 2000)}[scheme]
    values = made(Seeded(11, scheme), spec).astype(float)
    assert -bound <= values.min() < -0.999 * bound
    assert 0.999 * bound < values.max() < bound
    assert values.mean() == pytest.approx(0, abs=0.02 * bound)
    assert values.std() == pytest.approx(bound / math.sqrt(3), rel=0.02)


def test_seeds_tensors_filters_and_channels_are_independent():
    shape = (24, 24, 3, 3)
    arrays = [
        made(source, WeightSpec(name, shape, fan_in=6))
        for source in (Seeded(0), Seeded(1))
        for name in ("kernel", "kernel2")
    ]
    rows = np.concatenate([array.reshape(24, -1) for array in arrays])
    correlation = np.corrcoef(rows) - np.eye(len(rows))
    # 216 values each: a standard deviation of 0.068.
    assert abs(correlation).max() < 0.35
    assert len(np.unique(rows)) > 0.99 * rows.size


def test_drawing_can_be_given_up():
    class AbandonedError(Exception):
        pass

    def give_up():
        raise AbandonedError

    calls = []
    make_weights(Weights(), [kernel_spec(100, 20000)], lambda: calls.append(1))
    assert 10 <= len(calls) <= 20
    with pytest.raises(AbandonedError):
        make_weights(Weights(), [kernel_spec(100, 20000)], give_up)
