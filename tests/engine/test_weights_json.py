"""Weights as plain data: every value survives, and no other data is taken."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.problems import ProjectFileError
from engine.saving.weights_json import weights_from_json, weights_to_json
from engine.weighting.kernel_bank import KERNELS
from engine.weighting.stored_array import StoredArray
from engine.weighting.weight_sources import Imported, NamedKernels, Seeded
from engine.weighting.weights import Weights
from tests.engine.weight_cases import edit_lists, schemes, seeds

arrays = st.lists(st.floats(width=32), max_size=4).map(StoredArray)
sources = st.one_of(
    st.builds(Seeded, seeds, schemes),
    st.lists(st.sampled_from(sorted(KERNELS)), min_size=1, max_size=3).map(
        lambda names: NamedKernels(tuple(names))
    ),
    st.builds(
        lambda tensors, origin: Imported(tuple(tensors.items()), origin),
        st.dictionaries(st.text(max_size=5), arrays, max_size=3),
        st.text(max_size=5),
    ),
)


@given(source=sources, edits=edit_lists)
def test_weights_survive_json(source, edits):
    weights = Weights(source).with_edits(edits)
    tensors = source.tensors if isinstance(source, Imported) else ()
    text = json.dumps(weights_to_json(weights))
    read = weights_from_json(json.loads(text), {s.digest: s for _, s in tensors})
    assert read == weights


def test_what_a_person_may_leave_out():
    assert weights_from_json({"source": {"type": "seeded", "seed": 4}}, {}) == Weights(Seeded(4))
    named = {"source": {"type": "named_kernels", "names": ["box"]}}
    assert weights_from_json(named, {}) == Weights(NamedKernels(("box",)))


def test_missing_or_different_arrays_of_a_file_are_named():
    stored = StoredArray(np.zeros((2, 3)))
    data = weights_to_json(Weights(Imported((("kernel", stored),), "vgg16.onnx")))
    with pytest.raises(ProjectFileError, match=r"lacks the array of 'kernel' \(2×3, .*vgg16\.onnx"):
        weights_from_json(data, {})
    with pytest.raises(ProjectFileError, match="is 2×3, and its array is 2"):
        weights_from_json(data, {stored.digest: StoredArray([1, 2])})


SEEDED = {"type": "seeded", "seed": 1, "scheme": "he"}
TENSOR = {"name": "a", "digest": "0", "shape": [1]}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"edits": []},
        {"source": SEEDED, "edits": [], "more": 1},
        {"source": SEEDED, "edits": {}},
        {"source": None, "edits": []},
        {"source": {"type": ["seeded"]}, "edits": []},
        {"source": {**SEEDED, "seed": "1"}, "edits": []},
        {"source": {**SEEDED, "seed": True}, "edits": []},
        {"source": {**SEEDED, "scheme": "x"}, "edits": []},
        {"source": {**SEEDED, "scheme": {}}, "edits": []},
        {"source": {"type": "named_kernels", "names": ["sobel"]}, "edits": []},
        {"source": {"type": "named_kernels", "names": [[]]}, "edits": []},
        {"source": {"type": "named_kernels", "names": []}, "edits": []},
        {"source": {"type": "imported", "origin": 1, "tensors": []}, "edits": []},
        {"source": {"type": "imported", "origin": "", "tensors": [TENSOR]}, "edits": []},
        *(
            {"source": {"type": "imported", "origin": "", "tensors": [tensor]}, "edits": []}
            for tensor in ({**TENSOR, "shape": [-1]}, {**TENSOR, "digest": []}, "a")
        ),
        *(
            {"source": SEEDED, "edits": [edit]}
            for edit in (
                None, ["k", [0]], ["k", 0, 1.0], ["k", [-1], 1.0], ["k", [True], 1.0], [1, [0], 1],
                ["k", [0], "1"], ["k", [0], True], ["k", [0], math.nan], ["k", [0], 10**400],
            )
        ),
    ],
)  # fmt: skip
def test_data_that_cannot_be_is_refused_with_a_sentence(data):
    with pytest.raises(ProjectFileError, match=r"^The file.*\.$"):
        weights_from_json(data, {})
