"""Pooling layers in other words, for windows of all kinds."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.dialects import read_as, spell
from engine.problems import LayerError
from engine.registry import make_layer
from engine.shapes import Shape
from engine.workspace import Workspace
from tests.engine.spelled_pooling import RefusedError, in_caffe, in_onnx, in_torch

PAIRS = st.tuples(st.integers(1, 4), st.integers(1, 4))
PADDINGS = st.one_of(
    st.sampled_from(["valid", "same", "same_lower"]),
    PAIRS.map(lambda pair: (pair[0] - 1, pair[1] - 1)),
    st.tuples(*[st.integers(0, 3)] * 4),
)


@st.composite
def poolings(draw):
    """A pooling layer and maps that it takes."""
    kind = draw(st.sampled_from(["max_pool2d", "average_pool2d"]))
    settings = {
        "kernel_size": draw(PAIRS),
        "stride": draw(st.tuples(st.integers(1, 5), st.integers(1, 5))),
        "padding": draw(PADDINGS),
        "ceil_mode": draw(st.booleans()),
    }
    if kind == "average_pool2d":
        settings["count_include_pad"] = draw(st.booleans())
    else:
        settings["dilation"] = draw(st.just((1, 1)) | PAIRS)
    layer = make_layer(kind, settings)
    shape = Shape(2, draw(st.integers(1, 12)), draw(st.integers(1, 12)))
    try:
        layer.output_shape((shape,))
    except LayerError:
        assume(False)
    numbers = np.random.default_rng(draw(st.integers(0, 99)))
    return layer, numbers.standard_normal(shape).astype(np.float32)


def computed(layer, maps):
    out = np.empty(layer.output_shape((Shape(*maps.shape),)), np.float32)
    layer.forward((maps,), {}, out, Workspace())
    return out


def same(ours, theirs):
    return ours.shape == theirs.shape and np.allclose(ours, theirs, rtol=0, atol=1e-5)


@pytest.mark.parametrize(("dialect", "run"), [("torch", in_torch), ("onnx", in_onnx)])
@given(pooling=poolings())
def test_exact_code_makes_the_same_maps(dialect, run, pooling):
    layer, maps = pooling
    spelling = spell(layer, dialect, (Shape(*maps.shape),))
    assume(spelling.exact)
    assert same(computed(layer, maps), run(spelling.code, maps)), spelling.code


@given(pooling=poolings())
def test_reading_words_as_caffe_makes_what_caffe_makes_of_them(pooling):
    layer, maps = pooling
    reading = read_as(layer, "caffe", (Shape(*maps.shape),))
    try:
        theirs = in_caffe(layer, maps)
    except RefusedError:
        assert reading.layer == layer
        assert "the same words" not in reading.consequences[0]
    else:
        assert same(computed(reading.layer, maps), theirs)
