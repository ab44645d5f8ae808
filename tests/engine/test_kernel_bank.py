"""The kernels with names: the textbooks' at 3 × 3, and one rule for every other size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.opencv import cv2
from engine.weighting.kernel_bank import KERNELS

TEXTBOOK = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "sobel_x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel_y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "scharr_x": [[-3, 0, 3], [-10, 0, 10], [-3, 0, 3]],
    "scharr_y": [[-3, -10, -3], [0, 0, 0], [3, 10, 3]],
    "prewitt_x": [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    "prewitt_y": [[-1, -1, -1], [0, 0, 0], [1, 1, 1]],
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "laplacian_8": [[1, 1, 1], [1, -8, 1], [1, 1, 1]],
    "gaussian": np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16,
    "box": np.ones((3, 3)) / 9,
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    "line_horizontal": [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]],
    "line_rising": [[-1, -1, 2], [-1, 2, -1], [2, -1, -1]],
    "line_vertical": [[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]],
    "line_falling": [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]],
}
GABORS = ["gabor_0", "gabor_45", "gabor_90", "gabor_135"]

ids = st.sampled_from(sorted(KERNELS))
lengths = st.integers(1, 40)


def answers(kernel):
    """What a kernel makes of a flat 1, a ramp to the right and a ramp downwards."""
    height, width = kernel.shape
    rows = np.arange(height)[:, None] - (height - 1) / 2
    columns = np.arange(width)[None, :] - (width - 1) / 2
    return [float((kernel * ramp).sum()) for ramp in (1, columns, rows)]


def test_every_kernel_is_pinned():
    assert set(TEXTBOOK) | set(GABORS) == set(KERNELS)


@pytest.mark.parametrize("name", sorted(TEXTBOOK))
def test_kernel_at_3_by_3_is_the_textbooks(name):
    np.testing.assert_array_equal(KERNELS[name].make(3, 3), TEXTBOOK[name])


@given(name=ids, height=lengths, width=lengths)
def test_every_size_is_made_and_finite(name, height, width):
    kernel = KERNELS[name].make(height, width)
    assert kernel.shape == (height, width)
    assert kernel.dtype == np.float64
    assert np.isfinite(kernel).all()


@pytest.mark.parametrize("name", sorted(KERNELS))
@pytest.mark.parametrize("size", [(1, 4096), (4096, 1), (300, 1200)])
def test_sizes_beyond_a_double_of_pascals_triangle_are_finite(name, size):
    assert np.isfinite(KERNELS[name].make(*size)).all()


@given(name=st.sampled_from(sorted(set(TEXTBOOK) - {"box"})), height=lengths, width=lengths)
def test_answers_to_flat_areas_and_ramps_do_not_depend_on_the_size(name, height, width):
    flat, right, down = answers(KERNELS[name].make(height, width))
    expected = answers(np.array(TEXTBOOK[name], dtype=float))
    # The pixel itself lies beside the middle of an even window.
    beside_h = 0.5 if name in ("identity", "sharpen", "emboss") and height % 2 == 0 else 0.0
    beside_w = 0.5 if name in ("identity", "sharpen", "emboss") and width % 2 == 0 else 0.0
    assert flat == pytest.approx(expected[0], abs=1e-9)
    # A single row or column has no ramp across it.
    assert right == pytest.approx(expected[1] * (width > 1) - beside_w, abs=1e-9)
    assert down == pytest.approx(expected[2] * (height > 1) - beside_h, abs=1e-9)


@given(height=lengths, width=lengths)
def test_blurs_sum_to_1(height, width):
    for name in ("gaussian", "box"):
        kernel = KERNELS[name].make(height, width)
        assert kernel.sum() == pytest.approx(1)
        assert (kernel >= 0).all()


@pytest.mark.parametrize("size", [3, 5, 7, 9, 31])
@pytest.mark.parametrize(("name", "order"), [("sobel_x", (1, 0)), ("sobel_y", (0, 1))])
def test_larger_sobels_are_opencvs_times_a_power_of_two(name, order, size):
    columns, rows = cv2.getDerivKernels(order[0], order[1], size, ktype=cv2.CV_64F)
    theirs = rows @ columns.T
    np.testing.assert_allclose(
        KERNELS[name].make(size, size) * 4.0 ** (size - 3), theirs, rtol=1e-12
    )


@given(size=lengths)
def test_kernels_of_the_other_direction_are_turned(size):
    def made(name):
        return KERNELS[name].make(size, size)

    for family in ("sobel", "scharr", "prewitt"):
        np.testing.assert_allclose(made(f"{family}_y"), made(f"{family}_x").T, atol=1e-12)
    np.testing.assert_allclose(made("line_vertical"), made("line_horizontal").T, atol=1e-12)
    np.testing.assert_allclose(made("line_falling"), made("line_rising")[:, ::-1], atol=1e-12)
    np.testing.assert_allclose(made("gabor_90"), made("gabor_0").T, atol=1e-12)
    np.testing.assert_allclose(made("gabor_135"), made("gabor_45")[:, ::-1], atol=1e-12)


@pytest.mark.parametrize("name", GABORS)
@given(height=lengths, width=lengths)
def test_gabors_ignore_flat_areas_and_count_stripes_as_1(name, height, width):
    kernel = KERNELS[name].make(height, width)
    assert kernel.sum() == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(kernel, kernel[::-1, ::-1], atol=1e-12)
    if height > 2 and width > 2:
        assert kernel[kernel > 0].sum() == pytest.approx(1)


@pytest.mark.parametrize("size", [3, 4, 5, 8, 15])
def test_gabors_prefer_their_own_stripes(size):
    # Wave to the right, to the upper right, upwards, to the upper left.
    down, right = np.mgrid[:size, :size] - (size - 1) / 2
    along = [right, (right - down) / 2**0.5, -down, (-right - down) / 2**0.5]
    for place, name in enumerate(GABORS):
        kernel = KERNELS[name].make(size, size)
        seen = [abs((kernel * np.cos(2 * np.pi * w / ((size + 3) / 2))).sum()) for w in along]
        assert int(np.argmax(seen)) == place


def test_a_kernel_is_laid_on_the_picture_as_it_is_printed():
    left_dark = np.tile(np.array([0, 0, 0, 1, 1, 1], np.float32), (6, 1))
    answer = cv2.filter2D(left_dark, -1, KERNELS["sobel_x"].make(3, 3))
    assert answer.max() == 4
    assert answer.min() == 0


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 6])
def test_identity_under_padding_same_gives_the_picture_back(length):
    picture = np.arange(5.0)
    before = (length - 1) // 2
    padded = np.pad(picture, (before, length - 1 - before))
    kernel = KERNELS["identity"].make(1, length)[0]
    np.testing.assert_array_equal(np.correlate(padded, kernel), picture)


def test_every_kernel_has_words():
    for kernel in KERNELS.values():
        assert kernel.label
        assert kernel.help.endswith(".")
    assert len({kernel.label for kernel in KERNELS.values()}) == len(KERNELS)
