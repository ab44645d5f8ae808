"""The words on an edge follow the layer's own stride, and are true for every small size."""

import re
from itertools import product

import pytest

from engine.advice import insertion_preview
from engine.analysis import analyze
from engine.network import INPUT_ID, stack
from engine.problems import LayerError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.size_changes import change_text
from engine.size_explanation import explain_size

NAMES = {2: "halves", 3: "thirds", 4: "quarters", 5: "divides by 5"}


def change_by(kind, before, settings):
    """Return the height before and after a layer, and what is said of it; the width stays."""
    layer = make_layer(kind, settings)
    shape = Shape(1, before, 1)
    after = layer.output_shape((shape,))
    (reading,) = layer.reading((shape,))
    text, _ = change_text(Shape(1, before, 2), Shape(1, after.height, 2), reading)
    return after.height, text.removeprefix("height ").removesuffix("; width kept")


def all_changes(stride):
    for before, kernel, padding in product(range(1, 41), range(1, 13), range(4)):
        settings = {"kernel_size": (kernel, 1), "stride": (stride, 1)}
        settings["padding"] = (padding, 0, padding, 0)
        try:
            after, said = change_by("conv2d", before, settings)
        except LayerError:  # the kernel is too large
            continue
        if after != before:
            yield before, after, said


def test_a_window_that_moves_by_one_never_divides():
    for before, after, said in all_changes(1):
        assert said == f"{'grows' if after > before else 'shrinks'} by {abs(after - before)}"


@pytest.mark.parametrize("stride", NAMES)
def test_a_larger_stride_is_named_with_what_the_ends_cost(stride):
    for before, after, said in all_changes(stride):
        if after > before:
            assert said == f"grows by {after - before}"
            continue
        pattern = rf"{NAMES[stride]}(?:, (?:(rounds (?:up|down))|(plus|less) (\d+)))?"
        parts = re.fullmatch(pattern, said)
        if parts is None:
            assert said == f"{before} to {after}"
            assert abs(after - before // stride) > min(after, before // stride)
            continue
        rounds, which, more = parts.groups()
        if rounds:
            assert before % stride
            assert after == (before // stride if rounds == "rounds down" else -(-before // stride))
        elif which:
            assert after == before // stride + (int(more) if which == "plus" else -int(more))
        else:
            assert after * stride == before


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (28, 14, "halves"),
        (14, 7, "halves"),
        (13, 6, "halves, rounds down"),
        (7, 3, "halves, rounds down"),
        (3, 1, "halves, rounds down"),
    ],
)
def test_pooling_by_two_says_the_same_of_every_size(before, after, said):
    pooled = change_by("max_pool2d", before, {"kernel_size": (2, 1)})
    assert pooled == (after, said)


def test_a_large_kernel_without_stride_is_no_division():
    assert change_by("conv2d", 12, {"kernel_size": (8, 1)}) == (5, "shrinks by 7")


def test_what_moves_no_window_is_told_by_its_sizes():
    assert change_text(Shape(1, 28, 28), Shape(1, 14, 14))[0] == "halves"
    resized = make_layer("adaptive_average_pool2d", {"output_size": (14, 14)})
    (reading,) = resized.reading((Shape(1, 28, 28),))
    assert change_text(Shape(1, 28, 28), Shape(1, 14, 14), reading)[0] == "halves"


def test_the_card_and_the_preview_know_the_stride():
    network = stack([("pool", make_layer("max_pool2d"))], make_layer(INPUT_ID))
    (change,) = explain_size(analyze(network, Shape(3, 7, 7))["pool"]).changes
    assert change.text == "halves, rounds down"
    preview = insertion_preview(make_layer("max_pool2d"), Shape(3, 7, 7))
    assert change_text(Shape(3, 7, 7), preview.shape, preview.reading)[0] == "halves, rounds down"
