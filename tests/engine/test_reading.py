"""What a sliding window reads, told without listing every cell of every window."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis import analyze
from engine.network import INPUT_ID, stack
from engine.reading import AxisReading, WindowAxis
from engine.registry import make_layer
from engine.shapes import Shape

AXES = st.builds(
    WindowAxis,
    input_length=st.integers(1, 20),
    output_length=st.integers(1, 12),
    kernel=st.integers(1, 6),
    stride=st.integers(0, 4),
    dilation=st.integers(1, 4),
    before=st.integers(-3, 6),
    mode=st.sampled_from(["zeros", "reflect", "replicate", "circular"]),
)


def masks(length):
    return st.lists(st.booleans(), min_size=length, max_size=length).map(np.array)


@given(axis=AXES, data=st.data())
def test_the_windows_say_what_their_listed_cells_say(axis, data):
    outputs, inputs = data.draw(masks(axis.output_length)), data.draw(masks(axis.input_length))
    np.testing.assert_array_equal(axis.read(outputs), AxisReading.read(axis, outputs))
    np.testing.assert_array_equal(axis.reach(inputs), AxisReading.reach(axis, inputs))
    first = np.array([data.draw(st.integers(0, 40)) for _ in range(axis.input_length)])
    intervals = first, first + data.draw(st.integers(0, 5))
    for found, expected in zip(
        axis.hull(*intervals), AxisReading.hull(axis, *intervals), strict=True
    ):
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("conv2d", {"kernel_size": 4096}),
        ("max_pool2d", {"kernel_size": 4096, "stride": 1, "padding": "same"}),
        ("conv_transpose2d", {"kernel_size": 4096, "stride": 1, "padding": "same"}),
    ],
)
def test_the_largest_window_on_the_largest_input_takes_no_memory(kind, settings):
    layers = [
        ("up", make_layer("upsample2d", {"scale_factor": 1.5})),
        ("large", make_layer(kind, settings)),
    ]
    tracemalloc.start()
    try:
        analysis = analyze(stack(layers, make_layer(INPUT_ID)), Shape(3, 20_000, 18_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert analysis["large"].computable
    assert peak < 30_000_000
